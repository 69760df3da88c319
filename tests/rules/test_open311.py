from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianying.rules.events import EventKind
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.open311 import ENDS, OF_EVENT, SPAN, Update, parse_time, show_time, span, status_of

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 12, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-12T04:00:00Z", NOON),
        ("2026-11-12T04:00:00z", NOON),
        ("2026-11-12T04:00:00.123456Z", NOON),
        ("2026-11-12T12:00:00+08:00", NOON),
        ("2026-11-12T12:00:00 08:00", NOON),
        ("2026-11-12T12:00:00+0800", NOON),
        ("2026-11-12T02:00:00-02:00", NOON),
        ("2026-11-12T12:00:00", NOON),
        ("2026-11-12T12:00", NOON),
        ("2026-11-13T03:39:00+23:39", NOON),
        (" 2026-11-12 ", NOON - timedelta(hours=12)),
    ],
)
def test_a_moment_as_people_write_it(text: str, moment: datetime) -> None:
    assert parse_time(text, ZONE) == moment


def test_before_the_first_of_all_days_there_is_none() -> None:
    with pytest.raises(OverflowError):
        parse_time("0001-01-01T00:00:00+08:00", ZONE)


def test_a_day_alone_ends_with_its_last_second() -> None:
    assert parse_time("2026-11-12", ZONE, last=True) == NOON + timedelta(hours=11, minutes=59, seconds=59)


@pytest.mark.parametrize(
    "text", ["", "12.11.2026", "2026-13-01", "2026-02-30T00:00:00Z", "2026-11-12T25:00:00Z", "x" * 99]
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are not for anybody
        parse_time(text, ZONE)


@given(some.integers(0, 4_000_000_000))
def test_what_is_written_is_read_again(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)

    assert parse_time(show_time(moment, ZONE), ZONE) == moment


def test_what_is_shown_has_an_offset_and_no_fraction() -> None:
    assert show_time(NOON.replace(microsecond=7), ZONE) == "2026-11-12T12:00:00+08:00"


@given(some.none() | some.datetimes(timezones=some.just(UTC)), some.none() | some.datetimes(timezones=some.just(UTC)))
def test_a_span_is_ninety_days_at_most_or_none(start: datetime | None, end: datetime | None) -> None:
    try:
        first, last = span(start, end, NOON)
    except (ValueError, OverflowError):
        assert start is not None or end is not None
        return
    assert timedelta() <= last - first <= SPAN
    assert start in {None, first}
    assert end in {None, last}


def test_without_a_span_the_last_ninety_days() -> None:
    assert span(None, None, NOON) == (NOON - SPAN, NOON)
    assert span(NOON - timedelta(days=200), None, NOON) == (NOON - timedelta(days=200), NOON - timedelta(days=110))
    assert span(NOON + timedelta(days=1), None, NOON)[1] == NOON + timedelta(days=1)


def test_every_state_is_open_or_closed() -> None:
    assert {state for state in State if status_of(state) == "open"} == set(OPEN)


def test_steps_have_the_words_of_the_standard() -> None:
    assert set(OF_EVENT) <= set(EventKind)
    assert set(Update) > ENDS
    assert [one.value.upper() for one in Update][:3] == ["OPEN", "CLOSED", "FIXED"]
