"""The report of an import as a CSV that Excel opens, beside the file or else in the data directory."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import pgettext, pgettext_lazy

from lianying.cases.importing.run import Outcome, Result
from lianying.common.spreadsheets import safe

OUTCOMES = {
    Outcome.ACCEPTED: pgettext_lazy("of an imported row", "accepted"),
    Outcome.THERE: pgettext_lazy("of an imported row", "already there"),
    Outcome.REFUSED: pgettext_lazy("of an imported row", "refused"),
}


def write_report(file: Path, results: Iterable[Result]) -> Path:
    """Write FILE.report.csv and return where it stands; it holds numbers and reasons, no words of residents."""
    rows = [[safe(cell) for cell in _cells(result)] for result in results]
    name = f"{file.name}.report.csv"
    try:
        return _written(file.with_name(name), rows)
    except OSError:
        return _written(settings.DATA_DIR / name, rows)


def _written(path: Path, rows: list[list[str]]) -> Path:
    # The mark at the beginning tells Excel that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            [
                pgettext("of a spreadsheet", "row"),
                pgettext("of a spreadsheet", "number there"),
                pgettext("of a spreadsheet", "result"),
                pgettext("of a spreadsheet", "column"),
                pgettext("of a spreadsheet", "why"),
                pgettext("of a spreadsheet", "number here"),
            ]
        )
        writer.writerows(rows)
    return path


def _cells(result: Result) -> list[str]:
    return [result.place, result.id, str(OUTCOMES[result.outcome]), result.column, result.why, result.ref]
