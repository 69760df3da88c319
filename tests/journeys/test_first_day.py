"""A county's first day: set up, filled from one workbook, and its first request answered."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from lianying.common.spreadsheets import sheets_of
from tests.cases.workbook import workbook
from tests.journeys.people import People, Visitor
from tests.journeys.steps import answer, rate, sign, tell
from tests.serving import Server, empty

PASSWORD = "green-willow-2026"
UNITS = [
    ["cgj", "城市管理局", "部门", "root", "0552-1"],
    ["lx", "柳溪镇", "乡镇街道", "root", ""],
    ["lx01", "上柳村", "村", "lx", ""],
]
HANDLER = ["wang", "王力", "cgj", "承办人", ""]
DUTY = ["0103", "", "cgj", "县政发〔2026〕3号"]


@pytest.fixture(scope="module")
def new_county() -> Iterator[Server]:
    with empty() as server:
        yield server


def opens_account(person: Visitor, link: str) -> None:
    """By the one-time link, with a password of their own."""
    parts = urlsplit(link)
    person.open(parts.path)
    person.write("新密码", PASSWORD)
    person.write("再输入一次", PASSWORD)
    person.press("保存")


def filled(template: bytes) -> bytes:
    """What somebody writes below what stands in the template already."""
    sheets = {sheet.name: list(sheet.rows) for sheet in sheets_of(template, bool)}
    sheets["单位"] += UNITS
    sheets["人员和岗位"].append(HANDLER)
    sheets["权责清单"].append(DUTY)
    return workbook(sheets)


@pytest.mark.slow
def test_a_county_begins(chromium: Browser, new_county: Server) -> None:
    made = new_county.command(
        *("init", "--name", "宁和县", "--phone", "0552-12345", "--prefix", "NH", "--government", "宁和县人民政府"),
        *("--operator", "admin", "--operator-name", "赵敏"),
    )
    assert made.returncode == 0, made.stderr
    link = re.search(r"http\S+", made.stdout)
    assert link is not None
    new_county.start()
    people = People(chromium, new_county, (1440, 900), True, set())

    operator = people.as_()
    opens_account(operator, link[0])
    operator.open("/desk/settings/imports/")
    with operator.page.expect_download() as download:
        operator.link("下载模板").click()
    template = download.value.path().read_bytes()
    file = FilePayload(name="宁和县.xlsx", mimeType="application/octet-stream", buffer=filled(template))
    operator.field("表格文件").set_input_files(file)
    operator.press("先检查")
    operator.reads("单位", "人员和岗位", "权责清单")
    operator.does_not_read("不能导入的行")
    operator.press("写入")
    # The worker begins on its own, and on a busy machine later.
    expect(operator.page.get_by_role("heading", name="已写入")).to_be_visible(timeout=60_000)
    operator.look()
    with operator.page.expect_download() as download:
        operator.button("下载登录链接").click()
    slips = sheets_of(download.value.path().read_bytes(), bool)[0].rows

    resident, handler = people.as_(), people.as_()
    receipt = tell(resident)
    operator.open(f"/desk/sort/?at={receipt.ref}")
    with operator.page.expect_response("**/choices/**"):
        operator.pick("类别（全部）", "工地施工扰民", within=operator.page.locator("#decide"))
    operator.choose("城市管理局", within=operator.page.locator("#decide"))
    operator.reads("权责清单：县政发〔2026〕3号")
    operator.press("交办", within=operator.page.locator("#decide"))
    opens_account(handler, slips[1][3])
    sign(handler, receipt)
    answer(handler, receipt, "已上门劝导，烧烤店承诺晚上十点收摊。")
    rate(resident, receipt, "解决了", "满意")

    resident.reads("烧烤店承诺晚上十点收摊")
    assert people.close() == []
    assert new_county.command("verify").returncode == 0
