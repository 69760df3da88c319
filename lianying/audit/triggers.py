"""The database itself refuses to change or remove an event, whoever asks."""

from typing import Any

TABLES = ("audit_event", "audit_dayroot")

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_append_only()
"""


def _each(schema_editor: Any, statement: str) -> None:
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(statement.format(table=table, verb=verb))


def create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        _each(schema_editor, POSTGRESQL)
    else:
        _each(schema_editor, SQLITE)


def drop(apps: Any, schema_editor: Any) -> None:
    on_table = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    _each(schema_editor, "DROP TRIGGER IF EXISTS {table}_no_{verb}" + on_table)
