"""Questions and answers that were released to the public: a list, one of them, a feed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianying.cases.queries.board import board_page, public_version_for, towns
from lianying.common.pages import page, public
from lianying.orgs.queries import site
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
def feed(request: HttpRequest) -> HttpResponse:
    place = site()
    atom = Atom1Feed(
        title=f"{_('Public answers')} · {place.name if place else ''}",
        link=request.build_absolute_uri(reverse("board")),
        description=None,
        feed_url=request.build_absolute_uri(),
        language=get_language(),
    )
    for row in board_page().rows:
        atom.add_item(
            title=row.title,
            link=request.build_absolute_uri(reverse("public_version", args=[row.uuid])),
            description=f"{row.question}\n\n{row.answer}",
            unique_id=row.uuid.urn,
            pubdate=row.released_at,
            updateddate=row.released_at,
            author_name=row.unit.name,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
