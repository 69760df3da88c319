"""Households as those who keep them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from lianying.households.models import Household
from lianying.households.queries import Home, home
from lianying.orgs.kinds import HOMES
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power
from lianying.visits.models import Link


@dataclass(frozen=True, slots=True)
class HomeLine:
    household: Household
    home: Home
    links: int


def places_of(actor: Actor) -> QuerySet[Unit]:
    """Villages, communities and grids whose households the actor keeps, with how many there are."""
    inside = Q(pk__in=[])
    for scope in actor.scopes(Power.KEEP_HOUSEHOLDS):
        inside |= Q(path__startswith=scope)
    rows = Unit.objects.filter(inside, active=True, kind__in=sorted(HOMES)).select_related("parent")
    return rows.annotate(homes=Count("households", filter=Q(households__gone_on__isnull=True)))


def place_of(actor: Actor, code: str) -> Unit:
    """Raises Http404 for a place that the actor does not keep."""
    place = places_of(actor).filter(code=code).first()
    if place is None:
        raise Http404
    return place


def household_of(actor: Actor, uuid: UUID) -> Household:
    """Raises Http404 for a household that the actor does not keep."""
    rows = Household.objects.select_related("place__parent", "contact", "proposed_by")
    household = rows.filter(uuid=uuid).first()
    if household is None or not actor.may(Power.KEEP_HOUSEHOLDS, household.place.path):
        raise Http404
    return household


def home_lines(households: Sequence[Household]) -> list[HomeLine]:
    """One query, however many there are."""
    there = Link.objects.filter(household__in=households, to_on__isnull=True).order_by()
    links = dict(there.values_list("household").annotate(count=Count("pk")))
    return [HomeLine(row, home(row), links.get(row.pk, 0)) for row in households]
