"""The sheets of the workbook: their columns, and the rows that stand in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from lianying.common.spreadsheets import Cells, Sheet, Unreadable, sheets_of
from lianying.orgs.paths import LEVELS
from lianying.reference.imports import plain

LANGUAGES = ("zh-hans", "en")
#: More rows are told apart from a workbook sent by mistake.
MOST_ROWS = 100_000


class SheetKind(StrEnum):
    UNITS = "units"
    PEOPLE = "people"
    DUTIES = "duties"


@dataclass(frozen=True, slots=True)
class Column:
    """width in characters, of the template."""

    field: str
    label: Promise
    needed: bool = False
    hint: Promise | str = ""
    width: int = 16


_CODE = gettext_lazy("letters and digits, unique, for ever; of a village e.g. its statistic code")
_AREA = gettext_lazy("of a place only: twelve digits, of a grid fifteen")
_UNIT = gettext_lazy("its code, or its name where only one unit is called so")
_USERNAME = gettext_lazy("with this the person signs in, for example a staff number")
_ROLE = gettext_lazy("choose from the list; another post of the same person is another row")
_PLACE = gettext_lazy("a town, village or community, with all below it; empty: everywhere")
_SOURCE = gettext_lazy("the document, for “why here?”")
SHEETS: Mapping[SheetKind, tuple[Promise, tuple[Column, ...]]] = {
    SheetKind.UNITS: (
        gettext_lazy("Units"),
        (
            Column("code", gettext_lazy("Code"), True, _CODE),
            Column("name", pgettext_lazy("of a unit", "Name"), True, width=28),
            Column("kind", gettext_lazy("Kind of unit"), True, gettext_lazy("choose from the list")),
            Column("parent", gettext_lazy("Unit above"), hint=_UNIT, width=20),
            Column("phone", pgettext_lazy("of a unit", "Telephone"), hint=gettext_lazy("shown to residents")),
            Column("name_en", gettext_lazy("English name"), width=28),
            Column("area_code", gettext_lazy("Statistic code"), hint=_AREA, width=18),
        ),
    ),
    SheetKind.PEOPLE: (
        gettext_lazy("People and posts"),
        (
            Column("username", gettext_lazy("User name"), True, _USERNAME),
            Column("name", gettext_lazy("Name"), True),
            Column("unit", gettext_lazy("Unit"), True, _UNIT, 28),
            Column("role", gettext_lazy("Role"), True, _ROLE),
            Column("from_on", gettext_lazy("First day"), hint=gettext_lazy("empty: today")),
        ),
    ),
    SheetKind.DUTIES: (
        gettext_lazy("Duty list"),
        (
            Column("category", gettext_lazy("Category"), True, gettext_lazy("its number or its name"), 24),
            Column("place", gettext_lazy("Place"), hint=_PLACE, width=24),
            Column("unit", gettext_lazy("Unit that answers for it"), True, _UNIT, 28),
            Column("source", gettext_lazy("Where it is written"), hint=_SOURCE, width=40),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """cells: by field, cleaned of the space around them. place: 'sheet!12', or '12' in a CSV."""

    sheet: SheetKind
    place: str
    cells: Mapping[str, str]


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
        elif any(cell.strip() for cells in sheet.head() for cell in cells):
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


def label_of(kind: SheetKind, field: str) -> str:
    """The heading of a column in the language of the moment."""
    return next((str(column.label) for column in SHEETS[kind][1] if column.field == field), "")


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
            if any(cell.strip() for cell in row)
        ]
    return None


def _cell(row: Cells, column: int) -> str:
    return " ".join(row[column].split()) if column < len(row) else ""


@cache
def _names() -> Mapping[SheetKind, Mapping[str, str]]:
    """By sheet: the plain name of a column in every language, and its field."""
    names: dict[SheetKind, dict[str, str]] = {kind: {} for kind in SHEETS}
    for language in LANGUAGES:
        with override(language):
            for kind, (_label, columns) in SHEETS.items():
                names[kind] |= {plain(str(column.label)): column.field for column in columns}
    return names


def _heading(cells: Cells) -> tuple[SheetKind, dict[str, int]] | None:
    """What the columns are, where all that are needed stand there; the sheet of which more do."""
    best: tuple[SheetKind, dict[str, int]] | None = None
    # The star of a needed column and what is added in brackets are no part of its name.
    written = [plain(cell.split("（")[0].split("(")[0]) for cell in cells]
    for kind, names in _names().items():
        columns = {names[name]: at for at, name in reversed(list(enumerate(written))) if name in names}
        needed = all(column.field in columns for column in SHEETS[kind][1] if column.needed)
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
