"""Rows straight into a table, past the ORM: executemany on SQLite, COPY on PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = Sequence[Any]


def _moment(value: datetime) -> str:
    """As Django's SQLite backend writes it: UTC without a zone."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


FOR_SQLITE: dict[type, Callable[[Any], Any]] = {
    datetime: _moment,
    date: date.isoformat,
    UUID: lambda value: value.hex,
    dict: lambda value: json.dumps(value, ensure_ascii=False),
    bool: int,
}
FOR_POSTGRESQL: dict[type, Callable[[Any], Any]] = {dict: lambda value: json.dumps(value, ensure_ascii=False)}


class Table:
    """Collects rows of one model, given by keyword like its fields' columns, and writes them in batches.

    What is not named takes the field's default; generated columns, and an `id` that no row names, are the database's.
    """

    def __init__(self, model: type[models.Model], *named: str) -> None:
        columns = {field.attname: field.column for field in model._meta.concrete_fields}
        wrong = set(named) - columns.keys()
        if wrong:
            raise LookupError(f"{model.__name__} has no {wrong}")
        rest = [
            field
            for field in model._meta.concrete_fields
            if field.attname not in named and not field.generated and not isinstance(field, models.AutoField)
        ]
        self.model = model
        self.defaults = [field.get_default for field in rest]
        self.columns = [columns[name] for name in named] + [field.column for field in rest]
        self.rows: list[Row] = []

    def add(self, *values: Any) -> None:
        """Values in the order of the names."""
        self.rows.append((*values, *(default() for default in self.defaults)))

    def write(self) -> None:
        """Send what was collected to the database, inside the caller's transaction."""
        table, columns = self.model._meta.db_table, ", ".join(f'"{name}"' for name in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in _plain(self.rows, FOR_POSTGRESQL):
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(self.columns))
                statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of our own tables
                connection.connection.executemany(statement, _plain(self.rows, FOR_SQLITE))
        self.rows.clear()


def _plain(rows: Iterable[Row], how: dict[type, Callable[[Any], Any]]) -> Iterable[Row]:
    for row in rows:
        yield [how[type(value)](value) if type(value) in how else value for value in row]


def reset_numbers(*written: type[models.Model]) -> None:
    """Let the database go on numbering after rows that brought their own ids."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
