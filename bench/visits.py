"""`python -m bench.visits`: due list, a district's progress, a grid's next households, and the recount of all.

Fills the empty database that the environment names (`python -m tests.services postgresql -- python -m bench.visits`),
or SQLite's in a directory that is removed again.

BENCH_SIZE   small (a twentieth, for SQLite), default (1 million households), large (10 million)
"""

import os
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from statistics import quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.db.models import Model

SIZES = {"small": (5_000, 50_000), "default": (100_000, 1_000_000), "large": (100_000, 10_000_000)}
DISTRICTS, CROWD, AT_GRID = 10, 50, 1_000
FIRST_UNIT, FIRST_GRID = 100, 50_000
TODAY = date(2026, 11, 12)
AT = datetime.fromisoformat("2026-01-05T08:00:00+08:00")
#: As long as a sealed name.
SEALED = "k1:" + "x" * 90
ASKS, WARMING = 200, 10
#: Of every five officials a leader, three members, a grid keeper: kind, households, visits owed, terms so far, months.
KINDS = (
    ("leader_household", 2, 2, 1, 12),
    ("member_household", 1, 1, 2, 6),
    ("member_household", 1, 1, 2, 6),
    ("member_household", 1, 1, 2, 6),
    ("grid_household", 3, 1, 4, 3),
)
Row = dict[str, Any]


def put(model: "type[Model]", rows: Iterable[Row]) -> None:
    """Write past the models: what a row does not name has its default, and a uuid of its own."""
    from django.db import connection

    posts = connection.vendor == "postgresql"
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    fixed = {one.attname: one.get_db_prep_save(one.get_default(), connection) for one in fields}

    def values() -> Iterator[list[Any]]:
        for row in rows:
            filled = fixed | row
            if "uuid" in filled:
                key = uuid.uuid4()
                filled["uuid"] = key if posts else key.hex
            yield [filled[field.attname] for field in fields]

    table, columns = model._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        if posts:
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in values():
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', values())  # noqa: S608


