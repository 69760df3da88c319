from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.petitions import (
    ADDING,
    MOST_ADDED,
    TABLE,
    TERMS,
    Stage,
    Standing,
    Step,
    Taken,
    end_hindrance,
    hindrance,
    possible,
    return_hindrance,
    standing,
)

DAY = date(2026, 11, 12)
LATER = DAY + timedelta(days=10)


def at(stage: Stage, *, extended: bool = False) -> Standing:
    return Standing(stage, DAY, DAY, extended=extended)


def stands_against(step: Step, now: Standing, *, on: date = DAY, days: int = 0) -> str | None:
    return hindrance(Taken(step, on, days), now, due_on=DAY + timedelta(days=5), objection_on=DAY, today=LATER)


def test_the_longest_way_ends() -> None:
    way = [
        Step.SEND,
        Step.OBJECT,
        Step.SEND,
        Step.EXTEND,
        Step.DECIDE,
        Step.APPLY,
        Step.REVIEW,
        Step.APPLY_AGAIN,
        Step.HEAR,
        Step.REVIEW_AGAIN,
    ]
    stages = [standing(DAY, [Taken(step, DAY, 7) for step in way[:count]]).stage for count in range(len(way) + 1)]

    assert stages == [
        Stage.RECEIVED,
        Stage.SENT,
        Stage.RECEIVED,
        Stage.SENT,
        Stage.SENT,
        Stage.DECIDED,
        Stage.IN_REVIEW,
        Stage.REVIEWED,
        Stage.IN_LAST_REVIEW,
        Stage.IN_LAST_REVIEW,
        Stage.FINAL,
    ]


@given(st.data())
def test_every_way_through_the_table_stands_somewhere_with_a_term(data: st.DataObject) -> None:
    steps: list[Taken] = []
    for _ in range(12):
        now = standing(DAY, steps)
        assert now.term.count == TERMS[now.stage].count + now.added
        offered = possible(now.stage)
        if not offered:
            assert now.stage == Stage.FINAL
            return
        steps.append(Taken(data.draw(st.sampled_from(offered)), DAY, data.draw(st.integers(1, MOST_ADDED))))


def test_days_are_added_to_the_term_in_which_they_were_granted_alone() -> None:
    added = standing(DAY, [Taken(Step.SEND, DAY), Taken(Step.EXTEND, LATER, 30)])
    after = standing(DAY, [Taken(Step.SEND, DAY), Taken(Step.EXTEND, LATER, 30), Taken(Step.DECIDE, LATER)])

    assert (added.since, added.last_on, added.term.count, added.extended) == (DAY, LATER, 90, True)
    assert (after.since, after.term.count, after.extended) == (LATER, 30, False)


def test_a_hearing_is_no_extension() -> None:
    now = Standing(Stage.IN_LAST_REVIEW, DAY, DAY)

    assert [stands_against(Step.HEAR, now, days=days) for days in (0, 1, 30, 31)] == [
        "petition_days",
        None,
        None,
        "petition_days",
    ]


@pytest.mark.parametrize(
    ("step", "now", "on", "days", "code"),
    [
        (Step.SEND, at(Stage.RECEIVED), DAY, 0, None),
        (Step.DECIDE, at(Stage.RECEIVED), DAY, 0, "petition_not_now"),
        (Step.SEND, at(Stage.RECEIVED), DAY - timedelta(days=1), 0, "petition_day"),
        (Step.SEND, at(Stage.RECEIVED), LATER + timedelta(days=1), 0, "petition_day"),
        (Step.OBJECT, at(Stage.SENT), DAY, 0, None),
        (Step.OBJECT, at(Stage.SENT), DAY + timedelta(days=1), 0, "petition_objection_late"),
        (Step.EXTEND, at(Stage.SENT), DAY, 30, None),
        (Step.EXTEND, at(Stage.SENT), DAY, 31, "petition_days"),
        (Step.EXTEND, at(Stage.SENT, extended=True), DAY, 1, "petition_extended"),
        (Step.APPLY, at(Stage.DECIDED), DAY + timedelta(days=5), 0, None),
        (Step.APPLY, at(Stage.DECIDED), DAY + timedelta(days=6), 0, "petition_apply_late"),
        (Step.APPLY_AGAIN, at(Stage.REVIEWED), DAY + timedelta(days=6), 0, "petition_apply_late"),
        (Step.DECIDE, at(Stage.SENT), LATER, 0, None),
    ],
)
def test_what_stands_against_a_step(step: Step, now: Standing, on: date, days: int, code: str | None) -> None:
    assert stands_against(step, now, on=on, days=days) == code


@pytest.mark.parametrize(
    ("stage", "today", "code"),
    [
        (Stage.RECEIVED, LATER, "petition_undecided"),
        (Stage.SENT, LATER, "petition_undecided"),
        (Stage.DECIDED, DAY, "petition_open"),
        (Stage.DECIDED, LATER, None),
        (Stage.IN_REVIEW, LATER, "petition_undecided"),
        (Stage.REVIEWED, DAY, "petition_open"),
        (Stage.REVIEWED, LATER, None),
        (Stage.IN_LAST_REVIEW, LATER, "petition_undecided"),
        (Stage.FINAL, DAY, None),
    ],
)
def test_when_it_is_concluded(stage: Stage, today: date, code: str | None) -> None:
    assert end_hindrance(at(stage), due_on=DAY, today=today) == code


def test_what_was_decided_is_not_given_back() -> None:
    free = {stage for stage in Stage if return_hindrance(at(stage)) is None}

    assert free == {Stage.RECEIVED, Stage.SENT}


def test_every_step_leads_somewhere_and_only_some_add_days() -> None:
    assert {step for _, step in TABLE} == set(Step)
    assert set(ADDING) == {Step.EXTEND, Step.HEAR}
