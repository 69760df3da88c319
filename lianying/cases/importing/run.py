"""Bringing a spreadsheet in: row by row read, batch by batch written, each row with what became of it."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from lianying.cases.actions.bring import Brought, Old, bring_in
from lianying.cases.importing.rows import Heading, Read, cells_of, heading_of, read_row
from lianying.cases.queries.sources import brought
from lianying.common.clock import now
from lianying.common.pace import Pace
from lianying.common.spreadsheets import Sheet, Unfit
from lianying.orgs.scope import Actor


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    THERE = "there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row. place: '12', or 'sheet!12'; column: the heading to blame; ref: our number."""

    place: str
    id: str
    outcome: Outcome
    column: str = ""
    why: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that can be brought in."""

    sheet: Sheet
    heading: Heading

    def place(self, row: int) -> str:
        return f"{self.sheet.name}!{row}" if self.sheet.name else str(row)

    def size(self) -> int:
        return sum(1 for _row in cells_of(self.sheet, self.heading))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row that is read and waits for its batch."""

    result: Result
    old: Old


def tables_of(sheets: list[Sheet]) -> list[Table]:
    """The sheets with a heading; the name of a single one is not shown."""
    if len(sheets) == 1:
        sheets = [replace(sheets[0], name="")]
    return [Table(sheet, heading) for sheet in sheets if (heading := heading_of(sheet)) is not None]


@dataclass(slots=True)
class Import:
    """One run. `by` None writes nothing and says the same."""

    tables: list[Table]
    source: str
    by: Actor | None
    pace: Pace = field(default_factory=Pace)

    def results(self) -> Iterator[Result]:
        """What became of every row, in the order of the file but for those refused at once; what is yielded is done."""
        waiting: list[_Waiting] = []
        for one in self._read():
            if isinstance(one, Result):
                yield one
                continue
            waiting.append(one)
            if len(waiting) >= self.pace.rows:
                yield from self._write(waiting)
                waiting = []
        yield from self._write(waiting)

    def _read(self) -> Iterator[Result | _Waiting]:
        seen: dict[str, tuple[str, bytes]] = {}
        at = now()
        for table in self.tables:
            for row, cells in cells_of(table.sheet, table.heading):
                yield self._judged(table, row, cells, seen, at)

    def _judged(
        self, table: Table, row: int, cells: dict[str, str], seen: dict[str, tuple[str, bytes]], at: datetime
    ) -> Result | _Waiting:
        place = table.place(row)
        try:
            read = read_row(cells, at=at)
        except Unfit as unfit:
            column = table.heading.name(unfit.column)
            return Result(place, cells.get("id", "").strip(), Outcome.REFUSED, column, unfit.why)
        old = read.old
        earlier, said = seen.setdefault(old.id, (place, _digest(old)))
        if earlier == place:
            return _Waiting(_accepted(table, place, read), old)
        if said == _digest(old):
            return Result(place, old.id, Outcome.THERE, why=_("The same as row %(row)s.") % {"row": earlier})
        why = _("Row %(row)s has the same number but other words.") % {"row": earlier}
        return Result(place, old.id, Outcome.REFUSED, table.heading.name("id"), why)

    def _write(self, waiting: list[_Waiting]) -> Iterator[Result]:
        if not waiting:
            return
        ids = [one.old.id for one in waiting]
        if self.by is None:
            done = Brought({}, brought(self.source, ids))
        else:
            start = time.monotonic()
            done = bring_in([one.old for one in waiting], source=self.source, by=self.by, at=now())
            self.pace.took(len(waiting), time.monotonic() - start)
        for one in waiting:
            if one.old.id in done.there:
                yield Result(one.result.place, one.old.id, Outcome.THERE, ref=done.there[one.old.id])
            else:
                yield replace(one.result, ref=done.taken.get(one.old.id, ""))


def _accepted(table: Table, place: str, read: Read) -> Result:
    column = ", ".join(table.heading.name(one) or one for one, _why in read.remarks)
    return Result(place, read.old.id, Outcome.ACCEPTED, column, " ".join(why for _column, why in read.remarks))


def _digest(old: Old) -> bytes:
    return hashlib.sha256(f"{old.title}\0{old.text}\0{old.reply}".encode()).digest()
