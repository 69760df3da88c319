"""How long words take to be found among many cases: `python -m bench.search [cases]` (1,000,000).

SQLite in a directory of its own; on PostgreSQL through `python -m tests.services postgresql -- …`, whose database must
be empty. Texts are of the demonstration county, each used fifty times: what counts is how often a word stands there.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

CASES = 1_000_000
TEXTS = 20_000
RUNS = 30
WORDS = ("灯", "鳄", "路灯", "垃圾", "鳄鱼", "物业 电梯", "小区门口", "无人理睬", "公交站台")


def texts(count: int) -> list[str]:
    from lianying.reference.demo import words
    from lianying.reference.demo.compose import compose

    known, chance = words(), random.Random(20261122)
    return [compose(known, chance).text for _ in range(count)]


def fill(cases: int, vary: Callable[[int], Mapping[str, Any]] = lambda pk: {}) -> None:
    """A template case is made through the action; the rest are copies of it, spread over the units.

    vary   what else differs by id: values of columns
    """
    from django.db import connection

    from lianying.cases.models import Case
    from lianying.orgs.models import Unit
    from lianying.orgs.paths import WIDTH
    from lianying.rules.grams import age, grams, places
    from tests import make
    from tests.cast import build_county

    template = make.heard(build_county())
    units = list(Unit.objects.values_list("pk", "path"))
    known = [(text, " ".join(grams(text))) for text in texts(TEXTS)]
    fields = [field for field in Case._meta.concrete_fields if not field.generated]
    made = {one.column: one.get_db_prep_save for one in fields}
    row = {one.column: one.get_db_prep_save(getattr(template, one.attname), connection) for one in fields}
    copied = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s"] * len(row))

    def rows(start: int, end: int) -> Iterator[list[Any]]:
        for pk in range(start, end):
            unit, path = units[pk % len(units)]
            own = {"id": pk, "uuid": f"{pk:032x}", "ref": f"NH-{pk}", "unit_id": unit, "path": path}
            more = {name: made[name](value, connection) for name, value in vary(pk).items()}
            yield list((row | own | {"text": known[pk % TEXTS][0]} | more).values())

    with connection.cursor() as cursor:
        for start in range(template.pk + 1, template.pk + 1 + cases, 5_000):
            end = min(start + 5_000, template.pk + 1 + cases)
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO cases_case ({copied}) VALUES ({marks})", list(rows(start, end)))  # noqa: S608 - our own columns
            cursor.executemany(
                "INSERT INTO cases_searchtext (case_id, grams) VALUES (%s, %s)",
                [
                    (pk, " ".join([known[pk % TEXTS][1], *places(units[pk % len(units)][1], WIDTH), age(pk)]))
                    for pk in range(start, end)
                ],
            )
            cursor.execute("COMMIT")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE cases_case")
            cursor.execute("VACUUM ANALYZE cases_searchtext")


def timed(what: Callable[[], object]) -> tuple[float, float]:
    """Median and longest in ms."""
    what()
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        what()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took), max(took)


def main(cases: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    folder = tempfile.TemporaryDirectory(prefix="lianying-search-")
    os.environ["LIANYING_DATA_DIR"] = folder.name
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianying.cases.queries.find import by_words
    from lianying.orgs.models import User
    from lianying.orgs.queries import actor_of
    from tests.cast import NOON

    call_command("migrate", verbosity=0, interactive=False)
    start = time.monotonic()
    fill(cases)
    print(f"{connection.vendor}: {cases:,} cases filled in {time.monotonic() - start:.0f} s", flush=True)
    people = {name: actor_of(User.objects.get(username=name), NOON.date()) for name in ("clerk", "handler")}
    print("| word | desk, ms | longest | hits | office, ms | longest | hits |\n|---|---|---|---|---|---|---|")
    for words in WORDS:
        cells = []
        for person in people.values():
            middle, longest = timed(partial(by_words, person, words))
            cells.append(f"{middle:.1f} | {longest:.1f} | {len(by_words(person, words)[0])}")
        print(f"| {words} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
