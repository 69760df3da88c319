"""An assisting unit has a term of its own, and answers to the lead with its first note."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianying.cases import actions, clocks
from lianying.cases.models import Case, Holding
from lianying.common.clock import local_day
from lianying.desk.labels import Task
from lianying.desk.queries import waiting
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.entries import HoldingRole
from lianying.rules.kinds import Urgency
from tests import make
from tests.cast import NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
pytestmark = pytest.mark.postgresql


def helped(county: County) -> Case:
    return make.assigned(county, assisting=(county.housing,))


def help_of(case: Case) -> Holding:
    return Holding.objects.get(case=case, role=HoldingRole.ASSIST)


def test_it_has_half_of_what_is_left_of_the_promise(county: County) -> None:
    row = help_of(helped(county))

    # Ten working days after Thursday the 12th, and five of them.
    assert row.due_at is not None
    assert str(local_day(row.due_at)) == "2026-11-19"


def test_of_an_urgent_request_half_of_the_hours(county: County) -> None:
    case = make.assigned(county, assisting=(county.housing,), urgency=Urgency.URGENT)

    row = help_of(case)

    assert (row.due_at, case.due_at) == (NOON + STEP + (timedelta(hours=24) - STEP) / 2, NOON + timedelta(hours=24))


def test_no_term_reaches_beyond_the_promise(county: County) -> None:
    case = make.heard(county)
    end = case.due_at
    assert end is not None

    ends = [clocks.assist_due(case, at) for at in (end - STEP, end + STEP)]
    case.due_at = None

    assert (ends, clocks.assist_due(case, NOON)) == ([end, end], None)


def test_its_first_note_is_the_answer(county: County) -> None:
    case = helped(county)
    before = waiting(county.neighbour, NOON)[Task.HELP]

    actions.note(case, text="水管图纸已送城管局", inner=True, by=county.neighbour, at=NOON + 2 * STEP)
    actions.note(case, text="又补一张", inner=True, by=county.neighbour, at=NOON + 3 * STEP)

    assert help_of(case).answered_at == NOON + 2 * STEP
    assert (before, waiting(county.neighbour, NOON)[Task.HELP]) == (1, 0)


def test_the_leads_own_note_answers_for_nobody(county: County) -> None:
    case = helped(county)

    actions.note(case, text="请住建局尽快", inner=True, by=county.handler, at=NOON + 2 * STEP)

    assert help_of(case).answered_at is None


def test_the_page_says_until_when_and_that_it_answered(county: County, client_of: ClientOf, at_noon: None) -> None:
    case = helped(county)
    browser = client_of(county.handler)

    owed = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    Holding.objects.filter(role=HoldingRole.ASSIST).update(due_at=NOON - STEP)
    late = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    actions.note(case, text="已办", inner=True, by=county.neighbour, at=NOON + 2 * STEP)
    done = browser.get(f"/desk/cases/{case.ref}/").content.decode()

    assert ("11月19日 17:30" in owed, "前答复" in late, "已回复主办单位" in done) == (True, True, True)
