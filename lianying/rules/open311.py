"""GeoReport v2, as far as it needs no request at hand. Source: wiki.open311.org/GeoReport_v2, open311.md."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from lianying.rules.events import EventKind
from lianying.rules.lifecycle import OPEN, State

#: The longest span that may be asked for, and the one that is answered where none is named.
SPAN = timedelta(days=90)
#: Rows of one answer.
MOST_ROWS = 1000
MOST_WORDS = 4000


class Update(StrEnum):
    """What an update says became of a request; upper case where it comes in, lower where it goes out."""

    OPEN = "open"
    CLOSED = "closed"
    FIXED = "fixed"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    ACTION_SCHEDULED = "action_scheduled"
    INVESTIGATING = "investigating"
    DUPLICATE = "duplicate"
    NOT_COUNCILS_RESPONSIBILITY = "not_councils_responsibility"
    NO_FURTHER_ACTION = "no_further_action"
    INTERNAL_REFERRAL = "internal_referral"
    CANCELLED = "cancelled"
    REOPEN = "reopen"
    FOR_TRIAGE = "for_triage"
    UNCHANGED = "unchanged"


#: After these the other side does nothing more.
ENDS = frozenset(
    {
        Update.CLOSED,
        Update.FIXED,
        Update.DUPLICATE,
        Update.NOT_COUNCILS_RESPONSIBILITY,
        Update.NO_FURTHER_ACTION,
        Update.CANCELLED,
    }
)
#: What a step of ours is to a neighbour. Steps that concern the staff alone are not here.
OF_EVENT: dict[EventKind, Update] = {
    EventKind.HEARD: Update.FOR_TRIAGE,
    EventKind.ASSIGNED: Update.OPEN,
    EventKind.SIGNED: Update.IN_PROGRESS,
    EventKind.HANDED_UP: Update.INTERNAL_REFERRAL,
    EventKind.RECALLED: Update.FOR_TRIAGE,
    EventKind.PASSED: Update.INTERNAL_REFERRAL,
    EventKind.UPHELD: Update.FOR_TRIAGE,
    EventKind.ASKED: Update.INVESTIGATING,
    EventKind.REPLIED: Update.IN_PROGRESS,
    EventKind.RESUMED: Update.IN_PROGRESS,
    EventKind.EXTENDED: Update.UNCHANGED,
    EventKind.ANSWERED: Update.FIXED,
    EventKind.ANSWERED_NOW: Update.FIXED,
    EventKind.ANSWER_APPROVED: Update.FIXED,
    EventKind.DECLINED: Update.NOT_COUNCILS_RESPONSIBILITY,
    EventKind.OBJECTED: Update.REOPEN,
    EventKind.MERGED: Update.DUPLICATE,
    EventKind.UNMERGED: Update.REOPEN,
    EventKind.WITHDRAWN: Update.CANCELLED,
    EventKind.SATISFIED: Update.CLOSED,
    EventKind.UNSATISFIED: Update.REOPEN,
    EventKind.TERMINATED: Update.NO_FURTHER_ACTION,
    EventKind.ENDED_UNSOLVED: Update.CLOSED,
    EventKind.CLOSED_UNREACHED: Update.CLOSED,
    EventKind.CLOSED_SILENT: Update.CLOSED,
    EventKind.REOPENED: Update.REOPEN,
    EventKind.COMPLETED: Update.FIXED,
    EventKind.FELL_DUE: Update.REOPEN,
    EventKind.TRANSFERRED: Update.INTERNAL_REFERRAL,
    EventKind.CONCLUDED: Update.CLOSED,
    EventKind.RETURNED: Update.FOR_TRIAGE,
}


#: How often a system is asked how a referral stands: in the first week, afterwards; and no longer than so.
ASKED_EVERY, ASKED_RARELY, ASKED_FOR = timedelta(minutes=30), timedelta(hours=6), timedelta(days=400)


def ask_again_at(made_at: datetime, at: datetime) -> datetime | None:
    """When to ask next after a referral made then; None where it is given up."""
    age = at - made_at
    if age > ASKED_FOR:
        return None
    return at + (ASKED_EVERY if age < timedelta(days=7) else ASKED_RARELY)


def status_of(state: State) -> str:
    """The two words that the standard has for where a request stands."""
    return "open" if state in OPEN else "closed"


_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*(Z|[+ -]?\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_time(text: str, zone: tzinfo, *, last: bool = False) -> datetime:
    """The moment in UTC, to the second.

    text    '2026-01-01T00:00:00Z', with a fraction, an offset (its '+' may come as a blank), a day alone
    zone    of a text that names no offset
    last    of a day alone: its last second instead of its first
    Raises  ValueError for anything else; OverflowError at either end of all years
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return datetime.combine(day, time(23, 59, 59) if last else time(), tzinfo=zone).astimezone(UTC)
    at = time(int(found[4]), int(found[5]), int(found[6] or 0))
    # No database takes an offset of nearly a day, which the standard of dates allows.
    return datetime.combine(day, at, tzinfo=_offset(found[7]) or zone).astimezone(UTC)


def _offset(written: str | None) -> timezone | None:
    if not written:
        return None
    if written in "Zz":
        return UTC
    digits = written.strip().lstrip("+-").replace(":", "")
    east = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-east if written[0] == "-" else east)


def show_time(moment: datetime, zone: tzinfo) -> str:
    """'2026-11-12T09:30:00+08:00'"""
    return moment.astimezone(zone).replace(microsecond=0).isoformat()


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """From when to when is asked. Raises ValueError for more than SPAN, and for an end before its start."""
    if end is None:
        end = now if start is None else min(max(now, start), start + SPAN)
    if start is None:
        start = end - SPAN
    if not timedelta() <= end - start <= SPAN:
        raise ValueError
    return start, end
