"""The rows of the six results (六到), and how many there are: a number is what its list holds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from lianying import reference
from lianying.cases.models import Case
from lianying.cases.queries.scope import covered, scopes_under, unaccusing, visible
from lianying.common.clock import start_of_day
from lianying.common.paging import Page, page_of
from lianying.orgs.models import Unit
from lianying.orgs.paths import depth
from lianying.orgs.scope import Actor
from lianying.oversight.models import Step
from lianying.reference.categories import categories
from lianying.reviews.models import STANDS, Result
from lianying.rules import results as rules
from lianying.rules.kinds import CaseKind, Ending, Outcome, Solved
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.quotas import Term, Uncounted
from lianying.rules.results import ASKS, DONE, ENDED, ENDINGS, OF_CASES, SAID, Ended, Found, Part, ResultKind
from lianying.rules.supervision import Measure
from lianying.visits.models import Link, Visit

SIZE = 30
#: Units of a town, links of a village: so many are asked for by their keys.
FEW = 1_000
DAY = timedelta(days=1)
#: Requests that are with the petition office, or were until it decided.
IS_PETITION = Q(state=State.PETITION) | Q(ending=Ending.CONCLUDED)
#: A report of wrongdoing is nobody's result, and its number is shown on no list of results.
IS_REPORT = Q(kind=CaseKind.REPORT)
#: As `rules.results.left` says, of requests that no entered result names.
ACHIEVED = Q(outcome=DONE, solved=SAID, ending=ENDED) & ~Q(kind__in=ASKS)
ALIKE = ("category", "kind", "outcome", "ending", "solved", "is_entered")


@dataclass(frozen=True)
class Asked:
    """Who asks for which days, and for what was done by or at which unit; None is all that the person may read."""

    actor: Actor
    span: Term
    unit: Unit | None = None

    @property
    def paths(self) -> list[str]:
        return scopes_under(self.actor, Power.SEE, self.unit.path if self.unit else "")

    def moments(self, column: str) -> Q:
        since, until = start_of_day(self.span.starts_on), start_of_day(self.span.ends_on + DAY)
        return Q(**{f"{column}__gte": since, f"{column}__lt": until})

    def days(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.span.starts_on, f"{column}__lte": self.span.ends_on})

    @cached_property
    def units(self) -> "Units":
        return units_below(self.paths)


#: None is all; the keys where they are few, so that a database sees how few; else where to look them up.
Units = list[int] | QuerySet[Unit, int] | None


def units_below(paths: Collection[str]) -> Units:
    """Units and places at the paths or below; they are one tree. One query, none for the whole county."""
    below = Q(pk__in=[])
    for path in paths:
        if depth(path) == 1:
            return None
        below |= Q(path__startswith=path)
    keys = Unit.objects.filter(below).order_by().values_list("pk", flat=True)
    few = list(keys[: FEW + 1])
    return few if len(few) <= FEW else keys


def by_or_at(units: Units, unit: str, place: str) -> Q:
    """Rows whose unit or place is one of them."""
    return Q() if units is None else Q(**{f"{unit}__in": units}) | Q(**{f"{place}__in": units})


def visits(asked: Asked) -> QuerySet[Visit]:
    """To households, whether they count or not."""
    rows = Visit.objects.filter(asked.days("on"))
    if asked.units is None:
        return rows.filter(link__household__isnull=False)
    links = (
        Link.objects.filter(by_or_at(asked.units, "unit", "place"), household__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
    few = list(links[: FEW + 1])
    # Asked by their keys: else the days are walked through for the few visits of one village, a hundred times slower.
    return rows.filter(link__in=few if len(few) <= FEW else links)


def petitions(asked: Asked) -> QuerySet[Step]:
    """The first leader's note of each petition, unless an entered result names it."""
    notes = Step.objects.filter(measure=Measure.NOTE)
    earlier = notes.filter(case=OuterRef("case_id"), pk__lt=OuterRef("pk"))
    mine = Case.objects.filter(IS_PETITION, ~IS_REPORT, ~_is_entered(), pk=OuterRef("case_id"))
    if asked.unit is not None:
        mine = mine.filter(path__startswith=asked.unit.path)
    rows = notes.filter(asked.moments("at"), Exists(visible(mine, asked.actor)))
    return rows.exclude(Exists(earlier))


def cases(asked: Asked, kinds: Collection[ResultKind]) -> QuerySet[Case]:
    """Requests of the right categories that ended after an answer, whether they count or not."""
    codes = [code for kind in sorted(kinds) for code in codes_of(kind)]
    ended = Case.objects.filter(asked.moments("closed_at"), ~IS_REPORT, ending__in=ENDINGS, category__in=codes)
    rows = covered(ended, asked.actor, under=asked.unit.path if asked.unit else "")
    return unaccusing(rows, asked.actor).annotate(is_entered=_is_entered())


