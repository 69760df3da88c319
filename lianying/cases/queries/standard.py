"""Standard answers: those that one's units own, and those that fit a request."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lianying.cases.models import Case, StandardAnswer
from lianying.orgs.models import Unit
from lianying.orgs.paths import WIDTH
from lianying.orgs.queries import desk
from lianying.orgs.scope import Actor
from lianying.rules.powers import POWERS, Power

#: With one of these one answers residents, and writes what is answered again and again.
WRITES = frozenset({Power.PASS_DOWN, Power.SORT})


def owners(actor: Actor) -> list[Unit]:
    """Units for which the actor may write."""
    keys = [post.unit_id for post in actor.posts if POWERS[post.role] & WRITES]
    return list(Unit.objects.filter(pk__in=keys).order_by("path"))


def standard_answers(units: list[Unit]) -> QuerySet[StandardAnswer]:
    return StandardAnswer.objects.filter(unit__in=units).select_related("unit", "changed_by").order_by("title", "id")


def offered(case: Case, on: date) -> QuerySet[StandardAnswer]:
    """Those of the unit that leads, of the units above it and of the desk which are still true on the day."""
    above = [case.path[:end] for end in range(1 + WIDTH, len(case.path) + 1, WIDTH)]
    rows = StandardAnswer.objects.filter(Q(unit__path__in=above) | Q(unit=desk()), expires_on__gte=on)
    return rows.select_related("unit", "changed_by").order_by("title", "id")


def standard_text(uuid: str) -> str:
    """'' for what is none."""
    try:
        key = UUID(uuid)
    except ValueError:
        return ""
    return StandardAnswer.objects.filter(uuid=key).values_list("text", flat=True).first() or ""
