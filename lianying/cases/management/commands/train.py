import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianying.cases.actions.learning import ENOUGH, mark_all
from lianying.cases.queries.decisions import decided, decisions
from lianying.common.clock import now
from lianying.reference.imports import import_table, plain
from lianying.triage.actions import make_version
from lianying.triage.grams import Decision, Told

FEWEST = 20


def read(path: Path) -> tuple[list[Decision], int]:
    """Decisions of a table with the columns text, category and perhaps title; and how many rows were left out.

    Columns and categories are known by the names of `import-cases`. Raises CommandError
    """
    table = import_table()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise CommandError(f"{path} cannot be read as a table: {error}") from error
    names = {plain(name): name for name in (rows[0] if rows else {})}
    columns = {
        field: next((names[known] for known in (field, *table.headers.get(field, ())) if known in names), None)
        for field in ("title", "text", "category")
    }
    if columns["text"] is None or columns["category"] is None:
        raise CommandError(f"{path} needs the columns text and category.")
    found = []
    for row in rows:
        cells = {field: (row[name] or "").strip() if name else "" for field, name in columns.items()}
        code = table.categories.get(plain(cells["category"]), "")
        if code and cells["text"]:
            found.append(Decision(Told(cells["title"], cells["text"]), code))
    return found, len(rows) - len(found)


class Command(BaseCommand):
    help = "Learn from the county's decisions which category and unit to propose; with --from also from a table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", type=Path, metavar="FILE.csv", help="labelled messages: columns text, category")
        parser.add_argument("--data-dir", help="where the database and the models are kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["from"]
        known, source = decisions(), ""
        count = decided()
        if path is not None:
            more, left_out = read(path)
            known, source, count = more + known, path.name[:80], count + len(more)
            self.stdout.write(f"{len(more)} messages read, {left_out} without words or a known category.")
        elif count < ENOUGH:
            raise CommandError(f"{count} decisions are too few to learn from: {ENOUGH} are needed.")
        if count < FEWEST:
            raise CommandError(f"{count} messages are too few to learn from: {FEWEST} are needed.")
        version = make_version(known, source=source, at=now())
        mark_all()
        used = "in use" if version.active else "kept, but not in use: what is in use was no worse"
        self.stdout.write(
            f"{version.name}: {version.rows} decisions, {version.accuracy:.0%} of categories right; {used}."
        )
