"""Atom: what was published, and how one's own request goes on."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from lianying.cases.queries.board import board_page
from lianying.cases.queries.track import case_of_resident, tracked
from lianying.cases.sentences import sentence
from lianying.cases.views.tell import path_of
from lianying.cases.views.track import wrong
from lianying.common.clock import now
from lianying.common.pages import public
from lianying.orgs.queries import site


@public
@require_safe
def board_feed(request: HttpRequest) -> HttpResponse:
    place = site()
    atom = _feed(request, f"{_('Public answers')} · {place.name if place else ''}", reverse("board"))
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
    return _sent(atom)


@public
@conditional_page
@require_safe
def case_feed(request: HttpRequest) -> HttpResponse:
    """For whoever has number and code: that something happened; what was said stands on the page alone."""
    case = case_of_resident(request.GET.get("ref", ""), request.GET.get("code", ""))
    if case is None:
        return wrong(request, request.GET.get("ref", ""), request.GET.get("code", ""))
    own_page = path_of("track", case)
    atom = _feed(request, case.ref, own_page)
    unit = case.unit.name
    items = []
    for moment in tracked(case, at=now()).moments:
        unit = moment.unit or unit
        items.append((moment, sentence(moment, unit=unit, ref=case.ref)))
    for moment, words in reversed(items):
        atom.add_item(
            title=words.rstrip(":："),
            link=request.build_absolute_uri(own_page),
            description="",
            unique_id=f"{case.uuid.urn}:{moment.hash[:16]}",
            pubdate=moment.at,
            updateddate=moment.at,
        )
    return _sent(atom)


def _feed(request: HttpRequest, title: str, path: str) -> Atom1Feed:
    return Atom1Feed(
        title=title,
        link=request.build_absolute_uri(path),
        description=None,
        feed_url=request.build_absolute_uri(),
        language=get_language(),
    )


def _sent(atom: Atom1Feed) -> HttpResponse:
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
