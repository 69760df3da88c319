"""Care against falling back into poverty (防致贫): from a clue to the exit, one table, and what stands against a step.

Source: 双联双应 (a decision at most 15 days after the clue, a review each year). That a second person decides, the days
for an exit and those of the public list are ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lianying.rules.deadlines import Term, TimeUnit
from lianying.rules.events import EventKind
from lianying.rules.powers import Power


class Stage(StrEnum):
    CLUE = "clue"
    CHECKING = "checking"  # somebody goes there
    CHECKED = "checked"  # what was found waits for another person's decision
    UNDER_CARE = "under_care"
    LEAVING = "leaving"  # an exit was proposed and waits for another person's decision
    NOT_ADMITTED = "not_admitted"
    EXITED = "exited"


OPEN = frozenset({Stage.CLUE, Stage.CHECKING, Stage.CHECKED, Stage.UNDER_CARE, Stage.LEAVING})
#: The days of the decision run.
UNDECIDED = frozenset({Stage.CLUE, Stage.CHECKING, Stage.CHECKED})
#: A second person has the next step.
TO_DECIDE = frozenset({Stage.CHECKED, Stage.LEAVING})


class Move(StrEnum):
    NOTE = "note"
    TAKE_UP = "take_up"
    CHECK = "check"
    SEND_BACK = "send_back"
    ADMIT = "admit"
    REFUSE = "refuse"
    MEASURE = "measure"
    FINISH = "finish"
    REVIEW = "review"
    PROPOSE_EXIT = "propose_exit"
    EXIT = "exit"
    KEEP = "keep"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


class Need(StrEnum):
    """What a step asks of the person who takes it; the forms are drawn from these."""

    WORDS = "words"
    REMARK = "remark"  # words that may be left out
    RISK = "risk"
    REFUSAL = "refusal"
    EXIT = "exit"
    OWNER = "owner"
    DUE = "due"
    TOLD = "told"  # the household knows of it


class Source(StrEnum):
    VISIT = "visit"
    REQUEST = "request"
    IMPORT = "import"


class Risk(StrEnum):
    """For those who look after the household; never in an event or in public."""

    ILLNESS = "illness"
    SCHOOLING = "schooling"
    DISASTER = "disaster"
    WORK = "work"
    ACCIDENT = "accident"
    OTHER = "other"


class Refusal(StrEnum):
    NO_RISK = "no_risk"
    SUPPORTED = "supported"  # other help keeps it safe already
    ELSEWHERE = "elsewhere"
    WISH = "wish"
    MISTAKEN = "mistaken"


class Exit(StrEnum):
    STABLE = "stable"
    MOVED = "moved"
    DIED = "died"
    WISH = "wish"


class Shown(StrEnum):
    """What the public list says of a household."""

    ADMITTED = "admitted"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, the power it takes and what must be given with it."""

    to: Stage
    power: Power
    needs: tuple[Need, ...] = ()


_S, _M, _N = Stage, Move, Need
_CARE, _DECIDE = Power.CARE, Power.CARE_DECIDE


def _from(stages: Iterable[Stage], move: Move, to: Stage, power: Power, *needs: Need) -> dict[tuple[Stage, Move], Step]:
    return {(stage, move): Step(to, power, needs) for stage in stages}


def _same(stages: Iterable[Stage], move: Move, power: Power, *needs: Need) -> dict[tuple[Stage, Move], Step]:
    return {(stage, move): Step(stage, power, needs) for stage in stages}


TABLE: Mapping[tuple[Stage, Move], Step] = {
    (_S.CLUE, _M.TAKE_UP): Step(_S.CHECKING, _CARE),
    # Again where it waits: to put right what was found, or to let a colleague vouch for it.
    **_from([_S.CHECKING, _S.CHECKED], _M.CHECK, _S.CHECKED, _CARE, _N.RISK, _N.WORDS),
    (_S.CHECKED, _M.ADMIT): Step(_S.UNDER_CARE, _DECIDE, (_N.REMARK,)),
    (_S.CHECKED, _M.REFUSE): Step(_S.NOT_ADMITTED, _DECIDE, (_N.REFUSAL, _N.WORDS)),
    (_S.CHECKED, _M.SEND_BACK): Step(_S.CHECKING, _DECIDE, (_N.WORDS,)),
    (_S.UNDER_CARE, _M.MEASURE): Step(_S.UNDER_CARE, _CARE, (_N.WORDS, _N.OWNER, _N.DUE)),
    **_same([_S.UNDER_CARE, _S.LEAVING], _M.FINISH, _CARE, _N.WORDS),
    (_S.UNDER_CARE, _M.REVIEW): Step(_S.UNDER_CARE, _CARE, (_N.WORDS,)),
    **_from([_S.UNDER_CARE, _S.LEAVING], _M.PROPOSE_EXIT, _S.LEAVING, _CARE, _N.EXIT, _N.WORDS),
    (_S.LEAVING, _M.EXIT): Step(_S.EXITED, _DECIDE, (_N.REMARK,)),
    (_S.LEAVING, _M.KEEP): Step(_S.UNDER_CARE, _DECIDE, (_N.WORDS,)),
    **_same([_S.UNDER_CARE, _S.LEAVING, _S.EXITED], _M.PUBLISH, _DECIDE, _N.TOLD),
    **_same([_S.UNDER_CARE, _S.LEAVING, _S.EXITED], _M.UNPUBLISH, _DECIDE),
}
#: One person never decides on what they found themselves.
DECISIONS = frozenset({Move.SEND_BACK, Move.ADMIT, Move.REFUSE, Move.EXIT, Move.KEEP})

