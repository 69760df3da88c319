"""What was entered long after it happened: seen by staff, within what they may read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.labels import EXCLUDED_BY
from lianying.cases.models import Case
from lianying.cases.queries.backdated import backdated
from lianying.cases.queries.figures import before
from lianying.common.clock import standing_at
from lianying.rules.lifecycle import TABLE, Move
from lianying.rules.powers import POWERS, Role
from lianying.rules.rates import EXCLUSIONS, Standing
from tests import make
from tests.cast import NOON, STEP, County

NOVEMBER = NOON.date().replace(day=1)
DAY = timedelta(days=1)


def noted_late(county: County, late: timedelta) -> Case:
    """Handled at noon, and a note of then entered `late` afterwards."""
    with standing_at(NOON + 2 * STEP):
        case = make.handling(county)
    with standing_at(NOON + 3 * STEP + late):
        return actions.note(case, text="已到现场", inner=True, by=county.handler, at=NOON + 3 * STEP)


@pytest.mark.parametrize(("late", "listed"), [(timedelta(0), 0), (DAY, 0), (DAY + STEP, 1)])
def test_a_step_entered_more_than_a_day_later_is_listed(county: County, late: timedelta, listed: int) -> None:
    case = noted_late(county, late)

    found = backdated(county.clerk, NOVEMBER)

    assert [(one.ref, str(one.step), one.at, one.recorded_at, one.by) for one in found] == [
        (case.ref, "补充说明", NOON + 3 * STEP, NOON + 3 * STEP + late, "陈立")
    ] * listed


def test_nobody_finds_late_steps_of_cases_that_are_not_theirs(county: County) -> None:
    noted_late(county, 2 * DAY)

    found = {name: len(backdated(actor, NOVEMBER)) for name, actor in county.people.items()}

    assert found == {
        **dict.fromkeys(county.people, 0),
        **dict.fromkeys(["clerk", "second_clerk", "handler", "colleague", "head", "supervisor"], 1),
    }


def test_another_month_does_not_list_it(county: County) -> None:
    noted_late(county, 2 * DAY)

    assert backdated(county.clerk, before(NOVEMBER)) == []


def test_the_page_of_figures_shows_it_to_staff_alone(county: County, client_of: Callable[[Any], Client]) -> None:
    case = noted_late(county, 2 * DAY)
    address = "/numbers/2026-11/"

    with standing_at(NOON + 3 * DAY):
        staff, operator, anybody = (
            one.get(address) for one in (client_of(county.supervisor), client_of(county.operator), Client())
        )

    assert [case.ref in page.content.decode() for page in (staff, operator, anybody)] == [True, False, False]
    assert (staff["Cache-Control"], "Cache-Control" in anybody) == ("private, no-store", False)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_many(
    county: County, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        noted_late(county, 2 * DAY)

    with django_assert_num_queries(3):
        assert len(backdated(county.clerk, NOVEMBER)) == rows


#: By which moves a request comes to be left out.
DECIDED = {
    Standing.MERGED: {Move.MERGE: Role.CLERK},
    Standing.WITHDRAWN: {Move.WITHDRAW: Role.RESIDENT},
    Standing.DECLINED: {Move.DECLINE: Role.CLERK},
    Standing.TERMINATED: {Move.PROPOSE_END: Role.HEAD, Move.TERMINATE: Role.CLERK},
    Standing.PETITION: {Move.TRANSFER: Role.CLERK, Move.CONCLUDE: Role.CLERK},
    Standing.AT_ONCE: {Move.ANSWER_NOW: Role.CLERK},
}


def test_whoever_is_named_beside_an_exclusion_can_alone_decide_it() -> None:
    may = {move: {role for role in Role if row.power in POWERS[role]} for (_, move), row in TABLE.items()}

    assert {move: may[move] for moves in DECIDED.values() for move in moves} == {
        move: {role} for moves in DECIDED.values() for move, role in moves.items()
    }
    assert set(EXCLUDED_BY) == set(EXCLUSIONS) == {*DECIDED, Standing.IMPORTED}
