"""A long list as a file over HTTP: seconds, size, and the most memory that the server ever held.

`python -m bench.exports [cases]` (112,000, of which 100,000 are ended), with every column, on both databases. What came
is opened with LibreOffice, where there is one.
"""

import csv
import os
import shutil
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.serve import Place, copied, served

CASES = 112_000
LIST = "/desk/work/export/file/?tab=closed"
#: All that there are.
COLUMNS = "".join(
    f"&column={name}"
    for name in (
        *("unit", "handler", "kind", "urgency", "category", "channel"),
        *("state", "received", "due", "answered", "ended", "satisfaction"),
    )
)
#: A part of the answer is read at once.
PART = 1 << 16


def sign_in() -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    django.setup()
    from bench.plan import session
    from lianying.orgs.models import User

    return session(User.objects.get(username="zhaolei"))


def held(pids: list[int]) -> int:
    """Megabytes that the largest of the processes held at its highest."""
    status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return max(int(text.split("VmHWM:")[1].split()[0]) for text in status) // 1024


def fetched(port: int, path: str, cookie: str, to: Path) -> tuple[float, float]:
    """Seconds to the first byte and to the last; the answer is in `to`."""
    line = HTTPConnection("127.0.0.1", port, timeout=600)
    start = time.monotonic()
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    with to.open("wb") as out:
        out.write(answer.read(PART))
        first = time.monotonic() - start
        while part := answer.read(PART):
            out.write(part)
    return first, time.monotonic() - start


def opened(path: Path) -> str:
    """Rows that LibreOffice reads."""
    program = shutil.which("soffice")
    if program is None:
        return "no LibreOffice here"
    start = time.monotonic()
    profile = f"-env:UserInstallation=file://{path.parent}/office"
    csv_of = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(path.parent / "read")]
    utf8 = ["--infilter=CSV:44,34,76"] if path.suffix == ".csv" else []
    subprocess.run([program, profile, "--headless", *utf8, *csv_of, str(path)], check=True, capture_output=True)
    with (path.parent / "read" / f"{path.stem}.csv").open(newline="", encoding="utf-8") as read:
        rows = sum(1 for _ in csv.reader(read)) - 1
    return f"LibreOffice reads {rows:,} rows ({time.monotonic() - start:.0f} s)"


def measure(kind: str, place: Place) -> None:
    cookie = place.run("bench.exports", "--sign-in").splitlines()[-1]
    for way in ("xlsx", "csv"):
        to = place.data_dir / f"exported.{way}"
        with served(place) as (port, web):
            first, whole = fetched(port, f"{LIST}&as={way}{COLUMNS}", cookie, to)
            memory = held(web)
        size = to.stat().st_size / 1e6
        print(f"{kind} .{way}: first byte {first:.1f} s, whole {whole:.1f} s, {size:.1f} MB; ", end="")
        print(f"server {memory} MB at most; {opened(to)}", flush=True)


def main(cases: int) -> None:
    folder = Path(os.environ.get("BENCH_DIR", "build/bench")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("SQLite", "PostgreSQL"):
        with copied(kind, folder, cases) as place:
            measure(kind, place)


if __name__ == "__main__":
    if "--sign-in" in sys.argv:
        print(sign_in())
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