KIND_OF: Mapping[Move, EventKind] = {
    Move.NOTE: EventKind.CARE_NOTED,
    Move.TAKE_UP: EventKind.CARE_TAKEN_UP,
    Move.CHECK: EventKind.CARE_CHECKED,
    Move.SEND_BACK: EventKind.CARE_SENT_BACK,
    Move.ADMIT: EventKind.CARE_ADMITTED,
    Move.REFUSE: EventKind.CARE_NOT_ADMITTED,
    Move.MEASURE: EventKind.CARE_MEASURE_TAKEN,
    Move.FINISH: EventKind.CARE_MEASURE_ENDED,
    Move.REVIEW: EventKind.CARE_REVIEWED,
    Move.PROPOSE_EXIT: EventKind.CARE_EXIT_PROPOSED,
    Move.EXIT: EventKind.CARE_EXITED,
    Move.KEEP: EventKind.CARE_KEPT,
    Move.PUBLISH: EventKind.CARE_PUBLISHED,
    Move.UNPUBLISH: EventKind.CARE_UNPUBLISHED,
}

LAW, OURS = "双联双应：防致贫监测，从线索到认定不超过 15 天", "本系统设定"
DECIDE = Term(15, TimeUnit.CALENDAR_DAY, "care/decide", LAW)
LEAVE = Term(15, TimeUnit.CALENDAR_DAY, "care/leave", OURS)
#: Ours: long enough for everybody to pass the board of the village once, short enough for a hard time to be forgotten.
SHOWN_FOR = timedelta(days=7)
#: A review is announced so long before its day.
REVIEW_SOON = timedelta(days=30)
#: A clue that is older is no clue any more; the household is looked at anew.
OLDEST_CLUE = timedelta(days=366)
#: No measure is set further ahead.
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a record. checker: who found, or proposed, what waits for a decision; measures: those still to be done.

    released: what it is now was put on the public list;  is_shown: it stands there today
    """

    stage: Stage
    checker: int | None = None
    measures: int = 0
    released: bool = False
    is_shown: bool = False


def hindrance(move: Move, now: Standing, *, by: int, reason: str = "") -> str | None:
    """The code of the refusal that stands against the step, or None.

    by       who takes it;  reason: of an exit that is proposed
    """
    if (now.stage, move) not in TABLE:
        return "care_not_now"
    if move in DECISIONS and by == now.checker:
        return "care_same_person"
    if move is Move.PROPOSE_EXIT and reason == Exit.STABLE and now.measures:
        return "care_measures_open"
    pointless = {
        Move.FINISH: not now.measures,
        Move.PUBLISH: now.released,
        Move.UNPUBLISH: not now.is_shown,
    }
    return "care_not_now" if pointless.get(move) else None


def possible(now: Standing, powers: Iterable[Power], *, by: int) -> list[Move]:
    """What somebody with these powers over the place may do, in the order of the table."""
    held = frozenset(powers)
    return [
        move
        for (stage, move), step in TABLE.items()
        if stage is now.stage and step.power in held and hindrance(move, now, by=by) is None
    ]


def clue_hindrance(on: date, today: date) -> str | None:
    return None if today - OLDEST_CLUE <= on <= today else "care_clue_day"


def measure_hindrance(due_on: date, today: date) -> str | None:
    return None if today <= due_on <= today + FURTHEST else "care_measure_day"


def ends_on(since: date, term: Term) -> date:
    """The last day of a term of calendar days; the day itself does not count."""
    return since + timedelta(days=term.count)


def next_review(on: date) -> date:
    """The same day of the next year; of the 29th of February the 28th."""
    try:
        return on.replace(year=on.year + 1)
    except ValueError:
        return on.replace(year=on.year + 1, day=28)


def days_left(due_on: date, today: date) -> int:
    """0 on the day itself, negative when it has passed."""
    return (due_on - today).days


def shown_as(stage: Stage) -> Shown:
    return Shown.EXITED if stage is Stage.EXITED else Shown.ADMITTED


def shown_until(from_on: date) -> date:
    """The last of the days, the first of which is the day of the release."""
    return from_on + SHOWN_FOR - timedelta(days=1)
