"""The six results (六到): the numbers, the rows behind each, and the rows as a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianying.common.masking import mask_text
from lianying.common.pages import needs, page
from lianying.common.spreadsheets import write_sheet
from lianying.orgs.middleware import Request
from lianying.reference.categories import named_categories
from lianying.reviews.labels import PARTS as PART_LABELS
from lianying.reviews.labels import PERIODS, RESULT_KINDS, RESULT_NOUNS, RESULT_WORDS
from lianying.reviews.queries.lines import Line, line_of
from lianying.reviews.queries.tally import codes_of, rows, rows_page
from lianying.reviews.queries.tally import tally as counted
from lianying.reviews.views.asked import Chosen, chosen
from lianying.rules.powers import Power
from lianying.rules.results import DETAILS, OF_CASES, PARTS, Count, Part, ResultKind

#: As of an export of requests: it is read by a person, with a spreadsheet.
MOST = 50_000
IN_MEMORY = 5_000_000
HEADS: tuple[Promise, ...] = (
    _("Day"),
    _("Unit"),
    _("Place"),
    _("What was done"),
    _("Kind"),
    _("Where it is written"),
    _("Why it does not count"),
)


@dataclass(frozen=True, slots=True)
class Card:
    kind: ResultKind
    label: Promise
    noun: Promise
    words: Promise
    count: Count


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def tally(request: Request) -> HttpResponse:
    asked = chosen(request)
    numbers = counted(asked.asked)
    context = {
        "chosen": asked,
        "periods": PERIODS,
        "cards": [
            Card(kind, RESULT_KINDS[kind], RESULT_NOUNS[kind], RESULT_WORDS[kind], count)
            for kind, count in numbers.items()
        ],
        "may_enter": Power.RESULTS in request.actor.powers,
    }
    return page(request, "reviews/tally.html", None, context)


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def tally_kind(request: Request, name: str) -> HttpResponse:
    """The rows of one number, a part of it at a time."""
    kind, asked = _kind(name), chosen(request)
    count = counted(asked.asked, [kind])[kind]
    part = _part(request, kind, count)
    found = rows_page(kind, part, asked.asked, request.GET.get("after", ""))
    context = {
        "chosen": asked,
        "periods": PERIODS,
        "kind": kind,
        "label": RESULT_KINDS[kind],
        "noun": RESULT_NOUNS[kind],
        "words": RESULT_WORDS[kind],
        "count": count,
        "part": part,
        "parts": [(one, PART_LABELS[one], count.of(one)) for one in PARTS[kind]],
        "page": found,
        "lines": [line_of(row) for row in found.rows],
        "categories": [named_categories()[code] for code in codes_of(kind)] if kind in OF_CASES else [],
        "is_entered": kind in DETAILS,
        "may_enter": kind in DETAILS and Power.RESULTS in request.actor.powers,
    }
    return page(request, "reviews/tally_kind.html", None, context)


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def tally_file(request: Request, name: str) -> FileResponse:
    """Exactly what the part lists; what residents wrote is masked, since a file leaves the house."""
    kind, asked = _kind(name), chosen(request)
    part = _part(request, kind, counted(asked.asked, [kind])[kind])
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_sheet(out, [*map(str, HEADS)], _cells(kind, part, asked))
    out.seek(0)
    title = f"{RESULT_KINDS[kind]}-{PART_LABELS[part]}-{asked.asked.span.starts_on:%Y%m%d}"
    return FileResponse(out, as_attachment=True, filename=f"{title}.xlsx")


def _cells(kind: ResultKind, part: Part, asked: Chosen) -> Iterator[list[str]]:
    found: Iterator[Any] = islice(rows(kind, part, asked.asked).iterator(chunk_size=2_000), MOST)
    return (_row(line_of(row)) for row in found)


def _row(line: Line) -> list[str]:
    return [line.on.isoformat(), line.unit, line.place, mask_text(line.what), line.more, line.source, line.why]


def _kind(name: str) -> ResultKind:
    if name not in tuple(ResultKind):
        raise Http404
    return ResultKind(name)


def _part(request: Request, kind: ResultKind, count: Count) -> Part:
    """The one that is asked for, else the first that has rows."""
    name = request.GET.get("part", "")
    if name in PARTS[kind]:
        return Part(name)
    return next((part for part in PARTS[kind] if count.of(part)), PARTS[kind][0])
