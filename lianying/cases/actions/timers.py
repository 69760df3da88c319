"""What the clock does: moves that fall due, through the same actions as a person's, and promises that were guesses."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from lianying.cases import clocks
from lianying.cases.actions.base import locked, recorded
from lianying.cases.actions.check import close_silent, fall_due
from lianying.cases.actions.handle import resume
from lianying.cases.models import IS_OPEN, Case, Timer
from lianying.orgs.scope import CLOCK
from lianying.rules.events import EventKind
from lianying.rules.lifecycle import Move, State
from lianying.rules.refusals import Refused

log = logging.getLogger("lianying.worker")
RETRY = timedelta(minutes=10)
MOVES: Mapping[Move, Callable[..., Case]] = {
    Move.RESUME: partial(resume, version=None),
    Move.CLOSE_SILENT: close_silent,
    Move.FALL_DUE: fall_due,
}


def fire_due(*, at: datetime, most: int = 200) -> int:
    """Make the moves whose time has come, each in a transaction of its own, and return how many timers went.

    One that fails is tried again after RETRY, so that it neither ends the round nor stands before the others.
    """
    due = list(Timer.objects.filter(at__lte=at).order_by("at").values_list("pk", flat=True)[:most])
    return sum(_tried(pk, at=at) for pk in due)


def _tried(pk: int, *, at: datetime) -> bool:
    try:
        return _fire(pk, at=at)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one case is not the others' to suffer
        ref = Case.objects.filter(timers__pk=pk).values_list("ref", flat=True).first()
        # The traceback may hold a resident's words: the number and the kind of fault must do.
        log.error("the timer of case %s failed: %s", ref, type(error).__name__)  # noqa: TRY400
        Timer.objects.filter(pk=pk).update(at=at + RETRY)
        return False


@transaction.atomic
def _fire(pk: int, *, at: datetime) -> bool:
    """A second worker finds the case locked and leaves it; a killed one leaves it as it was."""
    # The case first, as a person's move does: in the other order the two could wait for each other.
    case = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(timers__pk=pk).first()
    timer = Timer.objects.filter(pk=pk).first()
    if case is None or timer is None:
        return False
    try:
        with transaction.atomic():
            MOVES[Move(timer.move)](case, by=CLOCK, at=at)
    except Refused:
        # A person was quicker, and the case has moved on.
        pass
    Timer.objects.filter(pk=pk).delete()
    return True


def recompute_provisional(*, at: datetime) -> int:
    """Count the promises again that were guessed past the published calendar; return how many are firm now."""
    version = clocks.office().calendar.version
    guessed = Case.objects.filter(IS_OPEN, due_provisional=True).exclude(promise__calendar=version)
    return sum(_recompute(case, version, at=at) for case in guessed.order_by("pk")[:500])


@transaction.atomic
def _recompute(case: Case, version: str, *, at: datetime) -> bool:
    case = locked(case, None)
    if case.closed_at is not None or not case.due_provisional or case.promise["calendar"] == version:
        # It has ended, or was counted again, since the list was read.
        return False
    case.promise["calendar"] = version
    clocks.recount(case, case.pauses.all())
    if case.state == State.HANDLING:
        case.stage_due_at = case.due_at
    recorded(case, EventKind.RECOMPUTED, by=CLOCK, at=at, due_at=case.due_at, calendar=version)
    return not case.due_provisional
