"""The sheets of the workbook: each app says of its own what the columns are, what a row comes to, how it is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from lianying.orgs.importing.known import Known
from lianying.orgs.importing.writing import Writing
from lianying.orgs.kinds import Made, SheetKind, Thing
from lianying.orgs.models import ImportChange

LANGUAGES = ("zh-hans", "en")
#: A row whose first cell begins so shows how to fill in the sheet, and is left out.
EXAMPLE = {"zh-hans": "例：", "en": "e.g. "}
#: The sheet of the template that says how the others are filled in, and is not read.
EXPLANATION = pgettext_lazy("sheet of a workbook", "How to fill it in")


@dataclass(frozen=True, slots=True)
class Column:
    """width in characters, of the template;  longest: so many may stand in a cell, 0: as many as will;
    choices: what the template offers;  example: for a sheet that the template leaves empty.
    """

    field: str
    label: Promise
    needed: bool = False
    hint: Promise | str = ""
    width: int = 16
    longest: int = 0
    choices: Callable[[], Sequence[object]] = tuple
    example: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """cells: by field, cleaned of the space around them. place: 'sheet!12', or '12' in a CSV."""

    sheet: SheetKind
    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be written."""

    row: Row
    made: Made


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet is.

    judge    what a row comes to; `known` holds it afterwards; raises Unfit
    write    rows that `judge` made, inside the transaction of their batch
    back     by what it makes: put back or remove what a batch changed or made; return, in words, what stays and why
    filled   rows that stand in the template already
    """

    kind: SheetKind
    label: Promise
    columns: tuple[Column, ...]
    judge: Callable[[Row, Known], Ready]
    write: Callable[[Writing, Sequence[Any]], None]
    back: Mapping[Thing, Callable[[Writing, ImportChange], list[str]]]
    filled: Callable[[Known], Iterable[Sequence[str]]] = field(default=lambda known: ())


_offered: dict[SheetKind, Table] = {}


def offer(*tables: Table) -> None:
    """Let these sheets stand in workbooks from now on; for `AppConfig.ready`."""
    _offered.update((table.kind, table) for table in tables)


def tables() -> Mapping[SheetKind, Table]:
    """In the order in which they are written."""
    return {kind: _offered[kind] for kind in SheetKind if kind in _offered}


def label_of(kind: SheetKind, column: str) -> str:
    """The heading of a column in the language of the moment."""
    return next((str(one.label) for one in tables()[kind].columns if one.field == column), "")
