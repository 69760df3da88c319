"""From the cells of a row to what can be brought in, or the reason why not."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _

from lianying.cases.actions.bring import Old
from lianying.cases.titles import title_of
from lianying.common.refusals import words
from lianying.common.spreadsheets import Cells, Sheet, Unfit
from lianying.reference.imports import ImportTable, import_table, plain
from lianying.rules.dates import parse_moment
from lianying.rules.kinds import CaseKind
from lianying.rules.phones import digit_count, phone_problem
from lianying.rules.refusals import Refused

REQUIRED = ("text", "received_at")
#: What the database keeps of each; of a telephone it is a matter of sense.
LONGEST = {"id": 60, "text": 20_000, "reply": 20_000, "address": 200, "name": 60, "phone": 60}
TITLE_LONGEST = 60
#: Lines stay apart in these; elsewhere they become one.
LONG = frozenset({"text", "reply"})
#: So much of a bad value is shown.
SHOWN = 20
_NOTHING_TO_SEE = re.compile("[\x01-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """row: its number in the sheet; columns: field -> position; names: all the cells."""

    row: int
    columns: Mapping[str, int]
    names: Cells

    def name(self, column: str) -> str:
        return self.names[self.columns[column]].strip() if column in self.columns else ""

    def unused(self) -> list[str]:
        used = set(self.columns.values())
        return [name.strip() for number, name in enumerate(self.names) if number not in used and name.strip()]


@dataclass(frozen=True, slots=True)
class Read:
    """A row that can be brought in, and what was left out of it: (field, sentence)."""

    old: Old
    remarks: list[tuple[str, str]] = field(default_factory=list)


def columns_of(cells: Cells) -> dict[str, int]:
    """Which field stands where in a heading; {} where the cells are no heading."""
    names = [plain(cell) for cell in cells]
    found = {
        one: names.index(name)
        for one, wanted in import_table().headers.items()
        for name in [next((name for name in wanted if name in names), None)]
        if name is not None
    }
    return found if all(one in found for one in REQUIRED) else {}


def is_heading(cells: Cells) -> bool:
    return bool(columns_of(cells))


def heading_of(sheet: Sheet) -> Heading | None:
    for number, cells in enumerate(sheet.head(), 1):
        columns = columns_of(cells)
        if columns:
            return Heading(number, columns, cells)
    return None


def cells_of(sheet: Sheet, heading: Heading) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each row below the heading that is not empty, and its cells by field."""
    for number, cells in enumerate(sheet.rows[heading.row :], heading.row + 1):
        if any(cell.strip() for cell in cells):
            yield number, {one: cells[at] if at < len(cells) else "" for one, at in heading.columns.items()}


def read_row(cells: Mapping[str, str], *, at: datetime) -> Read:
    """Clean the cells of one row.

    at      nothing was received or answered after it
    Raises  Unfit
    """
    table = import_table()
    clean = {column: _clean(column, cell, table) for column, cell in cells.items()}
    text = clean["text"] or _unfit("text", _("There are no words."))
    received_at = _moment("received_at", clean["received_at"], at) or _unfit("received_at", _("There is no time."))
    reply, replied_at = clean.get("reply", ""), _moment("replied_at", clean.get("replied_at", ""), at)
    if replied_at is not None and not reply:
        _unfit("replied_at", _("There is a time of reply, but no reply."))
    if replied_at is not None and replied_at < received_at:
        replied_at = _same_day(replied_at, received_at)
    read = Read(
        Old(
            id=clean.get("id") or _fingerprint(clean, received_at),
            title=_title(clean),
            text=text,
            received_at=received_at,
            reply=reply,
            replied_at=replied_at,
            kind=_kind(clean.get("kind", ""), table),
            category=table.categories.get(plain(clean.get("category", "")), ""),
            address=clean.get("address", ""),
            name=_name(clean),
            phone=_phone(clean.get("phone", "")),
        )
    )
    read.remarks.extend(_remarks(read.old, clean))
    return read


def _clean(column: str, cell: str, table: ImportTable) -> str:
    """Without tabs, wide and doubled spaces and empty lines; "" for what only stands for nothing."""
    if "\0" in cell:
        _unfit(column, _("It holds a NUL character; the file may be damaged."))
    lines = (" ".join(line.split()) for line in _NOTHING_TO_SEE.sub("", cell).splitlines())
    text = ("\n" if column in LONG else " ").join(line for line in lines if line)
    most = LONGEST.get(column)
    if most is not None and len(text) > most:
        _unfit(column, _("%(length)s characters; at most %(most)s can be taken.") % {"length": len(text), "most": most})
    return "" if text.casefold() in table.nothing else text


def _unfit(column: str, why: str) -> NoReturn:
    raise Unfit(column, why)


def _moment(column: str, text: str, at: datetime) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_moment(text, get_default_timezone())
    except ValueError:
        _unfit(column, _("“%(value)s” is not a date that can be read.") % {"value": text[:SHOWN]})
    if moment > at:
        _unfit(column, _("“%(value)s” lies in the future.") % {"value": text[:SHOWN]})
    return moment


def _same_day(replied_at: datetime, received_at: datetime) -> datetime:
    """A reply of which only the day is known came at the earliest with the request."""
    if localtime(replied_at).date() != localtime(received_at).date() or localtime(replied_at).hour:
        _unfit("replied_at", _("The reply is older than the request."))
    return received_at


def _title(clean: Mapping[str, str]) -> str:
    title = clean.get("title") or title_of(clean["text"])
    return title if len(title) <= TITLE_LONGEST else f"{title[: TITLE_LONGEST - 1]}…"


def _kind(cell: str, table: ImportTable) -> CaseKind:
    written = plain(cell)
    found = (kind for kind, parts in table.kinds.items() if any(part in written for part in parts))
    return CaseKind(next(found, CaseKind.OTHER))


def _phone(cell: str) -> str:
    problem = phone_problem(cell)
    if problem:
        _unfit("phone", words(Refused(problem, digits=digit_count(cell))))
    return cell


def _name(clean: Mapping[str, str]) -> str:
    """Whom to ask for when ringing. Without a number nobody needs it, and an account's name is no person's."""
    name = clean.get("name", "")
    return name if clean.get("phone") and not any(letter.isdigit() for letter in name) else ""


def _fingerprint(clean: Mapping[str, str], received_at: datetime) -> str:
    """The number of a row that has none: the same words at the same time are the same request."""
    parts = "\0".join((clean.get("title", ""), received_at.isoformat(), clean["text"]))
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def _remarks(old: Old, clean: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if old.reply and old.replied_at is None:
        yield "replied_at", _("The reply has no time; the time of the import stands for its end.")
    if clean.get("category") and not old.category:
        yield (
            "category",
            _("“%(value)s” is not in our list of categories; left empty.") % {"value": clean["category"][:SHOWN]},
        )
    if clean.get("kind") and old.kind is CaseKind.OTHER and plain(clean["kind"]) not in import_table().kinds["other"]:
        yield (
            "kind",
            _("“%(value)s” is not a kind that we know; taken as another one.") % {"value": clean["kind"][:SHOWN]},
        )
