"""The only module that knows which of the two databases it speaks to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from lianying.rules.grams import AGE, age


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
    """The plan of the query, for tests that an index is used.

    PostgreSQL is kept from sorting and from reading whole tables, which it prefers as long as a table is nearly empty.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
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


#: Stretches of `rules.grams.AGE` ids that are looked at first, where the index cannot give the newest first.
NEWEST_STRETCHES = (4, 16)


def some_matching(table: str, words: Sequence[tuple[list[str], bool]], *, most: int) -> list[int]:
    """Ids of at most so many rows that hold all the words, in no order: with fewer than `most` these are all."""
    if connection.vendor == "postgresql":
        parts = " & ".join(f"({' <-> '.join(_lexemes(tokens, begun=begun))})" for tokens, begun in words)
        sql = f"SELECT case_id FROM {table} WHERE vector @@ %s::tsquery LIMIT %s"  # noqa: S608 - our own name
    else:
        parts = " AND ".join(_fts(tokens, begun=begun) for tokens, begun in words)
        sql = f"SELECT rowid FROM {table}_index WHERE {table}_index MATCH %s LIMIT %s"  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute(sql, [parts, most])
        return [row[0] for row in cursor.fetchall()]


def _fts(tokens: Sequence[str], *, begun: bool) -> str:
    return f'"{" ".join(tokens)}"{" *" if begun else ""}'


def matching(
    table: str, words: Sequence[tuple[list[str], bool]], inside: Sequence[str], *, below: int | None, most: int
) -> list[int]:
    """Ids of at most so many rows that hold all the words, the newest first; see `rules.grams.asked`.

    table    one with an id and `grams`, and the index of its migration
    inside   tokens of which one must be there; none where everything may be looked at
    below    only ids smaller than this
    """
    if connection.vendor == "postgresql":
        return _matching_postgresql(table, words, inside, below, most)
    parts = [_fts(tokens, begun=begun) for tokens, begun in words]
    if inside:
        parts.append("(" + " OR ".join(f'"{token}"' for token in inside) + ")")
    index = f"{table}_index"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {index} WHERE {index} MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",  # noqa: S608 - our own name
            [" AND ".join(parts), _LARGEST if below is None else below, most],
        )
        return [row[0] for row in cursor.fetchall()]


_LARGEST = 2**63 - 1


def _matching_postgresql(
    table: str, words: Sequence[tuple[list[str], bool]], inside: Sequence[str], below: int | None, most: int
) -> list[int]:
    """A GIN index knows no order: what is found often is found among the newest, what is rare is soon put in order."""
    parts = [" <-> ".join(_lexemes(tokens, begun=begun)) for tokens, begun in words]
    if inside:
        parts.append(" | ".join(_lexemes(inside, begun=False)))
    asked = " & ".join(f"({part})" for part in parts)
    with connection.cursor() as cursor:
        if below is None:
            cursor.execute(f"SELECT MAX(case_id) + 1 FROM {table}")  # noqa: S608 - our own name
            below = cursor.fetchone()[0]
        if not below:
            return []
        newest = (below - 1) // AGE
        found: list[int] = []
        for stretches in (*NEWEST_STRETCHES, 0):
            ages = [age(number * AGE) for number in range(max(newest - stretches, -1) + 1, newest + 1)]
            narrowed = f"{asked} & ({' | '.join(_lexemes(ages, begun=False))})" if stretches else asked
            cursor.execute(
                f"WITH hits AS MATERIALIZED (SELECT case_id FROM {table} WHERE vector @@ %s::tsquery) "  # noqa: S608
                "SELECT case_id FROM hits WHERE case_id < %s ORDER BY case_id DESC LIMIT %s",
                [narrowed, below, most],
            )
            found = [row[0] for row in cursor.fetchall()]
            if len(found) == most:
                break
        return found


def _lexemes(tokens: Sequence[str], *, begun: bool) -> list[str]:
    quoted = [f"'{token}'" for token in tokens]
    return [*quoted[:-1], f"{quoted[-1]}:*"] if begun else quoted
