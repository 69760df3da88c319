"""Hearing a request: from a resident, a person at the counter or another program."""

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lianying.audit.log import Head, record
from lianying.cases import clocks
from lianying.cases.actions.base import stream
from lianying.cases.actions.marks import mark_open
from lianying.cases.actions.search import index_words
from lianying.cases.models import Attachment, Case, Holding
from lianying.cases.titles import title_of
from lianying.common.clock import local_day
from lianying.common.db import next_number
from lianying.files.actions import keep
from lianying.files.documents import Attached
from lianying.households.actions import keep_contact
from lianying.households.models import Contact
from lianying.orgs.models import Unit
from lianying.orgs.queries import desk, desk_serving, site
from lianying.orgs.scope import Actor
from lianying.reference.categories import urgent_because
from lianying.rules.deadlines import Stage
from lianying.rules.entries import HoldingRole
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.lifecycle import State
from lianying.rules.powers import POWERS, Power
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody tells. `client_id` makes sending twice harmless; a None urgency is taken from the words."""

    text: str
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    name: str = ""
    phone: str = ""
    home: str = ""
    may_be_called: bool = True
    may_publish: bool = False
    channel: Channel = Channel.WEB
    kind: CaseKind = CaseKind.OTHER
    urgency: Urgency | None = None
    category: str = ""
    client_id: uuids.UUID | None = None
    photos: Sequence[Attached] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """created is False where the same client_id was heard before."""

    case: Case
    created: bool


def hear(telling: Telling, *, near: str = "", follower: Unit | None = None, by: Actor, at: datetime) -> Heard:
    """Take a request in and promise an answer.

    near      the path of the place where a visitor heard it: the desk that serves it takes it in
    follower  the visitor's unit: it may read how the request goes on
    Raises  Refused("no_words") for empty words, Refused with a code of `phones` for a number that cannot be one
    """
    if not telling.text.strip():
        raise Refused("no_words")
    may_tell = Power.TELL in by.powers or (telling.channel == Channel.VISIT and Power.VISIT in by.powers)
    if by.is_staff and not may_tell:
        raise Refused("not_yours")
    earlier = _earlier(telling)
    if earlier is not None:
        return Heard(earlier, created=False)
    try:
        with transaction.atomic():
            case = _hear(telling, desk_serving(near) if near else _reception(by), by=by, at=at)
            if follower is not None:
                _hold(case, follower, HoldingRole.FOLLOW)
        return Heard(case, created=True)
    except IntegrityError:
        # Two copies of one request arrived together: the other one won.
        earlier = _earlier(telling)
        if earlier is None:
            raise
        return Heard(earlier, created=False)


def _reception(by: Actor) -> Unit:
    """The desk nearest to whoever takes it in; a resident's own words go to that of the county."""
    post = next((post for post in by.posts if Power.TELL in POWERS[post.role]), None)
    return desk_serving(post.path) if post else desk()


def _earlier(telling: Telling) -> Case | None:
    if telling.client_id is None:
        return None
    return Case.objects.filter(client_id=telling.client_id).select_related("unit").first()


def _contact(telling: Telling, at: datetime) -> Contact | None:
    return keep_contact(
        name=telling.name, phone=telling.phone, address=telling.home, may_be_called=telling.may_be_called, at=at
    )


def _hear(telling: Telling, reception: Unit, *, by: Actor, at: datetime) -> Case:
    contact = _contact(telling, at)
    urgency = telling.urgency or (Urgency.URGENT if urgent_because(telling.text) else Urgency.ORDINARY)
    case = Case(
        client_id=telling.client_id,
        ref=next_ref(at),
        channel=telling.channel.value,
        kind=telling.kind.value,
        urgency=urgency.value,
        category=telling.category,
        title=title_of(telling.text),
        text=telling.text.strip(),
        address=telling.address.strip(),
        lat=telling.lat,
        lng=telling.lng,
        contact=contact,
        may_publish=telling.may_publish,
        state=State.HEARD.value,
        unit=reception,
        path=reception.path,
        received_at=at,
        stage_at=at,
    )
    clocks.give_promise(case, Stage.RESOLVE, at)
    case.stage_due_at = clocks.stage_due(case, Stage.SORT, at)
    head = record(
        stream(case),
        EventKind.HEARD,
        by=by,
        at=at,
        after=Head(),
        state=case.state,
        path=case.path,
        due_at=case.due_at,
        channel=case.channel,
        case_kind=case.kind,
        urgency=case.urgency,
        rule=case.promise["rule"],
    )
    case.version, case.head = head.seq, head.hash
    case.save(force_insert=True)
    mark_open([case])
    _hold(case, reception, HoldingRole.LEAD)
    Attachment.objects.bulk_create(
        Attachment(case=case, event_seq=1, blob=keep(photo), at=at) for photo in telling.photos
    )
    index_words([case], {})
    return case


def _hold(case: Case, unit: Unit, role: HoldingRole) -> None:
    Holding.objects.create(case=case, unit=unit, path=unit.path, role=role.value, from_at=case.received_at)


def next_ref(at: datetime) -> str:
    day = local_day(at)
    return next_refs({day: 1})[day][0]


def next_refs(counts: Mapping[date, int]) -> dict[date, list[str]]:
    """So many numbers of each local day: 'NH-20261112-0042' is the county, the day, and the number within it."""
    place = site()
    prefix = place.prefix if place else "LY"
    refs: dict[date, list[str]] = {}
    # In order of days, so that two who take numbers of several never wait for each other in a ring.
    for day, count in sorted(counts.items()):
        first = next_number(f"ref:{day:%Y%m%d}", count=count)
        refs[day] = [f"{prefix}-{day:%Y%m%d}-{number:04d}" for number in range(first, first + count)]
    return refs
