"""Spreadsheets as rows of text, whatever program wrote them: CSV in the encodings in use, Excel, OpenDocument."""

import codecs
import csv
import io
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

Cells = list[str]
#: A heading may stand below a title, but not far below.
HEAD_ROWS = 10
DELIMITERS = ",\t;"
_ZIP = b"PK\x03\x04"
_WORKBOOKS = (_ZIP, b"\xd0\xcf\x11\xe0")
#: A small archive can unpack to more than the machine holds.
UNPACKED_BYTES = 500_000_000
# A quotation mark that is never closed makes one field of the rest of the file; it is told, not cut.
csv.field_size_limit(sys.maxsize)


class Unreadable(Exception):
    """The message says what is wrong with the file, in the language of the moment."""


class Unfit(Exception):
    """A row that cannot be taken. column: the field to blame; why: a sentence in the language of the moment."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(column, why)
        self.column = column
        self.why = why


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows as the spreadsheet numbers them: the first is row 1, empty ones included. `name` is "" in a CSV."""

    name: str
    rows: list[Cells]

    def head(self) -> list[Cells]:
        return self.rows[:HEAD_ROWS]


def read_sheets(path: Path, is_heading: Callable[[Cells], bool]) -> list[Sheet]:
    """As `sheets_of`, of a file; raises Unreadable also where there is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(_("The file cannot be opened: %(why)s") % {"why": error.strerror}) from error
    return sheets_of(content, is_heading)


def sheets_of(content: bytes, is_heading: Callable[[Cells], bool]) -> list[Sheet]:
    """Read all sheets, told by the content: a name's ending is often wrong.

    is_heading   tells the right delimiter of a CSV from the others
    Raises       Unreadable
    """
    if content.startswith(_WORKBOOKS):
        return _workbook(content)
    return [_table(_text(content), is_heading)]


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, ["utf-16"])
    return _decoded(content, ["utf-8-sig", "gb18030"])


def _decoded(content: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This is no spreadsheet that can be read: neither Excel, nor text in UTF-8, UTF-16 or GB18030."))


def _table(text: str, is_heading: Callable[[Cells], bool]) -> Sheet:
    def fits(delimiter: str) -> bool:
        return any(map(is_heading, islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEAD_ROWS)))

    delimiter = next(filter(fits, DELIMITERS), DELIMITERS[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Cells] = []
    while True:
        line = reader.line_num + 1
        try:
            rows.append(next(reader))
        except StopIteration:
            return Sheet("", rows)
        except csv.Error as error:
            raise Unreadable(
                _("A quotation mark does not fit in the row that begins at line %(line)s of the file.") % {"line": line}
            ) from error


def _workbook(content: bytes) -> list[Sheet]:
    try:
        if content.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES:
                    raise Unreadable(_("This workbook is too large. Please divide it into several."))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise Unreadable(_("This workbook cannot be opened; it may be damaged or locked with a password.")) from error
    return [Sheet(name, [list(map(_cell, row)) for row in rows]) for name, rows in tables.items()]


def _cell(value: object) -> str:
    """A day count, a number or a moment as somebody would type it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return str(value)


#: A cell that begins so is a formula to a spreadsheet.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 40


def safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def write_sheet(out: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """One sheet of text with a head that stays; whatever its length, no more than a row of it is held in memory."""
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, label in enumerate(head):
            sheet.set_column(place, place, min(WIDEST, 12 + 2 * len(label)))
            sheet.write_string(0, place, label, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, safe(cell))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A line at a time, to be sent while the next is read; the mark at its start lets Excel see that it is UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write("\ufeff")
    for row in chain([head], rows):
        writer.writerow(map(safe, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
