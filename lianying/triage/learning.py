"""From decisions to weights, and how far they may be trusted: measured on requests that were not learned from."""

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lianying.reference.categories import categories
from lianying.triage.grams import Decision, Told, fields, plain
from lianying.triage.solver import Ints, Vector, solve
from lianying.triage.weights import Head, Weights, vector

FOLDS = 5
#: With more decisions than this one fold is enough to measure by.
LARGE = 3_000
#: A label that was decided less often is not proposed.
FEWEST = 5
WIDEST = 40_000
#: What a listed word weighs beside a decision: enough for a few hundred of these, little beside thousands.
HINT = 0.1
#: A proposal is VERY or FAIRLY sure where so many of those at least as sure were right.
VERY, FAIRLY = 0.97, 0.85
QUESTIONS: Mapping[str, Callable[[Decision], str]] = {
    "category": lambda decision: decision.category,
    "unit": lambda decision: decision.unit,
}


@dataclass(frozen=True, slots=True)
class Held:
    """What became of a request that was held out: its number among the decisions, the proposal, how sure it was."""

    row: int
    label: str
    margin: float
    is_right: bool


def learn(decisions: Sequence[Decision], bounds: Mapping[str, tuple[float, float]]) -> Weights:
    """Weights of every question that has two labels or more; what has no label still tells which runs are rare.

    bounds   by question, as `bounds_of` gives them;  The words of the category list are learned from as well
    """
    listed = hints(decisions)
    spoken = Counter(run for decision in decisions for run in _runs(decision))
    hinted = Counter(run for decision in listed for run in _runs(decision))
    often = spoken + hinted
    repeated = Counter({run: times for run, times in often.items() if times > 1 and not run[0].isupper()})
    # Of the list the words of categories that are known here, said before or not; those of others speak for none.
    runs = sorted({run for run, _ in repeated.most_common(WIDEST)} | {run for run in hinted if run[0].isupper()})
    vocabulary = {run: place for place, run in enumerate(runs)}
    rarity = np.array([np.log((1 + len(decisions) + len(listed)) / (1 + often[run])) + 1 for run in runs], np.float32)
    heads = {}
    for question, label_of in QUESTIONS.items():
        rows = [(vector(one.told, vocabulary, rarity), label_of(one)) for one in decisions if label_of(one)]
        told = [(vector(one.told, vocabulary, rarity), label_of(one)) for one in listed if label_of(one)]
        head = _head(rows, told, len(vocabulary), bounds.get(question, (np.inf, np.inf)))
        if head is not None:
            heads[question] = head
    return Weights(vocabulary, rarity, heads)


def _runs(decision: Decision) -> list[str]:
    """Each once."""
    return [letter + run for letter, counted in fields(decision.told) for run in counted]


def hints(decisions: Sequence[Decision]) -> list[Decision]:
    """The name and each word of a category, as if requests had said them; under a first level where only that is known.

    Messages with the headings of the nation's list have all of ours that is wider than theirs under another first level
    """
    often = Counter(decision.category for decision in decisions if decision.category)
    known = {label for label, times in often.items() if times >= FEWEST}
    is_ours = any(category.code in known for category in categories() if category.wider and not category.parent)
    found = []
    for category in categories():
        above = (category.parent,) if is_ours else (category.wider, category.parent)
        label = next((code for code in (category.code, *above) if code in known), None)
        if label is not None:
            found += [Decision(Told(word, word), label) for word in (category.name_zh, *category.keywords)]
    return found


def _head(
    rows: Sequence[tuple[Vector, str]],
    listed: Sequence[tuple[Vector, str]],
    width: int,
    bounds: tuple[float, float],
) -> Head | None:
    often = Counter(label for _, label in rows)
    labels = tuple(sorted(label for label, times in often.items() if times >= FEWEST))
    if len(labels) < 2:
        return None
    number = {label: place for place, label in enumerate(labels)}
    kept = [(one, number[label]) for one, label in rows if label in number]
    seen: Ints = np.zeros((width, len(labels)), np.int32)
    for (places, _), answer in kept:
        seen[places[:-1], answer] += 1
    kept += [(one, number[label]) for one, label in listed]
    answers: Ints = np.array([answer for _, answer in kept], np.int32)
    weighs = np.full(len(kept), HINT, np.float32)
    weighs[: len(kept) - len(listed)] = 1
    return Head(labels, solve([one for one, _ in kept], answers, weighs, width + 1, len(labels)), seen, bounds)


def fold_of(decision: Decision, turn: int = 0) -> int:
    """By its words alone: the same words never stand on both sides."""
    return zlib.crc32(f"{turn} {plain(decision.told.text)}".encode()) % FOLDS


def held_out(decisions: Sequence[Decision], turn: int = 0) -> dict[str, list[Held]]:
    """By question: each labelled request, proposed by weights that never saw it; of many, a fifth."""
    folds = [fold_of(decision, turn) for decision in decisions]
    found: dict[str, list[Held]] = {question: [] for question in QUESTIONS}
    for fold in range(FOLDS if len(decisions) <= LARGE else 1):
        weights = learn([one for one, its in zip(decisions, folds, strict=True) if its != fold], {})
        for row, decision in enumerate(decisions):
            if folds[row] != fold:
                continue
            for question, label_of in QUESTIONS.items():
                guess = weights.guess(question, decision.told)
                if guess is not None and label_of(decision):
                    right = guess.label == label_of(decision)
                    found[question].append(Held(row, guess.label, guess.margin, right))
    return found


def accuracy(held: Sequence[Held]) -> float:
    return sum(one.is_right for one in held) / len(held) if held else 0.0


def bound(held: Sequence[Held], target: float) -> float:
    """The lowest margin such that of those from it on at least `target` were right; infinite where there is none."""
    ranked = sorted(held, key=lambda one: -one.margin)
    right, lowest = 0, float("inf")
    for count, one in enumerate(ranked, start=1):
        right += one.is_right
        if count >= FEWEST and right / count >= target:
            lowest = one.margin
    return lowest


def bounds_of(held: Mapping[str, Sequence[Held]]) -> dict[str, tuple[float, float]]:
    return {question: (bound(rows, VERY), bound(rows, FAIRLY)) for question, rows in held.items()}
