"""What a map is drawn on, and the cases of a list as points: close ones are counted by the database, told as one."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Floor

from lianying.cases.models import Case
from lianying.cases.queries.lists import Filters, Tab, rows_of
from lianying.orgs.paths import within
from lianying.orgs.scope import Actor
from lianying.reference.demo import outlines
from lianying.rules.geo import Box, box_of, cell_degrees
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import Power

#: More cells than fit on a screen at any zoom.
MOST = 1_500
#: Where a map begins whose county nobody has named.
CHINA = Box(18.0, 73.5, 53.6, 134.8)


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many cases around a place; ref and title are of the one where it is one."""

    count: int
    lat: float
    lng: float
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How many of the list have a place, and where; box is None without any."""

    count: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a map is drawn on.

    tiles     address of pictures, '' for outlines alone;  by: whose they are
    shifted   whether it is drawn in GCJ-02;  box: where it begins, WGS84
    """

    tiles: str
    by: str
    shifted: bool
    box: Box


def ground(*, is_demo: bool) -> Ground | None:
    """None where there is neither a picture nor an outline to point at."""
    env = settings.ENV
    if not is_demo and not env["TILES"]:
        return None
    box = box_of(env["MAP_BOX"]) or (_outlined() if is_demo else CHINA)
    return Ground(env["TILES"], env["TILES_BY"], env["TILES_GCJ02"], box)


@cache
def _outlined() -> Box:
    """Around the outlines of the demo county."""
    rings = [shape["geometry"]["coordinates"][0] for shape in outlines()["features"]]
    lngs, lats = zip(*(corner for ring in rings for corner in ring), strict=True)
    return Box(min(lats), min(lngs), max(lats), max(lngs))


def _placed(tab: Tab, actor: Actor, filters: Filters, at: datetime) -> QuerySet[Case]:
    """Without the reports of others: as `story.shows_position` says of one."""
    sorts = Q(pk__in=[])
    for scope in actor.scopes(Power.SORT):
        sorts |= within(scope)
    rows = rows_of(tab, actor, at, filters).filter(lat__isnull=False, lng__isnull=False)
    return rows.filter(~Q(kind=CaseKind.REPORT) | sorts)


def extent(tab: Tab, actor: Actor, filters: Filters, at: datetime) -> Extent:
    ends = {"south": Min("lat"), "west": Min("lng"), "north": Max("lat"), "east": Max("lng")}
    found = _placed(tab, actor, filters, at).aggregate(count=Count("pk"), **ends)
    count = found.pop("count")
    return Extent(count, Box(**found) if count else None)


def clusters(tab: Tab, actor: Actor, filters: Filters, at: datetime, *, box: Box, zoom: int) -> list[Cluster]:
    """One query, whatever there is. box: WGS84."""
    cell = cell_degrees(zoom)
    rows = (
        _placed(tab, actor, filters, at)
        .filter(lat__gte=box.south, lat__lte=box.north, lng__gte=box.west, lng__lte=box.east)
        .annotate(row=Floor(F("lat") / cell), column=Floor(F("lng") / cell))
        .values("row", "column")
        .annotate(many=Count("pk"), middle_lat=Avg("lat"), middle_lng=Avg("lng"), one=Min("ref"), matter=Min("title"))
        .order_by("-many", "row", "column")
    )
    return [
        Cluster(
            row["many"],
            row["middle_lat"],
            row["middle_lng"],
            row["one"] if row["many"] == 1 else "",
            row["matter"] if row["many"] == 1 else "",
        )
        for row in rows[:MOST]
    ]
