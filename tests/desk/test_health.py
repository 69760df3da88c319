from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Timer
from lianying.common.actions import note_backup
from lianying.desk.queries import health
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.lifecycle import Move
from tests import make
from tests.cast import NOON, County

ClientOf = Callable[[User | Actor], Client]


def faults(county: County, client_of: ClientOf) -> list[str]:
    page = client_of(county.operator).get("/desk/settings/health/").content.decode()
    return [part.split("</h2>")[0] for part in page.split("<h2>")[1:] if "请处理" in part]


def test_what_an_operator_must_see_to_is_said(county: County, client_of: ClientOf, at_noon: None) -> None:
    county_without_backup = faults(county, client_of)
    note_backup(at=NOON)
    after_backup = faults(county, client_of)
    case = make.assigned(county)
    Timer.objects.create(case=case, move=Move.CLOSE_SILENT, at=NOON - timedelta(minutes=16))
    with_a_late_timer = faults(county, client_of)

    assert county_without_backup == ["备份"]
    assert after_backup == []
    assert with_a_late_timer == ["后台工作"]


def test_an_old_backup_and_an_old_call_are_no_longer_well(county: County, client_of: ClientOf, at_noon: None) -> None:
    note_backup(at=NOON - timedelta(days=3))
    make.answered(county)

    assert faults(county, client_of) == ["备份"]
    assert health(NOON + timedelta(days=3)).calls_waiting == 1


def test_looking_costs_few_queries(county: County, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):
        health(NOON)
