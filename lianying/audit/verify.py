"""Checking the ledger: every hash, every number, every root. What a chain means for a case is checked by `cases`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lianying.audit.models import DayRoot, Event
from lianying.rules.ledger import GENESIS, day_root, event_hash


@dataclass(frozen=True, slots=True)
class Fault:
    """where: stream and number, or the day of a root; what: a code."""

    where: str
    what: str


def chain_faults() -> Iterator[Fault]:
    """Walk every stream once, in order, with one query."""
    stream, seq, previous = "", 0, GENESIS
    rows = Event.objects.order_by("stream", "seq")
    for event in rows.iterator(chunk_size=2000):
        if event.stream != stream:
            stream, seq, previous = event.stream, 0, GENESIS
        where = f"{event.stream}#{event.seq}"
        if event.seq != seq + 1:
            yield Fault(where, "gap")
        if event.previous != previous:
            yield Fault(where, "broken_chain")
        if event.hash != event_hash(event):
            yield Fault(where, "changed")
        seq, previous = event.seq, event.hash


def root_faults() -> Iterator[Fault]:
    """Make each published root again from the events of its day."""
    previous, since = GENESIS, None
    for root in DayRoot.objects.order_by("day"):
        if root.previous != previous or root.root != day_root(previous, _hashes(since, root.until)):
            yield Fault(root.day.isoformat(), "root_differs")
        previous, since = root.root, root.until


def _hashes(since: datetime | None, until: datetime) -> Iterator[str]:
    rows = Event.objects.filter(recorded_at__lt=until)
    if since is not None:
        rows = rows.filter(recorded_at__gte=since)
    yield from rows.order_by("stream", "seq").values_list("hash", flat=True).iterator(chunk_size=5000)


def receipt_fault(stream: str, hash_start: str) -> Fault | None:
    """Compare a receipt's short hash with the first event of its stream."""
    wanted = "".join(hash_start.split()).lower()
    first = Event.objects.filter(stream=stream, seq=1).values_list("hash", flat=True).first()
    if first is None:
        return Fault(stream, "not_found")
    if len(wanted) < 8 or not first.startswith(wanted):
        return Fault(stream, "receipt_differs")
    return None
