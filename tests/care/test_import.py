"""Clues from a workbook: what each row comes to, seen first and noted afterwards."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianying.care.models import Care
from lianying.care.queries import entries_of, risk_of
from lianying.care.workbook import MOST, MOST_WORDS, packed, read
from lianying.common.spreadsheets import Unreadable, sheets_of, write_sheet
from lianying.orgs.kinds import UnitKind
from lianying.rules.care import Risk
from tests.care.records import TODAY, Place, household, noted
from tests.cast import unit

ClientOf = Callable[[Any], Client]
HEAD = ["村或社区", "姓名", "电话", "线索日期", "主要风险", "已知情况"]
GOOD = ["上柳村", "周建国", "", "2026/11/9", "疾病", "自付医药费三万元"]
URL = "/desk/care/import/"
pytestmark = pytest.mark.usefixtures("later")


def workbook(*rows: list[str], head: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    write_sheet(out, head or HEAD, rows)
    return out.getvalue()


def file(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("名单.xlsx", content)}


def row(**changed: str) -> list[str]:
    cells = dict(zip(("place", "name", "phone", "on", "risk", "words"), GOOD, strict=True)) | changed
    return list(cells.values())


def problems(place: Place, *rows: list[str]) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in read(workbook(*rows), place.head, TODAY).problems]


def test_rows_are_shown_first_and_noted_afterwards(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.head)

    seen = browser.post(URL, file(workbook(GOOD, row(name="赵六"))))
    assert (seen.status_code, Care.objects.count()) == (200, 0)
    assert "住户册里没有这个姓名" in seen.content.decode()
    sent = browser.post(URL, {"rows": seen.context["packed"]})

    care = Care.objects.get()
    assert (care.household, care.source, care.clue_on.isoformat()) == (place.household, "import", "2026-11-09")
    assert (risk_of(care), entries_of(care)[0][1]) == (Risk.ILLNESS, "自付医药费三万元")
    assert "已登记 1 条线索" in browser.get(sent["Location"]).content.decode()


def test_what_somebody_noted_meanwhile_is_left_out_and_counted(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.head)
    seen = browser.post(URL, file(workbook(GOOD)))
    noted(place)

    sent = browser.post(URL, {"rows": seen.context["packed"]})

    assert Care.objects.count() == 1
    assert "另有 1 条没有登记" in browser.get(sent["Location"]).content.decode()


def test_only_who_was_shown_the_rows_may_send_them(place: Place, client_of: ClientOf) -> None:
    rows = packed(read(workbook(GOOD), place.head, TODAY).rows, place.head)

    other = client_of(place.keeper).post(URL, {"rows": rows})
    broken = client_of(place.head).post(URL, {"rows": "nonsense"})

    assert (other.status_code, broken.status_code, Care.objects.count()) == (422, 422, 0)
    assert "请把表格再传一次" in other.content.decode()


def test_a_household_is_known_by_what_one_calls_it_too(place: Place) -> None:
    found = read(workbook(row(name="周大爷家", on="2026-11-09")), place.head, TODAY)

    assert ([one.household for one in found.rows], found.problems) == ([str(place.household.uuid)], [])


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"place": "下柳村"}, "村或社区"),
        ({"place": "柳溪镇"}, "村或社区"),
        ({"name": ""}, "姓名"),
        ({"name": "赵六"}, "姓名"),
        ({"on": "昨天"}, "线索日期"),
        ({"on": ""}, "线索日期"),
        ({"on": "2026-11-13"}, "线索日期"),
        ({"risk": "不知道"}, "主要风险"),
        ({"words": ""}, "已知情况"),
        ({"words": "很" * (MOST_WORDS + 1)}, "已知情况"),
    ],
)
def test_a_problem_names_its_row_and_column(place: Place, changed: dict[str, str], column: str) -> None:
    assert problems(place, ["", "", "", "", "", ""], row(**changed)) == [(3, column)]


def test_a_household_stands_there_once(place: Place) -> None:
    noted(place, of=household(place.county, "吴师傅家", "吴满仓"))

    assert problems(place, GOOD, GOOD, row(name="吴满仓")) == [(3, "姓名"), (4, "姓名")]


def test_of_the_same_name_the_telephone_decides(place: Place) -> None:
    second = household(place.county, "后组老周家", "周建国", phone="13812348263")

    found = read(workbook(GOOD, row(phone="138 1234 8263"), row(phone="13900000000")), place.head, TODAY)

    assert [one.household for one in found.rows] == [str(second.uuid)]
    assert [(one.row, one.column) for one in found.problems] == [(2, "姓名"), (4, "姓名")]


def test_of_two_villages_of_a_name_the_code_decides(place: Place) -> None:
    unit("other", "上柳村", UnitKind.VILLAGE, place.county.town)

    assert problems(place, GOOD, row(place="village")) == [(2, "村或社区")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook(GOOD, head=["甲", "乙", "丙", "丁", "戊", "己"]), "没有找到模板的表头"),
        (workbook(GOOD, head=["村或社区", "姓名", "电话", "线索日期", "主要风险", "备注"]), "缺少这一列：已知情况"),
        (workbook(*[GOOD] * (MOST + 1)), "最多 500 行"),
    ],
)
def test_a_workbook_that_cannot_be_taken_says_why(
    place: Place, client_of: ClientOf, content: bytes, words: str
) -> None:
    with pytest.raises(Unreadable):
        read(content, place.head, TODAY)

    response = client_of(place.head).post(URL, file(content))

    assert response.status_code == 422
    assert words in response.content.decode()


def test_nothing_sent_and_nothing_possible_say_so(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.head)

    nothing = browser.post(URL, {})
    none = browser.post(URL, file(workbook(row(name="赵六"))))

    assert (nothing.status_code, "请选择文件" in nothing.content.decode()) == (422, True)
    assert "没有一行能直接登记" in none.content.decode()


def test_a_file_without_telephones_will_do(place: Place) -> None:
    head, cells = [name for name in HEAD if name != "电话"], [cell for cell in GOOD if cell]

    assert len(read(workbook(cells, head=head), place.head, TODAY).rows) == 1


def test_the_template_has_the_columns(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.head)

    content = browser.get(f"{URL}template/").content

    assert sheets_of(content, bool)[0].rows == [HEAD]
    assert "疾病、上学、灾害、失业、意外事故、其他" in browser.get(URL).content.decode()
