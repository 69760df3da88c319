"""How long a workbook takes from the press of the button, and how long the desk waits for a page meanwhile.

`python -m bench.imports [rows]` (50,000) on SQLite; on PostgreSQL through `python -m tests.services postgresql -- …`.
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


def read(browser: Browser, waited: list[float], stop: Event) -> None:
    while not stop.is_set():
        for path in PAGES:
            start = time.monotonic()
            assert browser.get(path).status == 200, path
            waited.append(time.monotonic() - start)


def main(rows: int) -> None:
    content = workbook(rows)
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
    counts = re.findall(r'class="num end"[^>]*>(\d+)<', page)
    waited.sort()
    megabytes = len(content) / 1e6
    print(f"{rows:,} rows ({megabytes:.1f} MB): looked at in {checked:.1f} s, written in {written:.1f} s {counts}")
    print(f"{len(waited)} pages of {READERS} readers meanwhile: p50 {waited[len(waited) // 2]:.2f} s, ", end="")
    print(f"p99 {waited[int(len(waited) * 0.99)]:.2f} s, longest {waited[-1]:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
