"""A batch under way: the events and changes that go with what is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianying.audit.log import Head, chained, head
from lianying.audit.models import Event
from lianying.common.db import take_turns
from lianying.orgs.importing.known import Known
from lianying.orgs.kinds import Thing
from lianying.orgs.models import Import
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind


@dataclass(slots=True)
class Writing:
    """made and before: by kind of thing, the keys of the new ones and what stood there before."""

    job: Import
    known: Known
    by: Actor
    at: datetime
    events: list[Event] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    made: dict[Thing, list[int]] = field(default_factory=dict)
    before: dict[Thing, dict[int, dict[str, str]]] = field(default_factory=dict)

    def note(self, stream: str, kind: EventKind, *, is_new: bool = False, **data: Any) -> None:
        after = Head() if is_new else self.heads.get(stream)
        if after is None:
            take_turns(stream)
            after = head(stream)
        # As of an action of its own: `recorded_at` is when it was written.
        event = chained(stream, kind, after=after, by=self.by, at=self.at, recorded_at=self.at, data=data)
        self.heads[stream] = Head(event.seq, event.hash)
        self.events.append(event)

    def keep(self, what: Thing, pk: int, **before: str) -> None:
        if before:
            self.before.setdefault(what, {})[pk] = before
        else:
            self.made.setdefault(what, []).append(pk)
