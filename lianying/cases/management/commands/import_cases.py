import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from tqdm import tqdm

from lianying.cases.importing.report import write_report
from lianying.cases.importing.rows import heading_of, is_heading
from lianying.cases.importing.run import Import, Outcome, Result, Table, tables_of
from lianying.common.spreadsheets import Sheet, Unreadable, read_sheets
from lianying.orgs.models import Unit
from lianying.orgs.queries import desk
from lianying.orgs.scope import CLOCK

SOURCE_LONGEST = 60
#: So many of the refused rows are printed after an import; the report has them all.
SHOWN = 20
#: So much of a heading that fits nothing is repeated: it may be a row of words.
HEADING_SHOWN, HEADINGS_SHOWN = 12, 20


class Command(BaseCommand):
    help = "Bring requests over from a spreadsheet of another system; running it again goes on where it stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, Excel or OpenDocument, one request a row")
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing, not even a report")
        parser.add_argument("--source", help="name of the other system (default: the file's name without its ending)")
        parser.add_argument("--data-dir", help="where the database is kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        dry_run: bool = options["dry_run"]
        source = (options["source"] or file.stem).strip()
        if not 0 < len(source) <= SOURCE_LONGEST:
            raise CommandError(_("--source: one to %(most)s characters, please.") % {"most": SOURCE_LONGEST})
        _require_desk()
        tables = self._tables(file)
        start = time.monotonic()
        results, stopped = _run(Import(tables, source, None if dry_run else CLOCK))
        self._print(results, time.monotonic() - start, most=len(results) if dry_run else SHOWN)
        if dry_run:
            self.stdout.write(_("A trial: nothing was written."))
        else:
            self._report(file, results)
        if stopped:
            raise CommandError(_("Stopped before the end. Run the same command again to go on."), returncode=130)

    def _tables(self, file: Path) -> list[Table]:
        try:
            sheets = read_sheets(file, is_heading)
        except Unreadable as unreadable:
            raise CommandError(_("Nothing was imported. %(why)s") % {"why": unreadable}) from unreadable
        tables = tables_of(sheets)
        if not tables:
            raise CommandError(_no_heading(sheets))
        for sheet in sheets:
            if sheet.rows and heading_of(sheet) is None:
                words = _("The sheet “%(name)s” has no columns that can be imported; left out.")
                self.stdout.write(words % {"name": sheet.name})
        unused = dict.fromkeys(name for table in tables for name in table.heading.unused())
        if unused:
            self.stdout.write(_("Columns that are not imported: %(names)s") % {"names": _listed(list(unused))})
        return tables

    def _print(self, results: list[Result], seconds: float, *, most: int) -> None:
        counts = Counter(result.outcome for result in results)
        self.stdout.write(
            _("%(accepted)s accepted, %(there)s already there, %(refused)s refused, in %(seconds)s seconds.")
            % {
                "accepted": counts[Outcome.ACCEPTED],
                "there": counts[Outcome.THERE],
                "refused": counts[Outcome.REFUSED],
                "seconds": f"{seconds:.1f}",
            }
        )
        noted = [result for result in results if result.outcome is Outcome.REFUSED]
        noted += [result for result in results if result.outcome is Outcome.ACCEPTED and result.why]
        for result in noted[:most]:
            place = {"row": result.place, "column": result.column, "why": result.why}
            if result.outcome is Outcome.REFUSED:
                self.stdout.write(_("Row %(row)s refused, column “%(column)s”: %(why)s") % place)
            else:
                self.stdout.write(_("Row %(row)s accepted, column “%(column)s”: %(why)s") % place)
        if len(noted) > most:
            self.stdout.write(_("… and %(count)s more.") % {"count": len(noted) - most})

    def _report(self, file: Path, results: list[Result]) -> None:
        path = write_report(file, results)
        if path.parent == file.parent:
            self.stdout.write(_("Report: %(path)s") % {"path": path})
        else:
            self.stdout.write(_("Nothing can be written beside the file. Report: %(path)s") % {"path": path})


def _run(run: Import) -> tuple[list[Result], bool]:
    """All results, and whether somebody stopped it; what has a result is in the database."""
    results: list[Result] = []
    total = sum(table.size() for table in run.tables)
    with tqdm(total=total, unit="row", disable=None) as bar:
        try:
            for result in run.results():
                results.append(result)
                bar.update()
        except KeyboardInterrupt:
            return results, True
    return results, False


def _require_desk() -> None:
    try:
        desk()
    except (Unit.DoesNotExist, OperationalError, ProgrammingError) as error:
        raise CommandError(_("There is no county here yet. Set it up with `lianying init` first.")) from error


def _no_heading(sheets: list[Sheet]) -> str:
    seen = next((row for sheet in sheets for row in sheet.head() if any(cell.strip() for cell in row)), [])
    return _(
        "Nothing was imported: a column for the words and one for the time are needed. Columns seen: %(names)s"
    ) % {"names": _listed([cell.strip() for cell in seen if cell.strip()]) or "–"}


def _listed(names: list[str]) -> str:
    more = "…" if len(names) > HEADINGS_SHOWN else ""
    return "、".join(name[:HEADING_SHOWN] for name in names[:HEADINGS_SHOWN]) + more
