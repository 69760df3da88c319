"""The pages of the six results: what stands there, for whom, at which price."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.common.spreadsheets import sheets_of
from lianying.reviews import actions
from lianying.reviews.models import Result
from lianying.rules.results import Detail, ResultKind
from lianying.visits.actions import VisitCard, record_visit
from tests import make
from tests.cast import NOON, STEP, County
from tests.reviews.conftest import TODAY, Linked, Reviewed, entered, goal, noted, silent, solved, visited

ClientOf = Callable[[Any], Client]
LATER = NOON + 20 * STEP
JOB = {
    "detail": "employer",
    "unit": "management",
    "place": "village",
    "on": "2026-11-12",
    "text": "到园区上班",
    "ref": "",
    "source": "用工登记表",
}


@pytest.fixture(autouse=True)
def _at(at_noon: None) -> None:
    """The program's clock stands at noon where a test does not say otherwise."""


def test_the_six_numbers_open_to_their_rows(county: County, linked: Linked, client_of: ClientOf) -> None:
    visited(linked)
    entered(county)
    entered(county, kind=ResultKind.INFRASTRUCTURE, detail=Detail.PUMP)
    solved(county)
    browser = client_of(county.supervisor)
    with standing_at(LATER):
        page = browser.get("/desk/tally/")

        shown = {card.kind.value: card.count.total for card in page.context["cards"]}
        lists = {kind: browser.get(f"/desk/tally/{kind}/?{page.context['chosen'].query}") for kind in shown}

    assert shown == {"household": 1, "petition": 0, "industry": 0, "job": 1, "service": 0, "infrastructure": 2}
    for kind, one in lists.items():
        assert sum(number for part, _label, number in one.context["parts"] if part != "left") == shown[kind]
        assert f'href="/desk/tally/{kind}/?of=quarter&amp;on=2026-10-01"' in page.content.decode()
    assert "自动计入 1，人工登记 1" in page.content.decode()
    assert "2026年第4季度" in page.content.decode()


def test_a_list_says_who_wrote_it_down_and_nothing_of_the_household(
    county: County, linked: Linked, client_of: ClientOf
) -> None:
    visited(linked)

    html = client_of(county.supervisor).get("/desk/tally/household/").content.decode()

    assert "到上柳村走访" in html
    assert ("周大爷家" in html, "周建国" in html) == (False, False)


@pytest.mark.parametrize(
    ("query", "words", "rows"),
    [
        ("", "2026年第4季度", 1),
        ("of=month&on=2026-11-30", "2026年11月", 1),
        ("of=month&on=2026-10-30", "2026年10月", 0),
        ("of=year&on=2025-05-05", "2025年", 0),
        ("of=week&on=tomorrow&unit=nowhere", "2026年第4季度", 1),
        ("on=9999-12-31", "2026年第4季度", 1),
        ("of=year&on=0001-01-01", "2000年", 0),
        ("unit=town", "2026年第4季度", 1),
        ("unit=housing", "2026年第4季度", 0),
    ],
)
def test_days_and_units_are_chosen(county: County, client_of: ClientOf, query: str, words: str, rows: int) -> None:
    entered(county)

    page = client_of(county.supervisor).get(f"/desk/tally/job/?{query}")

    assert (page.context["chosen"].words, len(page.context["lines"])) == (words, rows)


def test_one_steps_from_span_to_span_and_never_ahead(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.supervisor)

    now = browser.get("/desk/tally/?of=month").context["chosen"]
    first = browser.get("/desk/tally/?of=year&on=2000-01-01").context["chosen"]

    assert (now.earlier, now.later) == ("of=month&on=2026-10-01", "")
    assert (first.earlier, first.later) == ("", "of=year&on=2001-01-01")


