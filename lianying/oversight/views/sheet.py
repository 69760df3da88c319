"""The sheet of a day or a week: to look at, to print, as a spreadsheet; the same figures in all three."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianying.cases.queries.sheets import Line, Sheet
from lianying.cases.queries.sheets import sheet as sheet_of
from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page
from lianying.common.spreadsheets import write_sheet
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power

HEADS = (
    _("Received"),
    _("Answers given"),
    _("Closed"),
    _("Late now"),
    _("Sent back"),
    _("Answered in time"),
    _("Solved"),
    _("Satisfied"),
)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    cells: tuple[str, ...]


@needs(Power.REMIND)
@require_safe
def sheet(request: Request) -> HttpResponse:
    of, first = _span(request)
    found = _sheet(request, of, first)
    length = WEEK if of == "week" else DAY
    context = {
        "of": of,
        "sheet": found,
        "heads": HEADS,
        "units": [_shown(line) for line in found.units],
        "categories": [_shown(line, _t("not sorted yet")) for line in found.categories],
        "all": _shown(found.all, _t("All")),
        "before": str(first - length),
        "after": str(first + length) if first + length <= local_day(now()) else "",
    }
    return page(request, "oversight/sheet.html", None, context)


@needs(Power.REMIND)
@require_safe
def sheet_file(request: Request) -> FileResponse:
    of, first = _span(request)
    found = _sheet(request, of, first)
    out = SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 - the response closes it
    write_sheet(out, [_t("Unit or category"), *map(str, HEADS)], _rows(found))
    out.seek(0)
    title = _t("weekly sheet") if of == "week" else _t("daily sheet")
    return FileResponse(out, as_attachment=True, filename=f"{title}-{first:%Y%m%d}.xlsx")


def _rows(found: Sheet) -> Iterator[list[str]]:
    lines = [_shown(found.all, _t("All")), *map(_shown, found.units)]
    for shown in (*lines, *(_shown(line, _t("not sorted yet")) for line in found.categories)):
        yield [shown.name, *shown.cells]


def _sheet(request: Request, of: str, first: date) -> Sheet:
    at = now()
    last = min(first + WEEK - DAY, local_day(at)) if of == "week" else first
    return sheet_of(request.actor, first, last, at)


def _span(request: Request) -> tuple[str, date]:
    """day or week, and its first day; anything else is today."""
    of = "week" if request.GET.get("of") == "week" else "day"
    today = local_day(now())
    try:
        on = parse_date(request.GET.get("on", "")) or today
    except ValueError:
        on = today
    on = min(max(on, date(2000, 1, 3)), today)
    return of, on - timedelta(days=on.weekday()) if of == "week" else on


def _shown(line: Line, nameless: str = "") -> Shown:
    counts = line.tally
    rates = (
        _part(counts.in_time, counts.assessable),
        _part(counts.solved, counts.checked),
        _part(counts.satisfied, counts.checked),
    )
    flows = (counts.received, line.answered, line.closed, line.late, line.reworked)
    return Shown(line.name or nameless, (*map(str, flows), *rates))


def _part(part: int | Decimal, whole: int) -> str:
    """'3/4', and a dash where there is nothing to count: never 0 or 100 per cent of nothing."""
    return f"{part:g}/{whole}" if whole else "—"
