"""Several people at once, with real threads and a connection each; runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connection, transaction

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases import actions
from lianying.cases.actions import Answer, Verdict
from lianying.cases.actions.timers import fire_due
from lianying.cases.models import Case
from lianying.cases.verify import case_faults
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import DeclineReason, Solved
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

T = TypeVar("T")
LATER = NOON + 6 * STEP
ID = UUID("5f0f9a52-1111-4222-8333-123456789abc")
ROUNDS = 4


def at_once(acts: Iterable[Callable[[], T]]) -> list[T | str]:
    """Start every act in a thread of its own at the same moment; return what each gave, or its refusal's code."""
    all_acts = list(acts)
    start = Barrier(len(all_acts))

    def run(act: Callable[[], T]) -> T | str:
        try:
            # The connection is made before the race, and closed after it.
            connection.ensure_connection()
            start.wait(timeout=30)
            return act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(all_acts)) as threads:
        return list(threads.map(run, all_acts))


def faults() -> list[object]:
    return [*chain_faults(), *case_faults()]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_who_assign_at_once_one_wins(county: County, turn: int) -> None:
    case = make.heard(county)

    ended = at_once(
        [
            lambda: actions.assign(case, version=1, to=county.management, by=county.clerk, at=LATER).unit.code,
            lambda: actions.assign(case, version=1, to=county.housing, by=county.second_clerk, at=LATER).unit.code,
        ]
    )

    case.refresh_from_db()
    assert sorted(ended) in (["management", "stale"], ["housing", "stale"])
    assert (case.unit.code in ended, kinds(case), faults()) == (True, ["heard", "assigned"], [])


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_different_moves_at_once_one_wins(county: County, turn: int) -> None:
    case = make.answered(county)

    ended = at_once(
        [
            lambda: (
                actions.check_satisfied(case, version=4, verdict=Verdict(Solved.YES, 5), by=RESIDENT, at=LATER).state
            ),
            lambda: actions.correct_answer(case, version=4, answer=Answer("更正"), by=county.handler, at=LATER).state,
        ]
    )

    assert sorted(ended) in (["closed", "stale"], ["answered", "stale"])
    assert faults() == []


def test_notes_at_once_are_all_kept(county: County) -> None:
    case = make.heard(county)
    texts = [f"第{number}句" for number in range(8)]

    ended = at_once([partial(actions.note, case, text=text, by=RESIDENT, at=LATER) for text in texts])

    assert sorted(one.version for one in ended if isinstance(one, Case)) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert sorted(case.entries.values_list("text", flat=True)) == texts
    assert faults() == []


def test_eight_who_tell_at_once_have_a_number_each(county: County) -> None:
    ended = at_once([partial(make.heard, county, text=f"第{number}件事") for number in range(8)])

    assert sorted(one.ref for one in ended if isinstance(one, Case)) == [f"NH-20261112-000{n}" for n in range(1, 9)]
    assert (Case.objects.count(), faults()) == (8, [])


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_one_telling_that_comes_many_times_at_once_is_one_case(county: County, turn: int) -> None:
    telling = make.telling(client_id=ID)

    ended = at_once(lambda: actions.hear(telling, by=RESIDENT, at=NOON) for _ in range(4))

    heard = [one for one in ended if isinstance(one, actions.Heard)]
    assert sorted(one.created for one in heard) == [False, False, False, True]
    assert ({one.case.pk for one in heard}, faults()) == ({Case.objects.get().pk}, [])


def test_two_merges_the_other_way_round_do_not_wait_for_each_other(county: County) -> None:
    one, two = make.heard(county), make.heard(county)

    ended = at_once(
        [
            lambda: actions.merge(one, version=1, main=two, by=county.clerk, at=LATER).ref,
            lambda: actions.merge(two, version=1, main=one, by=county.second_clerk, at=LATER).ref,
        ]
    )

    assert sorted(ended) in ([one.ref, "no_such_main"], [two.ref, "no_such_main"])
    assert faults() == []


def test_a_main_one_that_ends_and_one_that_joins_it_agree(county: County) -> None:
    main, case = make.heard(county), make.heard(county)
    reason = DeclineReason.OUTSIDE_DUTY

    at_once(
        [
            lambda: actions.decline(main, version=1, reason=reason, text="请找物业", by=county.clerk, at=LATER).state,
            lambda: actions.merge(case, version=1, main=main, by=county.second_clerk, at=LATER).state,
        ]
    )

    case.refresh_from_db()
    assert (case.state, case.main, faults()) == ("heard", None, [])


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_the_clock_and_a_person_do_not_wait_for_each_other(county: County, turn: int) -> None:
    case = make.waiting(county)
    end = day(11, 26)

    ended = at_once(
        [
            lambda: str(fire_due(at=end)),
            lambda: actions.reply(case, version=4, text="三盏", by=RESIDENT, at=end).state,
        ]
    )
    fire_due(at=end + timedelta(seconds=1))

    case.refresh_from_db()
    assert ended[1] in {"handling", "stale"}
    assert (case.state, kinds(case)[-1] in {"replied", "resumed"}, faults()) == ("handling", True, [])


def test_two_workers_fire_each_timer_once(county: County) -> None:
    for _ in range(4):
        make.waiting(county)

    at_once([lambda: fire_due(at=day(11, 26)) for _ in range(2)])
    fire_due(at=day(11, 26))

    assert Event.objects.filter(kind="case.resumed").count() == 4
    assert (set(Case.objects.values_list("state", flat=True)), faults()) == ({"handling"}, [])


def test_a_move_that_fails_half_way_leaves_nothing(county: County) -> None:
    case = make.heard(county)

    with transaction.atomic():
        actions.assign(case, version=1, to=county.management, by=county.clerk, at=LATER)
        transaction.set_rollback(True)

    case.refresh_from_db()
    assert (case.state, case.version, kinds(case), faults()) == ("heard", 1, ["heard"], [])
