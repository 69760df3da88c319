"""When a promise or a stage falls due. The law in words, with worked tables: docs/rules/deadlines.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lianying.rules.calendar import DAY, WorkCalendar, workdays_between

SHANGHAI = ZoneInfo("Asia/Shanghai")


class TimeUnit(StrEnum):
    HOUR = "hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


class Stage(StrEnum):
    SORT = "sort"
    SIGN = "sign"
    DISPUTE = "dispute"
    DECIDE = "decide"
    RESOLVE = "resolve"
    EXTENSION = "extension"
    REWORK = "rework"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Term:
    """count: >= 1, of `unit`; rule: the row it comes from, as "anhui/resolve/other"; source: who set it, in Chinese."""

    count: int
    unit: TimeUnit
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Pause:
    """From the question to the resident until the answer, both aware."""

    asked_at: datetime
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class Office:
    """Where a day ends and which days are worked."""

    calendar: WorkCalendar
    closes_at: time = time(17, 30)
    zone: ZoneInfo = SHANGHAI

    def local(self, moment: datetime) -> datetime:
        """Raises ValueError for a moment without a zone: the day it falls on would be a guess."""
        if moment.utcoffset() is None:
            raise ValueError(f"{moment.isoformat()} has no time zone")
        return moment.astimezone(self.zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes_at, self.zone)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time that explains itself; the days are local dates after the day of receipt, in order.

    provisional: the calendar of that day is not yet published;  counted: the days of the term, empty for hours
    given_back: days of the unit that fell into a pause;  skipped: rest days passed over
    """

    at: datetime
    provisional: bool
    rule: str
    source: str
    counted: tuple[date, ...] = ()
    given_back: tuple[date, ...] = ()
    skipped: tuple[date, ...] = ()


def due(start: datetime, term: Term, office: Office, pauses: Sequence[Pause] = (), extra_workdays: int = 0) -> Due:
    """Return when `term` ends that began with the receipt at `start`.

    extra_workdays: an extension, in working days after the days of the term.
    A pause that began after the due time gives nothing back: what was late stays late.
    Raises CalendarGap before the first published day; ValueError for a moment without a zone or hours extended by days.
    """
    in_order = sorted(pauses, key=lambda pause: pause.asked_at)
    if term.unit is TimeUnit.HOUR:
        if extra_workdays:
            raise ValueError(f"{term.rule}: a term in hours is not extended by working days")
        return Due(_end_of_hours(start, term.count, office, in_order), False, term.rule, term.source)
    start_on = office.local(start).date()
    paused: set[date] = set()
    result = _walk(start_on, term, office, paused, extra_workdays)
    for pause in in_order:
        if pause.asked_at < result.at:
            paused.update(_days(office.local(pause.asked_at).date(), office.local(pause.replied_at).date()))
            result = _walk(start_on, term, office, paused, extra_workdays)
    return result


def workdays_left(now: datetime, due_at: datetime, office: Office) -> int:
    """Return the working days after today up to the due day: 0 on that day, negative once days have passed since."""
    today, due_day = office.local(now).date(), office.local(due_at).date()
    if today > due_day:
        return -workdays_between(due_day, today, office.calendar)
    return workdays_between(today, due_day, office.calendar)


def _walk(start_on: date, term: Term, office: Office, paused: set[date], extra_workdays: int) -> Due:
    """Go day by day from the one after `start_on` until the term is used up and the pause over."""
    resumes_on = max(paused, default=start_on)
    counted: list[date] = []
    given_back: list[date] = []
    skipped: list[date] = []
    day = start_on
    while len(counted) < term.count + extra_workdays or day < resumes_on:
        day += DAY
        by_workdays = term.unit is TimeUnit.WORKING_DAY or (extra_workdays > 0 and len(counted) >= term.count)
        if by_workdays and not office.calendar.is_workday_or_guess(day):
            skipped.append(day)
        elif day in paused:
            given_back.append(day)
        else:
            counted.append(day)
    last = max(counted[-1:] + given_back[-1:])
    return Due(
        at=office.closing(last),
        provisional=by_workdays and last > office.calendar.last,
        rule=term.rule,
        source=term.source,
        counted=tuple(counted),
        given_back=tuple(given_back),
        skipped=tuple(rest for rest in skipped if rest < last),
    )


def _days(after: date, upto: date) -> Iterable[date]:
    return (after + DAY * n for n in range(1, (upto - after).days + 1))


def _end_of_hours(start: datetime, hours: int, office: Office, in_order: Iterable[Pause]) -> datetime:
    running_from = office.local(start).astimezone(UTC)
    end = running_from + timedelta(hours=hours)
    for pause in in_order:
        stopped_at = max(pause.asked_at, running_from)
        if pause.asked_at < end and pause.replied_at > stopped_at:
            end += pause.replied_at - stopped_at
            running_from = pause.replied_at
    return office.local(end)