def test_the_parts_of_a_number_have_lists_of_their_own(county: County, client_of: ClientOf) -> None:
    solved(county)
    silent(county, at=NOON - timedelta(days=40))
    entered(county, kind=ResultKind.INFRASTRUCTURE, detail=Detail.PUMP, text="闸口那台大修过了")
    browser = client_of(county.supervisor)
    with standing_at(LATER):
        shown = {
            part: browser.get(f"/desk/tally/infrastructure/?of=year&part={part}").content.decode()
            for part in ("ledger", "entered", "left")
        }
        wrong = browser.get("/desk/tally/job/?part=ledger")
        nothing = browser.get("/desk/tally/nothing/")

    assert ["闸口那台大修过了" in html for html in shown.values()] == [False, True, False]
    assert "群众没有表态" in shown["left"]
    assert (wrong.context["part"], nothing.status_code) == ("entered", 404)


@pytest.mark.parametrize("path", ["/desk/tally/?of=year", "/desk/tally/household/?of=year", "/desk/tally/job/?of=year"])
@pytest.mark.parametrize("count", [1, 30])
def test_a_page_costs_the_same_for_many(
    county: County,
    linked: Linked,
    client_of: ClientOf,
    path: str,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        card = VisitCard(UUID(int=number), TODAY - timedelta(days=number))
        record_visit(card, link=linked.home, by=linked.leader, at=NOON)
        entered(county, on=number)
    browser = client_of(county.supervisor)
    browser.get(path)

    with django_assert_num_queries({"/desk/tally/?of=year": 10}.get(path, 8)):
        browser.get(path)


@pytest.mark.parametrize(
    ("kind", "part"), [("infrastructure", "left"), ("infrastructure", "ledger"), ("job", "entered")]
)
def test_the_workbook_holds_what_is_listed(county: County, client_of: ClientOf, kind: str, part: str) -> None:
    solved(county)
    silent(county, at=NOON - timedelta(days=40))
    entered(county)
    browser = client_of(county.supervisor)
    query = f"of=year&part={part}"
    with standing_at(LATER):
        page = browser.get(f"/desk/tally/{kind}/?{query}")
        file = browser.get(f"/desk/tally/{kind}.xlsx?{query}")
        missing = browser.get("/desk/tally/nothing.xlsx")

    rows = sheets_of(file.getvalue(), bool)[0].rows
    listed = [
        [line.on.isoformat(), line.unit, line.place, line.what, line.more, line.source, line.why]
        for line in page.context["lines"]
    ]
    assert (rows[0][0], rows[1:], len(listed)) == ("日期", listed, 1)
    assert missing.status_code == 404


def test_what_residents_wrote_is_masked_in_a_workbook(county: County, client_of: ClientOf) -> None:
    Case.objects.filter(pk=solved(county).pk).update(title="请打13812348263")

    with standing_at(LATER):
        file = client_of(county.supervisor).get("/desk/tally/infrastructure.xlsx")

    assert "请打138********" in str(sheets_of(file.getvalue(), bool)[0].rows)


def test_a_result_is_entered(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.handler)

    kinds = browser.get("/desk/tally/new/")
    visit = browser.get("/desk/tally/new/household/")
    empty = browser.get("/desk/tally/new/job/")
    sent = browser.post("/desk/tally/new/job/", JOB)
    page = browser.get(sent["Location"])

    assert ("/desk/tally/new/job/" in kinds.content.decode(), visit.status_code) == (True, 404)
    assert empty.context["form"].initial == {"on": TODAY, "unit": "management", "place": ""}
    assert (sent.status_code, "到园区上班" in page.content.decode()) == (303, True)
    assert Result.objects.get().unit == county.management


def test_a_village_begins_with_itself(county: County, client_of: ClientOf) -> None:
    form = client_of(county.village_handler).get("/desk/tally/new/service/").context["form"]

    assert (form.initial["place"], "detail" in form.fields) == ("village", False)


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"text": ""}, 422, "请写几句话"),
        ({"detail": "pump"}, 422, "选择一个有效的选项"),
        ({"unit": "housing"}, 422, "选择一个有效的选项"),
        ({"on": "2027-01-01"}, 422, "请选最近一年内的日期"),
        ({"ref": "NH-20200101-0001"}, 422, "没有这件诉求"),
        ({"text": "打 13812348263"}, 422, "请去掉"),
        ({"source": ""}, 422, "请填诉求编号"),
    ],
)
def test_what_is_wrong_keeps_what_was_typed(
    county: County, client_of: ClientOf, changed: dict[str, str], status: int, words: str
) -> None:
    sent = client_of(county.handler).post("/desk/tally/new/job/", JOB | {"text": "到厂里上班"} | changed)

    assert (sent.status_code, words in sent.content.decode()) == (status, True)
    assert (changed.get("text", "到厂里上班") in sent.content.decode(), Result.objects.count()) == (True, 0)


