from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying import reference
from lianying.rules.calendar import (
    CalendarGap,
    WorkCalendar,
    due_on,
    is_statutory,
    parse_calendar,
    qingming,
    workdays_between,
)

DAY = timedelta(days=1)
CALENDAR = reference.calendar()
DAYS = [date(2010, 1, 1) + DAY * n for n in range((date(2026, 12, 31) - date(2010, 1, 1)).days + 1)]


def notice(year: object = 2027, **changes: object) -> dict[str, object]:
    rest = {"name": "元旦", "first": date(2027, 1, 1), "last": date(2027, 1, 3), "makeup": [date(2026, 12, 27)]}
    return {"year": year, "source": "公布的年度安排", "rest": [rest], **changes}


def test_every_published_day_agrees_with_an_independent_calendar() -> None:
    ours = {day: CALENDAR.is_workday(day) for day in DAYS}

    theirs = {day: chinese_calendar.is_workday(day) for day in DAYS}

    assert ours == theirs
    assert (CALENDAR.first, CALENDAR.last) == (DAYS[0], DAYS[-1])


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2027, 1, 1)])
def test_is_workday_refuses_a_day_that_is_not_published(day: date) -> None:
    with pytest.raises(CalendarGap, match=day.isoformat()):
        CALENDAR.is_workday(day)

    assert not CALENDAR.is_published(day)


def test_guess_knows_weekends_and_fixed_days_of_the_next_year() -> None:
    weekdays = [day for day in (date(2027, 1, 1) + DAY * n for n in range(365)) if day.weekday() < 5]

    rest = [day for day in weekdays if not CALENDAR.is_workday_or_guess(day)]

    assert rest == [date(2027, 1, 1), date(2027, 4, 5), date(2027, 10, 1)]
    assert not CALENDAR.is_workday_or_guess(date(2027, 1, 2))


def test_guess_is_the_published_day_inside_the_calendar() -> None:
    guesses = {day: CALENDAR.is_workday_or_guess(day) for day in DAYS}

    assert guesses == {day: CALENDAR.is_workday(day) for day in DAYS}


def test_guess_refuses_the_time_before_the_calendar() -> None:
    with pytest.raises(CalendarGap):
        CALENDAR.is_workday_or_guess(date(2009, 12, 31))


@pytest.mark.parametrize("year", range(2010, 2027))
def test_statutory_days_were_holidays_in_every_published_year(year: int) -> None:
    fixed = [date(year, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]

    assert [day in CALENDAR.holidays for day in (*fixed, qingming(year))] == [True] * 6
    assert all(is_statutory(day) for day in (*fixed, date(year, 5, 2), qingming(year)))


def test_due_on_passes_over_the_spring_festival() -> None:
    assert due_on(date(2026, 2, 13), 3, CALENDAR) == date(2026, 2, 25)
    assert due_on(date(2026, 2, 13), 0, CALENDAR) == date(2026, 2, 13)


def test_workdays_between_counts_the_end_and_not_the_start() -> None:
    assert workdays_between(date(2026, 2, 13), date(2026, 2, 25), CALENDAR) == 3
    assert workdays_between(date(2026, 2, 25), date(2026, 2, 13), CALENDAR) == 0


@given(st.sampled_from(DAYS), st.integers(1, 60))
def test_workdays_between_counts_back_what_due_on_added(start: date, workdays: int) -> None:
    end = due_on(start, workdays, CALENDAR)

    assert workdays_between(start, end, CALENDAR) == workdays
    assert CALENDAR.is_workday_or_guess(end)


def test_version_changes_with_one_day() -> None:
    rest = {"name": "元旦", "first": date(2027, 1, 1), "last": date(2027, 1, 2)}

    versions = {parse_calendar([notice()]).version, parse_calendar([notice(rest=[rest])]).version}

    assert len(versions) == 2
    assert all(version.startswith("2027-2027/") for version in versions)


def test_parse_calendar_reads_a_notice_that_reaches_into_the_year_before() -> None:
    calendar = parse_calendar([notice()])

    assert calendar == WorkCalendar(
        holidays=frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}),
        makeup_days=frozenset({date(2026, 12, 27)}),
        first=date(2027, 1, 1),
        last=date(2027, 12, 31),
        version=calendar.version,
    )


def test_parse_calendar_names_every_problem_at_once() -> None:
    upside_down = {"name": "春节", "first": date(2027, 2, 12), "last": date(2027, 2, 6)}
    weekday = {"name": "元旦", "first": date(2027, 1, 1), "last": date(2027, 1, 4), "makeup": [date(2027, 1, 4)]}

    with pytest.raises(ValueError, match="calendar: ") as caught:
        parse_calendar([notice(2027, source="", rest=[upside_down, weekday]), notice(2029), notice("MMXX", rest=[])])

    assert str(caught.value).removeprefix("calendar: ").split("; ") == [
        "2027: no source",
        "2027 春节: first <= last and make-up days are dates",
        "MMXX: the year is not a number",
        "MMXX: no rest days",
        "years must follow one another, each once: [2027, 2029]",
        "2027-01-04: both a holiday and a make-up day",
        "2027-01-04: a make-up day on a weekday",
    ]


def test_parse_calendar_refuses_nothing_at_all() -> None:
    with pytest.raises(ValueError, match="years must follow one another"):
        parse_calendar([])
