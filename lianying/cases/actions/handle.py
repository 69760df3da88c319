"""The unit: sign, pass down, dispute, ask, answer, more time, an early end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from lianying.cases import clocks
from lianying.cases.actions.base import (
    Doing,
    answered,
    begin,
    end_pause,
    finish,
    hold,
    locked,
    recorded,
    tell,
    tell_joined,
)
from lianying.cases.actions.public import leave_board
from lianying.cases.actions.sort import settle_proposal
from lianying.cases.models import Attachment, Case, Holding, Pause, Proposal, Timer
from lianying.cases.queries.duties import pushes_down
from lianying.common.clock import local_day
from lianying.files.documents import Attached
from lianying.orgs.models import Unit, User
from lianying.orgs.queries import colleagues, has_head
from lianying.orgs.scope import Actor
from lianying.rules.deadlines import Stage
from lianying.rules.entries import EntryKind, HoldingRole, ProposalKind
from lianying.rules.events import EventKind
from lianying.rules.guards import desk_asks, in_line
from lianying.rules.kinds import CaseKind, Outcome
from lianying.rules.lifecycle import OPEN, Move, State
from lianying.rules.notices import NoticeKind
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@transaction.atomic
def sign(case: Case, *, version: int, by: Actor, at: datetime) -> Case:
    """Take it on: whoever signs is the handler."""
    doing = begin(case, Move.SIGN, version=version, by=by, at=at)
    doing.case.handler_id = by.user_id
    return finish(doing)


@transaction.atomic
def pass_down(case: Case, *, version: int, to: Unit, note: str = "", by: Actor, at: datetime) -> Case:
    """To a unit below the one that leads (二级转派); the promise does not move."""
    doing = begin(case, Move.PASS, version=version, by=by, at=at)
    if not to.path.startswith(doing.case.path) or to.path == doing.case.path:
        raise Refused("not_below")
    if in_line(doing.case.accused_path, to.path):
        raise Refused("accused_line")
    doing.say(EntryKind.INNER, note)
    hold(doing, to)
    if doing.before == State.ASSIGNED:
        # The same state again: its clock begins anew for the unit that must sign now.
        doing.case.stage_at = at
        doing.case.stage_due_at = clocks.stage_due(doing.case, Stage.SIGN, at)
    return finish(doing)


@transaction.atomic
def hand_to(case: Case, *, version: int, to: User, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.HAND_TO, version=version, by=by, at=at)
    if not colleagues(doing.case.unit_id, local_day(at)).filter(pk=to.pk).exists():
        raise Refused("no_colleague")
    doing.case.handler = to
    doing.facts["handler"] = to.pk
    return finish(doing)


@transaction.atomic
def hand_over(case: Case, *, to: User, by: Actor, at: datetime) -> Case:
    """Put a colleague in the place of somebody who leaves; whoever sets up the unit may do that, in any open state."""
    case = locked(case, None)
    by.require(Power.CONFIGURE, case.path)
    if State(case.state) not in OPEN:
        raise Refused("not_from_here")
    if not colleagues(case.unit_id, local_day(at)).filter(pk=to.pk).exists():
        raise Refused("no_colleague")
    case.handler = to
    return recorded(case, EventKind.HANDED_TO, by=by, at=at, state=case.state, handler=to.pk)


@transaction.atomic
def dispute(case: Case, *, version: int, reason: str, proposed: Unit | None, by: Actor, at: datetime) -> Case:
    """Say that it is another unit's duty, and whose; once per unit, however it ends and whoever assigns it again."""
    doing = begin(case, Move.DISPUTE, version=version, by=by, at=at)
    if not reason.strip() or proposed is None:
        raise Refused("no_words")
    if pushes_down(doing.case, proposed):
        raise Refused("own_duty")
    doing.say(EntryKind.REASON, reason)
    doing.facts["proposed"] = proposed.pk
    Holding.objects.filter(case=doing.case, role=HoldingRole.LEAD, to_at__isnull=True).update(disputed=True)
    # Should it stay with the unit, it is in the hands of whoever looked into it.
    doing.case.handler_id = doing.case.handler_id or by.user_id
    return finish(doing)


@transaction.atomic
def take_back(case: Case, *, version: int, by: Actor, at: datetime) -> Case:
    """It is our duty after all; a unit disputes once, also when it thinks better of it."""
    return finish(begin(case, Move.TAKE_BACK, version=version, by=by, at=at))


