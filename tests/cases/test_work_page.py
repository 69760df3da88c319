"""A unit's own work: tabs, filters, pages."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.queries.lists import Filters, Tab, order_of, rows_of, work_page
from lianying.common.clock import standing_at
from lianying.common.db import explain
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind, Solved, Urgency
from tests import make
from tests.cast import NOON, STEP, County

Browser = Callable[[Actor], Client]
AT = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with standing_at(AT):
        yield


def listed(browser: Client, query: str) -> list[str]:
    response = browser.get(f"/desk/work/?{query}")
    assert response.status_code == 200
    return re.findall(r'<tr>\s*<td class="num"><a href="[^"]+">([^<]+)</a>', response.content.decode())


@pytest.mark.parametrize(
    ("build", "tab"),
    [
        (make.assigned, "assigned"),
        (make.handling, "handling"),
        (make.waiting, "waiting"),
        (make.disputed, "disputed"),
        (make.answered, "answered"),
        (make.closed, "closed"),
    ],
)
def test_case_stands_in_the_tab_of_its_state(
    county: County, client_of: Browser, build: Callable[[County], Case], tab: str
) -> None:
    case = build(county)
    browser = client_of(county.handler)
    states = ("assigned", "handling", "waiting", "disputed", "answered", "closed")

    found = {name: listed(browser, f"tab={name}") for name in states}

    assert found == {name: [case.ref] if name == tab else [] for name in states}


def test_first_tab_with_something_opens_by_itself(county: County, client_of: Browser) -> None:
    case = make.waiting(county)

    assert listed(client_of(county.handler), "") == [case.ref]


def test_neighbour_sees_nothing(county: County, client_of: Browser) -> None:
    for build in make.IN_STATE.values():
        build(county)
    browser = client_of(county.village_handler)

    found = {tab: listed(browser, f"tab={tab}") for tab in Tab}

    assert set(map(tuple, found.values())) == {()}


def test_assisting_unit_finds_what_it_assists(county: County, client_of: Browser) -> None:
    case = make.assigned(county, assisting=(county.housing,))
    browser = client_of(county.neighbour)

    assert listed(browser, "tab=assisting") == [case.ref]
    assert browser.get(f"/desk/cases/{case.ref}/").status_code == 200


def test_late_and_soon_are_told_apart(county: County, client_of: Browser) -> None:
    late = make.handling(county, at=NOON - timedelta(days=30))
    soon = make.handling(county, at=NOON - timedelta(days=12))
    make.handling(county)
    browser = client_of(county.handler)

    assert (listed(browser, "tab=late"), listed(browser, "tab=soon")) == ([late.ref], [soon.ref])


def test_deciders_find_what_waits_for_them(county: County, client_of: Browser) -> None:
    longer, end, reworked = make.handling(county), make.handling(county), make.reworked(county, times=2)
    actions.propose_extension(
        longer, version=longer.version, days=3, reason="等材料", by=county.handler, at=NOON + 3 * STEP
    )
    actions.propose_end(end, version=end.version, reason="诉讼", by=county.head, at=NOON + 3 * STEP)
    verdict = actions.Verdict(Solved.NO, 1, "没好")
    actions.rate_again(
        reworked, version=reworked.version, verdict=verdict, by=county.clerk, at=NOON + timedelta(hours=4)
    )

    found = [
        listed(client_of(person), f"tab={tab}")
        for person, tab in ((county.head, "extensions"), (county.clerk, "ends"), (county.supervisor, "reworked"))
    ]

    assert found == [[longer.ref], [end.ref], [reworked.ref]]


def test_filters_narrow_and_stay_in_the_address(county: County, client_of: Browser) -> None:
    help_, consult = make.handling(county), make.handling(county, kind=CaseKind.CONSULT, category="0109")
    urgent = make.handling(county, urgency=Urgency.URGENT, category="0201")
    below = make.handling(county, to=county.section, by=county.section_handler)
    browser = client_of(county.head)
    ways = {
        "kind=consult": [consult],
        "urgency=urgent": [urgent],
        "category=01": [consult],
        "category=0201": [urgent],
        "unit=section": [below],
        "kind=help&unit=management": [urgent, help_, below],
        "kind=nonsense&unit=nowhere&category=x": [urgent, consult, help_, below],
    }

    found = {query: sorted(listed(browser, f"tab=handling&{query}")) for query in ways}
    html = browser.get("/desk/work/?tab=handling&kind=consult").content.decode()

    assert found == {query: sorted(case.ref for case in cases) for query, cases in ways.items()}
    assert f"/desk/cases/{consult.ref}/?kind=consult&amp;tab=handling" in html


def test_mine_are_those_i_signed(county: County, client_of: Browser) -> None:
    mine = make.handling(county)
    make.handling(county, by=county.colleague)

    assert listed(client_of(county.handler), "tab=handling&mine=1") == [mine.ref]


def test_pages_follow_each_other_without_a_gap(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [make.assigned(county, at=NOON + timedelta(minutes=number % 3)) for number in range(7)]
    found: list[str] = []
    after, first = "", True

    while after or first:
        page = work_page(Tab.ASSIGNED, county.handler, Filters(), after=after, at=AT, size=3)
        found += [case.ref for case in page.rows]
        after, first = page.next, False

    assert len(found) == 7
    assert set(found) == {case.ref for case in cases}


def test_counts_stand_beside_the_tabs(county: County, client_of: Browser) -> None:
    for _ in range(2):
        make.assigned(county)

    html = client_of(county.handler).get("/desk/work/").content.decode()

    assert re.findall(r"<b>(\d+\+?)</b></a>", html.split('class="tabs"')[1].split("</nav>")[0]) == list("20000000")


def test_empty_list_says_what_to_do(county: County, client_of: Browser) -> None:
    html = client_of(county.handler).get("/desk/work/?tab=assigned").content.decode()

    assert "没有待签收的件" in html


@pytest.mark.parametrize("many", [1, 30])
def test_work_costs_the_same_with_one_and_with_thirty(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        make.handling(county, at=NOON + timedelta(minutes=number))
    browser = client_of(county.head)
    browser.get("/desk/work/?tab=handling")

    with django_assert_num_queries(10):
        browser.get("/desk/work/?tab=handling")


@pytest.mark.parametrize(
    ("tab", "index"), [(Tab.HANDLING, "case_state_2"), (Tab.LATE, "case_open_2"), (Tab.CLOSED, "case_ended_2")]
)
def test_list_runs_over_the_index_of_the_level(county: County, tab: Tab, index: str) -> None:
    rows = rows_of(tab, county.handler, AT).order_by(*order_of(tab))[:50]

    plan = explain(rows)

    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("after", ["x", "W10", "bnVsbA", "WyJ4IiwgMV0"])
def test_foreign_token_begins_the_list_anew(county: County, client_of: Browser, after: str) -> None:
    case = make.assigned(county)

    assert listed(client_of(county.handler), f"tab=assigned&after={after}") == [case.ref]
