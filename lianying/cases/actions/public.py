"""The public board: released by a clerk with the resident's consent, withdrawn at any time."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianying.cases.actions.base import locked, recorded
from lianying.cases.actions.marks import mark_answer
from lianying.cases.models import Case, PublicVersion
from lianying.common.clock import local_day
from lianying.common.masking import mask_text
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused
from lianying.triage.actions import unmark

TITLE_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    question: str
    answer: str


@transaction.atomic
def release(case: Case, *, version: int, draft: Draft, by: Actor, at: datetime) -> PublicVersion:
    """Put question and answer on the board; numbers that the clerk overlooked are masked once more.

    Raises Refused("no_consent"), Refused("never_public") for a report, Refused("not_answered")
    """
    case = locked(case, version)
    by.require(Power.PUBLISH, case.path)
    if not case.may_publish:
        raise Refused("no_consent")
    if case.kind == CaseKind.REPORT:
        raise Refused("never_public")
    if State(case.state) not in {State.ANSWERED, State.CLOSED} or not draft.answer.strip():
        raise Refused("not_answered")
    values = {
        # A mask may be longer than what it hides.
        "title": mask_text(draft.title.strip())[:TITLE_LONGEST],
        "question": mask_text(draft.question.strip()),
        "answer": mask_text(draft.answer.strip()),
        "category": case.category,
        "unit": case.unit,
        "asked_on": local_day(case.received_at),
        "released_at": at,
        "withdrawn_at": None,
    }
    public, _ = PublicVersion.objects.update_or_create(case=case, defaults=values)
    mark_answer(public)
    recorded(case, EventKind.RELEASED, by=by, at=at)
    return public


@transaction.atomic
def unrelease(case: Case, *, by: Actor, at: datetime) -> Case:
    """Take the public version off the board: the clerk's decision, or the resident's wish."""
    case = locked(case, None)
    if by.self_role != Role.RESIDENT:
        by.require(Power.PUBLISH, case.path)
    PublicVersion.objects.filter(case=case, withdrawn_at__isnull=True).update(withdrawn_at=at)
    unmark(case.pk, answer=True)
    if by.self_role == Role.RESIDENT:
        case.may_publish = False
    return recorded(case, EventKind.UNRELEASED, by=by, at=at)


def leave_board(case: Case, *, by: Actor, at: datetime) -> Case:
    """Withdraw the public version, where there is one, since the case is no more what it says; the row is locked."""
    left = PublicVersion.objects.filter(case=case, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if not left:
        return case
    unmark(case.pk, answer=True)
    return recorded(case, EventKind.UNRELEASED, by=by, at=at)
