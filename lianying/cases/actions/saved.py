"""What a person keeps of their lists: filters under a name, and columns."""

from collections.abc import Sequence

from django.db import transaction

from lianying.cases.models import ListColumns, SavedFilter
from lianying.common.db import take_turns
from lianying.orgs.scope import Actor
from lianying.rules.refusals import Refused

#: More are no longer seen at a glance.
MOST = 12
LONGEST_QUERY = 500
LONGEST_NAME = 20


@transaction.atomic
def keep_filter(name: str, query: str, *, by: Actor) -> SavedFilter:
    """Keep the list under the name; one of the same name is replaced.

    Raises Refused("no_name"), Refused("too_many_saved")
    """
    take_turns(f"saved:{by.staff_id}")
    name = _tidy(name)
    if not name:
        raise Refused("no_name")
    others = SavedFilter.objects.filter(user_id=by.staff_id).exclude(name=name)
    if others.count() >= MOST:
        raise Refused("too_many_saved", most=MOST)
    values = {"query": query[:LONGEST_QUERY]}
    kept, _ = SavedFilter.objects.update_or_create(user_id=by.staff_id, name=name, defaults=values)
    return kept


@transaction.atomic
def rename_filter(kept: SavedFilter, name: str, *, by: Actor) -> SavedFilter:
    """One of that name is replaced. Raises Refused("no_name")."""
    take_turns(f"saved:{by.staff_id}")
    name = _tidy(name)
    if not name:
        raise Refused("no_name")
    SavedFilter.objects.filter(user_id=by.staff_id, name=name).exclude(pk=kept.pk).delete()
    kept.name = name
    kept.save(update_fields=["name"])
    return kept


def drop_filter(kept: SavedFilter) -> None:
    kept.delete()


def keep_columns(names: Sequence[str], *, by: Actor) -> None:
    ListColumns.objects.update_or_create(user_id=by.staff_id, defaults={"names": " ".join(names)})


def _tidy(name: str) -> str:
    """What can be seen of it: PostgreSQL takes no NUL, and a list shows no control character."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME]
