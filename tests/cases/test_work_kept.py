"""What a person keeps of the list of work: filters under a name, columns, and the list as a spreadsheet."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from lianying.cases import actions
from lianying.cases.columns import Column
from lianying.cases.models import Case, SavedFilter
from lianying.cases.queries import find
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import NOON, STEP, County
from tests.office import converted

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("at_noon")]
Browser = Callable[[User | Actor], Client]


def listed(browser: Client, query: str) -> list[str]:
    html = browser.get(f"/desk/work/?{query}").content.decode()
    return re.findall(r'<tr>\s*<td class="num"><a href="[^"]+">([^<]+)</a>', html)


def heads(browser: Client) -> list[str]:
    html = browser.get("/desk/work/?tab=assigned").content.decode()
    return re.findall(r"<th>([^<]+)</th>", html)


def sheet(browser: Client, query: str) -> list[list[str]]:
    response = browser.get(f"/desk/work/export/file/?{query}")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
    return [[str(cell) for cell in row] for row in workbook.get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize("few", [200, 0])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=路灯", {"lamp"}),
        ("q=和平路", {"drain"}),
        ("q=路灯+井盖", set()),
        ("q=。", {"lamp", "drain"}),
        ("since=2026-11-12", {"lamp"}),
        ("until=2026-11-11", {"drain"}),
        ("since=2026-11-11&until=2026-11-12", {"lamp", "drain"}),
        ("since=0001-01-01&until=9999-12-31", {"lamp", "drain"}),
        ("since=yesterday", {"lamp", "drain"}),
        ("late=1", {"drain"}),
        ("late=1&q=井盖&kind=help", {"drain"}),
    ],
)
def test_filters_narrow_the_list(
    county: County, client_of: Browser, monkeypatch: pytest.MonkeyPatch, query: str, found: set[str], few: int
) -> None:
    monkeypatch.setattr(find, "FEW", few)
    cases = {
        make.assigned(county, at=NOON - 3 * STEP).ref: "lamp",
        make.assigned(
            county, at=NOON - timedelta(days=1, hours=2), text="井盖松动。", address="和平路3号"
        ).ref: "drain",
    }
    Case.objects.filter(text="井盖松动。").update(stage_due_at=NOON - timedelta(hours=1))

    assert {cases[ref] for ref in listed(client_of(county.handler), f"tab=assigned&{query}")} == found


def test_a_list_is_kept_with_its_count(county: County, client_of: Browser) -> None:
    make.assigned(county)
    browser = client_of(county.handler)

    kept = browser.post("/desk/work/saved/", {"name": " 待签 ", "query": "tab=assigned&kind=help&after=x&next=//evil"})
    html = browser.get("/desk/work/").content.decode()
    other = client_of(county.colleague).get("/desk/work/").content.decode()

    assert (kept.status_code, kept["Location"]) == (303, "/desk/work/?kind=help&tab=assigned")
    assert 'href="?kind=help&amp;tab=assigned">待签 <b class="num">1</b></a>' in html
    assert "待签" not in other.replace("待签收", "")


def test_a_list_with_words_is_kept_without_a_count(county: County, client_of: Browser) -> None:
    browser = client_of(county.handler)
    browser.post("/desk/work/saved/", {"name": "路灯", "query": "q=路灯"})

    html = browser.get("/desk/work/").content.decode()

    assert ">路灯</a>" in html


def test_a_list_of_the_same_name_is_replaced(county: County, client_of: Browser) -> None:
    browser = client_of(county.handler)
    for query in ("kind=help", "kind=consult"):
        browser.post("/desk/work/saved/", {"name": "常用", "query": query})

    assert list(SavedFilter.objects.values_list("name", "query")) == [("常用", "kind=consult")]


@pytest.mark.parametrize(("name", "status"), [("", 422), ("  ", 422), ("十三", 409)])
def test_what_cannot_be_kept_is_said(county: County, client_of: Browser, name: str, status: int) -> None:
    browser = client_of(county.handler)
    for number in range(12):
        browser.post("/desk/work/saved/", {"name": f"第{number}", "query": ""})

    answer = browser.post("/desk/work/saved/", {"name": name, "query": ""})

    assert (answer.status_code, SavedFilter.objects.count()) == (status, 12)


def test_a_kept_list_is_renamed_removed_and_brought_back(county: County, client_of: Browser) -> None:
    browser = client_of(county.handler)
    for name in ("一", "二"):
        browser.post("/desk/work/saved/", {"name": name, "query": "kind=help"})
    address = f"/desk/work/saved/{SavedFilter.objects.get(name='一').uuid}/"

    empty = browser.post(address, {"name": " "})
    browser.post(address, {"name": "二"})
    renamed = list(SavedFilter.objects.values_list("name", flat=True))
    gone = browser.post(address, {"remove": "1", "name": "二"})
    left = SavedFilter.objects.count()
    html = browser.get(gone["Location"]).content.decode()
    token = unescape(html.partition('name="gone" value="')[2].partition('"')[0])
    browser.post("/desk/work/saved/", {"gone": token})

    assert (empty.status_code, renamed, left) == (422, ["二"], 0)
    assert list(SavedFilter.objects.values_list("name", "query")) == [("二", "kind=help")]
    assert browser.post("/desk/work/saved/", {"gone": "x"}).status_code == 422


def test_nobody_changes_what_another_keeps(county: County, client_of: Browser) -> None:
    client_of(county.handler).post("/desk/work/saved/", {"name": "一", "query": ""})
    address = f"/desk/work/saved/{SavedFilter.objects.get().uuid}/"

    assert client_of(county.colleague).post(address, {"remove": "1"}).status_code == 404


def test_columns_are_chosen_and_kept(county: County, client_of: Browser) -> None:
    make.assigned(county)
    browser = client_of(county.handler)
    before = heads(browser)

    answer = browser.post("/desk/work/columns/", {"column": ["received", "kind", "nonsense"], "query": "tab=assigned"})
    after = heads(browser)
    browser.post("/desk/work/columns/", {"query": ""})

    assert answer["Location"] == "/desk/work/?tab=assigned"
    assert (before, after) == (["编号", "诉求", "单位", "剩余时间"], ["编号", "诉求", "种类", "收到", "剩余时间"])
    assert heads(browser) == ["编号", "诉求", "剩余时间"]


def test_the_spreadsheet_holds_what_is_listed(county: County, client_of: Browser) -> None:
    made = [
        make.assigned(county, at=NOON - number * STEP, text=f"{number}号路灯坏了，电话13812348263")
        for number in (3, 2, 1)
    ]
    make.assigned(county, text="井盖松动")
    actions.correct(
        made[0],
        version=made[0].version,
        sorting=actions.Sorting(title="=HYPERLINK(1)", address="@和平路"),
        by=county.clerk,
        at=NOON,
    )
    browser = client_of(county.handler)

    rows = sheet(browser, "tab=assigned&q=路灯&column=unit&column=received")
    html = browser.get("/desk/work/export/?tab=assigned&q=路灯&column=unit").content.decode()

    assert rows[0] == ["编号", "诉求", "地点", "单位", "收到"]
    assert [row[0] for row in rows[1:]] == listed(browser, "tab=assigned&q=路灯") == [case.ref for case in made]
    assert rows[1][1:4] == ["'=HYPERLINK(1)", "'@和平路", "城市管理局"]
    assert not any("13812348263" in cell or "王" in cell for row in rows for cell in row)
    assert ("共 3 行" in html, "<th>收到</th>" in html, "<th>单位</th>" in html) == (True, False, True)


def test_the_same_rows_come_as_text(county: County, client_of: Browser) -> None:
    made = [make.assigned(county, at=NOON - number * STEP) for number in range(3)]
    Case.objects.filter(pk=made[0].pk).update(title="=HYPERLINK(1)")
    browser = client_of(county.handler)

    response = browser.get("/desk/work/export/file/?tab=assigned&as=csv")
    text = b"".join(response).decode("utf-8-sig")

    assert response.streaming
    assert response["Content-Disposition"].endswith(".csv")
    assert list(csv.reader(io.StringIO(text))) == sheet(browser, "tab=assigned")
    assert "'=HYPERLINK(1)" in text


def test_libreoffice_reads_the_same_rows(county: County, client_of: Browser, tmp_path: Path) -> None:
    for number in range(3):
        make.assigned(county, at=NOON - number * STEP)
    browser = client_of(county.handler)
    content = b"".join(browser.get("/desk/work/export/file/?tab=assigned"))

    read = converted(content, "list.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)

    assert list(csv.reader(io.StringIO(read.read_text("utf-8")))) == sheet(browser, "tab=assigned")


def test_an_empty_list_offers_no_file(county: County, client_of: Browser) -> None:
    html = client_of(county.handler).get("/desk/work/export/?tab=late").content.decode()

    assert ("export/file" in html, "共 0 行" in html) == (False, True)


def test_every_column_can_be_shown(county: County, client_of: Browser) -> None:
    case = make.closed(county, category="0109")
    browser = client_of(county.handler)
    query = "tab=closed&" + "&".join(f"column={column}" for column in Column)

    (row,) = sheet(browser, query)[1:]

    assert (row[0], len(row), row[-1]) == (case.ref, 15, "5")


@pytest.mark.parametrize("many", [1, 30])
def test_the_preview_costs_the_same_with_one_and_with_thirty(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        make.assigned(county, at=NOON - timedelta(minutes=number))
    browser = client_of(county.handler)
    browser.get("/desk/work/export/?tab=assigned")

    with django_assert_num_queries(9):
        browser.get("/desk/work/export/?tab=assigned")
