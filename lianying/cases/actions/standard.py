"""What a unit answers again and again."""

from datetime import date, datetime, timedelta

from django.db import transaction

from lianying.cases.models import StandardAnswer
from lianying.cases.queries.standard import owners
from lianying.common.clock import local_day
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.refusals import Refused

#: Nobody vouches for words for longer.
LONGEST = timedelta(days=731)


@transaction.atomic
def keep_standard(
    known: StandardAnswer | None, *, unit: Unit, title: str, text: str, expires_on: date, by: Actor, at: datetime
) -> StandardAnswer:
    """Write a new one, or change what is known; a day that has passed takes it out of use.

    Raises Refused("not_yours"), Refused("too_long_true")
    """
    mine = owners(by)
    if unit not in mine or (known is not None and known.unit not in mine):
        raise Refused("not_yours")
    if expires_on > local_day(at + LONGEST):
        raise Refused("too_long_true")
    row = known or StandardAnswer()
    row.unit, row.title, row.text, row.expires_on = unit, title, text, expires_on
    row.changed_at, row.changed_by_id = at, by.staff_id
    row.save()
    return row
