"""The workbook to fill in: what there is already stands in it, with lists to choose from and a sheet that explains."""

from typing import IO, Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianying.orgs.importing.known import Known
from lianying.orgs.importing.tables import EXAMPLE, EXPLANATION, Column, Table, tables
from lianying.orgs.models import User
from lianying.reference.categories import categories

#: Rows that offer a list to choose from.
LISTED = 5_000


def write_template(out: IO[bytes], known: Known) -> None:
    """An .xlsx, row by row: a county of any size takes the same memory."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#F3EFE7", "border": 1, "border_color": "#C9C1B2"})
    grey = book.add_format({"italic": True, "font_color": "#6B665C"})
    for table in tables().values():
        sheet = book.add_worksheet(str(table.label))
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(table.columns):
            # As text, or a code would lose the noughts before it.
            sheet.set_column(at, at, column.width, book.add_format({"num_format": "@"}))
            sheet.write_string(0, at, _heading(column), bold)
            if choices := [str(one) for one in column.choices()]:
                sheet.data_validation(1, at, LISTED, at, {"validate": "list", "source": choices})
        for at, cell in enumerate(_example(table)):
            sheet.write_string(1, at, cell, grey)
        for number, cells in enumerate(table.filled(known), 1):
            for at, cell in enumerate(cells):
                sheet.write_string(number, at, cell)
    _explain(book, bold)
    book.close()


def write_slips(out: IO[bytes], people: list[tuple[User, str]]) -> None:
    """Who signs in where for the first time: name, user name, unit and link, a person a row."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    names = (_("Name"), _("User name"), _("Unit"), _("Link for the first sign-in, three days"))
    rows = [
        (user.name, user.username, "、".join(post.unit.name for post in user.posts.all()), link)
        for user, link in people
    ]
    for at, width in enumerate((16, 16, 28, 80)):
        sheet.set_column(at, at, width)
    for number, cells in enumerate([names, *rows]):
        for at, cell in enumerate(cells):
            sheet.write_string(number, at, cell)
    book.close()


def _heading(column: Column) -> str:
    return f"{column.label} *" if column.needed else str(column.label)


def _example(table: Table) -> list[str]:
    """Marked in its first cell, so that it is left out when the workbook comes back."""
    cells = [str(column.example) for column in table.columns]
    return [f"{_mark()}{cells[0]}", *cells[1:]] if any(cells) else []


def _mark() -> str:
    return EXAMPLE[get_language() or "zh-hans"]


def _explain(book: Any, bold: Any) -> None:
    sheet = book.add_worksheet(str(EXPLANATION))
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 80)
    rows: list[tuple[str, str, str]] = [
        (_("A star marks what is needed. What stands here already may stay: it is told from what is new."), "", ""),
        (_("Rows that are taken out of a sheet are not removed from the system."), "", ""),
        (_("A row that begins with “%(mark)s” is an example and is left out.") % {"mark": _mark()}, "", ""),
        ("", "", ""),
    ]
    for table in tables().values():
        rows += [(str(table.label), _heading(column), str(column.hint)) for column in table.columns]
        rows.append(("", "", ""))
    number = 0
    for row in rows:
        for at, cell in enumerate(row):
            sheet.write_string(number, at, cell)
        number += 1
    sheet.write_string(number, 0, _("Categories"), bold)
    is_english = get_language() == "en"
    for one in categories():
        number += 1
        sheet.write_string(number, 0, one.code)
        sheet.write_string(number, 1, one.name_en if is_english else one.name_zh)
