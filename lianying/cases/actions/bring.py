"""Bringing requests over from another system: they carry no promise, and no clock runs for them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lianying.audit.log import Head, chained, record_many
from lianying.audit.models import Event
from lianying.cases.actions.base import stream
from lianying.cases.actions.hear import next_refs
from lianying.cases.actions.marks import mark_open
from lianying.cases.actions.search import index_words
from lianying.cases.models import Case, Entry, Holding
from lianying.cases.queries.sources import brought
from lianying.common.clock import local_day
from lianying.common.db import next_number
from lianying.households.actions import keep_contact
from lianying.orgs.models import Unit
from lianying.orgs.queries import desk
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind, HoldingRole
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Channel, Ending
from lianying.rules.lifecycle import State


@dataclass(frozen=True, slots=True)
class Old:
    """A request as another system kept it. id: its number there; a reply without its time ends at the import."""

    id: str
    title: str
    text: str
    received_at: datetime
    reply: str = ""
    replied_at: datetime | None = None
    kind: CaseKind = CaseKind.OTHER
    category: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """Both: number in the other system -> our number."""

    taken: Mapping[str, str]
    there: Mapping[str, str]


@transaction.atomic
def bring_in(olds: Sequence[Old], *, source: str, by: Actor, at: datetime) -> Brought:
    """Take over those that are not here yet, all or none.

    olds     no id twice, telephones without a fault; as many as may be written under one lock
    source   what the other system is called: with an id it says what is already here
    at       the moment of the import; an answered request ends at its own time, another stays with the desk
    """
    # Two imports at once wait here for each other: the second then finds what the first has brought.
    next_number("import")
    there = brought(source, [old.id for old in olds])
    reception = desk()
    fresh = [old for old in olds if old.id not in there]
    refs = next_refs(Counter(local_day(old.received_at) for old in fresh))
    cases = [_case(old, refs[local_day(old.received_at)].pop(0), source, reception, at) for old in fresh]
    record_many([_chained(case, by, at) for case in cases])
    Case.objects.bulk_create(cases)
    mark_open(cases)
    Holding.objects.bulk_create(
        Holding(
            case=case,
            unit=reception,
            path=reception.path,
            role=HoldingRole.LEAD.value,
            from_at=case.received_at,
        )
        for case in cases
    )
    Entry.objects.bulk_create(
        Entry(case=case, kind=EntryKind.ANSWER.value, event_seq=1, text=old.reply, at=case.stage_at)
        for old, case in zip(fresh, cases, strict=True)
        if old.reply
    )
    replies = {case.pk: [old.reply] for old, case in zip(fresh, cases, strict=True) if old.reply}
    index_words(cases, replies)
    return Brought({old.id: case.ref for old, case in zip(fresh, cases, strict=True)}, there)


def _case(old: Old, ref: str, source: str, reception: Unit, at: datetime) -> Case:
    case = Case(
        ref=ref,
        channel=Channel.IMPORT.value,
        kind=old.kind.value,
        category=old.category,
        title=old.title,
        text=old.text,
        address=old.address,
        contact=keep_contact(name=old.name, phone=old.phone, address="", at=at),
        state=State.HEARD.value,
        unit=reception,
        path=reception.path,
        received_at=old.received_at,
        stage_at=old.received_at,
        source=source,
        source_id=old.id,
    )
    if old.reply:
        case.state, case.ending = State.CLOSED.value, Ending.IMPORTED.value
        case.answered_at = old.replied_at
        case.closed_at = case.stage_at = old.replied_at or at
    return case


def _chained(case: Case, by: Actor, at: datetime) -> Event:
    """The first event of the case, which then knows its hash."""
    facts: dict[str, Any] = {"state": case.state, "path": case.path, "channel": case.channel, "case_kind": case.kind}
    if case.closed_at is not None:
        facts |= {"answered_at": case.answered_at, "closed_at": case.closed_at, "ending": case.ending}
    event = chained(
        stream(case), EventKind.IMPORTED, after=Head(), by=by, at=case.received_at, recorded_at=at, data=facts
    )
    case.version, case.head = event.seq, event.hash
    return event
