"""The supervision ladder (督办): what gives rise to it, which step may come next, how soon the unit answers.

Source: rules.md §2.4. The day for answering a reminder is ours; three working days are the rule's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lianying.rules.powers import Power


class Ground(StrEnum):
    STAGE_LATE = "stage_late"
    REFUSED = "refused"
    UNSOLVED = "unsolved"
    REWORKED = "reworked"
    REPEATED = "repeated"
    NOTED = "noted"


class Measure(StrEnum):
    NOTE = "note"  # of a leader; stands beside the ladder
    REMIND = "remind"
    SUPERVISE = "supervise"
    LIST = "list"
    TALK = "talk"
    CIRCULAR = "circular"


LADDER = (Measure.REMIND, Measure.SUPERVISE, Measure.LIST, Measure.TALK, Measure.CIRCULAR)
#: With what the ladder may begin: what is urgent enough is supervised without a reminder.
FIRST = frozenset({Measure.REMIND, Measure.SUPERVISE})
POWER: Mapping[Measure, Power] = {one: Power.REMIND if one == Measure.REMIND else Power.SUPERVISE for one in Measure}
#: Working days; a leader's note may name its own day.
ANSWER_DAYS: Mapping[Measure, int] = {one: 1 if one == Measure.REMIND else 3 for one in Measure}
#: So many people, the one who told first among them, within so many days.
REPEATED_BY, REPEATED_DAYS = 3, 30
#: So many units said that it is not their duty.
REFUSED_BY = 2
#: After so many reworks.
REWORKS = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """A measure that was taken. accepted: None until the answer was decided on."""

    measure: Measure
    due_at: datetime
    answered: bool = False
    accepted: bool | None = None


def hindrance(measure: Measure, taken: Sequence[Taken], at: datetime) -> str | None:
    """The code of the refusal that stands against the measure, or None; `taken` with the earliest first."""
    if measure == Measure.NOTE:
        return None
    last = _last(taken)
    if last is None:
        return None if measure in FIRST else "step_too_early"
    if last.accepted is None:
        if last.answered:
            return "answer_undecided"
        if at < last.due_at:
            return "answer_awaited"
    here, there = LADDER.index(last.measure), LADDER.index(measure)
    if there > here + 1:
        return "step_too_early"
    # A reminder may be repeated, and so may the last step; the others lead on.
    again = measure == last.measure and measure in {Measure.REMIND, Measure.CIRCULAR}
    return None if there == here + 1 or again else "step_taken"


def possible(taken: Sequence[Taken], at: datetime) -> list[Measure]:
    return [measure for measure in Measure if hindrance(measure, taken, at) is None]


def _last(taken: Sequence[Taken]) -> Taken | None:
    """The last step of the ladder in hand; where its answer was accepted the ladder begins anew."""
    steps = [one for one in taken if one.measure in LADDER]
    return steps[-1] if steps and not steps[-1].accepted else None
