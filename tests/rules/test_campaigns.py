from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianying.rules.campaigns import (
    LONGEST,
    STATES,
    CameOf,
    Standing,
    came_of,
    campaign_hindrance,
    last_day,
    place_over,
    standing,
)
from lianying.rules.lifecycle import State
from lianying.rules.visits import Outcome

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAYS = some.dates(date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ended_on", "today", "stands"),
    [
        (None, FIRST - timedelta(1), Standing.COMING),
        (None, FIRST, Standing.RUNNING),
        (None, LAST, Standing.RUNNING),
        (None, LAST + timedelta(1), Standing.OVER),
        (FIRST, FIRST, Standing.ENDED),
        (LAST, LAST, Standing.ENDED),
        (LAST + timedelta(1), LAST + timedelta(2), Standing.OVER),
    ],
)
def test_standing(ended_on: date | None, today: date, stands: Standing) -> None:
    assert standing(FIRST, LAST, ended_on, today) is stands


@given(some.none() | DAYS)
def test_no_visit_belongs_to_it_after_its_span(ended_on: date | None) -> None:
    assert last_day(LAST, ended_on) <= LAST
    assert ended_on is None or last_day(LAST, ended_on) <= ended_on


def test_every_state_of_a_request_means_one_thing() -> None:
    assert sorted(state for states in STATES.values() for state in states) == sorted(State)
    assert {came_of(Outcome.REQUEST, state) for state in State} == set(STATES)


def test_what_is_no_request_came_of_itself() -> None:
    assert came_of(Outcome.SOLVED, None) is CameOf.SOLVED
    assert came_of(Outcome.INFORMATION, None) is CameOf.INFORMATION
    assert came_of(Outcome.REQUEST, None) is CameOf.INFORMATION


def test_a_grid_lies_in_its_village_and_in_no_other() -> None:
    assert place_over("/0001/0002/0003/", ["/0001/0002/", "/0001/0004/"]) == "/0001/0002/"
    assert place_over("/0001/0005/", ["/0001/0002/"]) is None
    assert place_over("/0001/0002/0003/", ["/0001/", "/0001/0002/"]) == "/0001/0002/"


@pytest.mark.parametrize(
    ("to_on", "units", "places", "hindrance"),
    [
        (FIRST, 1, 1, None),
        (FIRST + LONGEST, 1, 1, None),
        (FIRST + LONGEST + timedelta(1), 1, 1, "campaign_span"),
        (FIRST - timedelta(1), 1, 1, "campaign_span"),
        (LAST, 0, 1, "campaign_nobody"),
        (LAST, 1, 0, "campaign_nobody"),
    ],
)
def test_what_hinders_a_campaign(to_on: date, units: int, places: int, hindrance: str | None) -> None:
    assert campaign_hindrance(FIRST, to_on, units, places) == hindrance
