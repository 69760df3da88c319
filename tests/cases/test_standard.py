"""Standard answers: who writes them, where they are offered, and that they end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.actions.standard import keep_standard
from lianying.cases.models import StandardAnswer
from lianying.cases.queries.standard import offered
from lianying.common.clock import standing_at
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, County

ClientOf = Callable[[Any], Client]
TODAY = NOON.date()
TEXT = "路灯报修后 24 小时内到场。夜间请拨 0552-1234567。"


def kept(unit: Unit, by: Actor, *, title: str = "路灯报修", until: date = TODAY) -> StandardAnswer:
    return keep_standard(None, unit=unit, title=title, text=TEXT, expires_on=until, by=by, at=NOON)


def written(**changed: str) -> dict[str, str]:
    return {"unit": "management", "title": "路灯报修", "text": TEXT, "expires_on": "2027-06-30"} | changed


def test_it_is_written_looked_at_and_renewed(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.handler)
    with standing_at(NOON):
        preview = browser.post("/desk/answers/", written(preview="1")).content.decode()
        nothing = StandardAnswer.objects.count()
        browser.post("/desk/answers/", written())
        row = StandardAnswer.objects.get()
        page = browser.get(f"/desk/answers/?at={row.uuid}").content.decode()
        browser.post("/desk/answers/", written(at=str(row.uuid), title="路灯坏了怎么报"))

    assert (nothing, "群众会看到这些" in preview, TEXT in preview) == (0, True, True)
    assert "查看和更新" in page
    row = StandardAnswer.objects.get()
    assert (row.title, row.expires_on, row.changed_by.name) == ("路灯坏了怎么报", date(2027, 6, 30), "陈立")


@pytest.mark.parametrize("changed", [{"text": " "}, {"title": ""}, {"unit": "housing"}, {"expires_on": "2040-01-01"}])
def test_what_cannot_be_kept_is_said_and_stays_typed(
    county: County, client_of: ClientOf, changed: dict[str, str]
) -> None:
    with standing_at(NOON):
        response = client_of(county.handler).post("/desk/answers/", written(**changed))

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert not StandardAnswer.objects.exists()


def test_nobody_writes_for_another_unit(county: County) -> None:
    theirs = kept(county.housing, county.neighbour)

    with pytest.raises(Refused, match="not_yours"):
        kept(county.housing, county.handler)
    with pytest.raises(Refused, match="not_yours"):
        keep_standard(theirs, unit=county.management, title="x", text="x", expires_on=TODAY, by=county.handler, at=NOON)


def test_those_of_the_unit_above_and_of_the_desk_are_offered_while_true(county: County) -> None:
    case = make.handling(county)
    own = kept(county.management, county.handler, title="2")
    of_desk = kept(county.desk, county.clerk, title="1")
    kept(county.housing, county.neighbour)
    kept(county.management, county.head, title="丙", until=TODAY - timedelta(days=1))

    assert list(offered(case, TODAY)) == [of_desk, own]


def test_an_answer_begins_with_it(county: County, client_of: ClientOf) -> None:
    case, row = make.handling(county), kept(county.management, county.handler)
    browser = client_of(county.handler)

    with standing_at(NOON):
        offer = browser.get("/desk/answers/", {"for": case.ref, "form": "answer"}).content.decode()
        page = browser.get(f"/desk/cases/{case.ref}/move/answer/?use={row.uuid}").content.decode()
        plain = browser.get(f"/desk/cases/{case.ref}/move/answer/?use=nonsense").content.decode()

    assert f"/desk/cases/{case.ref}/move/answer/?use={row.uuid}#write" in offer
    assert (TEXT in page, TEXT in plain) == (True, False)


def test_without_any_the_pages_say_so(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)
    browser = client_of(county.handler)

    assert "还没有。" in browser.get("/desk/answers/").content.decode()
    assert "这个单位还没有标准答复" in browser.get("/desk/answers/", {"for": case.ref}).content.decode()
    assert client_of(county.neighbour).get("/desk/answers/", {"for": case.ref}).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_many(
    county: County, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        kept(county.management, county.handler, title=f"第{number}条")
    browser = client_of(county.handler)
    browser.get("/desk/answers/")

    with django_assert_num_queries(8):
        browser.get("/desk/answers/")
