"""After the answer: ringing back, the resident's verdict, the ends, and beginning again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianying.cases import clocks
from lianying.cases.actions.base import Doing, begin, finish, locked, recorded
from lianying.cases.actions.sort import free_merged
from lianying.cases.facts import facts_of
from lianying.cases.models import Attempt, Case, Pause
from lianying.common.clock import local_day
from lianying.notices import actions as notices
from lianying.notices.models import Notice
from lianying.orgs.kinds import UnitKind
from lianying.orgs.scope import CLOCK, Actor
from lianying.rules.deadlines import Stage
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind
from lianying.rules.guards import CONTENT, require
from lianying.rules.kinds import CallResult, Ending, Solved
from lianying.rules.lifecycle import Move, State
from lianying.rules.notices import NoticeKind
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the resident says of the answer: solved or not, 1 to 5, and in their words."""

    solved: Solved
    satisfaction: int
    words: str = ""


def _rate(doing: Doing, verdict: Verdict) -> None:
    if not 1 <= verdict.satisfaction <= 5:
        raise Refused("no_rating")
    doing.case.solved = verdict.solved.value
    doing.case.satisfaction = verdict.satisfaction
    doing.facts |= {"solved": verdict.solved, "satisfaction": verdict.satisfaction}
    doing.say(EntryKind.RATING, verdict.words)
    notices.drop(doing.case.ref, at=doing.at)
    if doing.by.is_staff:
        _attempt(doing.case, CallResult.REACHED, by=doing.by, at=doing.at)


def _attempt(case: Case, result: CallResult, *, by: Actor, at: datetime) -> None:
    Attempt.objects.create(case=case, result=result.value, user_id=by.staff_id, on=local_day(at), at=at)


@transaction.atomic
def check_satisfied(case: Case, *, version: int, verdict: Verdict, by: Actor, at: datetime) -> Case:
    """Raises Refused("not_content") below 3: such a verdict goes back to the unit instead."""
    doing = begin(case, Move.CHECK_SATISFIED, version=version, by=by, at=at)
    if verdict.satisfaction < CONTENT:
        raise Refused("not_content")
    _rate(doing, verdict)
    doing.case.ending = Ending.SATISFIED.value
    return finish(doing)


@transaction.atomic
def check_unsatisfied(case: Case, *, version: int, verdict: Verdict, by: Actor, at: datetime) -> Case:
    """Back to the unit that answered, with a new promise and a mark for the supervisor."""
    doing = begin(case, Move.CHECK_UNSATISFIED, version=version, by=by, at=at)
    if not verdict.words.strip():
        raise Refused("no_words")
    _rate(doing, verdict)
    doing.case.reworks += 1
    doing.facts |= {"reworks": doing.case.reworks, "supervise": True}
    return _begin_again(doing)


def _begin_again(doing: Doing) -> Case:
    """The rework term counts from this move; the unit that answered leads on.

    What the desk answered at once goes on to be sorted: at the desk nobody could handle it.
    """
    clocks.give_promise(doing.case, Stage.REWORK, doing.at)
    # What is to be done again counts like any other, also before the next answer.
    doing.case.answered_at_once = False
    doing.facts["rule"] = doing.case.promise["rule"]
    case = finish(doing)
    if case.unit.kind != UnitKind.DESK:
        return case
    onward = Doing(case, Move.RECALL, CLOCK, doing.at, State.HANDLING, State.HEARD, case.due_at)
    return finish(onward)


@transaction.atomic
def rate_again(case: Case, *, version: int, verdict: Verdict, by: Actor, at: datetime) -> Case:
    """Keep a low verdict after the last rework: a supervisor ends the case, and the verdict stays in the figures."""
    doing = begin(case, Move.NOTE, version=version, by=by, at=at)
    by.require(Power.CHECK, doing.case.path)
    if doing.before != State.ANSWERED:
        raise Refused("not_from_here", state=doing.before, move=Move.CHECK_UNSATISFIED)
    require(Move.END_UNSOLVED, facts_of(doing.case, Move.END_UNSOLVED, by=by, at=at))
    _rate(doing, verdict)
    doing.facts["supervise"] = True
    return finish(doing)


