"""Marks by which alike requests are found: of open requests and of answers on the board, never of a report."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from lianying.cases.models import IS_OPEN, Case, PublicVersion
from lianying.cases.queries.similar import told_of
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import OPEN, State
from lianying.triage import actions as triage
from lianying.triage.grams import Told
from lianying.triage.models import Signature

BATCH = 500


def mark_open(cases: Iterable[Case]) -> None:
    """Cases that are new, in the transaction that writes them."""
    triage.mark(
        (case.pk, told_of(case)) for case in cases if State(case.state) in OPEN and case.kind != CaseKind.REPORT
    )


def mark_anew(case: Case) -> None:
    """After it opened or ended, or what it says of itself was changed."""
    triage.unmark(case.pk)
    mark_open([case])


def mark_answer(public: PublicVersion) -> None:
    """Its question is found by similar ones as long as it stands on the board."""
    triage.unmark(public.case_id, answer=True)
    triage.mark([(public.case_id, Told(public.title, public.question))], answer=True)


def mark_missing(after: int = 0) -> int:
    """Mark the next open requests that have no mark: what was there before marks were, or came past the actions.

    Returns the id to go on after, 0 at the end
    """
    with transaction.atomic():
        rows = Case.objects.filter(IS_OPEN, ~_marked("pk", answer=False), pk__gt=after).exclude(kind=CaseKind.REPORT)
        cases = list(rows.order_by("pk")[:BATCH])
        mark_open(cases)
    return cases[-1].pk if len(cases) == BATCH else 0


def mark_missing_answers() -> None:
    shown = PublicVersion.objects.filter(~_marked("case_id", answer=True), withdrawn_at__isnull=True)
    for public in shown.order_by("pk").iterator():
        with transaction.atomic():
            mark_answer(public)


def _marked(subject: str, *, answer: bool) -> Exists:
    return Exists(Signature.objects.filter(subject=OuterRef(subject), answer=answer))
