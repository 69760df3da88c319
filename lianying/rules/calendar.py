"""Working days of the state's calendar: weekends, published holidays (放假) and make-up days (调休)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
SATURDAY = 5
# 全国年节及纪念日放假办法 as in force since 2025-01-01: the days with a fixed date, as (month, day).
STATUTORY_DAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class CalendarGap(Exception):
    """Asked about a day for which no calendar was published."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """holidays, makeup_days: as published; first, last: the published span, both in; version: changes with the data."""

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    first: date
    last: date
    version: str

    def is_published(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Raises CalendarGap outside `first`..`last`: a holiday is never guessed here."""
        if not self.is_published(day):
            raise CalendarGap(day.isoformat())
        return day in self.makeup_days or (day.weekday() < SATURDAY and day not in self.holidays)

    def is_workday_or_guess(self, day: date) -> bool:
        """Past `last` only weekends and the statutory days that need no moon are known; who shows the date marks it.

        Raises CalendarGap before `first`: the past is known, so a missing year is a fault of the data.
        """
        if day > self.last:
            return day.weekday() < SATURDAY and not is_statutory(day)
        return self.is_workday(day)


def is_statutory(day: date) -> bool:
    return (day.month, day.day) in STATUTORY_DAYS or day == qingming(day.year)


def qingming(year: int) -> date:
    """Return the day of 清明, which the sun fixes; the usual formula, exact for 2000 to 2099."""
    short = year % 100
    return date(year, 4, (2422 * short + 48100) // 10000 - short // 4)


def due_on(start: date, workdays: int, calendar: WorkCalendar) -> date:
    """Return the `workdays`-th working day after `start`.

    start   local date, itself not counted;  workdays >= 0, where 0 is `start` itself
    Past the published days the answer is a guess: ask `is_published` before showing it, or use `deadlines.due`.
    """
    day = start
    while workdays > 0:
        day += DAY
        workdays -= calendar.is_workday_or_guess(day)
    return day


@lru_cache(maxsize=4096)
def workdays_between(after: date, upto: date, calendar: WorkCalendar) -> int:
    """Count the working days d with after < d <= upto; 0 when `upto` is not later."""
    return sum(calendar.is_workday_or_guess(after + DAY * n) for n in range(1, (upto - after).days + 1))


def parse_calendar(notices: Iterable[Mapping[str, object]]) -> WorkCalendar:
    """Build the calendar of consecutive years, each a notice {year, source, rest: [{name, first, last, makeup?}]}.

    A notice may reach into the end of the year before it. Raises ValueError naming every problem at once.
    """
    problems: list[str] = []
    years: list[int] = []
    holidays: set[date] = set()
    makeup_days: set[date] = set()
    for notice in notices:
        problems += _read_notice(notice, years, holidays, makeup_days)
    years.sort()
    if not years or years != [*range(years[0], years[-1] + 1)]:
        problems.append(f"years must follow one another, each once: {years}")
    problems += [f"{day}: both a holiday and a make-up day" for day in sorted(holidays & makeup_days)]
    problems += [f"{day}: a make-up day on a weekday" for day in sorted(makeup_days) if day.weekday() < SATURDAY]
    if problems:
        raise ValueError("calendar: " + "; ".join(problems))
    days = [f"-{day}" for day in sorted(holidays)] + [f"+{day}" for day in sorted(makeup_days)]
    digest = hashlib.sha256(" ".join(days).encode()).hexdigest()
    return WorkCalendar(
        holidays=frozenset(holidays),
        makeup_days=frozenset(makeup_days),
        first=date(years[0], 1, 1),
        last=date(years[-1], 12, 31),
        version=f"{years[0]}-{years[-1]}/{digest[:8]}",
    )


def _read_notice(
    notice: Mapping[str, object], years: list[int], holidays: set[date], makeup_days: set[date]
) -> list[str]:
    """Add the year and the days of one notice to the collections; return its problems."""
    year, rests = notice.get("year"), notice.get("rest")
    problems = [] if notice.get("source") else [f"{year}: no source"]
    if isinstance(year, int):
        years.append(year)
    else:
        problems.append(f"{year}: the year is not a number")
    if not isinstance(rests, list) or not rests:
        return [*problems, f"{year}: no rest days"]
    for rest in rests:
        first, last, makeup = rest.get("first"), rest.get("last"), rest.get("makeup", [])
        if not all(isinstance(day, date) for day in (first, last, *makeup)) or first > last:
            problems.append(f"{year} {rest.get('name')}: first <= last and make-up days are dates")
            continue
        holidays.update(first + DAY * n for n in range((last - first).days + 1))
        makeup_days.update(makeup)
    return problems