def test_a_petition_is_entered_with_its_number(county: County, client_of: ClientOf) -> None:
    petition = noted(county)
    county_handler = client_of(county.handler)
    sent = {name: value for name, value in JOB.items() if name != "detail"}

    without = county_handler.post("/desk/tally/new/petition/", sent)
    elsewhere = county_handler.post("/desk/tally/new/petition/", sent | {"ref": petition.ref})

    assert (without.status_code, elsewhere.status_code) == (422, 422)
    assert "没有这件诉求" in elsewhere.content.decode()


def test_a_result_is_corrected_and_taken_back(county: County, client_of: ClientOf) -> None:
    case = make.closed(county, category="0807")
    result = entered(county, case=case)
    browser = client_of(county.handler)
    place = f"/desk/tally/result/{result.uuid}/"

    wrong = browser.post(place, JOB | {"do": "correct", "text": ""})
    future = browser.post(place, JOB | {"do": "correct", "on": "2026-12-01"})
    right = browser.post(place, JOB | {"do": "correct", "text": "到粮油厂上班", "ref": case.ref})
    again = browser.post(place, JOB | {"do": "correct", "text": "再改一次"})
    old, new = browser.get(place).content.decode(), browser.get(right["Location"]).content.decode()
    empty = browser.post(right["Location"], {"do": "take_back", "why": ""})
    gone = browser.post(right["Location"], {"do": "take_back", "why": "重复登记"})
    nothing = browser.post(place, {"do": "burn"})

    assert [one.status_code for one in (wrong, future, right, again, empty, gone, nothing)] == [
        422, 422, 303, 409, 422, 303, 404,
    ]  # fmt: skip
    assert "再改一次" in again.content.decode()
    assert ("看更正后的记录" in old, "更正了之前的一条" in new, case.ref in new) == (True, True, True)
    assert "重复登记" in browser.get(right["Location"]).content.decode()


def test_a_result_is_read_within_scope_and_corrected_by_its_unit(reviewed: Reviewed, client_of: ClientOf) -> None:
    county = reviewed.county
    result, one = entered(county), goal(reviewed)
    actions.link_rows(one, [result], by=county.handler, at=NOON)
    place = f"/desk/tally/result/{result.uuid}/"

    pages = {name: client_of(county.people[name]).get(place) for name in ("supervisor", "neighbour", "village_handler")}

    assert {name: page.status_code for name, page in pages.items()} == {
        "supervisor": 200, "neighbour": 404, "village_handler": 200,
    }  # fmt: skip
    assert pages["supervisor"].context["forms"] == {}
    assert one.words in pages["supervisor"].content.decode()
    assert one.words not in pages["village_handler"].content.decode()


def test_the_request_of_a_result_is_named_to_whoever_may_read_it(county: County, client_of: ClientOf) -> None:
    case = make.closed(county, category="0807")
    result = entered(county, case=case, source="")
    pages = {
        name: client_of(county.people[name]).get(path).content.decode()
        for name in ("handler", "village_handler")
        for path in ("/desk/tally/job/", f"/desk/tally/result/{result.uuid}/")
    }

    assert {name: case.ref in html for name, html in pages.items()} == {"handler": True, "village_handler": False}
    assert case.ref not in client_of(county.village_handler).get("/desk/tally/job/").content.decode()
