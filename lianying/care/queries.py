"""Which households under care exist for whom, what waits first, and what the public reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import Http404

from lianying.care.models import IS_OPEN, Care, Entry, Measure, Publicity
from lianying.common.db import counts
from lianying.common.masking import mask_name
from lianying.common.paging import Page, page_of
from lianying.common.sealing import opened
from lianying.households.models import Household
from lianying.households.queries import ORDER, home, households_at, masked
from lianying.orgs.kinds import GRASSROOTS, HOMES
from lianying.orgs.models import Post, Unit
from lianying.orgs.paths import WIDTH
from lianying.orgs.queries import lead_units, units
from lianying.orgs.scope import Actor
from lianying.rules.care import (
    OPEN,
    REVIEW_SOON,
    TO_DECIDE,
    UNDECIDED,
    Risk,
    Stage,
    Standing,
    days_left,
    shown_as,
)
from lianying.rules.powers import POWERS, Power, Role

#: No count reads further.
CAP = 1000
#: More households of one village are not opened to look for a name.
MOST_SOUGHT = 2000
SHOWN = 30


class Tab(StrEnum):
    OPEN = "open"
    CHECK = "check"
    DECIDE = "decide"
    CARE = "care"
    REVIEWS = "reviews"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Line:
    """A record of the list. waits: what waits next, a key of `labels.WAITS`; left: in how many days."""

    care: Care
    called: str
    waits: str
    left: int
    measures: int
    has_none: bool


@dataclass(frozen=True, slots=True)
class Doing:
    """A measure with its words, and what one calls the household. may_end: the person who looks may end it."""

    measure: Measure
    called: str
    text: str
    left: int
    may_end: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """How the records of a place and of all below it stand: counts, never who."""

    name: str
    check: int
    decide: int
    late: int
    care: int
    measures: int
    reviews: int


@dataclass(frozen=True, slots=True)
class PublicLine:
    """name: masked, '王**'."""

    name: str
    place: Unit
    what: str
    on: date
    until_on: date


def _inside(actor: Actor, *powers: Power, column: str = "place__path") -> Q:
    inside = Q(pk__in=[])
    for scope in {scope for power in powers for scope in actor.scopes(power)}:
        inside |= Q(**{f"{column}__startswith": scope})
    return inside


def visible(actor: Actor) -> QuerySet[Care]:
    """Records of the places that the actor looks after or decides for."""
    return Care.objects.filter(_inside(actor, Power.CARE, Power.CARE_DECIDE))


def to_check(actor: Actor) -> QuerySet[Care]:
    rows = Care.objects.filter(IS_OPEN, _inside(actor, Power.CARE))
    return rows.filter(stage__in=[Stage.CLUE, Stage.CHECKING])


def to_decide(actor: Actor) -> QuerySet[Care]:
    """What somebody else found or proposed."""
    rows = Care.objects.filter(IS_OPEN, _inside(actor, Power.CARE_DECIDE), stage__in=TO_DECIDE)
    return rows.exclude(checker_id=actor.user_id)


def reviews_due(actor: Actor, today: date) -> QuerySet[Care]:
    rows = Care.objects.filter(IS_OPEN, _inside(actor, Power.CARE), stage=Stage.UNDER_CARE)
    return rows.filter(review_on__lte=today + REVIEW_SOON)


def _own(actor: Actor) -> Q:
    mine = {post.unit_id for post in actor.posts if Power.CARE in POWERS[post.role]}
    return Q(unit__in=mine) | Q(user_id=actor.user_id)


def own_measures(actor: Actor) -> QuerySet[Measure]:
    """What the actor, or a unit of theirs, is to do."""
    return Measure.objects.filter(IS_OPEN, _own(actor))


def measures(actor: Actor) -> QuerySet[Measure]:
    """Their own, and those of the places that they look after."""
    return Measure.objects.filter(IS_OPEN, _own(actor) | _inside(actor, Power.CARE, column="care__place__path"))


def late_measures(actor: Actor, today: date) -> QuerySet[Measure]:
    return measures(actor).filter(due_on__lt=today)


def _of_tab(actor: Actor, tab: Tab, today: date) -> QuerySet[Care]:
    if tab is Tab.REVIEWS:
        return reviews_due(actor, today)
    rows = visible(actor)
    if tab is Tab.ENDED:
        return rows.filter(~IS_OPEN)
    stages = {
        Tab.OPEN: OPEN,
        Tab.CHECK: {Stage.CLUE, Stage.CHECKING},
        Tab.DECIDE: TO_DECIDE,
        Tab.CARE: {Stage.UNDER_CARE},
    }[tab]
    return rows.filter(IS_OPEN, stage__in=stages)


def tab_counts(actor: Actor, today: date) -> dict[str, int]:
    """None above CAP; one query."""
    return counts({tab.value: _of_tab(actor, tab, today) for tab in Tab}, CAP)


def care_page(actor: Actor, tab: Tab, today: date, *, after: str = "") -> Page[Line]:
    """What is due first, of what has ended the last; two queries."""
    rows = _of_tab(actor, tab, today).select_related("household", "place", "checker")
    order = ("-ended_on", "-id") if tab is Tab.ENDED else ("due_on", "id")
    found = page_of(rows.prefetch_related("measures"), order, after)
    return Page([_line(care, today) for care in found.rows], found.next, found.is_first)


def _line(care: Care, today: date) -> Line:
    everything = list(care.measures.all())
    standing = [one for one in everything if one.ended_on is None]
    left = days_left(care.due_on, today) if care.due_on else 0
    has_none = care.stage == Stage.UNDER_CARE and not everything
    return Line(care, called(care), waits_for(care, standing), left, len(standing), has_none)


def waits_for(care: Care, standing: Iterable[Measure]) -> str:
    """A key of `labels.WAITS`; '' at the end. standing: the measures still to be done."""
    stage = Stage(care.stage)
    if stage is Stage.UNDER_CARE:
        return "measure" if any(one.due_on == care.due_on for one in standing) else "review"
    if stage in UNDECIDED:
        return "decide"
    return "exit" if stage is Stage.LEAVING else ""


def called(care: Care) -> str:
    """What one calls the household there; '' when it was erased."""
    return home(care.household).called if care.household else ""


def risk_of(care: Care) -> Risk | None:
    code = opened(care, "risk")
    return Risk(code) if code else None


def care_for(actor: Actor, uuid: UUID) -> Care:
    """Raises Http404 where it does not exist for the actor."""
    rows = Care.objects.select_related("household__contact", "household__place", "place", "checker", "case")
    care = rows.filter(_inside(actor, Power.CARE, Power.CARE_DECIDE), uuid=uuid).first()
    if care is None:
        raise Http404
    return care


def entries_of(care: Care) -> list[tuple[Entry, str]]:
    """The first step first, each with its words."""
    rows = care.entries.select_related("by", "measure__unit", "measure__user").order_by("id")
    return [(row, opened(row, "text") or (opened(row.measure, "text") if row.measure else "")) for row in rows]


def doings_of(care: Care, actor: Actor, today: date) -> list[Doing]:
    """The measures of a record, those still to be done first."""
    rows = care.measures.select_related("unit", "user", "case", "care__place", "care__household").order_by(
        "due_on", "id"
    )
    found = [doing(row, actor, today) for row in rows]
    return sorted(found, key=lambda one: one.measure.ended_on is not None)


def doing(measure: Measure, actor: Actor, today: date) -> Doing:
    may_end = measure.ended_on is None and may_finish(measure, actor)
    return Doing(measure, called(measure.care), opened(measure, "text"), days_left(measure.due_on, today), may_end)


def may_finish(measure: Measure, actor: Actor) -> bool:
    """Whoever looks after the place, or is to do it."""
    paths = (measure.care.place.path, measure.unit.path)
    is_own = Power.CARE in actor.powers and measure.user_id == actor.user_id
    return is_own or any(actor.may(Power.CARE, path) for path in paths)


def measure_for(actor: Actor, uuid: UUID) -> Measure:
    """Raises Http404 where somebody neither looks after the place nor is to do it."""
    rows = Measure.objects.select_related("care__household", "care__place", "unit", "user", "case")
    measure = rows.filter(uuid=uuid).first()
    if measure is None or not (may_finish(measure, actor) or actor.may(Power.CARE_DECIDE, measure.care.place.path)):
        raise Http404
    return measure


def measure_page(actor: Actor, today: date, *, own: bool, after: str = "") -> Page[Doing]:
    """What is due first; one query."""
    rows = own_measures(actor) if own else measures(actor)
    found = page_of(rows.select_related("care__household", "care__place", "unit", "user"), ("due_on", "id"), after)
    return Page([doing(row, actor, today) for row in found.rows], found.next, found.is_first)


def standing_of(care: Care, today: date) -> Standing:
    """What the rules look at; two queries."""
    stage = Stage(care.stage)
    rows = list(care.publicity.filter(withdrawn_at__isnull=True))
    return Standing(
        stage,
        care.checker_id,
        care.measures.filter(IS_OPEN).count(),
        released=any(row.what == shown_as(stage) for row in rows),
        is_shown=any(row.from_on <= today <= row.until_on for row in rows),
    )


def by_place(actor: Actor, today: date) -> list[PlaceLine]:
    """A line for each place right below what the actor decides for or supervises, in the order of the units; 2 queries.

    Places without a record are left out.
    """
    powers = (Power.CARE_DECIDE, Power.SUPERVISE)
    scopes = [scope for power in powers for scope in actor.scopes(power)]
    rows = Care.objects.filter(IS_OPEN, _inside(actor, *powers)).order_by()
    late = Q(measures__ended_on__isnull=True, measures__due_on__lt=today)
    found = rows.values_list("place__path").annotate(
        n_check=Count("pk", filter=Q(stage__in=[Stage.CLUE, Stage.CHECKING]), distinct=True),
        n_decide=Count("pk", filter=Q(stage__in=TO_DECIDE), distinct=True),
        n_late=Count("pk", filter=Q(stage__in=UNDECIDED, decide_by__lt=today), distinct=True),
        n_care=Count("pk", filter=Q(stage__in=[Stage.UNDER_CARE, Stage.LEAVING]), distinct=True),
        n_measures=Count("measures", filter=late, distinct=True),
        n_reviews=Count("pk", filter=Q(stage=Stage.UNDER_CARE, review_on__lt=today), distinct=True),
    )
    sums: dict[str, list[int]] = {}
    for path, *line in found:
        # Of several posts the one that covers most shows it.
        scope = min((scope for scope in scopes if path.startswith(scope)), key=len)
        place = path[: len(scope) + WIDTH]
        sums[place] = [old + new for old, new in zip(sums.get(place, [0] * len(line)), line, strict=True)]
    names = dict(Unit.objects.filter(path__in=sums).values_list("path", "name"))
    return [PlaceLine(names[path], *sums[path]) for path in sorted(sums)]


@dataclass(frozen=True, slots=True)
class Year:
    """Of a year: how many were decided, how many of them within the days, admitted, and how many left."""

    decided: int
    in_time: int
    admitted: int
    exited: int


def year_of(actor: Actor, today: date) -> Year:
    """Of the calendar year, over the same places as `by_place`; one query."""
    first = today.replace(month=1, day=1)
    rows = Care.objects.filter(_inside(actor, Power.CARE_DECIDE, Power.SUPERVISE)).order_by()
    decided = Q(decided_on__gte=first)
    found = rows.aggregate(
        decided=Count("pk", filter=decided),
        in_time=Count("pk", filter=decided & Q(decided_on__lte=F("decide_by"))),
        admitted=Count("pk", filter=decided & ~Q(stage=Stage.NOT_ADMITTED)),
        exited=Count("pk", filter=Q(stage=Stage.EXITED, ended_on__gte=first)),
    )
    return Year(**found)


def on_list(today: date) -> QuerySet[Publicity]:
    """What stands on the public list today."""
    return Publicity.objects.filter(
        withdrawn_at__isnull=True, from_on__lte=today, until_on__gte=today, care__household__isnull=False
    )


def public_page(today: date, *, place: str = "", after: str = "") -> Page[PublicLine]:
    """By village; place: the code of one. Two queries at most."""
    rows = on_list(today).select_related("care__household__contact", "care__place")
    if place:
        rows = rows.filter(care__place__code=place)
    rows = rows.annotate(place_path=F("care__place__path"))
    found = page_of(rows, ("place_path", "id"), after, 200)
    return Page([_public(row) for row in found.rows], found.next, found.is_first)


def _public(row: Publicity) -> PublicLine:
    household = row.care.household
    assert household is not None  # noqa: S101 - `on_list` leaves out what was erased
    name = masked(household.contact).name or mask_name(home(household).called)
    on = row.care.decided_on if row.what == "admitted" else row.care.ended_on
    assert on is not None  # noqa: S101 - a constraint of the table
    return PublicLine(name, row.care.place, row.what, on, row.until_on)


def homes(actor: Actor) -> QuerySet[Unit]:
    """Villages, communities and grids that the actor looks after."""
    return units().filter(_inside(actor, Power.CARE, column="path"), kind__in=HOMES)


def household_for(actor: Actor, uuid: UUID) -> Household:
    """Raises Http404 where the actor does not look after its place."""
    rows = Household.objects.select_related("place", "contact")
    household = rows.filter(_inside(actor, Power.CARE), uuid=uuid).first()
    if household is None:
        raise Http404
    return household


def _with_care(rows: QuerySet[Household]) -> QuerySet[Household]:
    return rows.select_related("contact").prefetch_related(Prefetch("care", Care.objects.filter(IS_OPEN), "open_care"))


def choices_at(place: Unit, *, after: str = "") -> Page[tuple[Household, str, str]]:
    """Households of a place with what they are called, and who is their contact, masked; two queries."""
    # One direction for all columns of the order, so that a page can begin after a row.
    found = page_of(_with_care(households_at(place.pk)), ("walk", "id"), after, SHOWN)
    return Page([_choice(row) for row in found.rows], found.next, found.is_first)


def sought_at(place: Unit, words: str) -> list[tuple[Household, str, str]]:
    """Those whose name, or what they are called, holds the words."""
    rows = _with_care(households_at(place.pk)).order_by(*ORDER)[:MOST_SOUGHT]
    hits = [row for row in rows if words in home(row).called or words in opened(row.contact, "name")]
    return [_choice(row) for row in hits[:SHOWN]]


def _choice(row: Household) -> tuple[Household, str, str]:
    return row, home(row).called, masked(row.contact).name


def owner_units(place: Unit) -> list[Unit]:
    """Who may be given a measure: the line above the household, and the offices; no other town's or village's."""
    found = lead_units()
    return [unit for unit in found if unit.kind not in GRASSROOTS or place.path.startswith(unit.path)]


def owner_people(place: Unit, on: date) -> Sequence[Post]:
    """Posts of those who look after the place, from its own unit up to the town; nobody twice."""
    over = [place.path[:end] for end in range(1 + 2 * WIDTH, len(place.path) + 1, WIDTH)]
    roles = [role for role in Role if Power.CARE in POWERS[role]]
    posts = Post.objects.filter(unit__path__in=over, role__in=roles, from_on__lte=on, user__is_active=True)
    rows = posts.filter(Q(to_on__isnull=True) | Q(to_on__gte=on)).select_related("user", "unit")
    return _each_once(rows.order_by("-unit__path", "user__name", "pk"))


def _each_once(posts: Iterable[Post]) -> list[Post]:
    return list({(post.user_id, post.unit_id): post for post in posts}.values())


def due_to_erase(before: date) -> QuerySet[Care]:
    """What ended before the day and still holds words; the longest ended first."""
    return Care.objects.filter(ended_on__lt=before, erased_at__isnull=True).order_by("ended_on", "id")
