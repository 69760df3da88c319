"""The list of work on a map, with its filters; without JavaScript it is the list."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianying.cases.forms.lists import filters_of, query_of, tab_of
from lianying.cases.queries.lists import Tab, tabs_for, units_within
from lianying.cases.queries.maps import clusters, extent
from lianying.cases.views.work import TABS
from lianying.common.clock import now
from lianying.common.masking import mask_text
from lianying.common.pages import needs, page, public
from lianying.orgs.middleware import Request
from lianying.orgs.queries import site
from lianying.reference.demo import outlines as demo_outlines
from lianying.rules.geo import Box, box_of, to_gcj, to_wgs
from lianying.rules.powers import Power

ZOOM = 12


def _is_gcj() -> bool:
    return bool(settings.ENV["TILES_GCJ02"])


def _out(lat: float, lng: float) -> tuple[float, float]:
    """As the map is drawn."""
    return to_gcj(lat, lng) if _is_gcj() else (lat, lng)


def _in(box: Box) -> Box:
    return Box(*to_wgs(box.south, box.west), *to_wgs(box.north, box.east)) if _is_gcj() else box


@needs(Power.SEE)
@require_safe
def work_map(request: Request) -> HttpResponse:
    at = now()
    filters = filters_of(request.GET, units_within(request.actor), actor=request.actor, at=at)
    tab = tab_of(request.GET) or Tab.HANDLING
    found = extent(tab, request.actor, filters, at)
    query, offered = query_of(request.GET, tab=tab.value), tabs_for(request.actor)
    corners = [(found.box.south, found.box.west), (found.box.north, found.box.east)] if found.box else []
    context: dict[str, Any] = {
        "tabs": [(TABS[one], query_of(request.GET, tab=one.value), one == tab) for one in offered],
        "count": found.count,
        "query": query,
        "points": f"{reverse('work_points')}?{query}",
        "cases": reverse("case", args=["-"]).removesuffix("-/"),
        "box": ",".join(f"{edge:.6f}" for corner in corners for edge in _out(*corner)),
        "tiles": settings.ENV["TILES"],
        "tiles_by": settings.ENV["TILES_BY"],
    }
    return page(request, "cases/map.html", None, context)


@needs(Power.SEE)
@require_safe
def work_points(request: Request) -> JsonResponse:
    """What stands in `box` at `zoom`: {"points": [[count, lat, lng, number, title], …]}, as the map is drawn."""
    at = now()
    box, zoom = box_of(request.GET.get("box", "")), request.GET.get("zoom", "")
    if box is None:
        return JsonResponse({"points": []})
    filters = filters_of(request.GET, units_within(request.actor), actor=request.actor, at=at)
    tab = tab_of(request.GET) or Tab.HANDLING
    level = int(zoom) if zoom.isascii() and zoom.isdigit() and len(zoom) < 3 else ZOOM
    found = clusters(tab, request.actor, filters, at, box=_in(box), zoom=level)
    points = [[one.count, *_out(one.lat, one.lng), one.ref, mask_text(one.title)] for one in found]
    return JsonResponse({"points": points})


@public
@require_safe
def outlines(request: Request) -> JsonResponse:
    """What a map without tiles is drawn on: GeoJSON of the towns of the demo county; empty for a real one."""
    place = site()
    nothing: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    shapes = demo_outlines() if place and place.is_demo else nothing
    for feature in shapes["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"] = [[[*reversed(_out(lat, lng))] for lng, lat in ring]]
    return JsonResponse(shapes)
