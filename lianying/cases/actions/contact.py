"""The name and number behind a case: opened for a reason, on record, and rung only as the resident wishes."""

from datetime import datetime

from django.db import transaction

from lianying.cases.actions.base import locked, recorded
from lianying.cases.models import Case
from lianying.households.actions import let_ring, open_contact
from lianying.households.queries import Revealed
from lianying.notices import actions as notices
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.guards import desk_asks
from lianying.rules.kinds import CaseKind
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused


def reveal(case: Case, *, reason: OpenReason, note: str = "", by: Actor, at: datetime) -> Revealed:
    """Show the contact in full and record the look. Whoever made a report is known to the desk alone.

    Raises Refused("not_yours"), Refused("no_contact_kept"), Refused("opening_needs_note")
    """
    by.require(Power.OPEN_CONTACT, case.path)
    if desk_asks(CaseKind(case.kind)):
        by.require(Power.SORT, case.path)
    if case.contact is None:
        raise Refused("no_contact_kept")
    return open_contact(case.contact, subject=case.ref, reason=reason, note=note, by=by, at=at)


@transaction.atomic
def set_wish(case: Case, *, may_be_called: bool, by: Actor, at: datetime) -> Case:
    """As the resident says, on the progress page or to whoever rings; calls that are still owed are dropped.

    Raises Refused("not_yours"), Refused("no_contact_kept")
    """
    if by.self_role != Role.RESIDENT:
        by.require(Power.CALL, case.path)
    case = locked(case, None)
    if case.contact is None or not case.contact.phone_index:
        raise Refused("no_contact_kept")
    if case.contact.may_be_called == may_be_called:
        return case
    let_ring(case.contact, may_be_called)
    if not may_be_called:
        notices.drop_calls(case.ref, at=at)
    return recorded(case, EventKind.WISHED, by=by, at=at, may_be_called=may_be_called)
