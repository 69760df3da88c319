"""Several people at once, with real threads and a connection each; runs on SQLite and on PostgreSQL."""

import pytest

from lianying.audit.verify import chain_faults
from lianying.care import actions
from lianying.care.models import Care
from lianying.care.verify import care_faults
from lianying.rules.care import Refusal
from lianying.rules.powers import Role
from tests.care.records import LATER, Place, admitted, checked, clue, measure
from tests.cases.test_concurrency import at_once
from tests.cast import NOON, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
ROUNDS = 3


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_clues_at_once_one_begins_a_record(place: Place, turn: int) -> None:
    ended = at_once(
        lambda by=by: actions.note(place.household, clue(), by=by, at=NOON).stage  # type: ignore[misc]
        for by in (place.keeper, place.head)
    )

    assert (sorted(ended), Care.objects.count()) == (["care_open", "clue"], 1)
    assert [*chain_faults(), *care_faults()] == []


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_decisions_at_once_one_stands(place: Place, turn: int) -> None:
    care = checked(place)
    boss = person("boss", "高静", place.county.root, Role.HEAD)
    no_risk = Refusal.NO_RISK

    ended = at_once(
        [
            lambda: actions.admit(care, version=care.version, by=place.head, at=LATER).stage,
            lambda: (
                actions.refuse(care, version=care.version, reason=no_risk, words="收入稳定", by=boss, at=LATER).stage
            ),
        ]
    )

    care.refresh_from_db()
    assert sorted(ended) == sorted([care.stage, "care_stale"])
    assert [*chain_faults(), *care_faults()] == []


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_who_end_a_measure_at_once_one_does(place: Place, turn: int) -> None:
    row = measure(place, admitted(place), unit=place.county.management)

    ended = at_once(
        lambda by=by: str(actions.finish(row, is_done=True, words="好了", by=by, at=LATER).is_done)  # type: ignore[misc]
        for by in (place.keeper, place.county.handler)
    )

    assert sorted(ended) == ["True", "care_not_now"]
    assert [*chain_faults(), *care_faults()] == []
