"""The name and number behind a case: opened for a reason, on record, and rung only as the resident wishes."""

from datetime import datetime

from django.db import transaction

from lianying.cases.actions.base import locked, recorded
from lianying.cases.models import Case
from lianying.common.crypto import case_code
from lianying.households.actions import change_contact, keep_contact, let_ring, note_look, open_contact
from lianying.households.queries import Revealed, revealed
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


@transaction.atomic
def correct_contact(case: Case, *, name: str, phone: str, by: Actor, at: datetime) -> Case:
    """What the resident wants kept from now on; both empty: nothing. The home that staff noted stays.

    Raises Refused("erased"), and as `keep_contact` for the number
    """
    case = locked(case, None)
    if case.erased_at is not None:
        raise Refused("erased")
    if case.contact is None:
        case.contact = keep_contact(name=name, phone=phone, address="", at=at)
    else:
        change_contact(case.contact, name=name, phone=phone, address=revealed(case.contact).address)
    if not phone.strip():
        notices.drop(case.ref, at=at)
    return recorded(case, EventKind.CONTACT_CORRECTED, by=by, at=at)


def read_code(case: Case, *, by: Actor, at: datetime) -> str:
    """The code for a resident who lost it and was rung back on the number that is kept; on record.

    Raises Refused("not_yours"), Refused("no_contact_kept")
    """
    by.require(Power.CALL, case.path)
    if case.contact is None or not case.contact.phone_index:
        raise Refused("no_contact_kept")
    note_look(case.contact, subject=case.ref, reason=OpenReason.CODE, by=by, at=at)
    return case_code(case.uuid)
