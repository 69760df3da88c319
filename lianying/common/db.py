"""The only module that knows which of the two databases it speaks to."""

from datetime import datetime

from django.db import connection, models


def next_number(name: str, *, until: datetime | None = None) -> int:
    """Return 1, 2, 3, … for `name`; taken inside the caller's transaction, so a rolled-back one is given again.

    until   when the counter may be swept away; None keeps it
    """
    with connection.cursor() as cursor:
        # One statement on both databases: no gap between reading and writing for a second process to slip in.
        cursor.execute(
            "INSERT INTO common_counter (name, value, until) VALUES (%s, 1, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = common_counter.value + 1 RETURNING value",
            [name, connection.ops.adapt_datetimefield_value(until)],
        )
        return int(cursor.fetchone()[0])


def explain(rows: "models.QuerySet[models.Model]") -> str:
    """The plan of the query, for tests that an index is used."""
    return rows.explain()
