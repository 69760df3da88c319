"""What somebody owes, by village and in counts, for a calendar."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.quotas import term_of
from lianying.visits.models import Calendar
from lianying.visits.queries.due import quota_of, to_visit


@dataclass(frozen=True, slots=True)
class Owing:
    """count: households and the village itself that are still to be visited in a term of these days."""

    village: Unit
    starts_on: date
    ends_on: date
    count: int


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def calendar_of(token: str) -> Calendar | None:
    """That of somebody who still has an account."""
    rows = Calendar.objects.filter(digest=digest_of(token), user__is_active=True)
    return rows.select_related("user").first()


def has_calendar(actor: Actor) -> bool:
    return Calendar.objects.filter(user_id=actor.staff_id).exists()


def owing(actor: Actor, on: date) -> list[Owing]:
    """By village and by the end of the term; a grid is part of its village."""
    rows = to_visit(actor, on).order_by().values_list("place", "kind").annotate(count=Count("pk"))
    counted = list(rows)
    places = Unit.objects.select_related("parent").in_bulk([place for place, _, _ in counted])
    found: dict[tuple[str, date], Owing] = {}
    for place, kind, count in counted:
        unit = places[place]
        village = unit.parent if unit.kind == UnitKind.GRID and unit.parent else unit
        term = term_of(quota_of(kind).period, on)
        key = village.path, term.ends_on
        so_far = found.get(key)
        starts_on = min(term.starts_on, so_far.starts_on) if so_far else term.starts_on
        found[key] = Owing(village, starts_on, term.ends_on, count + (so_far.count if so_far else 0))
    return [found[key] for key in sorted(found)]
