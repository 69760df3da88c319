"""The secret address of one's calendar."""

from datetime import datetime
from secrets import token_urlsafe

from django.db import transaction

from lianying.audit.log import record
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits.models import Calendar
from lianying.visits.queries.calendar import digest_of


@transaction.atomic
def make_address(*, by: Actor, at: datetime) -> str:
    """Return the token of a new secret address of one's calendar; an earlier one ends. It is kept nowhere.

    Raises  Refused not_yours
    """
    if not by.powers & {Power.SEE, Power.VISIT}:
        raise Refused("not_yours")
    token = token_urlsafe(24)
    Calendar.objects.update_or_create(user_id=by.staff_id, defaults={"digest": digest_of(token), "made_at": at})
    record(f"user:{by.staff_id}", EventKind.CALENDAR_MADE, by=by, at=at)
    return token


@transaction.atomic
def take_address_back(*, by: Actor, at: datetime) -> None:
    """Nobody reads the calendar at the address any more."""
    gone, _rows = Calendar.objects.filter(user_id=by.staff_id).delete()
    if gone:
        record(f"user:{by.staff_id}", EventKind.CALENDAR_ENDED, by=by, at=at)
