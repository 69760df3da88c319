"""What a list costs under every two filters, and far down: `python -m bench.filters [cases]` (500,000).

SQLite in a directory of its own; on PostgreSQL through `python -m tests.services postgresql -- …`, whose database must
be empty. Each filter comes with a frequent and a rare value, and every pair is asked of every tab as the page asks it,
by a supervisor of the whole county and by a handler. Milliseconds of CPU, medians of three; the dearest are printed, as
measured and at the speed of the reference.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations, product
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.asks import Ask

CASES = 500_000
OPEN = 0.1
TABS = ("handling", "answered", "late", "closed")
PEOPLE = ("supervisor", "handler")
SHOWN = 12
#: The yardstick is laid anew after so many lists.
SAME_SPEED = 5
#: By how often it stands in a hundred.
KINDS = {"help": 70, "consult": 15, "suggestion": 8, "complaint": 4, "thanks": 2.9, "report": 0.1}
URGENCIES = {"ordinary": 90, "priority": 7, "complex": 2.9, "urgent": 0.1}
STATES = {"assigned": 2, "handling": 5, "waiting": 0.5, "disputed": 0.2, "answered": 2.3}


def varying() -> Any:
    """What differs by id: over two years, one in ten open, categories the rarer the later they stand in the list."""
    from lianying.common.clock import now
    from lianying.reference.categories import categories

    at, chance = now(), random.Random(20261123)
    codes = [row.code for row in categories() if row.parent]
    often = [1 / place for place in range(1, len(codes) + 1)]

    def vary(pk: int) -> Mapping[str, Any]:
        received = at - timedelta(seconds=chance.random() * 730 * 86400)
        given = {
            "kind": chance.choices(list(KINDS), list(KINDS.values()))[0],
            "urgency": chance.choices(list(URGENCIES), list(URGENCIES.values()))[0],
            "category": chance.choices(codes, often)[0],
            "received_at": received,
            "due_at": received + timedelta(days=14),
        }
        if chance.random() < OPEN:
            state = chance.choices(list(STATES), list(STATES.values()))[0]
            return given | {"state": state, "stage_due_at": at + timedelta(days=chance.uniform(-3, 12))}
        closed = received + timedelta(days=chance.uniform(1, 20))
        return given | {"state": "closed", "closed_at": closed, "stage_due_at": None, "ending": "satisfied"}

    return vary


def values() -> dict[str, tuple[str, str]]:
    """A frequent and a rare value of each filter."""
    from lianying.common.clock import now
    from lianying.reference.categories import categories

    codes = [row.code for row in categories() if row.parent]
    days = [(now() - timedelta(days=ago)).date().isoformat() for ago in (300, 728)]
    return {
        "kind": ("help", "report"),
        "urgency": ("ordinary", "urgent"),
        "category": (codes[0], codes[-1]),
        "unit": ("management", "village"),
        "mine": ("1", "1"),
        "q": ("路灯", "无人理睬"),
        "since": (days[0], (now() - timedelta(days=1)).date().isoformat()),
        "until": (days[0], days[1]),
        "late": ("1", "1"),
    }


def pairs() -> Iterator[dict[str, str]]:
    known = values()
    for one, other in combinations(known, 2):
        seen = set()
        for first in known[one]:
            for second in known[other]:
                if (first, second) not in seen:
                    seen.add((first, second))
                    yield {one: first, other: second}


def cost(ask: Ask) -> tuple[float, float, int]:
    """CPU ms of the database and of the web part, and queries; medians of three after one that warms."""
    from django.db import connection

    from bench.inside import METER, backend_ms, send

    send(ask)
    behind, web = [], []
    for _ in range(3):
        METER.queries.clear()
        METER.seconds, backend, began = 0.0, backend_ms(), time.process_time()
        send(ask)
        whole = (time.process_time() - began) * 1000
        own = METER.seconds * 1000
        behind.append(backend_ms() - backend if connection.vendor == "postgresql" else own)
        web.append(whole if connection.vendor == "postgresql" else whole - own)
    return median(behind), median(web), len(METER.queries)


def measure(username: str) -> None:
    from bench.inside import yardstick
    from bench.plan import session
    from bench.report import REFERENCE_MS
    from lianying.orgs.models import User

    cookie = session(User.objects.get(username=username))
    found = []
    for place, (tab, pair) in enumerate(product(TABS, [{}, *pairs()])):
        if place % SAME_SPEED == 0:
            even = REFERENCE_MS / yardstick()
        query = urlencode({"tab": tab, **pair})
        behind, web, queries = cost(Ask(f"/desk/work/?{query}", cookie))
        found.append((behind * even, behind, web * even, web, queries, query))
    print(f"{username}: {len(found)} lists; dearest: database even and measured, web even and measured, queries")
    for *costs, queries, query in sorted(found, reverse=True)[:SHOWN]:
        print(f"| {query} | {' | '.join(f'{one:.1f}' for one in costs)} | {queries} |")
    at = [sorted(one[column] for one in found) for column in range(5)]
    spread = ", ".join(f"{one[len(one) // 2]:.1f}/{one[len(one) * 9 // 10]:.1f}/{one[-1]:.1f}" for one in at)
    print(f"half/nine tenths/all within: {spread}", flush=True)


def main(cases: int) -> None:
    folder = tempfile.TemporaryDirectory(prefix="lianying-filters-")
    os.environ["LIANYING_DATA_DIR"] = folder.name
    os.environ |= {"LIANYING_RATE_LIMITS": "off", "DJANGO_SETTINGS_MODULE": "lianying.config.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.inside import watch
    from bench.search import fill

    call_command("migrate", verbosity=0, interactive=False)
    start = time.monotonic()
    fill(cases, varying())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {cases:,} cases filled in {time.monotonic() - start:.0f} s", flush=True)
    watch()
    for username in PEOPLE:
        measure(username)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
