"""Forgetting: words, photos, place and person go; the ledger and the figures remain."""

from datetime import datetime

from django.db import transaction

from lianying.cases.actions.base import locked, recorded
from lianying.cases.actions.search import index_words
from lianying.cases.models import Attachment, Case, PublicVersion
from lianying.cases.queries.erasure import due_to_erase
from lianying.files import actions as files
from lianying.files.models import Blob
from lianying.households import actions as households
from lianying.households.models import Contact
from lianying.notices import actions as notices
from lianying.orgs.scope import CLOCK, Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import Outcome
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused
from lianying.triage.actions import unmark

#: In one round of the worker.
BATCH = 100
#: What stands where words stood; the pages say why.
GONE = "—"


def may_erase(case: Case) -> bool:
    """Whether the resident may have it erased: it has ended, and no planned work is still to be watched."""
    return case.closed_at is not None and case.erased_at is None and case.outcome != Outcome.PLANNED


@transaction.atomic
def erase(case: Case, *, by: Actor, at: datetime) -> Case:
    """Erase all that was said in a request that has ended, and who said it if no other request needs it.

    Raises Refused("not_ended")
    """
    case = locked(case, None)
    if case.closed_at is None or (by.self_role == Role.RESIDENT and case.outcome == Outcome.PLANNED):
        raise Refused("not_ended")
    if case.erased_at is not None:
        return case
    contact, blobs = case.contact, list(Blob.objects.filter(pk__in=case.attachments.values("blob")))
    notices.forget(case.ref)
    case.entries.all().delete()
    case.attachments.all().delete()
    case.readings.all().delete()
    PublicVersion.objects.filter(case=case).delete()
    unmark(case.pk)
    unmark(case.pk, answer=True)
    case.title, case.text, case.address, case.lat, case.lng = GONE, GONE, "", None, None
    case.contact, case.source, case.source_id, case.erased_at = None, "", "", at
    case = recorded(case, EventKind.ERASED, by=by, at=at)
    index_words([case], said={})
    _forget(contact, blobs)
    return case


def _forget(contact: Contact | None, blobs: list[Blob]) -> None:
    """What no other request needs."""
    if contact is not None and not Case.objects.filter(contact=contact).exists():
        households.forget_contact(contact)
    for blob in blobs:
        if not Attachment.objects.filter(blob=blob).exists():
            files.drop(blob)


def erase_due(*, at: datetime) -> int:
    """Erase what has been kept for its term, each in a transaction of its own; how many."""
    cases = list(due_to_erase(at)[:BATCH])
    for case in cases:
        erase(case, by=CLOCK, at=at)
    return len(cases)
