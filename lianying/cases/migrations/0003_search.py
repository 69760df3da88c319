"""The text that cases are found by, and the index of either database over it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    """
    CREATE VIRTUAL TABLE cases_searchtext_index USING fts5(
        grams, content='cases_searchtext', content_rowid='case_id', tokenize='unicode61 remove_diacritics 0', prefix='1'
    )
    """,
    """
    CREATE TRIGGER cases_searchtext_added AFTER INSERT ON cases_searchtext BEGIN
        INSERT INTO cases_searchtext_index (rowid, grams) VALUES (new.case_id, new.grams);
    END
    """,
    """
    CREATE TRIGGER cases_searchtext_gone AFTER DELETE ON cases_searchtext BEGIN
        INSERT INTO cases_searchtext_index (cases_searchtext_index, rowid, grams)
        VALUES ('delete', old.case_id, old.grams);
    END
    """,
    """
    CREATE TRIGGER cases_searchtext_changed AFTER UPDATE ON cases_searchtext BEGIN
        INSERT INTO cases_searchtext_index (cases_searchtext_index, rowid, grams)
        VALUES ('delete', old.case_id, old.grams);
        INSERT INTO cases_searchtext_index (rowid, grams) VALUES (new.case_id, new.grams);
    END
    """,
)
POSTGRESQL = (
    """
    ALTER TABLE cases_searchtext ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, grams)) STORED
    """,
    "CREATE INDEX cases_searchtext_vector ON cases_searchtext USING gin (vector)",
)


def create(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE cases_searchtext_index")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_readings")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("grams", models.TextField()),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
