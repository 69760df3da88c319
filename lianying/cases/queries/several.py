"""Requests that a clerk has chosen together."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from lianying.cases.models import Case
from lianying.cases.queries.scope import visible
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power


def chosen_cases(actor: Actor, refs: Iterable[str]) -> list[Case]:
    """Those that the actor sorts, in the order in which they came in; `has_joined`: others were joined to it."""
    numbers = [ref for ref in refs if ref.isprintable()]  # PostgreSQL takes no NUL
    rows = visible(Case.objects.filter(ref__in=numbers), actor, Power.SORT).select_related("unit", "contact")
    joined = Exists(Case.objects.filter(main=OuterRef("pk")))
    return list(rows.annotate(has_joined=joined).order_by("received_at", "id"))
