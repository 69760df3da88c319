"""Noting a clue: of which household, since when, out of which request."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianying.care.models import Care
from lianying.cases.models import Case
from tests import make
from tests.care.pages import text, url
from tests.care.records import (
    DAY,
    SEEN,
    TODAY,
    Place,
    household,
    noted,
)

ClientOf = Callable[[Any], Client]
NOBODYS = "00000000-0000-4000-8000-000000000000"
pytestmark = pytest.mark.usefixtures("later")


def test_the_request_of_a_clue_is_a_link_for_whom_it_exists(place: Place, client_of: ClientOf) -> None:
    case = make.assigned(place.county, to=place.county.village)
    browser = client_of(place.keeper)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": SEEN, "ref": case.ref.lower()}

    response = browser.post(f"/desk/care/new/?household={place.household.uuid}", sent)
    page = text(browser, response["Location"])

    care = Care.objects.get()
    assert (care.source, care.case, care.clue_on) == ("request", case, TODAY - 2 * DAY)
    assert reverse("case", args=[case.ref]) in page
    Case.objects.filter(pk=case.pk).update(path=place.county.housing.path)
    assert reverse("case", args=[case.ref]) not in text(browser, url(care))


def test_a_request_that_is_not_ones_own_is_none(place: Place, client_of: ClientOf) -> None:
    case = make.assigned(place.county)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": SEEN, "ref": case.ref}

    response = client_of(place.keeper).post(f"/desk/care/new/?household={place.household.uuid}", sent)

    assert response.status_code == 422
    assert "没有这件诉求" in response.content.decode()
    assert SEEN in response.content.decode()


@pytest.mark.parametrize("on", ["2026-11-13", "2024-01-01", ""])
def test_a_clue_of_an_impossible_day_is_not_kept(place: Place, client_of: ClientOf, on: str) -> None:
    sent = {"source": "visit", "on": on, "risk": "illness", "words": SEEN, "ref": ""}

    response = client_of(place.keeper).post(f"/desk/care/new/?household={place.household.uuid}", sent)

    assert (response.status_code, Care.objects.count()) == (422, 0)
    assert SEEN in response.content.decode()


def test_a_second_clue_leads_to_the_open_record(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.keeper)
    path = f"/desk/care/new/?household={place.household.uuid}"
    assert "线索来源" in text(browser, path)
    care = noted(place)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": "又听说了一些", "ref": ""}

    shown, refusal = text(browser, path), browser.post(path, sent)

    assert url(care) in shown
    assert (refusal.status_code, "又听说了一些" in refusal.content.decode()) == (409, True)


def test_a_household_is_chosen_by_village_and_name(place: Place, client_of: ClientOf) -> None:
    other = household(place.county, "吴师傅家", "吴满仓")
    noted(place, of=other)
    browser = client_of(place.keeper)

    only_place = text(browser, "/desk/care/new/")
    found = browser.post("/desk/care/new/?place=village", {"seek": "满仓"}).content.decode()
    none = browser.post("/desk/care/new/?place=village", {"seek": "赵"}).content.decode()
    empty = browser.post("/desk/care/new/?place=village", {"seek": ""})

    assert re.findall(r"<b>([^<]+家)</b>", only_place) == ["周大爷家", "吴师傅家"]
    assert re.findall(r"<b>([^<]+家)</b>", found) == ["吴师傅家"]
    assert "已有在办记录" in found
    assert "没有登记这样称呼的住户" in none
    assert empty.status_code == 422


def test_the_places_to_choose_from_are_ones_own(place: Place, client_of: ClientOf) -> None:
    town = text(client_of(place.head), "/desk/care/new/?place=nonsense")
    office = text(client_of(place.county.handler), "/desk/care/new/")
    wrong = client_of(place.keeper).get("/desk/care/new/?household=nonsense")

    assert '<option value="village" selected>上柳村</option>' in town
    assert "没有负责的村" in office
    assert wrong.status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_choosing_costs_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        household(place.county, f"{number}号家")
    browser = client_of(place.keeper)
    browser.get("/desk/care/new/")

    with django_assert_num_queries(8):
        browser.get("/desk/care/new/?place=village")
