"""Whom somebody still has to visit, and what is known of the place before they go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.functional import Promise

from lianying import reference
from lianying.cases.models import Entry
from lianying.common.clock import local_day, start_of_day
from lianying.common.paging import Page, page_of
from lianying.households.queries import home
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import POWERS, Power
from lianying.rules.quotas import SOON, LinkKind, Quota, Standing, Term, owed, standing, term_of
from lianying.visits.labels import PERIODS
from lianying.visits.models import Link, Obligation, Problem, Visit
from lianying.visits.queries.counting import span_of

#: By village, then hardship, days left, and as one walks; after its households the village itself.
ORDER = ("at_path", "ease", "days_left", "walk", "pk")
#: What ended longer ago was told at a visit since, or will not be any more.
NEWS = timedelta(days=400)
VISITS = frozenset(role for role, powers in POWERS.items() if Power.VISIT in powers)


@dataclass(frozen=True, slots=True)
class Line:
    """A link as the due list shows it. called: of the household, or of the place; period: '本季度内'.

    last_on   the day of the last visit that stands, of anybody who had the link
    news      what was found there and became a request: it goes on, or ended after the last visit
    """

    link: Link
    called: str
    period: Promise
    days_left: int
    required: int
    done: int
    standing: Standing
    last_on: date | None
    news: Sequence[Problem]

    @property
    def missing(self) -> int:
        return max(self.required - self.done, 0)

    @property
    def village(self) -> Unit:
        """Under which it stands: a grid is part of its village."""
        place = self.link.place
        return place.parent if place.kind == UnitKind.GRID and place.parent else place


@dataclass(frozen=True, slots=True)
class KindSum:
    """Links of one kind in the term of the day. met: those of which nothing is owed any more; done, missing: visits."""

    kind: LinkKind
    links: int
    met: int
    done: int
    missing: int
    term: Term


def own_links(actor: Actor, on: date) -> QuerySet[Link]:
    """Links in force that the actor owes, alone or with the unit."""
    units = [post.unit_id for post in actor.posts if Power.VISIT in POWERS[post.role]]
    mine = Q(user_id=actor.user_id) | Q(user__isnull=True, unit_id__in=units)
    return in_force(on).filter(mine)


def in_force(on: date) -> QuerySet[Link]:
    return Link.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on)


def link_of(actor: Actor, uuid: UUID, on: date) -> Link:
    """A link whose visits the actor may write down: an own one, a colleague's, or one that ended.

    Raises  Http404 where it does not exist for the actor
    """
    link = Link.objects.filter(uuid=uuid).select_related("unit", "place", "household__contact", "user").first()
    if link is None:
        raise Http404
    if not may_open(actor, link):
        raise Http404
    return link


def may_open(actor: Actor, link: Link) -> bool:
    units = {post.unit_id for post in actor.posts if Power.VISIT in POWERS[post.role]}
    is_own = link.user_id == actor.user_id or (link.user_id is None and link.unit_id in units)
    return is_own or actor.may(Power.KEEP_HOUSEHOLDS, link.unit.path)


def opened_by(actor: Actor, link: str) -> Q:
    """What `may_open` says, of rows from which the name `link` leads to one."""
    units = [post.unit_id for post in actor.posts if Power.VISIT in POWERS[post.role]]
    mine = Q(**{f"{link}__user": actor.user_id}) | Q(**{f"{link}__user__isnull": True, f"{link}__unit__in": units})
    for scope in actor.scopes(Power.KEEP_HOUSEHOLDS):
        mine |= Q(**{f"{link}__unit__path__startswith": scope})
    return mine


def people_of(unit_id: int, on: date) -> QuerySet[User]:
    """Those who go on visits for the unit on the day."""
    posts = Q(posts__unit_id=unit_id, posts__role__in=sorted(VISITS), posts__from_on__lte=on)
    there = Q(posts__to_on__isnull=True) | Q(posts__to_on__gte=on)
    return User.objects.filter(posts, there, is_active=True).distinct().order_by("name", "pk")


def unmet(links: QuerySet[Link], on: date) -> QuerySet[Link]:
    """Those of which a visit is still owed in the term of the day."""
    return links.filter(~Exists(_now(on).filter(link=OuterRef("pk"), done__gte=F("required"))))


def to_visit(actor: Actor, on: date) -> QuerySet[Link]:
    """Own links of which a visit is still owed."""
    return unmet(own_links(actor, on), on)


def to_visit_soon(actor: Actor, on: date) -> QuerySet[Link]:
    """Of these, whose term ends within days: `rules.quotas.SOON`."""
    soon = [kind.value for kind in LinkKind if on > _term(kind, on).ends_on - SOON]
    return to_visit(actor, on).filter(kind__in=soon)


def _now(on: date) -> QuerySet[Obligation]:
    return Obligation.objects.filter(starts_on__lte=on, ends_on__gte=on)


def _days_left(on: date) -> Case:
    left = {kind: (_term(kind, on).ends_on - on).days for kind in LinkKind}
    return Case(*(When(kind=kind, then=Value(days)) for kind, days in left.items()), output_field=IntegerField())


def due_page(links: QuerySet[Link], on: date, after: str = "") -> Page[Link]:
    """A page of links in the order in which one goes there."""
    return page_of(
        links.select_related("unit", "place__parent", "household", "user").annotate(
            at_path=Case(When(place__kind=UnitKind.GRID, then=F("place__parent__path")), default=F("place__path")),
            # A household ranks by its hardship, and a village has none.
            ease=Coalesce(Value(0) - F("household__hardship"), Value(1)),
            days_left=_days_left(on),
            walk=Coalesce(F("household__walk"), Value(0)),
        ),
        ORDER,
        after,
    )


def lines(links: Sequence[Link], on: date) -> list[Line]:
    """Three queries, however many links there are."""
    now = {row.link_id: row for row in _now(on).filter(link__in=links)}
    last = last_days(links)
    found = news(links, last, on)
    made = []
    for link in links:
        quota = reference.quotas()[LinkKind(link.kind)]
        term = _term(link.kind, on)
        row = now.get(link.pk)
        # A term that began today is written by the worker in a moment.
        required, done = (row.required, row.done) if row else (owed(quota.required, span_of(link), term), 0)
        made.append(
            Line(
                link,
                called(link),
                period_of(link.kind),
                (term.ends_on - on).days,
                required,
                done,
                standing(required, done, term, on),
                last.get(link.pk),
                found.get(link.pk, []),
            )
        )
    return made


def called(link: Link) -> str:
    """What one calls where the link leads to: '周大爷家', or the village."""
    return home(link.household).called if link.household else link.place.name


def last_days(links: Sequence[Link]) -> dict[int, date]:
    """By link, the last day on which somebody who had a link with the same place or household was there."""
    same = Visit.objects.filter(replaced_by__isnull=True).order_by("-on")
    of_home = same.filter(link__household=OuterRef("household"))
    of_unit = same.filter(link__unit=OuterRef("unit"), link__place=OuterRef("place"), link__household__isnull=True)
    rows = Link.objects.filter(pk__in=[link.pk for link in links]).annotate(
        last=Case(
            When(household__isnull=False, then=Subquery(of_home.values("on")[:1])),
            default=Subquery(of_unit.values("on")[:1]),
        )
    )
    return {pk: day for pk, day in rows.values_list("pk", "last") if day is not None}


def news(links: Iterable[Link], last: dict[int, date], on: date) -> dict[int, list[Problem]]:
    """By link: what became a request there and still goes on, or ended since the last visit, the newest first."""
    since = start_of_day(on - NEWS)
    rows = Problem.objects.filter(
        Q(case__closed_at__isnull=True) | Q(case__closed_at__gte=since), link__in=links, case__isnull=False
    )
    found: dict[int, list[Problem]] = {}
    for problem in rows.select_related("case__unit", "visit").order_by("-pk"):
        ended = problem.case.closed_at if problem.case else None
        if ended is None or local_day(ended) >= last.get(problem.link_id, problem.visit.on):
            found.setdefault(problem.link_id, []).append(problem)
    return found


def answers_to(problems: Sequence[Problem]) -> dict[int, str]:
    """By problem: what the unit answered last. Of a report of wrongdoing nothing is told here."""
    told = {
        one.case_id: one.pk
        for one in problems
        if one.case and one.case.answered_at and one.case.kind != CaseKind.REPORT
    }
    rows = Entry.objects.filter(case__in=told, kind=EntryKind.ANSWER).order_by("pk").values_list("case_id", "text")
    return {told[case]: text for case, text in rows}


def sums(links: QuerySet[Link], on: date) -> list[KindSum]:
    """How the links stand in the terms of the day, by kind; one query."""
    owing = Case(When(done__lt=F("required"), then=F("required") - F("done")), default=Value(0))
    rows = (
        _now(on)
        .filter(link__in=links.order_by().values("pk"))
        .order_by()
        .values_list("link__kind")
        .annotate(
            there=Count("pk"),
            met=Count("pk", filter=Q(done__gte=F("required"))),
            made=Sum("done"),
            missing=Sum(owing, output_field=IntegerField()),
        )
    )
    found = {
        kind: KindSum(LinkKind(kind), there, met, made, missing, _term(kind, on))
        for kind, there, met, made, missing in rows
    }
    return [found[kind] for kind in LinkKind if kind in found]


def period_of(kind: str) -> Promise:
    """'本季度内'."""
    return PERIODS[reference.quotas()[LinkKind(kind)].period]


def quota_of(kind: str) -> Quota:
    return reference.quotas()[LinkKind(kind)]


def _term(kind: str, on: date) -> Term:
    return term_of(reference.quotas()[LinkKind(kind)].period, on)
