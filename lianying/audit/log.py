"""Writing the ledger. The only functions that make events and roots."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from lianying.audit.models import DayRoot, Event
from lianying.common.clock import now
from lianying.common.db import take_turns
from lianying.rules.events import EventKind
from lianying.rules.ledger import GENESIS, canonical, day_root, event_hash

#: A root is made some time after midnight, so that no event of the day is still being written.
SETTLED = timedelta(minutes=10)


class Author(Protocol):
    """Whoever acts: `label` is a code such as 'user:12', 'resident' or 'clock'."""

    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream: the number and hash of its last event."""

    seq: int = 0
    hash: str = GENESIS


def head(stream: str) -> Head:
    row = Event.objects.filter(stream=stream).order_by("-seq").values_list("seq", "hash").first()
    return Head(*row) if row else Head()


def chained(
    stream: str, kind: EventKind, *, after: Head, by: Author, at: datetime, recorded_at: datetime, data: dict[str, Any]
) -> Event:
    """Return the next event of a stream, not yet saved."""
    event = Event(
        stream=stream,
        seq=after.seq + 1,
        kind=kind.value,
        at=at,
        recorded_at=recorded_at,
        actor=by.label,
        # As it will be read back: an enum is its value, a moment its text.
        data=json.loads(canonical(data)),
        previous=after.hash,
    )
    event.hash = event_hash(event)
    return event


def record(stream: str, kind: EventKind, *, by: Author, at: datetime, after: Head | None = None, **data: Any) -> Head:
    """Append one event inside the caller's transaction and return the stream's new end.

    after   the end that the caller holds under lock; None waits for whoever else writes to the stream, and looks it up
    """
    if after is None:
        take_turns(stream)
        after = head(stream)
    event = chained(stream, kind, after=after, by=by, at=at, recorded_at=now(), data=data)
    event.save(force_insert=True)
    return Head(event.seq, event.hash)


def record_many(events: Iterable[Event]) -> None:
    """Append events that `chained` made, for imports that hold the streams' only writer."""
    Event.objects.bulk_create(events, batch_size=500)


def _bounds(previous: DayRoot | None) -> tuple[datetime, date] | None:
    """The first moment and the day of the next root, or None where there is nothing to begin with."""
    if previous is not None:
        return previous.until, previous.day + timedelta(days=1)
    first = Event.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    return (first, timezone.localtime(first).date()) if first else None


@transaction.atomic
def make_root(*, at: datetime) -> DayRoot | None:
    """Make the root of the earliest day that has none and has ended; None when there is no such day."""
    previous = DayRoot.objects.order_by("-day").first()
    bounds = _bounds(previous)
    if bounds is None:
        return None
    since, day = bounds
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    if at < until + SETTLED:
        return None
    hashes = list(
        Event.objects.filter(recorded_at__gte=since, recorded_at__lt=until)
        .order_by("stream", "seq")
        .values_list("hash", flat=True)
    )
    before = previous.root if previous else GENESIS
    return DayRoot.objects.create(
        day=day, events=len(hashes), previous=before, root=day_root(before, hashes), until=until, made_at=at
    )


def make_roots(*, at: datetime) -> int:
    """Make every root that is owed and return how many."""
    made = 0
    while make_root(at=at) is not None:
        made += 1
    return made
