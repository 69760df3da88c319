from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.models import Case
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import NOON, PHONE, STEP, County
from tests.forms_of import forms_of

ClientOf = Callable[[User | Actor], Client]


@pytest.fixture
def case(county: County) -> Case:
    return make.assigned(county)


@pytest.mark.parametrize(
    "words",
    ["NH-20261112-0001", "nh-20261112-0001", "20261112-1", "ＮＨ－20261112－0001", "nh 20261112 0001", "1", "0001"],
)
def test_a_number_leads_to_its_case(case: Case, county: County, client_of: ClientOf, words: str, at_noon: None) -> None:
    answer = client_of(county.clerk).post("/desk/find/", {"q": words})

    assert (answer.status_code, answer.headers.get("Location")) == (303, f"/desk/cases/{case.ref}/")


@pytest.mark.parametrize("words", ["20261112", "NH-2026", "202611", "nh-20261112-00"])
def test_part_of_a_number_lists_what_begins_so(case: Case, county: County, client_of: ClientOf, words: str) -> None:
    page = client_of(county.clerk).post("/desk/find/", {"q": words}).content.decode()

    assert case.ref in page


@pytest.mark.parametrize("words", [PHONE, "138 1234 8263", "+86 13812348263", "１３８１２３４８２６３"])
def test_a_telephone_lists_what_it_told_before(case: Case, county: County, client_of: ClientOf, words: str) -> None:
    page = client_of(county.clerk).post("/desk/find/", {"q": words}).content.decode()

    assert case.ref in page


def test_an_address_finds_a_number_but_never_a_telephone(case: Case, county: County, client_of: ClientOf) -> None:
    browser = client_of(county.clerk)

    whole, part, phone = (browser.get("/desk/find/", {"q": words}) for words in (case.ref, "20261112", PHONE))

    assert (whole.status_code, whole["Location"]) == (302, f"/desk/cases/{case.ref}/")
    assert [case.ref in page.content.decode() for page in (part, phone)] == [True, False]


def test_what_is_sought_does_not_come_into_the_address(case: Case, county: County, client_of: ClientOf) -> None:
    page = client_of(county.clerk).get("/desk/").content.decode()

    search = next(form for form in forms_of(page) if form.action == "/desk/find/")

    assert (search.method, search.written) == ("post", ["q"])


@pytest.mark.parametrize("words", ["", "20261113", "13900000000", "没有这样的事", "'; DROP TABLE", "%", "9" * 500])
def test_nothing_found_says_what_can_be_typed(case: Case, county: County, client_of: ClientOf, words: str) -> None:
    answer = client_of(county.clerk).post("/desk/find/", {"q": words})

    assert (answer.status_code, "今天的序号" in answer.content.decode()) == (200, True)


def test_nobody_finds_what_is_not_theirs(case: Case, county: County, client_of: ClientOf) -> None:
    seen = {
        name: [
            case.ref in client_of(getattr(county, name)).post("/desk/find/", {"q": words}).content.decode()
            for words in ("20261112", PHONE)
        ]
        for name in ("handler", "neighbour", "village_handler")
    }
    whole = client_of(county.neighbour).post("/desk/find/", {"q": case.ref})

    assert seen == {"handler": [True, True], "neighbour": [False, False], "village_handler": [False, False]}
    assert whole.status_code == 200


def test_a_telephone_does_not_betray_who_reported(county: County, client_of: ClientOf) -> None:
    report = make.report(county, accused=county.housing)
    actions.assign(report, version=report.version, to=county.management, by=county.clerk, at=NOON + 2 * STEP)

    seen = {
        name: report.ref in client_of(getattr(county, name)).post("/desk/find/", {"q": PHONE}).content.decode()
        for name in ("clerk", "handler")
    }

    assert seen == {"clerk": True, "handler": False}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("words", "queries"), [("20261112", 9), (PHONE, 7)])
def test_finding_costs_the_same_for_one_and_for_many(
    county: County,
    client_of: ClientOf,
    words: str,
    queries: int,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        make.heard(county)
    browser = client_of(county.clerk)
    browser.get("/desk/")

    with django_assert_num_queries(queries):
        browser.post("/desk/find/", {"q": words})
