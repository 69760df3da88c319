"""Which visits belong to a campaign, and what was found on them: counted anew each time, never stored."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from lianying.campaigns.models import Campaign
from lianying.cases.models import Case
from lianying.cases.queries.scope import visible
from lianying.common.paging import Page, page_of
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reference.categories import named_categories
from lianying.rules.campaigns import STATES, CameOf, came_of, last_day, place_over
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.quotas import Uncounted
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits.models import Problem, Visit
from lianying.visits.queries.due import opened_by

Came = Counter[CameOf]
#: How what became of a problem is asked of its row.
CAME = {
    CameOf.SOLVED: Q(outcome=Outcome.SOLVED),
    CameOf.INFORMATION: Q(outcome=Outcome.INFORMATION),
    **{came: Q(case__state__in=sorted(states)) for came, states in STATES.items()},
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows the problems of a campaign; '' narrows nothing. sort: the first level of a category, or NONE."""

    place: str = ""
    sort: str = ""
    came: str = ""


#: The sort of what is no request, or was not sorted yet.
NONE = "none"


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place to go to: visits made there, and what became of what was raised."""

    place: Unit
    visits: int
    came: Came

    @property
    def problems(self) -> int:
        return self.came.total()


@dataclass(frozen=True, slots=True)
class SortLine:
    """code: two digits of the list of categories, or NONE."""

    code: str
    came: Came

    @property
    def problems(self) -> int:
        return self.came.total()


@dataclass(frozen=True, slots=True)
class Findings:
    """places: in the order of the county, those not visited too;  sorts: in the order of the list, the unsorted last.

    went: keys of the participating units of which, or below which, somebody was there
    """

    places: list[PlaceLine]
    sorts: list[SortLine]
    visits: Mapping[VisitKind, int]
    came: Came
    went: set[int] = field(default_factory=set)

    @property
    def covered(self) -> list[PlaceLine]:
        return [line for line in self.places if line.visits]

    @property
    def to_go(self) -> list[PlaceLine]:
        return [line for line in self.places if not line.visits]

    @property
    def visits_made(self) -> int:
        return sum(self.visits.values())

    @property
    def problems(self) -> int:
        return self.came.total()

    @property
    def requests(self) -> int:
        return sum(self.came[one] for one in STATES)


def at_or_below(paths: Collection[str]) -> QuerySet[Unit]:
    """By the level of each path: one condition for each of five levels, however many paths there are."""
    rows, there = Unit.objects.all(), Q(pk__in=[])
    for length in {len(path) for path in paths}:
        rows = rows.alias(**{f"first_{length}": Left("path", length)})
        there |= Q(**{f"first_{length}__in": [path for path in paths if len(path) == length]})
    return rows.filter(there)


def _span(campaign: Campaign, today: date) -> tuple[date, date]:
    return campaign.from_on, min(last_day(campaign.to_on, campaign.ended_on), today)


def _of_link(campaign: Campaign, link: str) -> Q:
    units = at_or_below([unit.path for unit in campaign.units.all()])
    places = at_or_below([place.path for place in campaign.places.all()])
    return Q(**{f"{link}__unit__in": units.values("pk"), f"{link}__place__in": places.values("pk")})


def visits_of(campaign: Campaign, today: date) -> QuerySet[Visit]:
    """Visits of its units to its places in its days, also those that count for no link: somebody was there."""
    rows = Visit.objects.filter(_of_link(campaign, "link"), on__range=_span(campaign, today))
    return rows.filter(replaced_by__isnull=True).exclude(uncounted=Uncounted.AHEAD)


def problems_of(campaign: Campaign, today: date) -> QuerySet[Problem]:
    """What was raised on them. It stays with the record that it was first written in, also where that was corrected.

    Reports of wrongdoing are in no figure and on no list.
    """
    rows = Problem.objects.filter(_of_link(campaign, "visit__link"), visit__on__range=_span(campaign, today))
    rows = rows.exclude(visit__uncounted=Uncounted.AHEAD)
    return rows.filter(Q(case__isnull=True) | ~Q(case__kind=CaseKind.REPORT))


def findings_of(campaign: Campaign, today: date) -> Findings:
    """Two queries, where the units and places of the campaign were read with it."""
    places = {place.path: place for place in campaign.places.all()}
    there: Counter[str] = Counter()
    how: Counter[VisitKind] = Counter()
    went: set[str] = set()
    units = {unit.path: unit.pk for unit in campaign.units.all()}
    made = visits_of(campaign, today).order_by().values_list("link__place__path", "link__unit__path", "kind")
    for place, unit, kind, count in made.annotate(count=Count("pk")):
        there[place_over(place, places) or ""] += count
        how[VisitKind(kind)] += count
        went.add(place_over(unit, units) or "")
    at: dict[str, Came] = {}
    sorts: dict[str, Came] = {}
    columns = ("visit__link__place__path", "outcome", "case__state", "sort")
    sorted_rows = problems_of(campaign, today).annotate(sort=Left("case__category", 2)).order_by()
    for path, outcome, state, sort, count in sorted_rows.values_list(*columns).annotate(count=Count("pk")):
        came = came_of(Outcome(outcome), State(state) if state else None)
        at.setdefault(place_over(path, places) or "", Counter())[came] += count
        sorts.setdefault(sort or NONE, Counter())[came] += count
    return Findings(
        [PlaceLine(place, there[path], at.get(path, Counter())) for path, place in places.items()],
        [SortLine(code, sorts[code]) for code in sorted(sorts, key=lambda code: (code == NONE, code))],
        {kind: how[kind] for kind in VisitKind},
        sum(at.values(), Counter()),
        {pk for path, pk in units.items() if path in went},
    )


def sort_names() -> Mapping[str, str]:
    """The first level of the categories, by code."""
    return {code: name for code, name in named_categories().items() if len(code) == 2}


def found_page(campaign: Campaign, actor: Actor, by: Narrowed, *, today: date, after: str) -> Page[Problem]:
    """Problems of visits that the actor may open, and those whose request they may read; the last raised first."""
    rows = problems_of(campaign, today)
    cases = visible(Case.objects.filter(pk=OuterRef("case_id")), actor)
    rows = rows.filter(opened_by(actor, "link") | Exists(cases)).annotate(is_read=Exists(cases))
    if by.place:
        rows = rows.filter(visit__link__place__path__startswith=by.place)
    if by.came:
        rows = rows.filter(CAME[CameOf(by.came)])
    if by.sort:
        unsorted = Q(case__isnull=True) | Q(case__category="")
        rows = rows.filter(unsorted if by.sort == NONE else Q(case__category__startswith=by.sort))
    rows = rows.select_related("link__unit", "link__place", "visit__link__place", "case__unit")
    return page_of(rows, ("-id",), after, 20)


def places_page(campaign: Campaign, lines: Collection[PlaceLine], after: str) -> Page[Unit]:
    """Some of its places, in the order of the county; one query."""
    keys = [line.place.pk for line in lines]
    return page_of(campaign.places.filter(pk__in=keys).select_related("parent"), ("path",), after)
