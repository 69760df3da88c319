"""What other subjects do with a request: its ledger and its words are kept here, its state and clock stay."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lianying.cases.actions.base import locked, recorded, shut_out
from lianying.cases.models import Case, Entry
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: What is said between supervision and the unit is kept apart from what the staff say among themselves.
_WORDS = {EventKind.REFERRED: EntryKind.INNER, EventKind.REFERRAL_HEARD: EntryKind.INNER}


@transaction.atomic
def beside(
    case: Case, kind: EventKind, text: str, *, power: Power, by: Actor, at: datetime, facts: dict[str, Any]
) -> Case:
    """Record the event with its words, for staff only, whatever the version of the case.

    Raises Refused("not_yours"), Refused("no_words")
    """
    case = locked(case, None)
    if not by.may(power, case.path) or shut_out(case, by):
        raise Refused("not_yours")
    if not text.strip():
        raise Refused("no_words")
    case = recorded(case, kind, by=by, at=at, **facts)
    author = by.user_id
    said = _WORDS.get(kind, EntryKind.OVERSIGHT).value
    Entry.objects.create(case=case, kind=said, event_seq=case.version, text=text.strip(), author_id=author, at=at)
    return case
