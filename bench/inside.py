"""What one request costs inside the process: queries, CPU of the web part, CPU of the database.

`python -m bench.inside RUNS EACH OUT` calls the WSGI application as the server does, without a socket. On SQLite the
database runs in this thread, so its part is the time inside the cursor; on PostgreSQL it is the CPU of the backend.
Writes the results and the requests still to be sent over HTTP to the JSON file OUT.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
django.setup()

# From here on models may be imported.
from django.core.cache import cache  # noqa: E402
from django.db import connection as current  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402

from bench.asks import Ask  # noqa: E402
from bench.cpu import milliseconds  # noqa: E402
from bench.plan import drawn  # noqa: E402
from lianying.common.messages import compile_messages  # noqa: E402
from lianying.config.static import collect  # noqa: E402

# As `lianying up` does before the application looks at them.
compile_messages()
collect()
from lianying.config.wsgi import application  # noqa: E402

#: So many requests go ahead of each measure; over HTTP a run has so many times `each`, moves being scarce.
WARMING = 8
OVER_HTTP = {"create": 8, "one move (sign)": 1}
FRAMES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Meter:
    """Statements since the last look, and seconds of this thread's CPU inside the database driver."""

    def __init__(self) -> None:
        self.queries: list[Any] = []
        self.seconds = 0.0

    def timed(self, call: Callable[..., Any], *given: Any) -> Any:
        start = time.thread_time()
        try:
            return call(*given)
        finally:
            self.seconds += time.thread_time() - start


METER = Meter()
connection: Any = current


class Metered(CursorWrapper):
    """Django's cursor with a clock around whatever reaches the driver."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        METER.queries.append(sql)
        return METER.timed(super().execute, sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        METER.queries.append(sql)
        return METER.timed(super().executemany, sql, param_list)

    def fetchone(self) -> Any:
        return METER.timed(self.cursor.fetchone)

    def fetchmany(self, size: int) -> Any:
        return METER.timed(self.cursor.fetchmany, size)

    def fetchall(self) -> Any:
        return METER.timed(self.cursor.fetchall)


def watch() -> None:
    connection.ensure_connection()
    commit = connection._commit  # noqa: SLF001
    connection.make_cursor = lambda cursor: Metered(cursor, connection)
    connection._commit = lambda: METER.timed(commit)  # noqa: SLF001


def backend_ms() -> float:
    """CPU of the PostgreSQL process that serves this connection; 0 on SQLite."""
    return milliseconds(connection.connection.info.backend_pid) if connection.vendor == "postgresql" else 0


def send(ask: Ask) -> None:
    """Raises RuntimeError where the answer is not the one that the measure is of."""
    said: list[str] = []
    environ = ask.environ() | {"wsgi.input": io.BytesIO(ask.body.encode()), "wsgi.errors": sys.stderr}
    serve: Any = application
    parts = serve(environ, lambda status, headers, info=None: said.append(status))
    b"".join(parts)
    parts.close()
    if not said[0].startswith(str(ask.expect)):
        raise RuntimeError(f"{ask.method} {ask.path}: {said[0]} instead of {ask.expect}")


def measured(asks: Iterator[Ask], runs: int, each: int) -> dict[str, Any]:
    """Queries of one request; for each run its mean costs and the mean yardstick around it, milliseconds of CPU."""
    for _ in range(3):
        send(next(asks))
    METER.queries.clear()
    send(next(asks))
    framed = [one for one in METER.queries if one.lstrip().upper().startswith(FRAMES)]
    queries = len(METER.queries) - len(framed)
    web, database, yards = [], [], [yardstick()]
    for _ in range(runs):
        batch = [next(asks) for _ in range(each)]
        METER.seconds, backend, start = 0.0, backend_ms(), time.process_time()
        for ask in batch:
            send(ask)
        whole = (time.process_time() - start) * 1000
        behind = backend_ms() - backend if connection.vendor == "postgresql" else METER.seconds * 1000
        web.append((whole if connection.vendor == "postgresql" else whole - behind) / each)
        database.append(behind / each)
        yards.append(yardstick())
    return {
        "queries": queries,
        "framing": len(framed),
        "web": web,
        "database": database,
        "yardstick": [(before + after) / 2 for before, after in pairwise(yards)],
    }


def yardstick() -> float:
    """Milliseconds of CPU for a fixed piece of work, to tell a busy machine from a slow program."""
    start = time.process_time()
    for number in range(20_000):
        json.loads(json.dumps({"number": number, "words": ["路灯", "坏了"], "more": {"a": 1.5, "b": None}}))
    return (time.process_time() - start) * 1000


def main(runs: int, each: int, out: Path) -> None:
    plan = drawn(signed=2 * (runs * each + WARMING))
    watch()
    results, left = {}, {}
    for name, asks in plan.items():
        cache.clear()
        results[name] = measured(asks, runs, each)
        left[name] = [asdict(ask) for ask in islice(asks, WARMING + runs * each * OVER_HTTP.get(name, 4))]
    out.write_text(json.dumps({"results": results, "left": left}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
