from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.care import (
    DECISIONS,
    FURTHEST,
    KIND_OF,
    OLDEST_CLUE,
    OPEN,
    TABLE,
    TO_DECIDE,
    UNDECIDED,
    Move,
    Shown,
    Stage,
    Standing,
    clue_hindrance,
    hindrance,
    measure_hindrance,
    possible,
    shown_as,
)
from lianying.rules.powers import Power

TODAY = date(2026, 11, 12)
BOTH = (Power.CARE, Power.CARE_DECIDE)


def test_every_stage_that_is_open_goes_on_and_no_other_changes() -> None:
    onward = {stage for (stage, _), step in TABLE.items() if step.to is not stage}

    assert onward == OPEN
    assert UNDECIDED | {Stage.UNDER_CARE, Stage.LEAVING} == OPEN
    assert {stage for stage, move in TABLE if move in DECISIONS} == TO_DECIDE


def test_every_step_has_its_event() -> None:
    assert set(KIND_OF) == set(Move)
    assert len(set(KIND_OF.values())) == len(Move)


def test_decisions_need_the_power_to_decide() -> None:
    assert {step.power for (_, move), step in TABLE.items() if move in DECISIONS} == {Power.CARE_DECIDE}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3)), max_size=30))
def test_nobody_ever_decides_on_what_they_found(choices: list[tuple[int, int]]) -> None:
    stage, checker = Stage.CLUE, None
    for number, person in choices:
        moves = possible(Standing(stage, checker, measures=1), BOTH, by=person)
        if not moves:
            break
        move = moves[number % len(moves)]
        assert move not in DECISIONS or person != checker
        stage = TABLE[stage, move].to
        if move in {Move.TAKE_UP, Move.CHECK, Move.PROPOSE_EXIT}:
            checker = person
        assert stage in set(Stage)


def test_two_persons_bring_a_clue_to_its_end() -> None:
    stage, checker = Stage.CLUE, None
    for move, person in (
        (Move.TAKE_UP, 1),
        (Move.CHECK, 1),
        (Move.SEND_BACK, 2),
        (Move.CHECK, 2),
        (Move.ADMIT, 1),
        (Move.REVIEW, 1),
        (Move.PROPOSE_EXIT, 1),
        (Move.KEEP, 2),
        (Move.PROPOSE_EXIT, 2),
        (Move.EXIT, 1),
    ):
        assert hindrance(move, Standing(stage, checker), by=person) is None
        stage = TABLE[stage, move].to
        checker = person if move in {Move.TAKE_UP, Move.CHECK, Move.PROPOSE_EXIT} else checker

    assert stage is Stage.EXITED


def test_what_is_possible_depends_on_the_powers() -> None:
    checked = Standing(Stage.CHECKED, checker=1)

    assert possible(checked, [Power.CARE], by=2) == [Move.CHECK]
    assert possible(checked, BOTH, by=2) == [Move.CHECK, Move.ADMIT, Move.REFUSE, Move.SEND_BACK]
    assert possible(checked, BOTH, by=1) == [Move.CHECK]
    assert possible(checked, [], by=2) == []


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (TODAY, None),
        (TODAY - OLDEST_CLUE, None),
        (TODAY - OLDEST_CLUE - timedelta(days=1), "care_clue_day"),
        (TODAY + timedelta(days=1), "care_clue_day"),
    ],
)
def test_the_day_of_a_clue(on: date, code: str | None) -> None:
    assert clue_hindrance(on, TODAY) == code


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        (TODAY, None),
        (TODAY + FURTHEST, None),
        (TODAY + FURTHEST + timedelta(days=1), "care_measure_day"),
        (TODAY - timedelta(days=1), "care_measure_day"),
    ],
)
def test_the_day_of_a_measure(due_on: date, code: str | None) -> None:
    assert measure_hindrance(due_on, TODAY) == code


def test_who_has_left_is_listed_as_such() -> None:
    assert {shown_as(stage) for stage in (Stage.UNDER_CARE, Stage.LEAVING)} == {Shown.ADMITTED}
    assert shown_as(Stage.EXITED) is Shown.EXITED
