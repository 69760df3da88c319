"""Campaigns of visits (大走访): how one stands, what became of what was raised, and what stands against a step.

Source: mission.md row 5 (大走访大调研大提升). That a campaign lasts a year at most is ours.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from lianying.rules.lifecycle import State
from lianying.rules.visits import Outcome

LONGEST = timedelta(days=366)


class Standing(StrEnum):
    """Derived, never stored, but for the day on which somebody ended it."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    ENDED = "ended"


class CameOf(StrEnum):
    """What became of a problem that was raised."""

    SOLVED = "solved"  # on the spot
    ANSWERED = "answered"
    OPEN = "open"  # a request that has no answer yet
    ELSEWHERE = "elsewhere"  # a request that was joined to another, withdrawn, not accepted, or is a petition
    INFORMATION = "information"


#: Where a request stands, by what that means for whoever raised it.
STATES: Mapping[CameOf, frozenset[State]] = {
    CameOf.ANSWERED: frozenset({State.ANSWERED, State.CLOSED}),
    CameOf.OPEN: frozenset({State.HEARD, State.ASSIGNED, State.HANDLING, State.WAITING, State.DISPUTED}),
    CameOf.ELSEWHERE: frozenset({State.PETITION, State.DECLINED, State.MERGED, State.WITHDRAWN}),
}


class Section(StrEnum):
    """What a report says in words; its tables are counted."""

    OPENING = "opening"
    FOUND = "found"
    AHEAD = "ahead"


def last_day(to_on: date, ended_on: date | None) -> date:
    """The last day whose visits belong to it."""
    return to_on if ended_on is None else min(to_on, ended_on)


def standing(from_on: date, to_on: date, ended_on: date | None, today: date) -> Standing:
    if ended_on is not None and ended_on <= to_on:
        return Standing.ENDED
    if today < from_on:
        return Standing.COMING
    return Standing.RUNNING if today <= to_on else Standing.OVER


def came_of(outcome: Outcome, state: State | None) -> CameOf:
    """state: of the request, where the problem became one."""
    if state is None:
        return CameOf.SOLVED if outcome is Outcome.SOLVED else CameOf.INFORMATION
    return next(came for came, states in STATES.items() if state in states)


def place_over(path: str, places: Collection[str]) -> str | None:
    """Which of the places a path lies at or below: a grid is part of its village. None where of none."""
    return max((place for place in places if path.startswith(place)), key=len, default=None)


def campaign_hindrance(from_on: date, to_on: date, units: int, places: int) -> str | None:
    """units, places: how many were chosen."""
    if not from_on <= to_on <= from_on + LONGEST:
        return "campaign_span"
    return None if units and places else "campaign_nobody"
