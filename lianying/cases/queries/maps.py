"""The cases of a list as points: close ones are counted by the database and told as one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, Max, Min, QuerySet
from django.db.models.functions import Floor

from lianying.cases.models import Case
from lianying.cases.queries.lists import Filters, Tab, rows_of
from lianying.orgs.scope import Actor
from lianying.rules.geo import Box, cell_degrees

#: More cells than fit on a screen at any zoom.
MOST = 1_500


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


def _placed(tab: Tab, actor: Actor, filters: Filters, at: datetime) -> QuerySet[Case]:
    return filters.on(rows_of(tab, actor, at)).filter(lat__isnull=False, lng__isnull=False)


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
