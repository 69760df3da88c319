"""Who looks after whom, as heads and supervisors arrange it, and what the operator lets visitors ask."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.common.clock import standing_at
from lianying.households.actions import HouseholdCard, add_household
from lianying.households.models import Household
from lianying.orgs.kinds import UnitKind
from lianying.rules.hardship import Wish
from lianying.rules.powers import Role
from lianying.visits.actions import end_link, hear_wish
from lianying.visits.models import Checklist, Link
from tests.cast import NOON, County, person, unit
from tests.visits.links import Linked

ClientOf = Callable[[Any], Client]
UNIT = "/desk/visits/units/management/"
LEADER, SETTINGS = f"{UNIT}leader/", "/desk/settings/visits/"
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


def told(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def household(county: County, called: str, *, wish: Wish = Wish.NEITHER) -> Household:
    row = add_household(HouseholdCard(called), place=county.village, by=county.village_handler, at=NOON)
    return hear_wish(row, wish, by=county.village_handler, at=NOON)


def test_a_supervisor_sees_every_unit_and_who_leads_one_goes_there(linked: Linked, client_of: ClientOf) -> None:
    county = linked.county
    assert "城市管理局" in told(client_of(county.supervisor), "/desk/visits/units/")
    assert client_of(county.supervisor).get("/desk/visits/").headers["Location"] == "/desk/visits/units/"
    alone = person("alone", "于海", county.housing, Role.HEAD)
    assert client_of(alone).get("/desk/visits/units/").headers["Location"] == "/desk/visits/units/housing/"


def test_what_a_unit_and_its_leaders_are_short_of_is_said_and_nothing_forced(
    linked: Linked, client_of: ClientOf
) -> None:
    page = told(client_of(linked.county.head), UNIT)

    assert "单位联系社区：还缺 1 个" in page
    assert "单位联系村：还缺" not in page
    assert re.search(r"何广 领导干部0 户还缺 2 户", page)


def test_a_place_asks_for_no_links_of_its_own(linked: Linked, client_of: ClientOf) -> None:
    assert "还缺 1 个" not in told(client_of(linked.county.supervisor), "/desk/visits/units/village/")


def test_a_community_is_found_and_linked(linked: Linked, client_of: ClientOf) -> None:
    county, browser = linked.county, client_of(linked.county.head)
    unit("lake", "丽湖社区", UnitKind.COMMUNITY, county.town)

    assert "丽湖社区" in told(browser, f"{UNIT}?q=丽湖")
    assert "没有别的叫这个名字的村或社区" in told(browser, f"{UNIT}?q=没有")
    assert browser.post(UNIT, {"do": "place", "place": "lake"}).status_code == 303
    assert Link.objects.get(place__code="lake").kind == "unit_community"
    assert "还缺 1 个" not in told(browser, UNIT)
    assert browser.post(UNIT, {"do": "place", "place": "lake"}).status_code == 409
    assert browser.post(UNIT, {"do": "place", "place": "housing"}).status_code == 422
    assert browser.post(UNIT, {"do": "place", "place": "nowhere"}).status_code == 404
    assert browser.post(UNIT, {"do": "else"}).status_code == 404


def test_those_are_proposed_first_with_which_no_unit_is_linked(linked: Linked, client_of: ClientOf) -> None:
    county = linked.county
    unit("lake", "丽湖社区", UnitKind.COMMUNITY, county.town)
    page = client_of(county.supervisor).get("/desk/visits/units/housing/")

    assert [place.code for place in page.context["proposed"]] == ["lake", "village"]


def test_a_village_goes_to_another_unit_and_what_is_wrong_is_said(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.county.supervisor)
    change = {"do": "change", "links": str(linked.office.uuid), "to": "housing", "on": TODAY.isoformat()}

    assert browser.post(UNIT, {**change, "links": ""}).status_code == 422
    closed = browser.post(UNIT, {**change, "on": "2026-01-01"})
    assert (closed.status_code, str(linked.office.uuid) in closed.content.decode()) == (422, True)
    assert browser.post(UNIT, change).status_code == 303
    assert Link.objects.get(user__isnull=True, to_on__isnull=True).unit.code == "housing"


def test_candidates_are_those_of_the_own_village_who_want_it_and_have_nobody(
    linked: Linked, client_of: ClientOf
) -> None:
    county, browser = linked.county, client_of(linked.county.head)
    later, asked = household(county, "后一户"), household(county, "盼人来", wish=Wish.ASKS)
    household(county, "不想见", wish=Wish.DECLINES)
    successor = f"{UNIT}successor/"

    names = [line.home.called for line in browser.get(successor).context["proposed"]]
    assert names == ["盼人来", "周大爷家", "后一户"]
    assert [line.home.called for line in browser.get(LEADER).context["proposed"]] == ["盼人来", "后一户"]
    assert browser.post(successor, {"do": "household", "household": str(asked.uuid)}).status_code == 303
    assert Link.objects.get(household=asked).user == person_named("successor")
    assert browser.post(successor, {"do": "household", "household": str(asked.uuid)}).status_code == 404
    assert browser.post(successor, {"do": "household", "household": "x"}).status_code == 404
    assert browser.post(successor, {"do": "household", "household": str(uuid4())}).status_code == 404
    end_link(linked.office, to_on=TODAY - timedelta(days=1), by=county.head, at=NOON)
    assert browser.post(successor, {"do": "household", "household": str(later.uuid)}).status_code == 404


def person_named(username: str) -> Any:
    return Link.objects.get(user__username=username).user


def test_a_household_goes_to_a_colleague_or_to_nobody(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.county.head)
    change = {"do": "change", "links": str(linked.home.uuid), "to": "successor", "on": TODAY.isoformat()}

    assert browser.post(LEADER, {**change, "to": "village"}).status_code == 422
    assert browser.post(LEADER, {**change, "on": ""}).status_code == 422
    assert browser.post(LEADER, change).status_code == 303
    assert "周大爷家" in told(browser, f"{UNIT}successor/")
    moved = Link.objects.get(household=linked.household, to_on__isnull=True)
    change |= {"links": str(moved.uuid), "to": "", "on": (TODAY + timedelta(days=1)).isoformat()}
    assert browser.post(f"{UNIT}successor/", change).status_code == 303
    assert "11月12日" in told(browser, f"{UNIT}successor/")
    assert browser.post(LEADER, {"do": "else"}).status_code == 404


def test_links_of_another_unit_or_person_do_not_exist(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.county.head)

    paths = ["/desk/visits/units/housing/", "/desk/visits/units/nowhere/", f"{UNIT}neighbour/"]
    assert [browser.get(path).status_code for path in paths] == [404] * 3


@pytest.mark.parametrize("count", [1, 30])
def test_both_pages_cost_the_same_for_many(
    linked: Linked, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    county, browser = linked.county, client_of(linked.county.head)
    for number in range(count):
        person(f"v{number}", "方园", county.management, Role.VISITOR)
        row = household(county, f"{number}号家")
        browser.post(LEADER, {"do": "household", "household": str(row.uuid)})
        household(county, f"{number}号家对门")

    with django_assert_num_queries(15):
        page = browser.get(UNIT)
    assert len(page.context["people"]) == count + 5
    with django_assert_num_queries(17):
        page = browser.get(LEADER)
    assert (len(page.context["lines"]), len(page.context["proposed"])) == (count + 1, min(count, 10))


def test_the_operator_publishes_what_is_asked(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)

    assert "厨房" in told(browser, SETTINGS)
    empty = browser.post(SETTINGS, {"ask": "", "look": "", "leave": ""})
    assert (empty.status_code, "至少" in empty.content.decode()) == (422, True)
    many = browser.post(SETTINGS, {"ask": "\n".join("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳")})
    assert (many.status_code, "甲\n乙" in many.content.decode()) == (422, True)
    assert browser.post(SETTINGS, {"ask": "有什么难处\n\n身体怎么样", "leave": "联系卡"}).status_code == 303
    assert Checklist.objects.get().questions == {"ask": ["有什么难处", "身体怎么样"], "look": [], "leave": ["联系卡"]}
    page = told(browser, f"{SETTINGS}?done=1")
    assert "已发布" in page
    assert "第 1 版" in page
