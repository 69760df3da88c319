"""What links owe and have done, written as the rules say it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lianying.common.clock import local_day
from lianying.visits.models import Link, Obligation, Visit
from lianying.visits.queries.counting import Counted, count_link, history


@transaction.atomic
def recount(*links: Link, at: datetime) -> None:
    """Write what the rules say that the links owe and have done, and why a visit does not count; few queries for many.

    The rows are locked and read as they are now: somebody may have ended a link while this waited.
    """
    today = local_day(at)
    rows = list(Link.objects.select_for_update().filter(pk__in=[link.pk for link in links]).order_by("pk"))
    visits, stored = history(rows)
    new: list[Obligation] = []
    changed: list[Obligation] = []
    gone: list[int] = []
    judged: list[Visit] = []
    for link in rows:
        there = stored.get(link.pk, {})
        counted = count_link(link, visits.get(link.pk, []), {start: row.base for start, row in there.items()}, today)
        gone += [row.pk for start, row in there.items() if start not in counted.owed]
        for start, (ends_on, base, required) in counted.owed.items():
            done = counted.done.get(start, 0)
            row = there.get(start)
            if row is None:
                term = {"starts_on": start, "ends_on": ends_on, "base": base}
                new.append(Obligation(link=link, unit_id=link.unit_id, **term, required=required, done=done))
            elif (row.required, row.done) != (required, done):
                row.required, row.done = required, done
                changed.append(row)
        judged += _judged(visits.get(link.pk, []), counted)
    Obligation.objects.bulk_create(new)
    Obligation.objects.bulk_update(changed, ["required", "done"])
    # The links ended before these began.
    Obligation.objects.filter(pk__in=gone).delete()
    Visit.objects.bulk_update(judged, ["uncounted"])


def _judged(visits: Sequence[Visit], counted: Counted) -> list[Visit]:
    """Those of which something else is to be said than was."""
    found = []
    for visit in visits:
        why = counted.why[visit.pk] or ""
        if visit.uncounted != why:
            visit.uncounted = why
            found.append(visit)
    return found


def open_terms(*, most: int = 1000, at: datetime) -> int:
    """Begin the terms of the day for links that have none yet; return for how many. The worker asks again."""
    today = local_day(at)
    links = Link.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), from_on__lte=today)
    begun = Obligation.objects.filter(link=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    waiting = list(links.filter(~Exists(begun)).order_by("pk")[:most])
    recount(*waiting, at=at)
    return len(waiting)
