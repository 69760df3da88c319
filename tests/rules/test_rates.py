from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.kinds import Channel, Ending, Solved
from lianying.rules.lifecycle import UNANSWERED, State
from lianying.rules.rates import (
    ASSESSABLE,
    EXCLUSIONS,
    UNHEARD,
    Excluded,
    Row,
    Standing,
    Tally,
    overdue,
    standing,
    tally,
)

NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

ROWS = st.builds(
    Row,
    state=st.sampled_from(State),
    ending=st.none() | st.sampled_from(Ending),
    channel=st.sampled_from(Channel),
    answered=st.booleans(),
    answered_late=st.booleans(),
    answered_at_once=st.booleans(),
    overdue=st.booleans(),
    solved=st.none() | st.sampled_from(Solved),
    satisfaction=st.none() | st.integers(1, 5),
)
GROUPS = st.lists(st.tuples(ROWS, st.integers(1, 50)), max_size=30)
WEIGHTS = st.decimals(0, 1, places=2)


@given(GROUPS, WEIGHTS)
def test_every_request_received_stands_in_exactly_one_place(groups: list[tuple[Row, int]], weight: Decimal) -> None:
    result = tally(groups, weight)

    listed = result.assessable + result.not_yet_due + sum(one.count for one in result.excluded)
    assert result.received == listed == sum(count for _, count in groups)
    assert result.excluded_count == result.received - result.assessable - result.not_yet_due
    assert result.assessable == result.in_time + result.answered_late + result.late_open


@given(GROUPS, WEIGHTS)
def test_a_rate_lies_between_0_and_1_or_is_none(groups: list[tuple[Row, int]], weight: Decimal) -> None:
    result = tally(groups, weight)

    rates = (result.in_time_rate, result.solved_rate, result.satisfied_rate)
    wholes = (result.assessable, result.checked, result.checked)
    assert all((rate is None) == (whole == 0) for rate, whole in zip(rates, wholes, strict=True))
    assert all(0 <= rate <= 1 for rate in rates if rate is not None)


@given(GROUPS, WEIGHTS)
def test_counts_do_not_depend_on_how_requests_are_grouped(groups: list[tuple[Row, int]], weight: Decimal) -> None:
    one_by_one = [(row, 1) for row, count in reversed(groups) for _ in range(count)]

    assert tally(one_by_one, weight) == tally(groups, weight)


@given(ROWS)
def test_what_was_late_once_is_never_in_time(row: Row) -> None:
    if row.answered_late or (row.state in UNANSWERED and row.overdue):
        assert standing(row) != Standing.IN_TIME


@given(ROWS)
def test_only_what_was_answered_or_is_due_is_assessed(row: Row) -> None:
    place = standing(row)

    if place in ASSESSABLE:
        assert row.answered or row.overdue or row.answered_late
    assert (place in EXCLUSIONS) == any(fits(row) for fits in EXCLUSIONS.values())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Row(State.ANSWERED, answered=True), Standing.IN_TIME),
        (Row(State.ANSWERED, answered=True, overdue=True), Standing.IN_TIME),
        (Row(State.CLOSED, Ending.UNSOLVED, answered=True), Standing.IN_TIME),
        (Row(State.HANDLING, answered=True), Standing.IN_TIME),
        (Row(State.HANDLING, answered=True, overdue=True), Standing.LATE_OPEN),
        (Row(State.HANDLING, answered=True, answered_late=True), Standing.ANSWERED_LATE),
        (Row(State.HEARD), Standing.NOT_YET_DUE),
        (Row(State.WAITING, overdue=True), Standing.LATE_OPEN),
        (Row(State.HEARD, channel=Channel.IMPORT, overdue=True), Standing.IMPORTED),
        (Row(State.CLOSED, Ending.IMPORTED, answered=True), Standing.IMPORTED),
        (Row(State.MERGED, answered=True), Standing.MERGED),
        (Row(State.WITHDRAWN), Standing.WITHDRAWN),
        (Row(State.DECLINED), Standing.DECLINED),
        (Row(State.CLOSED, Ending.TERMINATED), Standing.TERMINATED),
        (Row(State.ANSWERED, answered=True, answered_at_once=True), Standing.AT_ONCE),
        (Row(State.PETITION), Standing.PETITION),
        (Row(State.CLOSED, Ending.CONCLUDED), Standing.PETITION),
        (Row(State.PETITION, answered=True, answered_late=True), Standing.ANSWERED_LATE),
    ],
)
def test_a_request_stands_where_the_table_says(row: Row, expected: Standing) -> None:
    assert standing(row) == expected


def test_a_check_counts_unless_the_case_ended_without_the_residents_word() -> None:
    rows = [
        Row(State.CLOSED, ending, answered=True, solved=Solved.YES, satisfaction=5)
        for ending in (Ending.SATISFIED, Ending.UNSOLVED, *UNHEARD)
    ]

    result = tally([(row, 1) for row in rows], Decimal(1))

    assert (result.assessable, result.checked, result.unreached, result.silent) == (4, 2, 1, 1)


@pytest.mark.parametrize(("weight", "satisfied"), [("0", "2"), ("0.5", "3.5"), ("1.0", "5"), ("0.25", "2.75")])
def test_a_3_counts_as_the_profile_weighs_it(weight: str, satisfied: str) -> None:
    points = [1, 2, 3, 3, 3, 4, 5]
    rows = [
        Row(State.CLOSED, Ending.SATISFIED, answered=True, solved=Solved.PARTLY, satisfaction=one) for one in points
    ]

    result = tally([(row, 1) for row in rows], Decimal(weight))

    assert (str(result.satisfied), result.solved, result.checked) == (satisfied, 0, 7)


def test_without_any_request_every_ground_is_listed_with_0() -> None:
    result = tally([], Decimal(1))

    assert result == Tally({})
    assert result.excluded == tuple(Excluded(code, 0) for code in EXCLUSIONS)
    assert (result.in_time_rate, result.solved_rate, result.satisfied_rate) == (None, None, None)


@pytest.mark.parametrize(
    ("due_at", "stopped_at", "expected"),
    [
        (None, None, False),
        (NOON + HOUR, None, False),
        (NOON, None, False),
        (NOON - HOUR, None, True),
        (NOON - HOUR, NOON - 2 * HOUR, False),
        (NOON - HOUR, NOON - HOUR, True),
        (NOON - 2 * HOUR, NOON - HOUR, True),
    ],
)
def test_a_promise_has_passed_unless_it_stood_still_before(
    due_at: datetime | None, stopped_at: datetime | None, expected: bool
) -> None:
    assert overdue(due_at, stopped_at, NOON) == expected
