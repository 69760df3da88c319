"""Steps that were entered long after they are said to have happened: listed, so that nobody can dress up a date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.functional import Promise

from lianying.audit.models import Event
from lianying.cases.labels import MOVES
from lianying.cases.models import Case
from lianying.cases.queries.figures import following, start_of
from lianying.cases.queries.scope import visible
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.events import KIND_OF

#: From this on an entry is a late one.
LATE = timedelta(days=1)
#: No list reads further than this.
MOST = 200
#: What was imported is not among them: it is a ground of exclusion of its own.
_MOVES = {kind.value: move for move, kind in KIND_OF.items()}


@dataclass(frozen=True, slots=True)
class Backdated:
    """by is empty where no account entered it."""

    ref: str
    step: Promise
    at: datetime
    recorded_at: datetime
    by: str


def backdated(actor: Actor, month: date) -> list[Backdated]:
    """What was recorded in the local month more than a day late in cases that the actor may read, newest first.

    One query where there is nothing, three otherwise.
    """
    events = list(
        Event.objects.filter(
            recorded_at__gte=start_of(month),
            recorded_at__lt=start_of(following(month)),
            at__lt=F("recorded_at") - LATE,
            kind__in=_MOVES,
        ).order_by("-recorded_at", "-stream", "-seq")[:MOST]
    )
    if not events:
        return []
    refs = {event.stream.removeprefix("case:") for event in events}
    readable = set(visible(Case.objects.filter(ref__in=refs), actor).values_list("ref", flat=True))
    names = dict(User.objects.filter(pk__in=_authors(events)).values_list("pk", "name"))
    return [
        Backdated(ref, MOVES[_MOVES[event.kind]], event.at, event.recorded_at, names.get(_author(event), ""))
        for event in events
        if (ref := event.stream.removeprefix("case:")) in readable
    ]


def _authors(events: list[Event]) -> set[int]:
    return {_author(event) for event in events} - {0}


def _author(event: Event) -> int:
    """Primary key of the account; 0 for a resident and the clock."""
    return int(event.actor.removeprefix("user:")) if event.actor.startswith("user:") else 0
