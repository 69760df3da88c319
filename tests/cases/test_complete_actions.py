"""What was planned in the answer and has been done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianying.cases import actions
from lianying.cases.actions.timers import fire_due
from lianying.cases.models import Case
from lianying.cases.verify import case_faults
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import Outcome
from tests import make
from tests.cast import NOON, County
from tests.look import day, last, owed, refusal, timers, words

LATER = day(11, 20, 9, 0)
DONE = "三盏灯都换好了"


def planned(county: County) -> Case:
    """Closed by a content resident; the plan is for 11-22."""
    return make.closed(county, outcome=Outcome.PLANNED, planned_days=10)


def completed(county: County) -> Case:
    return actions.complete(planned(county), version=5, words=f" {DONE} ", by=county.handler, at=LATER)


def test_complete_ends_what_was_planned_and_tells_the_resident(county: County, handler: Actor) -> None:
    before = planned(county)

    case = actions.complete(before, version=5, words=f" {DONE} ", by=handler, at=LATER)

    assert (case.state, case.outcome, case.planned_on, case.closed_at) == ("closed", "solved", None, before.closed_at)
    assert (case.solved, case.satisfaction, case.ending) == ("yes", 5, "satisfied")
    assert last(case) == ("completed", handler.label, {"state": "closed", "outcome": "solved"})
    assert (words(case)[-1], owed(case), timers(case)) == (("completion", DONE, 6), ["completed"], {})
    assert (fire_due(at=day(12, 30)), list(case_faults())) == (0, [])


def test_complete_twice_or_of_what_planned_nothing_is_refused(county: County, handler: Actor) -> None:
    for case in (completed(county), make.closed(county)):
        with refusal("nothing_planned", case):
            actions.complete(case, version=case.version, words=DONE, by=handler, at=LATER)


def test_complete_needs_words(county: County, handler: Actor) -> None:
    case = planned(county)

    with refusal("no_words", case):
        actions.complete(case, version=5, words=" ", by=handler, at=LATER)


def test_complete_after_it_fell_due_is_too_late(county: County, handler: Actor) -> None:
    case = planned(county)
    fire_due(at=day(11, 22))

    case.refresh_from_db()
    with refusal("not_from_here", case):
        actions.complete(case, version=case.version, words=DONE, by=handler, at=day(11, 23))


def test_resident_may_reopen_what_is_not_done_though_they_are_told_so(county: County) -> None:
    case = completed(county)

    with refusal("reopening_too_late", case):
        actions.reopen(case, version=6, words="还是黑的", by=RESIDENT, at=day(12, 14, 0, 0))
    case = actions.reopen(case, version=6, words="还是黑的", by=RESIDENT, at=day(12, 13, 23, 59))

    assert (case.state, case.outcome, owed(case)) == ("handling", "", [])


@pytest.mark.parametrize("joined", [False, True])
def test_completion_stands_on_the_progress_page(county: County, client: Client, joined: bool) -> None:
    case = planned(county)
    one = make.heard(county)
    Case.objects.filter(pk=one.pk).update(state="merged", main=case, closed_at=NOON)
    actions.complete(case, version=5, words=DONE, by=county.handler, at=LATER)
    shown = one if joined else case

    html = client.get("/track/", {"ref": shown.ref, "code": case_code(shown.uuid)}).content.decode()

    assert [text in html for text in (DONE, "城市管理局把计划的事办完了", "自动接着办")] == [not joined, True, False]


def test_completion_stands_in_the_script_of_the_call(county: County, client_of: Callable[[Actor], Client]) -> None:
    case = completed(county)
    browser = client_of(county.clerk)

    with standing_at(LATER + timedelta(hours=1)):
        html = browser.get("/desk/checks/").content.decode()
        browser.post(f"/desk/checks/{case.ref}/", {"version": 6, "do": "told"})

    assert [text in html for text in (case.ref, DONE)] == [True, True]
    assert (owed(case), last(Case.objects.get(pk=case.pk))[0]) == ([], "told")
