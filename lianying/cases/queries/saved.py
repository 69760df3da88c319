from uuid import UUID

from django.http import Http404

from lianying.cases.models import ListColumns, SavedFilter
from lianying.orgs.scope import Actor


def saved_filters(actor: Actor) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(user_id=actor.staff_id).order_by("name"))


def saved_filter(actor: Actor, uuid: UUID) -> SavedFilter:
    """One's own. Raises Http404."""
    found = SavedFilter.objects.filter(user_id=actor.staff_id, uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def columns_of(actor: Actor) -> str | None:
    """The names that the person chose, separated by blanks; None for somebody who never did."""
    return ListColumns.objects.filter(user_id=actor.staff_id).values_list("names", flat=True).first()
