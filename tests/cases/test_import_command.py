"""The command as an operator runs it, in processes of its own; the real messages where they are at hand."""

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LIANYING = str(Path(sys.executable).with_name("lianying"))
HEADING = ["留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
#: Whoever runs the tests in the background has Ctrl-C ignored, and what they start would inherit that.
AS_IN_A_TERMINAL = "import os, signal, sys; signal.signal(2, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
ROWS = 600
SECONDS = 30

#: Looks at the pages as a supervisor over the whole county does, and prints what stands there.
LOOK = """
import json
from collections import Counter
from datetime import date
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone
from lianying.cases.models import Case
from lianying.cases.queries.figures import figures
from lianying.config.static import collect
from lianying.orgs.models import Post, Unit, User

collect()
setup_test_environment()
user, root = User.objects.get(username="op"), Unit.objects.get(parent=None)
User.objects.update(must_change_password=False)
for role in ("clerk", "supervisor"):
    Post.objects.create(user=user, unit=root, role=role, from_on=date(2020, 1, 1))
browser = Client()
browser.force_login(user)
refs = Case.objects.order_by("pk").values_list("ref", flat=True)
leads = [browser.post("/desk/find/", {"q": ref}).headers["Location"] for ref in (refs[0], refs[500], refs.last())]
months = {timezone.localtime(at).date().replace(day=1) for at in Case.objects.values_list("received_at", flat=True)}
standings = Counter()
for month in months:
    standings.update(figures([month], timezone.now())[0].standings)
print(json.dumps({
    "found": [browser.get(lead).status_code for lead in leads],
    "board": browser.get("/board/").content.decode().count("<article"),
    "old": browser.get("/desk/sort/?queue=old").context["page"].rows[0].state,
    "new": len(browser.get("/desk/sort/").context["page"].rows),
    "standings": {standing: count for standing, count in standings.items() if count},
}))
"""

pytestmark = [pytest.mark.slow]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    run(tmp_path / "var", "init", "--name=宁和县", "--phone=0552-12345", "--prefix=NH", "--government=宁和县人民政府",
        "--operator=op", "--operator-name=许平")  # fmt: skip
    return tmp_path / "var"


def started(data_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    # A database of its own, whatever the other tests use.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIANYING_")}
    environment["LIANYING_DATA_DIR"] = str(data_dir)
    return subprocess.Popen(
        [sys.executable, "-c", AS_IN_A_TERMINAL, LIANYING, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(data_dir: Path, *arguments: str) -> str:
    process = started(data_dir, *arguments)
    out, _ = process.communicate()
    assert process.returncode == 0, out
    return out


def query(data_dir: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data_dir / "lianying.sqlite3")) as database:
        return database.execute(sql).fetchall()


def imported(data_dir: Path) -> dict[str, tuple[int, int]]:
    """Rows and different numbers of each source."""
    rows = query(data_dir, "SELECT source, count(*), count(DISTINCT source_id) FROM cases_case GROUP BY source")
    return {str(source): (int(str(count)), int(str(numbers))) for source, count, numbers in rows}


def rows() -> Iterator[list[str]]:
    yield HEADING
    for number in range(ROWS):
        day = f"{2012 + number % 9}/{1 + number % 12}/{1 + number % 28}"
        yield [str(number), f"第{number}件", f"{day} 9:00", f"第{number}件的内容" * 20, "已办" * 100, f"{day} 15:00:00"]


@pytest.fixture
def board(tmp_path: Path) -> Path:
    with (tmp_path / "board.csv").open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(rows())
    return tmp_path / "board.csv"


@pytest.mark.parametrize(("end", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_an_import_that_was_ended_goes_on_where_it_stopped(
    data_dir: Path, board: Path, end: signal.Signals, code: int
) -> None:
    first = started(data_dir, "import-cases", str(board))
    while not imported(data_dir) and first.poll() is None:
        wait(first)
    first.send_signal(end)
    first.communicate()
    [(before, _)] = imported(data_dir).values()

    out = run(data_dir, "import-cases", str(board))

    assert (first.returncode, 0 < before < ROWS) == (code, True)
    assert f"收入 {ROWS - before} 条，已有 {before} 条，未收 0 条" in out
    assert imported(data_dir) == {"board": (ROWS, ROWS)}
    assert "Clean" in run(data_dir, "verify")


def wait(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return


def test_two_imports_at_once_double_nothing(data_dir: Path, board: Path) -> None:
    both = [started(data_dir, "import-cases", str(board), "--source=热线") for _ in range(2)]
    for process in both:
        process.communicate()

    assert [process.returncode for process in both] == [0, 0]
    assert imported(data_dir) == {"热线": (ROWS, ROWS)}
    assert "Clean" in run(data_dir, "verify")


@pytest.mark.skipif(not DATA.exists(), reason="shared/data with the real messages is not on this machine")
def test_the_real_messages_lose_no_row_and_come_once(data_dir: Path, tmp_path: Path) -> None:
    start = time.monotonic()
    for _ in range(2):
        for name in ("messages", "labelled"):
            # Copied: the report is written beside the file.
            run(data_dir, "import-cases", str(shutil.copy(DATA / f"{name}.csv", tmp_path / f"{name}.csv")))
    seconds = time.monotonic() - start

    # One of the 457 stands there twice, under two labels.
    assert imported(data_dir) == {"messages": (2414, 2414), "labelled": (456, 456)}
    assert query(data_dir, "SELECT state, ending, count(*) FROM cases_case GROUP BY 1, 2 ORDER BY 1") == [
        ("closed", "imported", 2414),
        ("heard", "", 456),
    ]
    assert query(data_dir, "SELECT count(*) FROM cases_case WHERE due_at OR stage_due_at OR promise <> '{}'") == [(0,)]
    assert "Clean" in run(data_dir, "verify")
    assert seconds < SECONDS
    # Each is found by its number, none is public or presses anybody, and the figures leave every one out by name.
    assert json.loads(run(data_dir, "shell", "-v0", "-c", LOOK).splitlines()[-1]) == {
        "found": [200, 200, 200],
        "board": 0,
        "old": "heard",
        "new": 0,
        "standings": {"imported": 2870},
    }
