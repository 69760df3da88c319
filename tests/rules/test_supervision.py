from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.supervision import FIRST, LADDER, Measure, Taken, hindrance, possible

AT = datetime(2026, 11, 12, 12, tzinfo=UTC)
PAST, TO_COME = AT - timedelta(hours=1), AT + timedelta(hours=1)
TAKEN = st.builds(
    Taken,
    st.sampled_from(Measure),
    st.sampled_from([PAST, TO_COME]),
    st.booleans(),
    st.sampled_from([None, True, False]),
)


@pytest.mark.parametrize(
    ("measure", "taken", "code"),
    [
        (Measure.REMIND, [], None),
        (Measure.SUPERVISE, [], None),
        (Measure.LIST, [], "step_too_early"),
        (Measure.SUPERVISE, [Taken(Measure.REMIND, TO_COME)], "answer_awaited"),
        (Measure.SUPERVISE, [Taken(Measure.REMIND, PAST)], None),
        (Measure.SUPERVISE, [Taken(Measure.REMIND, TO_COME, answered=True)], "answer_undecided"),
        (Measure.SUPERVISE, [Taken(Measure.REMIND, TO_COME, answered=True, accepted=False)], None),
        (Measure.REMIND, [Taken(Measure.REMIND, PAST)], None),
        (Measure.REMIND, [Taken(Measure.SUPERVISE, PAST)], "step_taken"),
        (Measure.SUPERVISE, [Taken(Measure.SUPERVISE, PAST)], "step_taken"),
        (Measure.TALK, [Taken(Measure.SUPERVISE, PAST)], "step_too_early"),
        (Measure.CIRCULAR, [Taken(Measure.CIRCULAR, PAST)], None),
        (Measure.LIST, [Taken(Measure.SUPERVISE, PAST, answered=True, accepted=True)], "step_too_early"),
        (Measure.REMIND, [Taken(Measure.SUPERVISE, PAST, answered=True, accepted=True)], None),
        (Measure.NOTE, [Taken(Measure.REMIND, TO_COME)], None),
        (Measure.SUPERVISE, [Taken(Measure.NOTE, TO_COME)], None),
    ],
)
def test_hindrance(measure: Measure, taken: list[Taken], code: str | None) -> None:
    assert hindrance(measure, taken, AT) == code


@given(st.lists(TAKEN, max_size=6))
def test_the_ladder_is_never_skipped_nor_stuck(taken: list[Taken]) -> None:
    ways = [measure for measure in possible(taken, AT) if measure in LADDER]

    steps = [one for one in taken if one.measure in LADDER]
    last = steps[-1] if steps and not steps[-1].accepted else None
    if last is None:
        assert set(ways) == FIRST
    elif last.accepted is None and (last.answered or last.due_at > AT):
        assert ways == []
    else:
        place = LADDER.index(last.measure)
        assert ways
        assert {LADDER.index(way) - place for way in ways} <= {0, 1}


@given(st.lists(TAKEN, max_size=6))
def test_a_leader_may_always_write_a_note(taken: list[Taken]) -> None:
    assert Measure.NOTE in possible(taken, AT)
