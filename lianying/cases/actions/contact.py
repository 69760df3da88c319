"""Opening the name and number behind a case: by whom, for which reason, on record."""

from datetime import datetime

from lianying.cases.models import Case
from lianying.households.actions import open_contact
from lianying.households.queries import Revealed
from lianying.orgs.scope import Actor
from lianying.rules.guards import desk_asks
from lianying.rules.kinds import CaseKind
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Power
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
