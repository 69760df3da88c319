"""`make bench`: fills, serves, measures, prints a table and adds it to docs/benchmarks.md.

BENCH_SIZES      cases, separated by commas (10000,500000); the first is what the others are compared with
BENCH_DATABASES  SQLite,PostgreSQL
BENCH_RUNS, BENCH_EACH   runs whose median is taken (5), requests in each (25); over HTTP 8 times as many creates and
                 4 times as many reads
BENCH_DIR        where filled databases are kept (build/bench); empty it when the models or the filling change
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import report
from bench.asks import Ask
from bench.cpu import tree
from bench.outside import loaded, median, weight
from bench.report import Figures
from bench.serve import Place, copied, served

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = {"create": 16}
READERS = 4
#: Requests sent ahead of each measure.
WARMING = 8
#: Pages of a first visit, without a number.
WEIGHED = ("/", "/tell/", "/board/", "/numbers/")


def setting(name: str, default: str) -> str:
    return os.environ.get(f"BENCH_{name}", default)


def measure(place: Place, runs: int, each: int) -> tuple[dict[str, Figures], dict[str, dict[str, int]]]:
    """Figures by name of the request, and weights by page."""
    out = place.data_dir / "inside.json"
    place.run("bench.inside", str(runs), str(each), str(out))
    inside: dict[str, Any] = json.loads(out.read_text())
    figures = {}
    with served(place) as (port, web):
        for name, left in inside["left"].items():
            asks = [Ask(**one) for one in left]
            size = (len(asks) - WARMING) // runs
            if size < 2:
                sys.exit(f"{name}: too few in this database; take more cases (BENCH_SIZES) or fewer runs (BENCH_EACH)")
            loaded(port, asks[:WARMING], READERS, web, ())
            # The backends of the connections that are open now.
            database = list(tree(place.postmaster)) if place.postmaster else []
            batches = [asks[WARMING + number * size :][:size] for number in range(runs)]
            times = [loaded(port, batch, CLIENTS.get(name, READERS), web, database) for batch in batches]
            figures[name] = Figures(**inside["results"][name], times=median(times))
        weights = {path: weight(port, path) for path in (*WEIGHED, *_own(inside["left"]["track"][0]["path"]))}
    return figures, weights


def _own(track: str) -> Sequence[str]:
    """A resident's two pages, with number and code."""
    return track, track.replace("/track/", "/receipt/")


def main() -> None:
    sizes = [int(size) for size in setting("SIZES", "10000,500000").split(",")]
    runs, each = int(setting("RUNS", "5")), int(setting("EACH", "25"))
    folder = Path(setting("DIR", str(ROOT / "build" / "bench"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sections = []
    for kind in setting("DATABASES", "SQLite,PostgreSQL").split(","):
        found = {}
        for size in sizes:
            with copied(kind, folder, size) as place:
                found[size], weights = measure(place, runs, each)
                print(f"{kind}, {size} cases: measured", flush=True)
        sections.append(report.table(kind, found))
    text = report.section([*sections, report.weights(weights)], runs, each)
    print(text)
    if "--print" not in sys.argv:
        report.append(ROOT / "docs" / "benchmarks.md", text)


if __name__ == "__main__":
    main()
