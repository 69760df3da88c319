"""The story of a case: the events of its stream with the words and photos that belong to them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianying.audit.models import Event
from lianying.cases.models import Attachment, Case, Entry
from lianying.orgs.models import User
from lianying.rules.entries import FOR_RESIDENTS, EntryKind
from lianying.rules.events import EventKind

#: What a resident is shown: the steps that concern them, not how the offices arranged them among themselves.
SHOWN_TO_RESIDENTS = frozenset(
    {
        EventKind.HEARD,
        EventKind.NOTED,
        EventKind.ASSIGNED,
        EventKind.ANSWERED_NOW,
        EventKind.DECLINED,
        EventKind.OBJECTED,
        EventKind.MERGED,
        EventKind.UNMERGED,
        EventKind.WITHDRAWN,
        EventKind.SIGNED,
        EventKind.HANDED_UP,
        EventKind.RECALLED,
        EventKind.PASSED,
        EventKind.UPHELD,
        EventKind.ASKED,
        EventKind.REPLIED,
        EventKind.RESUMED,
        EventKind.ANSWERED,
        EventKind.ANSWER_APPROVED,
        EventKind.ANSWER_CORRECTED,
        EventKind.EXTENDED,
        EventKind.TERMINATED,
        EventKind.SATISFIED,
        EventKind.UNSATISFIED,
        EventKind.ENDED_UNSOLVED,
        EventKind.CLOSED_UNREACHED,
        EventKind.CLOSED_SILENT,
        EventKind.REOPENED,
        EventKind.COMPLETED,
        EventKind.FELL_DUE,
        EventKind.TRANSFERRED,
        EventKind.PETITION_STEPPED,
        EventKind.CONCLUDED,
        EventKind.RETURNED,
        EventKind.IMPORTED,
        EventKind.CONTACT_CORRECTED,
        EventKind.WISHED,
        EventKind.ERASED,
        EventKind.RELEASED,
        EventKind.UNRELEASED,
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    kind: EntryKind
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One step: when, what, by whom, where it went, and what was said with it.

    of_main   it is the main request's, and shown to a reporter whose own was joined to it
    """

    seq: int
    at: datetime
    recorded_at: datetime
    kind: EventKind
    by: str
    by_resident: bool
    unit: str
    said: tuple[Said, ...]
    photos: tuple[UUID, ...]
    documents: tuple[tuple[UUID, int], ...]
    data: Mapping[str, Any]
    hash: str
    of_main: bool = False


def timeline(case: Case, *, for_resident: bool = False) -> list[Moment]:
    """Oldest first; two queries beside the case's prefetched entries, attachments and holdings with their units.

    for_resident   without inner words, names of staff and the offices' arrangements
    """
    events = list(Event.objects.filter(stream=f"case:{case.ref}").order_by("seq"))
    names = {} if for_resident else _names(events)
    units = {held.path: held.unit.name for held in case.holdings.all()}
    words = _words(case, for_resident)
    attached = _attached(case, for_resident)
    moments = []
    for event in events:
        kind = EventKind(event.kind)
        said = tuple(words.get(event.seq, ()))
        empty_note = kind == EventKind.NOTED and not said and not attached.get(event.seq)
        if for_resident and (empty_note or kind not in SHOWN_TO_RESIDENTS):
            continue
        moments.append(
            Moment(
                seq=event.seq,
                at=event.at,
                recorded_at=event.recorded_at,
                kind=kind,
                by=names.get(event.actor, ""),
                by_resident=event.actor == "resident",
                unit=units.get(event.data.get("path", ""), ""),
                said=said,
                photos=tuple(one.uuid for one in attached.get(event.seq, ()) if one.blob.is_photo),
                documents=tuple(
                    (one.uuid, one.blob.bytes) for one in attached.get(event.seq, ()) if not one.blob.is_photo
                ),
                data=event.data,
                hash=event.hash,
            )
        )
    return moments


def _names(events: list[Event]) -> dict[str, str]:
    ids = {int(event.actor.removeprefix("user:")) for event in events if event.actor.startswith("user:")}
    return {f"user:{pk}": name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}


def _words(case: Case, for_resident: bool) -> dict[int, list[Said]]:
    said: dict[int, list[Said]] = defaultdict(list)
    entry: Entry
    for entry in case.entries.all():
        kind = EntryKind(entry.kind)
        if not for_resident or kind in FOR_RESIDENTS:
            said[entry.event_seq].append(Said(kind, entry.text))
    return said


def _attached(case: Case, for_resident: bool) -> dict[int, list[Attachment]]:
    shown: dict[int, list[Attachment]] = defaultdict(list)
    one: Attachment
    for one in case.attachments.all():
        if not (for_resident and one.inner):
            shown[one.event_seq].append(one)
    return shown
