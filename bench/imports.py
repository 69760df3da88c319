"""How long a workbook takes from the press of the button, and how long the desk waits for a page meanwhile.

`python -m bench.imports [rows] [households]`: 50,000 rows of units and people, or of households and links, on SQLite;
on PostgreSQL through `python -m tests.services postgresql -- …`.
"""

import io
import re
import sys
import time
from threading import Event, Thread

import xlsxwriter

from tests.serving import Browser, serving

ROWS = 50_000
READERS = 4
PAGES = ("/desk/", "/desk/work/", "/desk/sort/")
VILLAGES = 0.04
#: Of a county that brings its households in: so many of them to a village, so many links to an official.
HOMES, LINKS = 120, 30


def workbook(rows: int) -> bytes:
    """A twenty-fifth of the rows are villages, the others people with a post in one of them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    villages = int(rows * VILLAGES)
    units = book.add_worksheet("单位")
    units.write_row(0, 0, ["代码", "名称", "单位类型", "上级单位"])
    for number in range(villages):
        units.write_row(number + 1, 0, [f"v{number}", f"第{number}村", "村", "town"])
    people = book.add_worksheet("人员")
    people.write_row(0, 0, ["用户名", "姓名", "单位", "角色"])
    for number in range(rows - villages):
        people.write_row(number + 1, 0, [f"p{number}", f"人员{number}", f"v{number % villages}", "承办人"])
    book.close()
    return out.getvalue()


def households(rows: int) -> bytes:
    """Half households, a third of them with a level of hardship, half links; with their villages and officials."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    homes = int(rows / (2 + 1 / HOMES + 1 / LINKS))
    villages, officials = -(-homes // HOMES), -(-homes // LINKS)
    units = book.add_worksheet("单位")
    units.write_row(0, 0, ["代码", "名称", "单位类型", "上级单位"])
    for number in range(villages):
        units.write_row(number + 1, 0, [f"v{number}", f"第{number}村", "村", "town"])
    people = book.add_worksheet("人员")
    people.write_row(0, 0, ["用户名", "姓名", "单位", "角色"])
    for number in range(officials):
        people.write_row(number + 1, 0, [f"p{number}", f"人员{number}", "housing", "走访人员"])
    sheet = book.add_worksheet("住户")
    words = [
        "村、社区或网格",
        "户号",
        "大家怎么称呼这户",
        "组、门牌",
        "走访顺序",
        "上门时要留意的",
        "户里由谁说话",
        "住户电话",
    ]
    sheet.write_row(0, 0, [*words, "困难程度", "困难认定依据", "困难认定日期"])
    for number in range(homes):
        said = [f"{number}号大爷家", f"{number % 9}组{number}号", str(number), "耳背", f"某{number}", f"138{number:08}"]
        level = ["低保", "2026年低保名单", "2026-01-05"] if number % 3 == 0 else []
        sheet.write_row(number + 1, 0, [f"v{number // HOMES}", str(number), *said, *level])
    sheet = book.add_worksheet("联系")
    sheet.write_row(0, 0, ["联系类型", "用户名", "村、社区或网格", "户号"])
    for number in range(homes):
        sheet.write_row(number + 1, 0, ["干部联系户", f"p{number // LINKS}", f"v{number // HOMES}", str(number)])
    book.close()
    return out.getvalue()


def read(browser: Browser, waited: list[float], stop: Event) -> None:
    while not stop.is_set():
        for path in PAGES:
            start = time.monotonic()
            assert browser.get(path).status == 200, path
            waited.append(time.monotonic() - start)


def main(rows: int, kind: str) -> None:
    content = households(rows) if kind else workbook(rows)
    with serving() as server:
        operator = server.browser("operator")
        waited: list[float] = []
        stop = Event()
        readers = [Thread(target=read, args=(server.browser("clerk"), waited, stop)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        start = time.monotonic()
        sent = operator.post("/desk/settings/imports/", {}, [("file", "50000.xlsx", content)])
        checked = time.monotonic() - start
        assert sent.status == 303, sent.text
        address = sent.headers["location"]
        start = time.monotonic()
        operator.post(address, {"do": "run"})
        while "hx-trigger" in (page := operator.get(address).text.split('id="state"')[1]):
            time.sleep(0.5)
        written = time.monotonic() - start
        stop.set()
        for reader in readers:
            reader.join()
    counts = re.findall(r"<b>(.+?)</b> (.+?)</li>", page)
    waited.sort()
    megabytes = len(content) / 1e6
    print(f"{rows:,} rows ({megabytes:.1f} MB): looked at in {checked:.1f} s, written in {written:.1f} s {counts}")
    print(f"{len(waited)} pages of {READERS} readers meanwhile: p50 {waited[len(waited) // 2]:.2f} s, ", end="")
    print(f"p99 {waited[int(len(waited) * 0.99)]:.2f} s, longest {waited[-1]:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, "".join(sys.argv[2:]))
