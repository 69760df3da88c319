"""A list as a spreadsheet: exactly what is listed, seen beforehand, without a word of who the residents are."""

from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianying.cases.columns import COLUMNS, Column, chosen, sheet_row
from lianying.cases.forms.lists import filters_of, query_of, tab_of
from lianying.cases.queries.lists import MOST, Tab, export_rows, units_within
from lianying.cases.views.saved import columns_for
from lianying.common.clock import local_day, now
from lianying.common.pages import csv_response, needs, page
from lianying.common.spreadsheets import write_sheet
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power

FIRST: tuple[Promise, ...] = (_("Number"), _("Matter"), _("Place"))
SHOWN = 10
IN_MEMORY = 5_000_000


def _rows(request: Request, at: datetime) -> Any:
    filters = filters_of(request.GET, units_within(request.actor), actor=request.actor, at=at)
    return export_rows(tab_of(request.GET) or Tab.ASSIGNED, request.actor, filters, at)


def _columns(request: Request) -> tuple[Column, ...]:
    """Those asked for, else those of the list and what a person reads first in a spreadsheet."""
    asked = request.GET.getlist("column")
    usual = (*columns_for(request.actor), Column.STATE, Column.RECEIVED, Column.DUE)
    return chosen(" ".join(asked or usual))


@needs(Power.SEE)
@require_safe
def export(request: Request) -> HttpResponse:
    """How many rows there are, which columns, and the first of them."""
    rows, columns = _rows(request, now()), _columns(request)
    tab, count = tab_of(request.GET) or Tab.ASSIGNED, rows[: MOST + 1].count()
    context = {
        "count": count,
        "is_long": count > MOST,
        "most": f"{MOST:,}",
        "heads": [*FIRST, *(COLUMNS[column] for column in columns)],
        "rows": [sheet_row(row, columns) for row in rows[:SHOWN]],
        "columns": columns,
        "all_columns": COLUMNS.items(),
        "given": [(name, value) for name, value in request.GET.items() if name not in {"column", "as"}],
        "query": query_of(request.GET, tab=tab.value),
    }
    return page(request, "cases/export.html", None, context)


@needs(Power.SEE)
@require_safe
def export_file(request: Request) -> HttpResponseBase:
    """`as`: csv for text that is sent while it is read, however long; else a workbook of no more than MOST rows."""
    at, columns = now(), _columns(request)
    name = f"{_('requests')}-{local_day(at):%Y%m%d}"
    heads = [*map(str, FIRST), *(str(COLUMNS[column]) for column in columns)]
    rows = (sheet_row(row, columns) for row in _rows(request, at).iterator(chunk_size=2_000))
    if request.GET.get("as") == "csv":
        return csv_response(f"{name}.csv", heads, rows)
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_sheet(out, heads, islice(rows, MOST))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx")