@transaction.atomic
def ask(case: Case, *, version: int, text: str, told: bool, by: Actor, at: datetime) -> Case:
    """Ask the resident. The promise stands still from the moment they were told: now, or when the desk rang.

    Raises Refused("no_contact") without a number: `ask_openly` asks on the track page, without a pause;
    Refused("desk_asks") where a unit says that it has told whoever made a report
    """
    doing = begin(case, Move.ASK, version=version, by=by, at=at)
    if not text.strip():
        raise Refused("no_words")
    if told and desk_asks(CaseKind(doing.case.kind)):
        raise Refused("desk_asks")
    left = clocks.limits().ask_days - clocks.waited_days(doing.case.pauses.all(), at)
    Pause.objects.create(case=doing.case, asked_at=at, told_at=at if told else None)
    doing.case.asks += 1
    doing.facts["told"] = told
    doing.say(EntryKind.QUESTION, text)
    if not told:
        tell(doing, NoticeKind.ASKED)
    case = finish(doing)
    case.stage_due_at = clocks.workdays_after(at, left)
    case.save(update_fields=["stage_due_at"])
    Timer.objects.create(case=case, move=Move.RESUME.value, at=case.stage_due_at)
    return case


@transaction.atomic
def ask_openly(case: Case, *, version: int, text: str, by: Actor, at: datetime) -> Case:
    """Ask on the track page a resident who left no number; the promise goes on."""
    doing = begin(case, Move.NOTE, version=version, by=by, at=at)
    by.require(Power.HANDLE, doing.case.path)
    if doing.before != State.HANDLING:
        raise Refused("not_from_here")
    if not text.strip():
        raise Refused("no_words")
    doing.facts["asked"] = True
    doing.say(EntryKind.QUESTION, text)
    return finish(doing)


@transaction.atomic
def resume(case: Case, *, version: int | None, by: Actor, at: datetime) -> Case:
    """Go on without a reply: the handler's wish, or the end of the allowance."""
    doing = begin(case, Move.RESUME, version=version, by=by, at=at)
    end_pause(doing)
    return finish(doing)


@dataclass(frozen=True, slots=True)
class Answer:
    """text is what the resident reads; inner stays with the staff; planned_on goes with the outcome `planned`."""

    text: str
    outcome: Outcome = Outcome.SOLVED
    planned_on: date | None = None
    inner: str = ""


def _checked(answer: Answer, at: datetime) -> Answer:
    if not answer.text.strip():
        raise Refused("no_words")
    if answer.outcome == Outcome.PLANNED and (answer.planned_on is None or answer.planned_on <= local_day(at)):
        raise Refused("no_planned_day")
    return answer


@transaction.atomic
def answer(
    case: Case, *, version: int, answer: Answer, photos: Sequence[Attached] = (), by: Actor, at: datetime
) -> Case:
    """Give the resident the answer; they see its photos as well.

    One that the profile wants the head to read first waits for them instead, if there is a head who is somebody else.
    """
    if _goes_to_head(case, answer, by=by, at=at):
        return _propose_answer(case, version=version, answer=answer, photos=photos, by=by, at=at)
    doing = begin(case, Move.ANSWER, version=version, by=by, at=at)
    doing.photos = photos
    _checked(answer, at)
    if doing.before == State.WAITING:
        end_pause(doing)
    _put(doing, answer)
    answered(doing, at_once=False)
    tell(doing, NoticeKind.ANSWERED)
    tell_joined(doing, NoticeKind.MAIN_ANSWERED)
    return finish(doing)


def _goes_to_head(case: Case, answer: Answer, *, by: Actor, at: datetime) -> bool:
    if answer.outcome not in clocks.profile().approved_outcomes or by.may(Power.APPROVE, case.path):
        return False
    return has_head(case.path, local_day(at), beside=by.user_id or 0)


def _propose_answer(
    case: Case, *, version: int, answer: Answer, photos: Sequence[Attached], by: Actor, at: datetime
) -> Case:
    """A later proposal takes the place of an earlier one; the promise runs on meanwhile."""
    doing = begin(case, Move.PROPOSE_ANSWER, version=version, by=by, at=at)
    doing.photos, doing.photos_inner = photos, True
    _checked(answer, at)
    if doing.before == State.WAITING:
        end_pause(doing)
    _open_answers(doing).update(decided_at=at, granted=False)
    Proposal.objects.create(
        case=doing.case,
        kind=ProposalKind.ANSWER.value,
        outcome=answer.outcome.value,
        planned_on=answer.planned_on if answer.outcome == Outcome.PLANNED else None,
        by_id=by.user_id,
        at=at,
    )
    doing.facts["outcome"] = answer.outcome
    doing.say(EntryKind.PROPOSED, answer.text)
    doing.say(EntryKind.INNER, answer.inner)
    return finish(doing)


def _open_answers(doing: Doing) -> QuerySet[Proposal]:
    return Proposal.objects.filter(case=doing.case, kind=ProposalKind.ANSWER.value, decided_at__isnull=True)


