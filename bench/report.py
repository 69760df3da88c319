"""The figures as a table, with what was aimed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.outside import Times

QUERIES, GROWTH, PAGE_KB, SEARCH_MS = 12, 1.3, 60, 5
#: CPU milliseconds of the web part, by how the name of a request begins.
WEB = {"create": 12, "list of 50": 30, "case": 20, "one move": 15}
HEAD = """# Benchmarks

`make bench` fills a database past the actions with requests over 24 months whose chains verify, serves it with
`lianying up` and measures. Each section below is one run; figures are as seen. How to read them:

- **queries**: SQL statements of one request, with session, user and posts; + those that only frame a transaction. On
  PostgreSQL each request also asks once whether its kept connection still lives.
- **web, database**: CPU milliseconds of one request inside the process. The database part is the time inside SQLite's
  driver, or the CPU of PostgreSQL's backend.
- **served**: CPU of the two web processes per request over HTTP, the server's own work included; on SQLite also the
  database's.
- **p50, p99**: milliseconds over HTTP on kept connections, 16 clients for create and 4 for the others. The clients, the
  server and the database share the machine.
- **yardstick**: CPU milliseconds for a fixed piece of Python, before and between the measures. A second run with a
  larger one met a busier machine, not a slower program.
- **x**: web and database together, over the smallest size.
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind of request: queries and those framing a transaction, CPU milliseconds, and what clients saw."""

    queries: int
    framing: int
    web: float
    database: float
    times: Times

    @property
    def cpu(self) -> float:
        return self.web + self.database


def web_target(name: str) -> int | None:
    return next((limit for start, limit in WEB.items() if name.startswith(start)), None)


def missed(name: str, one: Figures, first: Figures) -> list[str]:
    """What was aimed at and not reached; `first` is the smallest size."""
    limit = web_target(name)
    faults = []
    if one.queries > QUERIES:
        faults.append(f"queries > {QUERIES}")
    if limit is not None and one.web > limit:
        faults.append(f"web > {limit} ms")
    if name.startswith("search") and one.database > SEARCH_MS:
        faults.append(f"database > {SEARCH_MS} ms")
    if limit is not None and one.cpu > GROWTH * first.cpu:
        faults.append(f"x > {GROWTH}")
    return faults


def table(kind: str, found: Mapping[int, Mapping[str, Figures]], yards: Mapping[int, float]) -> str:
    """One row for each kind of request and size."""
    smallest = found[min(found)]
    lines = [
        f"### {kind}\n",
        "Yardstick: " + ", ".join(f"{yard:.0f} ms at {size:,} cases" for size, yard in yards.items()) + ".\n",
        "| request | cases | queries | web | database | x | served | p50 | p99 | per second | targets |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, first in smallest.items():
        for size, figures in found.items():
            one, times = figures[name], figures[name].times
            said = ", ".join(f"**missed: {fault}**" for fault in missed(name, one, first)) or "met"
            counted = f"{one.queries}" + (f" + {one.framing}" if one.framing else "")
            lines.append(
                f"| {name} | {size:,} | {counted} | {one.web:.1f} | {one.database:.2f} | {one.cpu / first.cpu:.2f} "
                f"| {times.cpu:.1f} | {times.p50:.0f} | {times.p99:.0f} | {times.per_second:.0f} | {said} |"
            )
    return "\n".join(lines) + "\n"


def weights(found: Mapping[str, Mapping[str, int]]) -> str:
    """First visits: what is sent, in KB of 1,000 bytes."""
    lines = ["### First visits, compressed as sent\n", "| page | KB | of it | target |", "|---|--:|---|---|"]
    for path, parts in found.items():
        total = sum(parts.values()) / 1000
        listed = ", ".join(f"{name} {size / 1000:.1f}" for name, size in parts.items())
        verdict = "met" if total <= PAGE_KB else f"**missed: > {PAGE_KB} KB**"
        lines.append(f"| {path.partition('?')[0]} | {total:.1f} | {listed} | {verdict} |")
    return "\n".join(lines) + "\n"


def section(parts: Sequence[str], runs: int, each: int) -> str:
    title = f"## {date.today().isoformat()}\n"  # noqa: DTZ011 - the day where it was run
    machine = (
        f"A machine with 2 shared cores. Medians of {runs} runs of {each} requests inside the process. "
        "SQLite 3 with WAL and synchronous FULL, PostgreSQL with its defaults (fsync on, 128 MB of shared buffers).\n"
    )
    return "\n".join([title, machine, *parts])


def append(path: Path, text: str) -> None:
    before = path.read_text("utf-8") if path.exists() else HEAD
    path.write_text(f"{before}\n{text}", "utf-8")
