"""The only module that knows which of the two databases it speaks to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models


def next_number(name: str, *, count: int = 1, until: datetime | None = None) -> int:
    """Return 1, 2, 3, … for `name`; taken inside the caller's transaction, so a rolled-back one is given again.

    count   so many are taken at once, and the first is returned
    until   when the counter may be swept away; None keeps it
    """
    with connection.cursor() as cursor:
        # One statement on both databases: no gap between reading and writing for a second process to slip in.
        cursor.execute(
            "INSERT INTO common_counter (name, value, until) VALUES (%s, %s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = common_counter.value + excluded.value RETURNING value",
            [name, count, connection.ops.adapt_datetimefield_value(until)],
        )
        return int(cursor.fetchone()[0]) - count + 1


def take_turns(name: str) -> None:
    """Let nobody else past this line with the same name until the transaction ends. SQLite has one writer anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def explain(rows: "models.QuerySet[models.Model]") -> str:
    """The plan of the query, for tests that an index is used."""
    return rows.explain()


@dataclass(frozen=True, slots=True)
class Like:
    """The query of that name with one value put for another: it is not made and compiled a second time."""

    name: str
    value: str
    instead: str


def counts(rows: Mapping[str, "models.QuerySet[Any] | Like"], cap: int) -> dict[str, int]:
    """Return how many rows each query finds, none beyond `cap`, all in one query: no count reads more than it shows."""
    made: dict[str, tuple[str, tuple[Any, ...]]] = {}
    parts: list[str] = []
    values: list[Any] = []
    found = dict.fromkeys(rows, 0)
    counted: list[str] = []
    for name, one in rows.items():
        if isinstance(one, Like):
            if one.name not in made:
                continue
            sql, given = made[one.name]
            given = tuple(one.instead if value == one.value else value for value in given)
        else:
            try:
                sql, given = made[name] = one.order_by().values("pk")[:cap].query.sql_with_params()
            except EmptyResultSet:
                continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS part)")  # noqa: S608 - Django's own SQL, its values apart
        values += given
        counted.append(name)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            found |= zip(counted, cursor.fetchone(), strict=True)
    return found


@dataclass(frozen=True, slots=True)
class Each:
    """A query whose only value is asked for anew with each of these: it is made and compiled once."""

    rows: "models.QuerySet[Any, Any]"
    values: Sequence[int]


def joined(each: Each, *more: "models.QuerySet[Any, Any]") -> list[Any]:
    """The first column of every query, each with its own order and limit, all in one query."""
    sql, _ = each.rows.query.sql_with_params()
    parts = [(sql, (value,)) for value in each.values]
    parts += [one.query.sql_with_params() for one in more]
    if not parts:
        return []
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{at}" for at, (sql, _) in enumerate(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union, [value for _, values in parts for value in values])
        return [row[0] for row in cursor.fetchall()]
