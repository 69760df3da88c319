"""Whether the rows of the cases are what the ledger says they must be."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr

from lianying.audit.models import Event
from lianying.audit.verify import Fault
from lianying.cases.models import Case
from lianying.rules.ledger import instant, replay

COLUMNS = ("ref", "version", "head", "state", "path", "due_at", "answered_at", "closed_at", "ending", "main__ref")
BATCH = 500


def case_faults() -> Iterator[Fault]:
    """Replay every case from its events, two queries for 500 cases; also streams whose case is missing."""
    rows = Case.objects.order_by("ref").values(*COLUMNS)
    batch: list[dict[str, Any]] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _compare(batch)
            batch = []
    yield from _compare(batch)
    yield from _orphans()


def _compare(rows: list[dict[str, Any]]) -> Iterator[Fault]:
    events: dict[str, list[tuple[int, Mapping[str, Any], str]]] = {f"case:{row['ref']}": [] for row in rows}
    found = Event.objects.filter(stream__in=list(events)).order_by("stream", "seq")
    for stream, seq, data, hashed in found.values_list("stream", "seq", "data", "hash").iterator(chunk_size=5000):
        events[stream].append((seq, data, hashed))
    for row in rows:
        chain = events[f"case:{row['ref']}"]
        for name in _differences(row, chain):
            yield Fault(f"case:{row['ref']}", f"differs:{name}")


def _differences(row: Mapping[str, Any], chain: list[tuple[int, Mapping[str, Any], str]]) -> Iterator[str]:
    told = replay((seq, data) for seq, data, _ in chain)
    stored = {
        "state": row["state"],
        "path": row["path"],
        "due_at": _instant(row["due_at"]),
        "answered_at": _instant(row["answered_at"]),
        "closed_at": _instant(row["closed_at"]),
        "ending": row["ending"] or None,
        "main": row["main__ref"],
    }
    yield from (name for name, value in stored.items() if (told.facts.get(name) or None) != value)
    if row["version"] != told.version:
        yield "version"
    if chain and row["head"] != chain[-1][2]:
        yield "head"


def _instant(at: datetime | None) -> str | None:
    return instant(at) if at else None


def _orphans() -> Iterator[Fault]:
    """A ledger that tells of a case which the table does not hold; one query."""
    held = Case.objects.filter(ref=Substr(OuterRef("stream"), len("case:") + 1))
    firsts = Event.objects.filter(stream__startswith="case:", seq=1).exclude(Exists(held))
    for stream in firsts.values_list("stream", flat=True).iterator():
        yield Fault(stream, "case_missing")