def entered(asked: Asked) -> QuerySet[Result]:
    """Those that stand."""
    return Result.objects.filter(STANDS, asked.days("on")).filter(by_or_at(asked.units, "unit", "place"))


def _is_entered() -> Q:
    """Of requests. The few keys are read once; asked for each request, SQLite looked through all results each time."""
    return Q(pk__in=Result.objects.filter(STANDS, case__isnull=False).values("case_id"))


@cache
def codes_of(kind: ResultKind) -> tuple[str, ...]:
    """Every category, of either level, whose solved requests are such a result."""
    families = reference.families()
    return tuple(one.code for one in categories() if rules.kind_of(one.code, families) == kind)


def tally(asked: Asked, kinds: Collection[ResultKind] = tuple(ResultKind)) -> dict[ResultKind, rules.Count]:
    """The numbers of the kinds; four queries at most, however many rows there are."""
    found = Found(
        visits=_visits_alike(asked) if ResultKind.HOUSEHOLD in kinds else (),
        petitions=petitions(asked).count() if ResultKind.PETITION in kinds else 0,
        cases=_cases_alike(asked, OF_CASES.intersection(kinds)),
        entered=_entered_alike(asked) if set(kinds) - {ResultKind.HOUSEHOLD} else {},
    )
    counted = rules.tally(found, reference.families())
    return {kind: counted[kind] for kind in kinds}


def _visits_alike(asked: Asked) -> list[tuple[Uncounted | None, int]]:
    rows = visits(asked).values_list("uncounted").annotate(count=Count("pk")).order_by()
    return [(Uncounted(why) if why else None, count) for why, count in rows]


def _cases_alike(asked: Asked, kinds: Collection[ResultKind]) -> list[tuple[Ended, int]]:
    if not kinds:
        return []
    groups = cases(asked, kinds).values(*ALIKE).annotate(count=Count("pk")).order_by()
    return [(ended_of(group), group["count"]) for group in groups]


def ended_of(group: Mapping[str, Any]) -> Ended:
    return Ended(
        category=group["category"],
        kind=CaseKind(group["kind"]),
        outcome=Outcome(group["outcome"]) if group["outcome"] else None,
        ending=Ending(group["ending"]),
        solved=Solved(group["solved"]) if group["solved"] else None,
        is_entered=group["is_entered"],
    )


def _entered_alike(asked: Asked) -> dict[ResultKind, int]:
    rows = entered(asked).values_list("kind").annotate(count=Count("pk")).order_by()
    return {ResultKind(kind): count for kind, count in rows}


def _counted(kind: ResultKind, part: Part, asked: Asked) -> QuerySet[Case]:
    achieved = ACHIEVED & Q(is_entered=False)
    rows = cases(asked, [kind])
    return rows.filter(achieved) if part == Part.LEDGER else rows.exclude(achieved)


def _visited(part: Part, asked: Asked) -> QuerySet[Visit]:
    return visits(asked).filter(uncounted="") if part == Part.LEDGER else visits(asked).exclude(uncounted="")


#: Columns of a request that a line shows; its words are long, and not among them.
CASE = ("ref", "title", "category", "kind", "ending", "unit__name")
#: By what a list is ordered: its newest first.
ORDERS: Mapping[type, tuple[str, str]] = {
    Visit: ("-on", "-id"),
    Step: ("-at", "-id"),
    Case: ("-closed_at", "-id"),
    Result: ("-on", "-id"),
}
_READS: Mapping[type, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    Visit: lambda rows: rows.select_related("link__unit", "link__place").defer("note"),
    Step: lambda rows: rows.select_related("case__unit").only("at", *(f"case__{one}" for one in CASE)),
    Case: lambda rows: rows.select_related("unit").only("closed_at", "outcome", "solved", *CASE),
    Result: lambda rows: rows.select_related("unit", "place"),
}


def rows(kind: ResultKind, part: Part, asked: Asked) -> QuerySet[Any]:
    """Exactly what the number of the part counts, the newest first."""
    if part == Part.ENTERED:
        found: QuerySet[Any] = entered(asked).filter(kind=kind)
    elif kind == ResultKind.HOUSEHOLD:
        found = _visited(part, asked)
    elif kind == ResultKind.PETITION:
        found = petitions(asked)
    else:
        found = _counted(kind, part, asked)
    return _READS[found.model](found).order_by(*ORDERS[found.model])


def rows_page(kind: ResultKind, part: Part, asked: Asked, after: str) -> Page[Any]:
    found = rows(kind, part, asked)
    return page_of(found, ORDERS[found.model], after, SIZE)


def result_for(actor: Actor, uuid: UUID) -> Result:
    """Also one that was corrected or taken back. Raises Http404 where it does not exist for the actor."""
    mine = Result.objects.filter(by_or_at(units_below(scopes_under(actor, Power.SEE, "")), "unit", "place"), uuid=uuid)
    row = mine.select_related("unit", "place", "case", "by", "replaces", "replaced_by").first()
    if row is None:
        raise Http404
    return row
