"""What every move shares: lock, decide, require, and at the end save, record and set the clocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying.audit.log import Head, record
from lianying.cases import clocks
from lianying.cases.actions.marks import mark_anew
from lianying.cases.actions.search import index_words
from lianying.cases.facts import facts_of, may_make
from lianying.cases.models import Attachment, Case, Entry, Holding, Pause, Proposal, Timer
from lianying.common.clock import local_day
from lianying.files.actions import keep
from lianying.files.documents import Attached
from lianying.notices import actions as notices
from lianying.notices.queries import link
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.orgs.queries import colleagues, desk
from lianying.orgs.scope import Actor
from lianying.rules.deadlines import Stage
from lianying.rules.entries import FOR_RESIDENTS, EntryKind, HoldingRole
from lianying.rules.events import KIND_OF, EventKind
from lianying.rules.guards import in_line, require
from lianying.rules.kinds import Outcome, Urgency
from lianying.rules.lifecycle import OPEN, Move, State, step
from lianying.rules.notices import NoticeKind, StaffKind, StaffWish
from lianying.rules.refusals import Refused

Words = tuple[EntryKind, str]

STAGE_OF = {
    State.HEARD: Stage.SORT,
    State.ASSIGNED: Stage.SIGN,
    State.DISPUTED: Stage.DECIDE,
    State.ANSWERED: Stage.CHECK,
}
#: States whose timers must go when the case leaves them.
TIMED = frozenset({State.WAITING, State.ANSWERED, State.CLOSED})
#: A unit is to act.
AT_UNIT = frozenset({State.ASSIGNED, State.HANDLING})
#: A proposal lives as long as the unit that made it is at work.
AT_WORK = frozenset({State.HANDLING, State.WAITING, State.DISPUTED})


@dataclass(slots=True)
class Doing:
    """A move under way: the locked case, and what is to be written with it."""

    case: Case
    move: Move
    by: Actor
    at: datetime
    before: State
    to: State
    due_before: datetime | None
    facts: dict[str, Any] = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)
    photos: Sequence[Attached] = ()
    photos_inner: bool = False

    def say(self, kind: EntryKind, text: str) -> None:
        if text.strip():
            self.words.append((kind, text.strip()))


def stream(case: Case) -> str:
    return f"case:{case.ref}"


def locked(case: Case, version: int | None) -> Case:
    """Return the row under lock; raises Refused("stale") where the caller saw another version of it.

    version   what the form was drawn from; None for what may be added to any version
    """
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    if version is not None and fresh.version != version:
        raise Refused("stale", ref=fresh.ref, seen=version, now=fresh.version)
    return fresh


def begin(case: Case, move: Move, *, version: int | None, by: Actor, at: datetime) -> Doing:
    """Lock the case and decide whether this person may make this move now."""
    case = locked(case, version)
    if case.erased_at is not None:
        raise Refused("erased")
    state = State(case.state)
    following = step(state, move)
    if not may_make(case, move, following.power, by=by) or (by.is_staff and shut_out(case, by)):
        raise Refused("not_yours")
    require(move, facts_of(case, move, by=by, at=at))
    return Doing(case, move, by, at, state, following.to, case.due_at)


def shut_out(case: Case, by: Actor) -> bool:
    """Whether a report accuses the person's own unit or line: then it does not exist for them, whatever their scope."""
    return any(in_line(case.accused_path, post.path) for post in by.posts)


def finish(doing: Doing) -> Case:
    """Set state and clocks, save, record, and write the words beside the event."""
    case, at = doing.case, doing.at
    case.state = doing.to.value
    if doing.to != doing.before:
        _enter(doing)
    elif doing.to == State.HANDLING:
        case.stage_due_at = case.due_at
    elif doing.to in STAGE_OF and "rule" in doing.facts:
        case.stage_due_at = clocks.stage_due(case, STAGE_OF[doing.to], case.stage_at)
    if doing.due_before != case.due_at:
        doing.facts["due_at"] = case.due_at
    recorded(case, KIND_OF[doing.move], by=doing.by, at=at, **{"state": case.state, **doing.facts})
    _write(doing)
    if doing.move == Move.CORRECT or "path" in doing.facts or any(kind in FOR_RESIDENTS for kind, _text in doing.words):
        index_words([case])
    if (doing.before in OPEN) != (doing.to in OPEN) or doing.move == Move.CORRECT or "case_kind" in doing.facts:
        mark_anew(case)
    if doing.facts.keys() & {"path", "urgency"}:
        _alert(case, at)
    return case


def _alert(case: Case, at: datetime) -> None:
    """Write at once to those who handle at the unit, where the request is urgent: its number and a link."""
    if case.urgency != Urgency.URGENT or State(case.state) not in AT_UNIT:
        return
    with override(settings.LANGUAGE_CODE):
        said = _("An urgent request is with your unit: %(ref)s. Please look at once.") % {"ref": case.ref}
    text = f"{said}\n{link(reverse('case', args=[case.ref]))}".strip()
    for user in colleagues(case.unit_id, local_day(at)).exclude(wish=StaffWish.NOTHING):
        notices.write_to(user, StaffKind.URGENT, text, at=at)


