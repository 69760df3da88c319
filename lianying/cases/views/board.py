"""Questions and answers that were released to the public: a list, one of them, all as a table."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianying.cases.models import PublicVersion
from lianying.cases.queries.board import ORDER, board_page, public_version_for, released, towns
from lianying.common.clock import local_day
from lianying.common.pages import csv_response, page, public
from lianying.reference.categories import categories


def category_names() -> dict[str, str]:
    english = get_language() == "en"
    return {one.code: one.name_en if english else one.name_zh for one in categories()}


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    names = category_names()
    category = request.GET.get("category", "")
    words = request.GET.get("q", "")[:60].strip()
    places = list(towns())
    town = next((one for one in places if one.code == request.GET.get("town")), None)
    category = category if category in names else ""
    rows = board_page(words=words, category=category, town=town, after=request.GET.get("after", ""))
    context = {
        "page": rows,
        "words": words,
        "category": category,
        "towns": places,
        "town": town.code if town else "",
        "names": names,
        "top_categories": [(code, name) for code, name in names.items() if len(code) == 2],
    }
    return page(request, "cases/board.html", None, context)


@public
@require_safe
def public_version(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return page(
        request, "cases/public_version.html", None, {"public": public_version_for(uuid), "names": category_names()}
    )


@public
@require_safe
def data(request: HttpRequest) -> StreamingHttpResponse:
    """All that stands on the board, for whoever computes with it."""
    names = category_names()
    rows = released().order_by(*ORDER).iterator(chunk_size=2_000)
    heads = [
        _("Address of the answer"),
        _("Code of the subject"),
        _("Subject"),
        _("Answered by"),
        _("Asked on"),
        _("Published on"),
        _("Title"),
        _("Question"),
        _("Answer"),
    ]
    return csv_response("lianying-answers.csv", heads, (_cells(request, row, names) for row in rows))


def _cells(request: HttpRequest, row: PublicVersion, names: Mapping[str, str]) -> list[str]:
    address = request.build_absolute_uri(reverse("public_version", args=[row.uuid]))
    days = [row.asked_on.isoformat(), local_day(row.released_at).isoformat()]
    subject = [row.category, names.get(row.category, "")]
    return [address, *subject, row.unit.name, *days, row.title, row.question, row.answer]