@transaction.atomic
def end_unsolved(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """The supervisor's end after two reworks; it stays in every denominator."""
    doing = begin(case, Move.END_UNSOLVED, version=version, by=by, at=at)
    if not reason.strip():
        raise Refused("no_words")
    doing.say(EntryKind.REASON, reason)
    doing.case.ending = Ending.UNSOLVED.value
    doing.case.solved = Solved.NO.value
    doing.facts["solved"] = Solved.NO
    return finish(doing)


@transaction.atomic
def rang(case: Case, *, result: CallResult, by: Actor, at: datetime) -> Case:
    """Record that the resident was rung and not reached; three distinct days allow `close_unreached`."""
    case = locked(case, None)
    by.require(Power.CALL, case.path)
    if State(case.state) != State.ANSWERED:
        raise Refused("not_from_here", state=case.state, move=Move.CLOSE_UNREACHED)
    _attempt(case, result, by=by, at=at)
    return recorded(case, EventKind.RANG, by=by, at=at, result=result)


@transaction.atomic
def told(notice: Notice, case: Case, *, result: CallResult, by: Actor, at: datetime) -> Case:
    """Record a call that tells the resident something; a question told stops the promise from now on."""
    case = locked(case, None)
    by.require(Power.CALL, case.path)
    notice = Notice.objects.select_for_update().get(pk=notice.pk, subject=case.ref)
    if notice.told_at or notice.dropped_at:
        raise Refused("told_already")
    if result != CallResult.REACHED:
        notices.tried(notice)
        return recorded(case, EventKind.RANG, by=by, at=at, result=result, notice=notice.kind)
    notices.settle(notice, at=at)
    if notice.kind == NoticeKind.ASKED:
        Pause.objects.filter(case=case, replied_at__isnull=True, told_at__isnull=True).update(told_at=at)
    return recorded(case, EventKind.TOLD, by=by, at=at, notice=notice.kind)


@transaction.atomic
def told_by_message(notice: Notice, *, at: datetime) -> Case:
    """The gateway has sent it; a question that was sent stops the promise from now on."""
    case = locked(Case.objects.get(ref=notice.subject), None)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.told_at or notice.dropped_at:
        # Somebody rang while it was on its way, or it was overtaken.
        return case
    notices.settle(notice, at=at)
    if notice.kind == NoticeKind.ASKED:
        Pause.objects.filter(case=case, replied_at__isnull=True, told_at__isnull=True).update(told_at=at)
    return recorded(case, EventKind.TOLD, by=CLOCK, at=at, notice=notice.kind, channel=notice.channel)


@transaction.atomic
def close_unreached(case: Case, *, version: int, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.CLOSE_UNREACHED, version=version, by=by, at=at)
    doing.case.ending = Ending.UNREACHED.value
    notices.drop(doing.case.ref, at=at)
    return finish(doing)


@transaction.atomic
def close_silent(case: Case, *, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.CLOSE_SILENT, version=None, by=by, at=at)
    doing.case.ending = Ending.SILENT.value
    notices.drop(doing.case.ref, at=at)
    return finish(doing)


@transaction.atomic
def reopen(case: Case, *, version: int, words: str, by: Actor, at: datetime) -> Case:
    """New facts after the end: the unit that led takes it up again."""
    doing = begin(case, Move.REOPEN, version=version, by=by, at=at)
    if not words.strip():
        raise Refused("no_words")
    if by.self_role == Role.RESIDENT:
        doing.case.reopened_by_resident = True
    doing.say(EntryKind.REOPENING, words)
    notices.drop(doing.case.ref, kind=NoticeKind.COMPLETED, at=at)
    return _take_up(doing)


def _take_up(doing: Doing) -> Case:
    case = doing.case
    case.solved, case.satisfaction = "", None
    return _begin_again(doing)


@transaction.atomic
def fall_due(case: Case, *, by: Actor, at: datetime) -> Case:
    """The day that the answer planned for has passed: the unit owes what it announced."""
    doing = begin(case, Move.FALL_DUE, version=None, by=by, at=at)
    return _take_up(doing)


@transaction.atomic
def withdraw(case: Case, *, version: int | None, words: str = "", by: Actor, at: datetime) -> Case:
    """The resident takes the request back; who joined it goes on alone."""
    doing = begin(case, Move.WITHDRAW, version=version, by=by, at=at)
    doing.say(EntryKind.NOTE, words)
    Pause.objects.filter(case=doing.case, replied_at__isnull=True).update(replied_at=at)
    notices.drop(doing.case.ref, at=at)
    free_merged(doing)
    return finish(doing)