def recorded(case: Case, kind: EventKind, *, by: Actor, at: datetime, **facts: Any) -> Case:
    """Chain an event to the case and save the row, which must be locked."""
    head = record(stream(case), kind, by=by, at=at, after=Head(case.version, case.head), **facts)
    case.version, case.head = head.seq, head.hash
    case.save()
    return case


def _enter(doing: Doing) -> None:
    """The case comes into a state: its clock starts, the timers of the one it left go."""
    case, to, at = doing.case, doing.to, doing.at
    case.stage_at = at
    case.stage_due_at = case.due_at if to == State.HANDLING else None
    if to in STAGE_OF and (to != State.HEARD or case.promise):
        # What was imported without a promise carries no clock until it is assigned.
        case.stage_due_at = clocks.stage_due(case, STAGE_OF[to], at)
    if to == State.PETITION:
        case.stage_due_at = clocks.petition_due(clocks.petition(case)).at
    if doing.before in TIMED:
        Timer.objects.filter(case=case).delete()
    if doing.before in AT_WORK and to not in AT_WORK:
        Proposal.objects.filter(case=case, decided_at__isnull=True).update(decided_at=at, granted=False)
    if doing.before in {State.ANSWERED, State.CLOSED} and to in OPEN:
        # What the answer announced is no longer what stands.
        case.outcome, case.planned_on = "", None
    if to == State.ANSWERED:
        Timer.objects.create(case=case, move=Move.CLOSE_SILENT.value, at=clocks.silent_at(case, at))
    if to == State.CLOSED and case.outcome == Outcome.PLANNED and case.planned_on is not None:
        Timer.objects.create(case=case, move=Move.FALL_DUE.value, at=clocks.closing(case.planned_on))
    if to in OPEN:
        if case.closed_at is not None:
            case.closed_at, case.ending = None, ""
            doing.facts.update(closed_at=None, ending="")
    else:
        case.closed_at = at
        doing.facts.setdefault("ending", case.ending)
        doing.facts["closed_at"] = at


def _write(doing: Doing) -> None:
    case = doing.case
    author = doing.by.user_id
    Entry.objects.bulk_create(
        Entry(case=case, kind=kind.value, event_seq=case.version, text=text, author_id=author, at=doing.at)
        for kind, text in doing.words
    )
    Attachment.objects.bulk_create(
        Attachment(case=case, event_seq=case.version, blob=keep(photo), inner=doing.photos_inner, at=doing.at)
        for photo in doing.photos
    )


def hold(doing: Doing, unit: Unit) -> None:
    """The unit leads from now on; who led before keeps its ended holding, and may read up to it."""
    case = doing.case
    Holding.objects.filter(case=case, role=HoldingRole.LEAD, to_at__isnull=True).update(to_at=doing.at)
    Holding.objects.create(case=case, unit=unit, path=unit.path, role=HoldingRole.LEAD.value, from_at=doing.at)
    case.unit, case.path, case.handler = unit, unit.path, None
    doing.facts["path"] = unit.path


def back_to_desk(doing: Doing) -> None:
    """To the desk that sorted it; a report never to one in the line of whom it accuses."""
    home = desk_of(doing.case)
    hold(doing, desk() if in_line(doing.case.accused_path, home.path) else home)
    Holding.objects.filter(case=doing.case, role=HoldingRole.ASSIST, to_at__isnull=True).update(to_at=doing.at)


def desk_of(case: Case) -> Unit:
    """The desk that had it last, and rings its resident."""
    held = Holding.objects.filter(case=case, unit__kind=UnitKind.DESK, unit__active=True).select_related("unit")
    last = held.order_by("-from_at", "-pk").first()
    return last.unit if last else desk()


def end_pause(doing: Doing) -> None:
    """The resident answered, or nobody waits any longer: the promise runs again, moved by what it stood still."""
    Pause.objects.filter(case=doing.case, replied_at__isnull=True).update(replied_at=doing.at)
    clocks.recount(doing.case, doing.case.pauses.all())
    notices.drop(doing.case.ref, kind=NoticeKind.ASKED, at=doing.at)


def answered(doing: Doing, *, at_once: bool) -> None:
    """Late once means late for good, whatever later promises are kept; what was said of an earlier answer is over.

    What was still to be told before is overtaken: who hears the answer need not hear that it would take longer.
    """
    case, at = doing.case, doing.at
    notices.drop(case.ref, at=at)
    case.answered_at, case.answered_at_once = at, at_once
    note_lateness(doing)
    case.solved, case.satisfaction = "", None
    doing.facts["answered_at"] = at


def note_lateness(doing: Doing) -> None:
    """The promise had passed when it was answered, or handed on to where it no longer runs."""
    case = doing.case
    case.answered_late = case.answered_late or (case.due_at is not None and doing.at > case.due_at)


def tell(doing: Doing, kind: NoticeKind) -> None:
    """Owe the resident a word, where they can be told."""
    _owe(doing.case, kind, doing.at)


def tell_joined(doing: Doing, kind: NoticeKind) -> None:
    """Owe a word to all whose requests were joined to this one."""
    for joined in doing.case.merged.filter(state=State.MERGED.value).select_related("contact").order_by("pk"):
        _owe(joined, kind, doing.at)


def _owe(case: Case, kind: NoticeKind, at: datetime) -> None:
    if case.contact is not None:
        notices.queue(kind, subject=case.ref, contact=case.contact, desk_path=desk_of(case).path, at=at)
