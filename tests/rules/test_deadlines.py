"""The promise against oracles that count in another way, on a calendar made by others."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying import reference
from lianying.rules.calendar import CalendarGap
from lianying.rules.deadlines import Due, Office, Pause, Term, TimeUnit, due, workdays_left

ZONE = ZoneInfo("Asia/Shanghai")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OFFICE = Office(reference.calendar())
FIRST, LAST = date(2010, 1, 1), date(2026, 12, 31)
STARTS = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]
WORKDAYS = frozenset(day for day in STARTS if chinese_calendar.is_workday(day))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def days(count: int, unit: TimeUnit = TimeUnit.WORKING_DAY) -> Term:
    return Term(count, unit, "test/resolve/other", "test")


def hours(count: int) -> Term:
    return Term(count, TimeUnit.HOUR, "test/resolve/urgent", "test")


def pause(asked: str, replied: str) -> Pause:
    return Pause(local(asked), local(replied))


def dates(text: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"2026-{part}") for part in text.split())


# --- the worked examples of the rules ---


def test_due_counts_the_makeup_saturday_and_passes_over_the_spring_festival() -> None:
    result = due(local("2026-02-13T17:59"), days(3), OFFICE)

    assert result == Due(
        at=local("2026-02-25T17:30"),
        provisional=False,
        rule="test/resolve/other",
        source="test",
        counted=dates("02-14 02-24 02-25"),
        skipped=dates("02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23"),
    )
    assert result.at.isoformat() == "2026-02-25T17:30:00+08:00"


def test_due_passes_over_the_national_day() -> None:
    assert due(local("2026-09-30T09:00"), days(1), OFFICE).at == local("2026-10-08T17:30")


def test_due_gives_back_the_working_days_of_a_pause() -> None:
    received = local("2026-11-12T21:14")

    plain = due(received, days(10), OFFICE)
    paused = due(received, days(10), OFFICE, [pause("2026-11-16T10:00", "2026-11-17T16:00")])

    assert plain.at == local("2026-11-26T17:30")
    assert (paused.at, paused.given_back) == (local("2026-11-27T17:30"), dates("11-17"))


# --- every day of the shipped years ---


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10])
def test_due_is_the_nth_working_day_for_every_day_of_2010_to_2026(count: int) -> None:
    expected = {}
    for start in STARTS:
        later = [day for n in range(1, 31) if (day := start + DAY * n) in WORKDAYS][:count]
        if len(later) == count:
            expected[start] = (datetime.combine(later[-1], time(17, 30), ZONE), False, tuple(later))

    found = {}
    for start in expected:
        result = due(datetime.combine(start, time(9), ZONE), days(count), OFFICE)
        found[start] = (result.at, result.provisional, result.counted)

    assert found == expected
    assert len(expected) > 6180


# --- pauses ---


def oracle(start: datetime, count: int, pauses: Sequence[Pause], unit: TimeUnit) -> tuple[datetime, set[date]]:
    """Live through the days, marking each: the n-th unmarked one is the last, unless the office was waiting on it."""
    pool = [day for day in STARTS if day > start.date() and (unit is TimeUnit.CALENDAR_DAY or day in WORKDAYS)]
    waiting: set[date] = set()
    for one in sorted(pauses, key=lambda one: (one.asked_at, one.replied_at)):
        running = [day for day in pool if day not in waiting]
        due_on = max([running[count - 1], *(day for day in waiting if day in pool)])
        if datetime.combine(due_on, time(17, 30), ZONE) <= one.asked_at:
            break
        waiting |= {day for day in pool if one.asked_at.date() < day <= one.replied_at.date()}
    running = [day for day in pool if day not in waiting]
    return datetime.combine(max([running[count - 1], *waiting]), time(17, 30), ZONE), waiting


@st.composite
def paused_requests(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    start = draw(st.datetimes(datetime(2010, 1, 1), datetime(2025, 6, 30), timezones=st.just(ZONE)))  # noqa: DTZ001
    spans = draw(st.lists(st.tuples(st.integers(-20 * 1440, 30 * 1440), st.integers(0, 60 * 1440)), max_size=4))
    return start, [Pause(start + MINUTE * ask, start + MINUTE * (ask + length)) for ask, length in spans]


@given(paused_requests(), st.integers(1, 20), st.sampled_from([TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY]))
def test_due_equals_the_oracle_with_any_pauses(
    request_and_pauses: tuple[datetime, list[Pause]], count: int, unit: TimeUnit
) -> None:
    start, pauses = request_and_pauses

    result = due(start, days(count, unit), OFFICE, pauses)

    assert (result.at, set(result.given_back)) == oracle(start, count, pauses, unit)
    assert len(result.counted) == count
    assert len({*result.counted, *result.given_back, *result.skipped}) == (result.at.date() - start.date()).days


@pytest.mark.parametrize("length", range(61))
def test_due_gives_back_a_pause_of_every_length(length: int) -> None:
    asked_at = local("2026-01-15T10:00")
    pauses = [Pause(asked_at, asked_at + DAY * length)]

    result = due(local("2026-01-12T09:00"), days(10), OFFICE, pauses)

    assert (result.at, set(result.given_back)) == oracle(local("2026-01-12T09:00"), 10, pauses, TimeUnit.WORKING_DAY)


def test_due_counts_a_day_once_when_pauses_overlap() -> None:
    pauses = [pause("2026-11-17T09:00", "2026-11-19T09:00"), pause("2026-11-16T09:00", "2026-11-18T09:00")]

    result = due(local("2026-11-12T21:14"), days(10), OFFICE, pauses)

    assert (result.at, result.given_back) == (local("2026-12-01T17:30"), dates("11-17 11-18 11-19"))


def test_due_waits_when_the_question_came_on_the_last_day() -> None:
    in_time = due(local("2026-11-12T09:00"), days(10), OFFICE, [pause("2026-11-26T17:29", "2026-11-30T09:00")])
    too_late = due(local("2026-11-12T09:00"), days(10), OFFICE, [pause("2026-11-26T17:30", "2026-11-30T09:00")])

    assert (in_time.at, in_time.given_back) == (local("2026-11-30T17:30"), dates("11-27 11-30"))
    assert (too_late.at, too_late.given_back) == (local("2026-11-26T17:30"), ())


def test_due_ends_on_the_last_working_day_of_a_pause_answered_on_a_sunday() -> None:
    result = due(local("2026-11-12T09:00"), days(10), OFFICE, [pause("2026-11-26T10:00", "2026-11-29T09:00")])

    assert (result.at, result.given_back) == (local("2026-11-27T17:30"), dates("11-27"))
    assert result.skipped == dates("11-14 11-15 11-21 11-22")


# --- the edges of a day, the zone ---


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (local("2026-11-16T00:00"), "2026-11-17T17:30"),
        (local("2026-11-16T23:59"), "2026-11-17T17:30"),
        (local("2026-11-17T00:00"), "2026-11-18T17:30"),
        (datetime(2026, 11, 16, 15, 59, tzinfo=UTC), "2026-11-17T17:30"),
        (datetime(2026, 11, 16, 16, 0, tzinfo=UTC), "2026-11-18T17:30"),
        (local("2026-11-14T12:00"), "2026-11-16T17:30"),
        (datetime(2026, 11, 12, 23, tzinfo=ZoneInfo("America/New_York")), "2026-11-16T17:30"),
    ],
)
def test_due_takes_the_local_day_of_the_receipt(received: datetime, expected: str) -> None:
    assert due(received, days(1), OFFICE).at == local(expected)


def test_due_takes_the_local_days_of_a_pause() -> None:
    one = Pause(datetime(2026, 11, 16, 16, 0, tzinfo=UTC), datetime(2026, 11, 18, 15, 59, tzinfo=UTC))

    assert due(local("2026-11-12T09:00"), days(10), OFFICE, [one]).given_back == dates("11-18")


def test_due_closes_when_the_office_does() -> None:
    office = Office(OFFICE.calendar, time(16, 0), ZoneInfo("Asia/Urumqi"))

    assert due(local("2026-11-16T09:00"), days(1), office).at.isoformat() == "2026-11-17T16:00:00+06:00"


@pytest.mark.parametrize("term", [days(1), hours(1)])
def test_due_refuses_a_moment_without_a_zone(term: Term) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime(2026, 11, 16, 9, 0), term, OFFICE)  # noqa: DTZ001


# --- hours ---


def test_hours_run_through_the_night_and_the_holiday() -> None:
    result = due(local("2026-02-14T23:30"), hours(24), OFFICE)

    assert result == Due(local("2026-02-15T23:30"), False, "test/resolve/urgent", "test")
    assert result.at.isoformat() == "2026-02-15T23:30:00+08:00"


@given(paused_requests(), st.integers(1, 72))
def test_hours_equal_a_clock_that_is_stopped(request_and_pauses: tuple[datetime, list[Pause]], count: int) -> None:
    start, pauses = request_and_pauses

    result = due(start, hours(count), OFFICE, pauses)

    minutes, now = count * 60, start
    while minutes:
        stops = [one.replied_at for one in pauses if one.asked_at <= now < one.replied_at]
        if stops:
            now = max(stops)
            continue
        ahead = [one.asked_at for one in pauses if now < one.asked_at < one.replied_at]
        run = min([minutes, *(int((asked_at - now) / MINUTE) for asked_at in ahead)])
        now, minutes = now + MINUTE * run, minutes - run
    assert result.at == now


def test_hours_give_nothing_back_for_a_question_after_the_end() -> None:
    pauses = [pause("2026-11-17T09:00", "2026-11-17T12:00")]

    assert due(local("2026-11-16T09:00"), hours(24), OFFICE, pauses).at == local("2026-11-17T09:00")


def test_hours_are_not_extended_by_working_days() -> None:
    with pytest.raises(ValueError, match="not extended"):
        due(local("2026-11-16T09:00"), hours(24), OFFICE, extra_workdays=1)


# --- extension ---


def test_extension_adds_working_days() -> None:
    extended = due(local("2026-11-12T21:14"), days(10), OFFICE, extra_workdays=10)

    assert extended == due(local("2026-11-12T21:14"), days(20), OFFICE)


def test_calendar_days_run_through_the_weekend_and_are_extended_by_working_days() -> None:
    term = days(7, TimeUnit.CALENDAR_DAY)

    plain = due(local("2026-11-12T09:00"), term, OFFICE)
    extended = due(local("2026-11-12T09:00"), term, OFFICE, extra_workdays=3)

    assert (plain.at, plain.skipped) == (local("2026-11-19T17:30"), ())
    assert (extended.at, extended.skipped) == (local("2026-11-24T17:30"), dates("11-21 11-22"))


# --- the ends of the calendar ---


def test_due_is_provisional_past_the_last_published_day() -> None:
    last = due(local("2026-12-30T09:00"), days(1), OFFICE)
    past = due(local("2026-12-30T09:00"), days(2), OFFICE)

    assert (last.at, last.provisional) == (local("2026-12-31T17:30"), False)
    assert (past.at, past.provisional) == (local("2027-01-04T17:30"), True)
    assert past.skipped == (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3))


@pytest.mark.parametrize("term", [hours(72), days(7, TimeUnit.CALENDAR_DAY)])
def test_due_needs_no_calendar_for_hours_and_calendar_days(term: Term) -> None:
    assert not due(local("2026-12-30T09:00"), term, OFFICE).provisional


def test_an_extension_past_the_calendar_is_provisional() -> None:
    assert due(local("2026-12-20T09:00"), days(7, TimeUnit.CALENDAR_DAY), OFFICE, extra_workdays=10).provisional


def test_due_refuses_a_working_day_before_the_calendar() -> None:
    assert due(local("2009-12-31T09:00"), days(1), OFFICE).at == local("2010-01-04T17:30")
    with pytest.raises(CalendarGap):
        due(local("2009-12-30T09:00"), days(1), OFFICE)


# --- what is left ---


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-02-13T18:00", 3),
        ("2026-02-20T12:00", 2),
        ("2026-02-25T09:00", 0),
        ("2026-02-25T23:59", 0),
        ("2026-02-26T00:00", -1),
        ("2026-03-01T12:00", -3),
    ],
)
def test_workdays_left_counts_down_and_below_zero(now: str, left: int) -> None:
    assert workdays_left(local(now), local("2026-02-25T17:30"), OFFICE) == left
