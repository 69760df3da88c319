"""Clients and their keys, and what they put in: the only code that writes them."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from lianying.audit.log import record
from lianying.cases.actions import note
from lianying.cases.actions.hear import Telling, hear
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.common.db import next_number
from lianying.exchange.kinds import Call
from lianying.exchange.models import Client, Posted, Told, Use
from lianying.exchange.queries.clients import digest_of
from lianying.orgs.models import Unit
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import Channel
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.open311 import Update
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: Calls an hour, where nobody says otherwise.
PER_HOUR = 600


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client says became of a request. update_id: the client's own."""

    update_id: str
    status: Update
    words: str
    at: datetime


@transaction.atomic
def make_client(name: str, unit: Unit, *, per_hour: int = PER_HOUR, by: Actor, at: datetime) -> tuple[Client, str]:
    """Return it with its key, which is kept nowhere. Raises Refused not_yours, no_words."""
    if by.user_id is not None:
        by.require_all(Power.CONFIGURE)
    if not name.strip():
        raise Refused("no_words")
    key = secrets.token_urlsafe(24)
    row = Client.objects.create(name=name.strip(), unit=unit, digest=digest_of(key), per_hour=per_hour, made_at=at)
    record("site", EventKind.CLIENT_MADE, by=by, at=at, client=str(row.uuid), unit=unit.path)
    return row, key


@transaction.atomic
def end_client(client: Client, *, by: Actor, at: datetime) -> Client:
    """Its key opens nothing any more; what it put in stays. Raises Refused not_yours, client_ended."""
    by.require_all(Power.CONFIGURE)
    row = Client.objects.select_for_update().get(pk=client.pk)
    if row.ended_at is not None:
        raise Refused("client_ended")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record("site", EventKind.CLIENT_ENDED, by=by, at=at, client=str(row.uuid))
    return row


def count_use(client: Client, call: Call, *, at: datetime) -> None:
    """One call more of today. Raises Refused("too_often") past what the client may in an hour."""
    hour = f"client:{client.pk}:{at:%Y%m%d%H}"
    is_refused = settings.ENV["RATE_LIMITS"] and next_number(hour, until=at + timedelta(hours=2)) > client.per_hour
    row, _made = Use.objects.get_or_create(client=client, on=local_day(at), call=call.value)
    column = "refused" if is_refused else "count"
    Use.objects.filter(pk=row.pk).update(**{column: F(column) + 1})
    if is_refused:
        raise Refused("too_often", per_hour=client.per_hour)


def put_in(client: Client, telling: Telling, *, request_id: str = "", at: datetime) -> Posted:
    """Hear what a client sends for a resident; the same `request_id` of the same client is the same request.

    Raises  Refused as `hear` does
    """
    client_id: UUID | None = uuid5(client.uuid, request_id) if request_id else None
    with transaction.atomic():
        told = replace(telling, channel=Channel.OPEN311, client_id=client_id)
        case = hear(told, near=client.unit.path, by=RESIDENT, at=at).case
        row, _made = Posted.objects.get_or_create(case=case, defaults={"client": client, "request_id": request_id})
    return row


def take_update(client: Client, case: Case, sent: Sent, *, at: datetime) -> Told:
    """Write what the client says into its request; the same update again is the same.

    Raises  Refused not_yours for a request of another client, and as `note` does
    """
    if not Posted.objects.filter(client=client, case=case).exists():
        raise Refused("not_yours")
    earlier = Told.objects.filter(client=client, update_id=sent.update_id).first()
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            row = Told.objects.create(
                client=client, case=case, update_id=sent.update_id, status=sent.status.value, at=sent.at
            )
            there = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            if State(there.state) in OPEN:
                note(there, text=sent.words, by=RESIDENT, at=at)
    except IntegrityError:
        return Told.objects.get(client=client, update_id=sent.update_id)
    return row
