"""Reading a workbook: its sheets told by their headings, and the rows that stand in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying.common.spreadsheets import Cells, Sheet, Unreadable, sheets_of
from lianying.orgs.importing.tables import EXAMPLE, EXPLANATION, LANGUAGES, Row, tables
from lianying.orgs.kinds import SheetKind
from lianying.orgs.paths import LEVELS
from lianying.reference.imports import plain

#: More rows are told apart from a workbook sent by mistake.
MOST_ROWS = 100_000
_EXAMPLES = tuple(EXAMPLE.values())


@dataclass(slots=True)
class Found:
    """rows in the order in which they can be written; unknown: sheets without the columns of any kind."""

    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_workbook(content: bytes) -> Found:
    """Raises Unreadable: the file cannot be opened, has nothing to import, or too much."""
    found = Found()
    sheets = sheets_of(content, lambda cells: _heading(cells) is not None)
    for sheet in sheets:
        rows = _rows(sheet)
        if rows is not None:
            found.rows += rows
        elif sheet.name not in _explanations() and any(cell.strip() for cells in sheet.head() for cell in cells):
            found.unknown.append(sheet.name)
    if not found.rows:
        raise Unreadable(
            _("There is no row in it that can be imported. Please use the template, and keep its headings.")
        )
    if len(found.rows) > MOST_ROWS:
        raise Unreadable(_("More than %(most)s rows: please divide the workbook.") % {"most": f"{MOST_ROWS:,}"})
    order = list(SheetKind)
    found.rows.sort(key=lambda row: order.index(row.sheet))
    found.rows = _parents_first(found.rows)
    return found


def _rows(sheet: Sheet) -> list[Row] | None:
    for number, cells in enumerate(sheet.head(), 1):
        heading = _heading(cells)
        if heading is None:
            continue
        kind, columns = heading
        return [
            Row(
                kind,
                f"{sheet.name}!{at}" if sheet.name else str(at),
                {one: _cell(row, column) for one, column in columns.items()},
            )
            for at, row in enumerate(sheet.rows[number:], number + 1)
            if any(cell.strip() for cell in row) and not row[0].startswith(_EXAMPLES)
        ]
    return None


def _cell(row: Cells, column: int) -> str:
    return " ".join(row[column].split()) if column < len(row) else ""


@cache
def _explanations() -> frozenset[str]:
    names = set()
    for language in LANGUAGES:
        with override(language):
            names.add(str(EXPLANATION))
    return frozenset(names)


@cache
def _names() -> Mapping[SheetKind, Mapping[str, str]]:
    """By sheet: the plain name of a column in every language, and its field."""
    names: dict[SheetKind, dict[str, str]] = {kind: {} for kind in tables()}
    for language in LANGUAGES:
        with override(language):
            for kind, table in tables().items():
                names[kind] |= {plain(str(column.label)): column.field for column in table.columns}
    return names


def _heading(cells: Cells) -> tuple[SheetKind, dict[str, int]] | None:
    """What the columns are, where all that are needed stand there; the sheet of which more do."""
    best: tuple[SheetKind, dict[str, int]] | None = None
    # The star of a needed column and what is added in brackets are no part of its name.
    written = [plain(cell.split("（")[0].split("(")[0]) for cell in cells]
    for kind, names in _names().items():
        columns = {names[name]: at for at, name in reversed(list(enumerate(written))) if name in names}
        needed = all(column.field in columns for column in tables()[kind].columns if column.needed)
        if needed and (best is None or len(columns) > len(best[1])):
            best = (kind, columns)
    return best


def _parents_first(rows: Iterable[Row]) -> list[Row]:
    """Units may stand in any order; one whose line of parents runs in a circle keeps its place and is refused later."""
    rows = list(rows)
    above = {row.cells["code"]: row.cells.get("parent", "") for row in rows if row.sheet is SheetKind.UNITS}
    codes = {row.cells["name"]: row.cells["code"] for row in rows if row.sheet is SheetKind.UNITS}

    def depth(code: str) -> int:
        steps = 0
        while code in above and steps <= LEVELS:
            code, steps = above[code], steps + 1
            code = code if code in above else codes.get(code, "")
        return steps

    units = [row for row in rows if row.sheet is SheetKind.UNITS]
    return sorted(units, key=lambda row: depth(row.cells["code"])) + [r for r in rows if r.sheet is not SheetKind.UNITS]
