"""What was learned, as plain arrays: how a request is turned into numbers, and what they speak for."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lianying.triage.grams import Told, fields, plain
from lianying.triage.solver import Floats, Ints, Vector

#: Characters that stand in words of any matter: a run with one of them is no reason that can be read out.
EMPTY = frozenset("的了是在有我你他她它们这那及与就都也很把被给让请为从个说吗呢吧啊来去")
MOST_WORDS = 3


class Sure(StrEnum):
    """How far a proposal may be trusted; each from its bound on what was held out."""

    VERY = "very"
    FAIRLY = "fairly"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposal with its reason.

    words   what weighed most, as it stands in the request; of `told` past requests with words[0], `same` went this way
    margin  how far it lies before the next
    """

    label: str
    sure: Sure
    margin: float
    words: tuple[str, ...] = ()
    same: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """One question. seen: in how many past requests of each label a run of characters stands.

    weights   vocabulary + 1 (what always holds) x labels
    bounds    margins from which a proposal is VERY and FAIRLY sure
    """

    labels: tuple[str, ...]
    weights: Floats
    seen: Ints
    bounds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of what was learned: the place of each run of characters, how rare it is, a head by question."""

    vocabulary: Mapping[str, int]
    rarity: Floats
    heads: Mapping[str, Head]

    def vector(self, told: Told) -> Vector:
        """Each part of the request is as long as any other; the last place always holds."""
        return vector(told, self.vocabulary, self.rarity)

    def guess(self, question: str, told: Told) -> Guess | None:
        """None where nothing of the request was ever seen, or the question was not learned."""
        head = self.heads.get(question)
        places, values = self.vector(told)
        if head is None or len(places) == 1:
            return None
        scores = values @ head.weights[places]
        best = int(scores.argmax())
        following, first = np.partition(scores, -2)[-2:].tolist()
        margin = first - following
        very, fairly = head.bounds
        sure = Sure.VERY if margin >= very else Sure.FAIRLY if margin >= fairly else Sure.PERHAPS
        speaks = values * (head.weights[places, best] - head.weights[places].mean(axis=1))
        words = self._words(told, dict(zip(places.tolist(), speaks.tolist(), strict=True)))
        same, all_seen = self._seen(head, words[0], best) if words else (0, 0)
        return Guess(head.labels[best], sure, margin, words, same, all_seen)

    def _words(self, told: Told, speaks: Mapping[int, float]) -> tuple[str, ...]:
        """Runs of two characters that speak for the label most, none inside or across another."""
        found: dict[str, float] = {}
        for letter, counted in fields(told):
            for run in counted:
                place = self.vocabulary.get(letter + run, -1)
                if len(run) > 1 and not EMPTY & set(run) and speaks.get(place, 0) > 0:
                    found[run] = found.get(run, 0) + speaks[place]
        chosen: list[str] = []
        for run in sorted(found, key=lambda run: (-found[run], run)):
            if len(chosen) < MOST_WORDS and not any(set(run) & set(other) for other in chosen):
                chosen.append(run)
        return tuple(chosen)

    def _seen(self, head: Head, word: str, label: int) -> tuple[int, int]:
        """Past requests of the label with the word, and all with it; by the part of a request that tells most."""
        places = [place for letter in "wtpWT" if (place := self.vocabulary.get(letter + word)) is not None]
        counts = max((head.seen[place] for place in places), key=lambda row: int(row.sum()))
        return int(counts[label]), int(counts.sum())

    def packed(self) -> bytes:
        """A NumPy archive without anything that runs when it is read."""
        about = {
            "vocabulary": list(self.vocabulary),
            "heads": {name: {"labels": head.labels, "bounds": head.bounds} for name, head in self.heads.items()},
        }
        arrays: dict[str, NDArray[np.generic]] = {
            "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
            "rarity": self.rarity,
        }
        for name, head in self.heads.items():
            arrays |= {f"{name}.weights": head.weights, f"{name}.seen": head.seen}
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        return file.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> "Weights":
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            heads = {
                name: Head(
                    tuple(one["labels"]), arrays[f"{name}.weights"], arrays[f"{name}.seen"], tuple(one["bounds"])
                )
                for name, one in about["heads"].items()
            }
            return cls({run: place for place, run in enumerate(about["vocabulary"])}, arrays["rarity"], heads)


def vector(told: Told, vocabulary: Mapping[str, int], rarity: Floats) -> Vector:
    places: list[int] = []
    values: list[float] = []
    for letter, counted in fields(told):
        known = [
            (place, times) for run, times in counted.items() if (place := vocabulary.get(letter + run)) is not None
        ]
        part = np.array([1 + np.log(times) for _, times in known], np.float32)
        part *= rarity[[place for place, _ in known]]
        length = float(np.sqrt(part @ part)) or 1.0
        places += [place for place, _ in known]
        values += (part / length).tolist()
    return np.array([*places, len(vocabulary)], np.int32), np.array([*values, 1.0], np.float32)


def by_keywords(told: Told, keywords: Mapping[str, tuple[str, ...]]) -> Guess | None:
    """Before anything was learned: the label of which most keywords stand in the request; None for none or a tie.

    A word that stands in the title as well counts twice
    """
    parts = (plain(told.title), plain(told.text))
    found = {label: [word for word in words for part in parts if word in part] for label, words in keywords.items()}
    ranked = sorted(found, key=lambda label: (-sum(map(len, found[label])), label))
    if not ranked or not found[ranked[0]]:
        return None
    most, *rest = (sum(map(len, found[label])) for label in ranked)
    if rest and rest[0] == most:
        return None
    return Guess(ranked[0], Sure.PERHAPS, 0.0, tuple(dict.fromkeys(found[ranked[0]]))[:MOST_WORDS])
