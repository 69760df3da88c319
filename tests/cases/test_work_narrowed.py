"""A list under filters: one page looks through a stretch of it, and nobody waits for a count."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.cases.queries import find, lists
from lianying.cases.queries.lists import Filters, Tab, order_of, rows_of
from lianying.common.db import explain
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import NOON, County

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("at_noon")]
Browser = Callable[[User | Actor], Client]


def refs(html: str) -> list[str]:
    return re.findall(r'<tr>\s*<td class="num"><a href="[^"]+">([^<]+)</a>', html)


def further(html: str) -> str:
    """The address under which the list goes on, '' at its end."""
    found = re.search(r'rel="next" href="([^"]+)"', html)
    return found[1].replace("&amp;", "&") if found else ""


def walked(browser: Client, query: str) -> list[str]:
    """Each page of the list, to its end."""
    pages = [browser.get(f"/desk/work/?{query}").content.decode()]
    while address := further(pages[-1]):
        pages.append(browser.get(f"/desk/work/{address}").content.decode())
    return pages


def counts(html: str) -> dict[str, str]:
    tabs = html.split('class="tabs"')[1].split("</nav>", maxsplit=1)[0]
    return dict(re.findall(r'tab=(\w+)"[^>]*>[^<]+<b>(\d+\+?)</b>', tabs))


@pytest.fixture
def seven(county: County) -> list[Case]:
    """In hand, due one after the other; the fourth and the last are of a category of their own."""
    codes = ["0109" if number in {3, 6} else "0201" for number in range(7)]
    return [
        make.handling(county, at=NOON - timedelta(hours=20 - number), category=code)
        for number, code in enumerate(codes)
    ]


def test_a_narrowed_list_goes_on_until_its_end(
    county: County, client_of: Browser, seven: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "STRETCH", 3)

    pages = walked(client_of(county.head), "tab=handling&category=0109")

    assert [refs(page) for page in pages] == [[], [seven[3].ref], [seven[6].ref]]
    assert "已找到" in pages[0]
    assert "还没有找到符合条件的" in pages[0]
    # Where nothing was found the page goes on by itself; where something was, the reader says when.
    assert ['hx-trigger="load"' in page.split('id="work"')[1] for page in pages] == [True, False, False]
    assert ["接着找" in page for page in pages] == [True, True, False]


def test_an_ended_list_says_how_far_back_it_looked(
    county: County, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "STRETCH", 1)
    for _ in range(2):
        make.closed(county)

    pages = walked(client_of(county.head), "tab=closed&kind=consult")

    assert "已往前找到" in pages[0]
    assert "没有更多符合条件的" in pages[-1]
    assert [refs(page) for page in pages] == [[]] * 3


def test_a_list_that_passes_over_nothing_has_whole_pages(
    county: County, client_of: Browser, seven: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "STRETCH", 3)

    pages = walked(client_of(county.head), "tab=handling&unit=management")

    assert [sorted(refs(page)) for page in pages] == [sorted(case.ref for case in seven)]


def test_frequent_words_are_read_in_shorter_stretches(
    county: County, client_of: Browser, seven: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "FEW", 0)
    monkeypatch.setattr(lists, "READ", 4)

    pages = walked(client_of(county.head), "tab=handling&q=路灯")

    assert [len(refs(page)) for page in pages] == [4, 3]
    assert counts(pages[0]) == {}


def test_a_long_list_that_is_narrowed_has_no_count(
    county: County, client_of: Browser, seven: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    make.waiting(county)
    browser = client_of(county.head)
    exact = counts(browser.get("/desk/work/?tab=handling&category=0109").content.decode())
    browser.post("/desk/work/saved/", {"name": "电梯", "query": "tab=handling&category=0109"})
    monkeypatch.setattr(lists, "COUNTABLE", 6)

    html = browser.get("/desk/work/?tab=handling&category=0109").content.decode()
    whole = counts(browser.get("/desk/work/?tab=handling").content.decode())

    assert (exact["handling"], exact["waiting"], whole["handling"]) == ("2", "0", "7")
    assert counts(html) == {}
    assert "电梯</a>" in html


@pytest.mark.parametrize("query", ["tab=handling&category=9", "tab=handling&category=01", "tab=handling&category=0201"])
def test_a_category_holds_what_is_below_it(county: County, client_of: Browser, query: str) -> None:
    codes = ["0100", "0109", "0201", "9901"]
    made = {code: make.handling(county, category=code).ref for code in codes}

    html = client_of(county.head).get(f"/desk/work/?{query}").content.decode()

    wanted = query.rpartition("=")[2]
    assert sorted(refs(html)) == sorted(made[code] for code in codes if code.startswith(wanted))


def test_what_is_no_category_narrows_nothing(county: County, client_of: Browser) -> None:
    case = make.handling(county)

    html = client_of(county.head).get("/desk/work/", {"tab": "handling", "category": "9" * 5_000}).content.decode()

    assert refs(html) == [case.ref]


def test_a_filter_opens_no_report_to_those_it_accuses(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    Case.objects.filter(pk=case.pk).update(kind="report", accused=county.section, accused_path=county.section.path)
    query = "/desk/work/?tab=handling&kind=report"

    found = {name: client_of(getattr(county, name)).get(query).content.decode() for name in ("head", "supervisor")}

    assert {name: refs(html) for name, html in found.items()} == {"head": [], "supervisor": [case.ref]}
    assert counts(found["head"])["handling"] == "0"


def test_a_unit_outside_the_scope_shows_nothing(county: County) -> None:
    make.handling(county)

    rows = rows_of(Tab.HANDLING, county.neighbour, NOON, Filters(unit=county.management))

    assert list(rows) == []


@pytest.mark.parametrize(
    ("tab", "person", "unit", "index"),
    [
        (Tab.HANDLING, "supervisor", "", "case_state_1"),
        (Tab.LATE, "supervisor", "", "case_open_1"),
        (Tab.CLOSED, "supervisor", "", "case_ended_1"),
        (Tab.CLOSED, "supervisor", "management", "case_ended_2"),
        (Tab.CLOSED, "handler", "", "case_ended_2"),
    ],
)
def test_a_narrowed_list_runs_over_the_index_of_its_level(
    county: County, tab: Tab, person: str, unit: str, index: str
) -> None:
    filters = Filters(kind="help", urgency="urgent", category="01", unit=getattr(county, unit) if unit else None)
    rows = rows_of(tab, getattr(county, person), NOON, filters).order_by(*order_of(tab))[:50]

    plan = explain(rows)

    assert (index in plan, "TEMP B-TREE" in plan) == (True, False)


@pytest.mark.parametrize(
    ("query", "queries"), [("kind=help&urgency=ordinary&since=2026-01-01", 12), ("kind=help&q=路灯", 11)]
)
@pytest.mark.parametrize("many", [1, 30])
def test_a_narrowed_list_costs_the_same_with_one_and_with_thirty(
    county: County,
    client_of: Browser,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
    query: str,
    queries: int,
) -> None:
    monkeypatch.setattr(find, "FEW", 0)
    for number in range(many):
        make.handling(county, at=NOON + timedelta(minutes=number))
    browser = client_of(county.head)
    for name in ("一", "二"):
        browser.post("/desk/work/saved/", {"name": name, "query": "tab=handling&kind=help"})
    browser.get(f"/desk/work/?tab=handling&{query}")

    with django_assert_num_queries(queries):
        browser.get(f"/desk/work/?tab=handling&{query}")
