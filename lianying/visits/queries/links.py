"""Links as those who make them see them: what a unit and its people have, what is missing, and who may be proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from lianying.households.models import Household
from lianying.orgs.kinds import HOMES, PLACES, RECEIVES_NONE, UnitKind
from lianying.orgs.models import Post, Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power, Role
from lianying.rules.quotas import AT_LEAST, OF_UNITS, LinkKind
from lianying.visits.models import Link
from lianying.visits.queries.due import VISITS, people_of

#: By hardship; then those that asked for visits themselves; then by village, and as one walks.
ORDER = ("-hardship", "asked", "at_path", "walk", "id")
#: So many places are proposed, and so many found by name.
PROPOSED, FOUND = 5, 20
#: No list to choose from is longer.
MOST_UNITS = 500
#: What a person's links are by the post in the unit; whoever has several is the first of these.
KINDS = {Role.HEAD: LinkKind.LEADER_HOUSEHOLD, Role.GRID_KEEPER: LinkKind.GRID_HOUSEHOLD}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who goes on visits for a unit. missing: so many households fewer than a leader has at least."""

    user: User
    kind: LinkKind
    links: int
    missing: int


def unit_of(actor: Actor, code: str) -> Unit:
    """Raises Http404 for a unit whose links the actor does not make."""
    unit = Unit.objects.filter(code=code, active=True).select_related("parent").first()
    if unit is None or not actor.may(Power.LINK, unit.path):
        raise Http404
    return unit


def led_units(actor: Actor) -> QuerySet[Unit]:
    """Units whose links the actor makes and that have people who go on visits."""
    inside = Q(pk__in=[])
    for scope in actor.scopes(Power.LINK):
        inside |= Q(path__startswith=scope)
    going = Post.objects.filter(unit=OuterRef("pk"), role__in=sorted(VISITS), to_on__isnull=True)
    return Unit.objects.filter(inside, Exists(going), active=True)


def links_of(unit: Unit, today: date) -> QuerySet[Link]:
    """Those that stand or are still to begin."""
    there = Link.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), unit=unit)
    return there.select_related("place", "household", "user")


def missing_places(unit: Unit, links: Sequence[Link]) -> dict[LinkKind, int]:
    """How many villages and communities an office is short of; nothing for a place, which is visited itself."""
    if unit.kind in PLACES | RECEIVES_NONE or (unit.parent and unit.parent.kind == unit.kind):
        return {}
    there = [link.kind for link in links]
    short = {kind: AT_LEAST[kind] - there.count(kind) for kind in AT_LEAST if kind in OF_UNITS}
    return {kind: count for kind, count in short.items() if count > 0}


def people(unit: Unit, today: date) -> list[Person]:
    """In the order of their names; three queries."""
    kinds: dict[int, LinkKind] = {}
    posts = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), unit=unit, role__in=sorted(KINDS))
    for user, role in posts.values_list("user_id", "role"):
        if kinds.get(user) is not LinkKind.LEADER_HOUSEHOLD:
            kinds[user] = KINDS[Role(role)]
    held: dict[int, int] = {}
    for user in links_of(unit, today).filter(user__isnull=False).values_list("user_id", flat=True):
        held[user] = held.get(user, 0) + 1
    rows = []
    for one in people_of(unit.pk, today):
        kind, count = kinds.get(one.pk, LinkKind.MEMBER_HOUSEHOLD), held.get(one.pk, 0)
        rows.append(Person(one, kind, count, max(AT_LEAST.get(kind, 0) - count, 0)))
    return rows


def person_of(unit: Unit, username: str, today: date) -> Person:
    """Raises Http404 for somebody who goes on no visits for the unit."""
    for person in people(unit, today):
        if person.user.username == username:
            return person
    raise Http404


def places_for(unit: Unit, words: str, today: date) -> list[Unit]:
    """Villages and communities that the unit is not linked with, those first with which no unit is."""
    taken = Link.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), user__isnull=True, place=OuterRef("pk"))
    rows = Unit.objects.filter(active=True, kind__in=[UnitKind.VILLAGE, UnitKind.COMMUNITY])
    rows = rows.exclude(Exists(taken.filter(unit=unit))).select_related("parent")
    if words:
        return list(rows.filter(name__icontains=words).order_by("path")[:FOUND])
    alone = Case(When(Exists(taken), then=Value(1)), default=Value(0))
    return list(rows.annotate(taken=alone).order_by("taken", "path")[:PROPOSED])


def candidates(unit: Unit, person: Person, today: date) -> QuerySet[Household]:
    """Households that want visits and have nobody of the kind yet, where the unit is linked or which it looks after.

    Ordered by ORDER.
    """
    inside = Q(place__path__startswith=unit.path)
    for path in links_of(unit, today).filter(user__isnull=True).values_list("place__path", flat=True):
        inside |= Q(place__path__startswith=path)
    there = Q(to_on__isnull=True) | Q(to_on__gte=today)
    same = Q(kind=person.kind.value) | Q(user=person.user)
    taken = Link.objects.filter(there, same, household=OuterRef("pk"))
    rows = Household.objects.filter(inside, declined_at__isnull=True, gone_on__isnull=True)
    rows = rows.filter(place__kind__in=sorted(HOMES))
    asked = Case(When(asked_at__isnull=False, then=Value(0)), default=Value(1))
    return rows.filter(~Exists(taken)).select_related("place").annotate(asked=asked, at_path=F("place__path"))


def successors(unit: Unit, person: User, today: date) -> dict[str, User]:
    """By username: who else goes on visits for the unit."""
    return {one.username: one for one in people_of(unit.pk, today).exclude(pk=person.pk)}


def other_units(actor: Actor, unit: Unit) -> dict[str, Unit]:
    """By code: offices to which the actor may hand a village or community over."""
    rows = led_units(actor).exclude(kind__in=sorted(HOMES)).exclude(pk=unit.pk).order_by("path")
    return {one.code: one for one in rows[:MOST_UNITS]}