def units(officials: int, homes: int) -> Iterator[Row]:
    from lianying.orgs.paths import segment

    root = f"/{segment(1)}/"
    yield {"id": 1, "code": "root", "name": "county", "kind": "government", "path": root}
    for number in range(DISTRICTS):
        path = f"{root}{segment(number + 1)}/"
        yield {
            "id": 2 + number,
            "code": f"d{number}",
            "name": f"d{number}",
            "kind": "town",
            "path": path,
            "parent_id": 1,
        }
    parts = ((FIRST_UNIT, officials // CROWD, "department"), (FIRST_GRID, homes // AT_GRID, "village"))
    for first, count, kind in parts:
        for number in range(count):
            above, key = number % DISTRICTS, first + number
            path = f"{root}{segment(above + 1)}/{segment(key)}/"
            row = {"id": key, "code": f"u{key}", "name": f"u{key}", "kind": kind, "path": path, "parent_id": 2 + above}
            yield row


def links(officials: int, homes: int) -> Iterator[tuple[Row, tuple[int, int, int]]]:
    """With what each owes in a term, how many terms there are so far, and their months."""
    key = 0
    for official in range(officials):
        kind, count, required, terms, months = KINDS[official % len(KINDS)]
        for _ in range(count):
            key += 1
            home = key * 7 % homes
            row = {
                "id": key,
                "kind": kind,
                "unit_id": FIRST_UNIT + official // CROWD,
                "user_id": 1 + official,
                "place_id": FIRST_GRID + home // AT_GRID,
                "household_id": 1 + home,
                "from_on": date(2026, 1, 1),
            }
            yield row, (required, terms, months)


def owed(officials: int, homes: int) -> Iterator[Row]:
    """Of every second term so far a visit was made."""
    from lianying.rules.quotas import months_of

    for link, (required, terms, months) in links(officials, homes):
        for number in range(terms):
            term = months_of(months, date(2026, 1 + number * months, 1))
            row = {"starts_on": term.starts_on, "ends_on": term.ends_on, "base": required, "required": required}
            yield {**row, "link_id": link["id"], "unit_id": link["unit_id"], "done": (link["id"] + number) % 2}


def visits(officials: int, homes: int) -> Iterator[Row]:
    for link, (_, terms, months) in links(officials, homes):
        for number in range(terms):
            if (link["id"] + number) % 2:
                on = date(2026, 1 + number * months, 1) + timedelta(days=link["id"] % 28)
                row = {"on": on, "recorded_at": AT + (on - AT.date()) + timedelta(hours=8)}
                yield {**row, "link_id": link["id"], "user_id": link["user_id"], "recorded_by_id": link["user_id"]}


def numbered(rows: Iterable[Row]) -> Iterator[Row]:
    return ({"id": key, **row} for key, row in enumerate(rows, start=1))


def fill(officials: int, homes: int) -> None:
    from django.db import connection, transaction

    from lianying.households.models import Contact, Household
    from lianying.orgs.models import Post, Unit, User
    from lianying.visits.models import Link, Obligation, Visit

    people = range(1, officials + 1)
    post = {"role": "visitor", "from_on": date(2026, 1, 1)}
    with transaction.atomic():
        put(Unit, units(officials, homes))
        put(User, ({"id": n, "username": f"p{n}", "name": f"p{n}", "made_at": AT} for n in people))
        put(Post, ({"id": n, "user_id": n, "unit_id": FIRST_UNIT + (n - 1) // CROWD, **post} for n in people))
        sealed = {"name_sealed": SEALED, "phone_sealed": SEALED, "address_sealed": SEALED, "created_at": AT}
        put(Contact, ({"id": n, **sealed} for n in range(1, homes + 1)))
        home = {"called_sealed": SEALED, "made_at": AT}
        put(
            Household,
            (
                {"id": n + 1, "contact_id": n + 1, "place_id": FIRST_GRID + n // AT_GRID, **home, **eased(n)}
                for n in range(homes)
            ),
        )
        put(Link, (link for link, _ in links(officials, homes)))
        put(Obligation, numbered(owed(officials, homes)))
        put(Visit, numbered(visits(officials, homes)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def eased(number: int) -> Row:
    """One household of ten has it hard, and they lie along the way in no order."""
    return {"hardship": max(number % 60 - 53, 0), "walk": number * 7 % AT_GRID}


def measured(name: str, ask: Callable[[int], object]) -> str:
    """A row of the table: statements, CPU and p50/p99 in milliseconds, over ASKS different askers."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(WARMING):
        ask(number)
    with CaptureQueriesContext(connection) as captured:
        ask(WARMING)
    took, began = [], process_time()
    for number in range(ASKS):
        start = perf_counter()
        ask(WARMING + number)
        took.append((perf_counter() - start) * 1000)
    cpu = (process_time() - began) * 1000 / ASKS
    parts = quantiles(took, n=100)
    return f"| {name} | {len(captured)} | {cpu:.1f} | {parts[49]:.1f} | {parts[98]:.1f} |"


def named(officials: int) -> None:
    """Give the households of those who ask a name that opens."""
    from lianying.common.sealing import seal
    from lianying.visits.models import Link

    askers = [asker(number, officials) for number in range(WARMING + ASKS)]
    for link in Link.objects.filter(user__in=askers).select_related("household"):
        assert link.household is not None
        seal(link.household, called="周大爷家", needs="")
        link.household.save(update_fields=["called_sealed", "needs_sealed", "key_id"])


def asker(number: int, officials: int) -> int:
    return 1 + number * 479 % officials


def ask_all(officials: int, homes: int) -> None:
    from lianying.common.paging import page_of
    from lianying.households.queries import ORDER, households_at
    from lianying.orgs.models import Unit, User
    from lianying.orgs.queries import actor_of
    from lianying.visits.queries.coverage import coverage_of, coverage_together
    from lianying.visits.queries.due import due_page, lines, own_links, sums, unmet
    from lianying.visits.verify import obligation_faults

    def due(number: int) -> object:
        actor = actor_of(User.objects.get(pk=asker(number, officials)), TODAY)
        own = own_links(actor, TODAY)
        return lines(due_page(unmet(own, TODAY), TODAY).rows, TODAY), sums(own, TODAY)

    def progress(number: int) -> object:
        inside = Unit.objects.filter(path__startswith=districts[number % DISTRICTS])
        return coverage_together(inside, TODAY), coverage_of(list(inside.order_by("path")[:50]), TODAY)

    def following(number: int) -> object:
        rows = households_at(FIRST_GRID + number % (homes // AT_GRID))
        return page_of(rows, ORDER, page_of(rows, ORDER).next)

    districts = list(Unit.objects.filter(kind="town").order_by("path").values_list("path", flat=True))
    print("| | queries | CPU ms | p50 ms | p99 ms |\n|---|--:|--:|--:|--:|")
    print(measured("due list of one official", due))
    print(measured("progress of a district, and of 50 units", progress))
    print(measured("two pages of 50 households of a grid", following))
    start, began = perf_counter(), process_time()
    faults = sum(1 for _ in obligation_faults(TODAY))
    print(f"\nRecount of all: {perf_counter() - start:.1f} s, {process_time() - began:.1f} s of CPU; {faults} faults.")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    officials, homes = SIZES[os.environ.get("BENCH_SIZE", "default")]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LIANYING_DATA_DIR"] = folder
        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from lianying.visits.models import Obligation

        call_command("migrate", verbosity=0, interactive=False)
        start = perf_counter()
        fill(officials, homes)
        named(officials)
        owing = Obligation.objects.count()
        print(f"{connection.vendor}: {officials:,} officials, {owing:,} obligations, {homes:,} households")
        print(f"filled in {perf_counter() - start:.0f} s\n")
        ask_all(officials, homes)


if __name__ == "__main__":
    main()
