from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.notices import GIVEN_UP_AFTER, LONGEST_WAIT, again_at, parts, unknown_placeholders
from tests.cast import NOON


def test_the_wait_doubles_up_to_an_hour() -> None:
    waits = [again_at(NOON, tries, NOON) for tries in range(9)]

    assert waits == [NOON + timedelta(minutes=minutes) for minutes in (1, 1, 2, 4, 8, 16, 32, 60, 60)]


@given(st.integers(0, 10_000), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_it_is_tried_within_the_hour_until_it_is_given_up(tries: int, since: timedelta) -> None:
    next_at = again_at(NOON, tries, NOON + since)

    if since >= GIVEN_UP_AFTER:
        assert next_at is None
    else:
        assert next_at is not None
        assert timedelta(0) < next_at - (NOON + since) <= LONGEST_WAIT


def test_a_text_is_counted_in_messages_and_its_placeholders_are_known() -> None:
    assert [parts("字" * length) for length in (0, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]
    assert unknown_placeholders("{site}{who}: {ref} { }") == ["who", " "]
