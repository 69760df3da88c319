"""Households as those who keep them write them down, in the browser."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.households.actions import HouseholdCard, add_household, propose_hardship
from lianying.households.models import Household, Opening
from lianying.households.queries import home, revealed
from lianying.orgs.scope import Actor
from lianying.rules.hardship import Hardship
from lianying.rules.powers import Role
from tests.cast import NOON, PHONE, County, person
from tests.visits.links import Linked

ClientOf = Callable[[Any], Client]
PLACES, AT = "/desk/visits/households/", "/desk/visits/households/at/village/"


@pytest.fixture
def keeper(county: County) -> Actor:
    return person("keeper", "丁香", county.village, Role.GRID_KEEPER)


def url(household: Household) -> str:
    return f"{PLACES}{household.uuid}/"


def test_who_keeps_one_place_goes_straight_there(linked: Linked, keeper: Actor, client_of: ClientOf) -> None:
    page = client_of(keeper).get(PLACES, follow=True)

    assert page.redirect_chain == [(AT, 302)]
    assert "周大爷家" in page.content.decode()


def test_who_keeps_none_is_told_so(county: County, client_of: ClientOf) -> None:
    assert "您名下没有负责的村、社区或网格" in client_of(county.handler).get(PLACES).content.decode()


def test_only_what_one_calls_it_is_needed(county: County, keeper: Actor, client_of: ClientOf) -> None:
    browser = client_of(keeper)

    assert "还没有登记" in browser.get(AT).content.decode()
    nothing = browser.post(f"{AT}new/", {"called": " ", "needs": "腿脚不便"})
    assert (nothing.status_code, Household.objects.count()) == (422, 0)
    assert "腿脚不便" in nothing.content.decode()
    wrong = browser.post(f"{AT}new/", {"called": "吴婶家", "phone": "12"})
    assert (wrong.status_code, "吴婶家" in wrong.content.decode()) == (422, True)
    assert browser.post(f"{AT}new/", {"called": "吴婶家"}).status_code == 303
    assert home(Household.objects.get()).called == "吴婶家"


def test_the_contact_opens_with_a_reason_and_may_then_be_corrected(
    county: County, keeper: Actor, client_of: ClientOf
) -> None:
    card = HouseholdCard("周大爷家", name="周建国", phone=PHONE, address="三组 12 号")
    household = add_household(card, place=county.village, by=keeper, at=NOON)
    browser = client_of(keeper)

    assert PHONE not in browser.get(url(household)).content.decode()
    assert browser.post(url(household), {"do": "open", "reason": "nothing"}).status_code == 422
    assert browser.post(url(household), {"do": "open", "reason": "other"}).status_code == 422
    shown = browser.post(url(household), {"do": "open", "reason": "visit"}).content.decode()
    assert [word in shown for word in (PHONE, "周建国", "三组 12 号")] == [True] * 3
    assert Opening.objects.get().subject == f"household:{household.uuid}"
    changed = {"do": "change", "called": "周大爷家", "name": "周建民", "phone": "", "address": "", "needs": "耳背"}
    assert browser.post(url(household), {**changed, "called": ""}).status_code == 422
    assert browser.post(url(household), {**changed, "phone": "12"}).status_code == 422
    assert browser.post(url(household), changed).status_code == 303
    household.refresh_from_db()
    assert (revealed(household.contact).name, home(household).needs) == ("周建民", "耳背")


def test_a_level_of_hardship_takes_two_people(linked: Linked, keeper: Actor, client_of: ClientOf) -> None:
    first, second = client_of(keeper), client_of(linked.county.village_handler)
    level = {"do": "hardship", "level": str(Hardship.ALLOWANCE.value), "source": "低保名册，2026年10月"}

    assert first.post(url(linked.household), {**level, "source": ""}).status_code == 422
    assert first.post(url(linked.household), level).status_code == 303
    assert "要由另一个人确认" in first.get(url(linked.household)).content.decode()
    assert first.post(url(linked.household), {"do": "confirm"}).status_code == 403
    assert "等另一个人确认" in second.get(PLACES).content.decode()
    assert second.post(url(linked.household), {"do": "confirm"}).status_code == 303
    linked.household.refresh_from_db()
    assert linked.household.hardship == Hardship.ALLOWANCE
    assert second.post(url(linked.household), {"do": "refuse"}).status_code == 409


@pytest.mark.parametrize(("wish", "chip"), [("declines", "谢绝走访"), ("asks", "希望有人来")])
def test_a_household_says_whether_it_wants_visits(
    linked: Linked, keeper: Actor, client_of: ClientOf, wish: str, chip: str
) -> None:
    browser = client_of(keeper)

    assert browser.post(url(linked.household), {"do": wish}).status_code == 303
    assert f">{chip}</span>" in browser.get(AT).content.decode()
    assert browser.post(url(linked.household), {"do": "neither"}).status_code == 303
    assert f">{chip}</span>" not in browser.get(AT).content.decode()
    assert Event.objects.filter(kind="household.wish").count() == 2


def test_who_moved_away_is_out_of_the_lists_until_it_is_back(
    linked: Linked, keeper: Actor, client_of: ClientOf
) -> None:
    browser, called = client_of(keeper), home(linked.household).called

    assert browser.post(url(linked.household), {"do": "gone"}).status_code == 303
    there, gone = browser.get(AT).content.decode(), browser.get(f"{AT}?gone").content.decode()
    assert (called in there, called in gone) == (False, True)
    assert "没有人联系：这户已经搬走。" in browser.get(url(linked.household)).content.decode()
    assert browser.post(url(linked.household), {"do": "back"}).status_code == 303
    assert called in browser.get(AT).content.decode()
    assert "还没有搬走的住户。" in browser.get(f"{AT}?gone").content.decode()


def test_what_is_none_of_ones_own_does_not_exist(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.county.handler)

    assert [browser.get(path).status_code for path in (AT, f"{AT}new/", url(linked.household))] == [404] * 3
    assert browser.get(f"{PLACES}{uuid4()}/").status_code == 404
    assert client_of(linked.county.village_handler).post(url(linked.household), {"do": "x"}).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_many(
    county: County, keeper: Actor, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        household = add_household(HouseholdCard(f"{number}号家"), place=county.village, by=keeper, at=NOON)
        propose_hardship(household, Hardship.OTHER, source="名册", by=county.village_handler, at=NOON)
    browser = client_of(keeper)
    browser.get(AT)

    with django_assert_num_queries(8):
        page = browser.get(AT)
    assert len(page.context["lines"]) == count
    with django_assert_num_queries(8):
        assert len(browser.get(PLACES).context["waiting"]) == min(count, 20)
