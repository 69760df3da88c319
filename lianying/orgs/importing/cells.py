"""Reading one cell of a row: what every sheet asks of it, and the words where it does not do."""

from collections.abc import Mapping
from datetime import date
from typing import NoReturn, TypeVar

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying.common.spreadsheets import Unfit
from lianying.orgs.importing.known import Known, KnownUnit
from lianying.orgs.importing.tables import LANGUAGES, Row
from lianying.reference.imports import plain
from lianying.rules.dates import parse_moment

One = TypeVar("One")
#: So much of a bad value is shown.
SHOWN = 20


def unfit(column: str, why: str) -> NoReturn:
    raise Unfit(column, why)


def needed(row: Row, column: str) -> str:
    return row.cells.get(column, "") or unfit(column, _("This cell is empty."))


def unit_in(column: str, written: str, known: Known, *, quoting: bool = True) -> KnownUnit:
    """By its code, else by a name that only one unit has.

    quoting     say what is written there; not on a sheet where a cell too few puts a resident in the column
    """
    if written in known.units:
        return known.units[written]
    codes = known.named.get(plain(written), [])
    if len(codes) > 1:
        unfit(column, _("Several units are called “%(name)s”; please write the code.") % {"name": written[:SHOWN]})
    if not codes and not quoting:
        unfit(column, _("There is no such unit, neither here nor in the workbook."))
    if not codes:
        unfit(column, _("There is no unit “%(name)s”, neither here nor in the workbook.") % {"name": written[:SHOWN]})
    return known.units[codes[0]]


def day_in(row: Row, column: str) -> date | None:
    """None where nothing is written."""
    written = row.cells.get(column, "")
    if not written:
        return None
    try:
        return parse_moment(written, get_default_timezone()).date()
    except ValueError:
        unfit(column, _("This cannot be read as a day; please write it like 2026-03-01."))


def by_label(known: Mapping[str, tuple[One, object]]) -> dict[str, One]:
    """From a value or its label in any language, as `plain` has them, to what it means."""
    found = {plain(value): one for value, (one, _label) in known.items()}
    for language in LANGUAGES:
        with override(language):
            found |= {plain(str(label)): one for one, label in known.values()}
    return found
