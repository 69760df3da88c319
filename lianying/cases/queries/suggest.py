"""What is proposed for a request that waits to be sorted: learned from decisions, before that from lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache as once
from hashlib import sha256

from django.core.cache import cache

from lianying.cases.models import Case
from lianying.cases.queries.similar import told_of
from lianying.cases.queries.sorting import Habits
from lianying.orgs.models import Unit
from lianying.orgs.queries import answering_for
from lianying.reference.categories import categories
from lianying.rules.kinds import CaseKind
from lianying.triage.grams import plain
from lianying.triage.queries import current
from lianying.triage.weights import Guess, Sure, by_keywords

KEPT_SECONDS = 30


class Ground(StrEnum):
    """Why it is proposed."""

    LEARNED = "learned"
    LISTED = "listed"
    DUTY = "duty"
    HABIT = "habit"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category or a unit, by its code."""

    question: str
    guess: Guess
    ground: Ground


@once
def _keywords() -> dict[str, tuple[str, ...]]:
    """Of the second level: words of one character stand in too much."""
    return {
        row.code: tuple(word for word in map(plain, row.keywords) if len(word) > 1)
        for row in categories()
        if row.parent
    }


def proposals(case: Case, units: Sequence[Unit], known: Habits) -> list[Proposal]:
    """For a category and a unit; nothing for a report, whose unit is a person's own care.

    units    those that may be assigned to;  known: what the county did lately
    """
    if case.kind == CaseKind.REPORT:
        return []
    told, weights = told_of(case), current()
    if weights is not None:
        guesses = [(question, weights.guess(question, told)) for question in ("category", "unit")]
        found = [Proposal(question, guess, Ground.LEARNED) for question, guess in guesses if guess is not None]
    else:
        found = _without_learning(case, units, known)
    offered = {"category": {row.code for row in categories()}, "unit": {unit.code for unit in units}}
    return [one for one in found if one.guess.label in offered[one.question]]


def _without_learning(case: Case, units: Sequence[Unit], known: Habits) -> list[Proposal]:
    found = []
    guess = by_keywords(told_of(case), _keywords())
    if guess is not None:
        found.append(Proposal("category", guess, Ground.LISTED))
    category = case.category or (guess.label if guess else "")
    duty = _by_duty(category, case.address, units)
    # Of this very category alone: what goes to a unit in general is no reason.
    codes = {unit.code for unit in units}
    usual = [code for code in known.units.get(category, ()) if code in codes] if category else []
    if duty:
        found.append(Proposal("unit", Guess(duty, Sure.PERHAPS, 0.0), Ground.DUTY))
    elif usual:
        found.append(Proposal("unit", Guess(usual[0], Sure.PERHAPS, 0.0), Ground.HABIT))
    return found


def _by_duty(category: str, address: str, units: Sequence[Unit]) -> str:
    """The code of the unit that answers first by the duty list, "" for none; kept for a while: a page asks little."""
    key = f"cases.duty.{sha256(f'{category} {address}'.encode()).hexdigest()}"
    known: str | None = cache.get(key)
    if known is None:
        known = next((unit.code for unit, _ in answering_for(category, address, units)), "")
        cache.set(key, known, KEPT_SECONDS)
    return known
