"""Whether the rows of the records are what the ledger says they must be."""

from collections.abc import Iterator

from lianying.audit.models import Event
from lianying.audit.verify import Fault
from lianying.care.models import Care

BATCH = 500


def care_faults() -> Iterator[Fault]:
    """Records whose stage, version or head is not that of their events; two queries for 500 of them."""
    after = 0
    while rows := list(
        Care.objects.filter(pk__gt=after).order_by("pk").only("uuid", "stage", "version", "head")[:BATCH]
    ):
        after = rows[-1].pk
        told = _told([f"care:{row.uuid}" for row in rows])
        for row in rows:
            where = f"care:{row.uuid}"
            stage, version, head = told.get(where, ("", 0, ""))
            stored = {"stage": (row.stage, stage), "version": (row.version, version), "head": (row.head, head)}
            yield from (Fault(where, f"differs:{name}") for name, (here, there) in stored.items() if here != there)


def _told(streams: list[str]) -> dict[str, tuple[str, int, str]]:
    """Stage, number and hash at the end of each stream."""
    found: dict[str, tuple[str, int, str]] = {}
    rows = Event.objects.filter(stream__in=streams).order_by("stream", "seq")
    for stream, seq, data, hashed in rows.values_list("stream", "seq", "data", "hash"):
        # Erasing changes no stage.
        found[stream] = (data.get("stage") or found[stream][0], seq, hashed)
    return found