@transaction.atomic
def approve(case: Case, *, version: int, text: str, by: Actor, at: datetime) -> Case:
    """Give the resident the answer that was proposed, in the words of the head, with its photos."""
    doing = begin(case, Move.APPROVE, version=version, by=by, at=at)
    row = settle_proposal(doing, ProposalKind.ANSWER, granted=True)
    _put(doing, _checked(Answer(text, Outcome(row.outcome), row.planned_on), at))
    answered(doing, at_once=False)
    tell(doing, NoticeKind.ANSWERED)
    tell_joined(doing, NoticeKind.MAIN_ANSWERED)
    fresh = finish(doing)
    Attachment.objects.filter(case=fresh, at=row.at, inner=True).update(inner=False, event_seq=fresh.version, at=at)
    return fresh


@transaction.atomic
def refuse_answer(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """The unit writes another one, and knows why."""
    doing = begin(case, Move.REFUSE_ANSWER, version=version, by=by, at=at)
    if not reason.strip():
        raise Refused("no_words")
    settle_proposal(doing, ProposalKind.ANSWER, granted=False)
    doing.say(EntryKind.REASON, reason)
    return finish(doing)


def _put(doing: Doing, answer: Answer) -> None:
    doing.case.outcome = answer.outcome.value
    doing.case.planned_on = answer.planned_on if answer.outcome == Outcome.PLANNED else None
    doing.facts["outcome"] = answer.outcome
    doing.say(EntryKind.ANSWER, answer.text)
    doing.say(EntryKind.INNER, answer.inner)


@transaction.atomic
def correct_answer(
    case: Case, *, version: int, answer: Answer, photos: Sequence[Attached] = (), by: Actor, at: datetime
) -> Case:
    """A better text; the old one stays in the timeline, but leaves the board until the desk releases the new one."""
    doing = begin(case, Move.CORRECT_ANSWER, version=version, by=by, at=at)
    if answer.outcome != doing.case.outcome and _goes_to_head(doing.case, answer, by=by, at=at):
        raise Refused("head_reads_first")
    doing.photos = photos
    _put(doing, _checked(answer, at))
    tell(doing, NoticeKind.ANSWER_CORRECTED)
    return leave_board(finish(doing), by=by, at=at)


@transaction.atomic
def complete(case: Case, *, version: int, words: str, by: Actor, at: datetime) -> Case:
    """What the answer planned has been done: it falls due no more, and the resident is told. The verdict stays."""
    doing = begin(case, Move.COMPLETE, version=version, by=by, at=at)
    if not words.strip():
        raise Refused("no_words")
    doing.case.outcome, doing.case.planned_on = Outcome.SOLVED.value, None
    doing.facts["outcome"] = Outcome.SOLVED
    Timer.objects.filter(case=doing.case, move=Move.FALL_DUE.value).delete()
    doing.say(EntryKind.COMPLETION, words)
    tell(doing, NoticeKind.COMPLETED)
    tell_joined(doing, NoticeKind.COMPLETED)
    return finish(doing)


@transaction.atomic
def propose_extension(case: Case, *, version: int, days: int, reason: str, by: Actor, at: datetime) -> Case:
    """Ask the head for more working days."""
    doing = begin(case, Move.PROPOSE_EXTENSION, version=version, by=by, at=at)
    if not 1 <= days <= clocks.extension_limit(doing.case):
        raise Refused("extension_days", limit=clocks.extension_limit(doing.case))
    if not reason.strip():
        raise Refused("no_words")
    _propose(doing, ProposalKind.EXTENSION, reason, days)
    return finish(doing)


def _propose(doing: Doing, kind: ProposalKind, reason: str, days: int = 0) -> None:
    Proposal.objects.create(case=doing.case, kind=kind.value, days=days, by_id=doing.by.user_id, at=doing.at)
    doing.facts["days"] = days
    doing.say(EntryKind.REASON, reason)


@transaction.atomic
def extend(case: Case, *, version: int, words: str, by: Actor, at: datetime) -> Case:
    """Grant the days that were proposed; words: the reason, as the resident reads and hears it."""
    doing = begin(case, Move.EXTEND, version=version, by=by, at=at)
    if not words.strip():
        raise Refused("no_words")
    doing.say(EntryKind.EXTENSION, words)
    row = settle_proposal(doing, ProposalKind.EXTENSION, granted=True)
    doing.case.extension_days = row.days
    clocks.recount(doing.case, doing.case.pauses.all())
    doing.facts["days"] = row.days
    tell(doing, NoticeKind.EXTENDED)
    tell_joined(doing, NoticeKind.EXTENDED)
    return finish(doing)


@transaction.atomic
def refuse_extension(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.REFUSE_EXTENSION, version=version, by=by, at=at)
    if not reason.strip():
        raise Refused("no_words")
    settle_proposal(doing, ProposalKind.EXTENSION, granted=False)
    doing.say(EntryKind.REASON, reason)
    return finish(doing)


@transaction.atomic
def propose_end(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.PROPOSE_END, version=version, by=by, at=at)
    if not reason.strip():
        raise Refused("no_words")
    _propose(doing, ProposalKind.END, reason)
    return finish(doing)
