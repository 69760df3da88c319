"""What is proposed for a request that waits to be sorted: learned from decisions, before that from lists."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lianying.cases.models import Case
from lianying.cases.queries.similar import told_of
from lianying.cases.queries.sorting import Habits
from lianying.reference.categories import categories
from lianying.rules.kinds import CaseKind
from lianying.triage.queries import current
from lianying.triage.weights import Guess, Sure, by_keywords


class Ground(StrEnum):
    """Why it is proposed."""

    LEARNED = "learned"
    LISTED = "listed"
    HABIT = "habit"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category or a unit, by its code."""

    question: str
    guess: Guess
    ground: Ground


@cache
def _keywords() -> dict[str, tuple[str, ...]]:
    """Of the second level: words of one character stand in too much."""
    return {row.code: tuple(word for word in row.keywords if len(word) > 1) for row in categories() if row.parent}


def proposals(case: Case, units: Collection[str], known: Habits) -> list[Proposal]:
    """For a category and a unit; nothing for a report, whose unit is a person's own care.

    units    codes that may be assigned to;  known: what the county did lately
    """
    if case.kind == CaseKind.REPORT:
        return []
    told, weights = told_of(case), current()
    if weights is not None:
        guesses = [(question, weights.guess(question, told)) for question in ("category", "unit")]
        found = [Proposal(question, guess, Ground.LEARNED) for question, guess in guesses if guess is not None]
    else:
        found = _without_learning(case, units, known)
    offered = {"category": {row.code for row in categories()}, "unit": set(units)}
    return [one for one in found if one.guess.label in offered[one.question]]


def _without_learning(case: Case, units: Collection[str], known: Habits) -> list[Proposal]:
    found = []
    guess = by_keywords(told_of(case), _keywords())
    if guess is not None:
        found.append(Proposal("category", guess, Ground.LISTED))
    category = case.category or (guess.label if guess else "")
    # Of this very category alone: what goes to a unit in general is no reason.
    usual = [code for code in known.units.get(category, ()) if code in units] if category else []
    if usual:
        found.append(Proposal("unit", Guess(usual[0], Sure.PERHAPS, 0.0), Ground.HABIT))
    return found
