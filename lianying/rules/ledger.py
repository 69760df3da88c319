"""The hash chain of events: what is hashed, in which form, and what a chain says when it is replayed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces, so that the same facts always give the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an event cannot carry {type(value).__name__}")


def instant(at: datetime) -> str:
    """UTC with microseconds: databases give back other offsets than they were given."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Chained(Protocol):
    """An event as it is hashed; a row of the ledger is one."""

    stream: str
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    data: Any
    previous: str


def event_hash(event: Chained) -> str:
    """SHA-256, hexadecimal, over the event and the hash before it in its stream."""
    times = [instant(event.at), instant(event.recorded_at)]
    body = [event.stream, event.seq, event.kind, *times, event.actor, event.data, event.previous]
    return hashlib.sha256(canonical(body)).hexdigest()


def day_root(previous: str, hashes: Iterable[str]) -> str:
    """Hash over the root before it and all new event hashes, in the order (stream, seq)."""
    digest = hashlib.sha256(previous.encode())
    for one in hashes:
        digest.update(one.encode())
    return digest.hexdigest()


def short(full: str) -> str:
    """The first 12 digits in groups of four, as a receipt prints them: '3f9a 01bc 77de'."""
    return " ".join(full[start : start + 4] for start in (0, 4, 8))


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a case's chain says its row must hold. `facts` are the last value given for each name."""

    state: str = ""
    version: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


#: The names that an event may set on the row of its case.
FACTS = frozenset({"state", "path", "due_at", "answered_at", "closed_at", "ending", "main"})


def replay(events: Iterable[tuple[int, Mapping[str, Any]]]) -> Replayed:
    """Fold (seq, data) rows, in order, into the state of the case."""
    facts: dict[str, Any] = {}
    version = 0
    for seq, data in events:
        version = seq
        facts.update((name, value) for name, value in data.items() if name in FACTS)
    return Replayed(state=facts.get("state", ""), version=version, facts=facts)
