"""The figures as a table, with what was aimed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from bench.outside import Times

QUERIES, GROWTH, PAGE_KB, SEARCH_MS = 12, 1.3, 60, 5
#: The yardstick of the machine that the targets were set for, with nothing else running.
REFERENCE_MS = 160
#: CPU milliseconds of the web part, by how the name of a request begins.
WEB = {"create": 12, "list of 50": 30, "case": 20, "one move": 15}
HEAD = f"""# Benchmarks

`make bench` fills a database past the actions with requests over 24 months whose chains verify, serves it with
`lianying up` and measures. Each section below is one run; figures are as seen. How to read them:

- **queries**: SQL statements of one request, with session, user and posts; + those that only frame a transaction. On
  PostgreSQL each request also asks once whether its kept connection still lives.
- **web, database**: CPU milliseconds of one request inside the process. The database part is the time inside SQLite's
  driver, or the CPU of PostgreSQL's backend.
- **served**: CPU of the two web processes per request over HTTP, the server's own work included; on SQLite also the
  database's.
- **p50, p99, rate**: milliseconds, and requests per second, over HTTP on kept connections, 16 clients for create and 4
  for the others. The clients, the server and the database share the machine.
- **yardstick**: CPU milliseconds for a fixed piece of Python, before and after each run: it tells a slow machine from a
  slow program. These machines are shared, and their speed changes by half within a minute.
- **even**: web, each run at the speed at which the yardstick takes {REFERENCE_MS} ms. The targets are held against it;
  "met" says that they were reached as measured too.
- **x**: web and database together over the smallest size, both at that speed.
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind of request: queries and those framing a transaction, CPU milliseconds, and what clients saw.

    web, database, yardstick   milliseconds, one for each run
    """

    queries: int
    framing: int
    web: Sequence[float]
    database: Sequence[float]
    yardstick: Sequence[float]
    times: Times

    def even(self, runs: Sequence[float]) -> float:
        """The median at the speed of the reference, each run by its own yardstick."""
        return median(one * REFERENCE_MS / yard for one, yard in zip(runs, self.yardstick, strict=True))

    @property
    def cpu(self) -> float:
        return self.even([web + database for web, database in zip(self.web, self.database, strict=True)])


def web_target(name: str) -> int | None:
    return next((limit for start, limit in WEB.items() if name.startswith(start)), None)


def verdict(name: str, one: Figures, first: Figures) -> str:
    """Whether the targets were reached; `first` is the smallest size."""
    web, faults = web_target(name), []
    limits = [(one.web, web, "web")] if web else []
    if name.startswith("search"):
        limits.append((one.database, SEARCH_MS, "database"))
    if one.queries > QUERIES:
        faults.append(f"queries > {QUERIES}")
    faults += [f"{what} > {limit} ms" for runs, limit, what in limits if one.even(runs) > limit]
    if web and one.cpu > GROWTH * first.cpu:
        faults.append(f"x > {GROWTH}")
    if faults:
        return f"**missed: {', '.join(faults)}**"
    return "met" if all(median(runs) <= limit for runs, limit, _what in limits) else "met, even"


def table(kind: str, found: Mapping[int, Mapping[str, Figures]]) -> str:
    """One row for each kind of request and size."""
    smallest = found[min(found)]
    lines = [
        f"### {kind}\n",
        "| request | cases | queries | web | database | yardstick | even | x | served | p50 | p99 | rate | targets |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, first in smallest.items():
        for size, figures in found.items():
            one, times = figures[name], figures[name].times
            said = verdict(name, one, first)
            counted = f"{one.queries}" + (f" + {one.framing}" if one.framing else "")
            lines.append(
                f"| {name} | {size:,} | {counted} | {median(one.web):.1f} | {median(one.database):.2f} "
                f"| {median(one.yardstick):.0f} | {one.even(one.web):.1f} | {one.cpu / first.cpu:.2f} "
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
