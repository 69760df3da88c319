"""The desk: correct, hand over, answer at once, decline, merge, decide disputes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianying.cases import clocks
from lianying.cases.actions.base import (
    Doing,
    answered,
    back_to_desk,
    begin,
    end_pause,
    finish,
    hold,
    tell,
    tell_joined,
)
from lianying.cases.actions.public import leave_board
from lianying.cases.models import Case, Holding, Proposal
from lianying.cases.queries.reports import is_said
from lianying.notices import actions as notices
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.orgs.paths import parent
from lianying.orgs.queries import desk_serving
from lianying.orgs.scope import CLOCK, Actor
from lianying.rules.deadlines import Stage
from lianying.rules.entries import EntryKind, HoldingRole, ProposalKind
from lianying.rules.guards import in_line
from lianying.rules.kinds import CaseKind, DeclineReason, Ending, Outcome, Urgency
from lianying.rules.lifecycle import OPEN, Move, State
from lianying.rules.notices import NoticeKind
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the desk makes of a request; None leaves a value as it is.

    accused_none   a report accuses no unit: a person outside, or nobody knows whom; it clears `accused`
    """

    kind: CaseKind | None = None
    urgency: Urgency | None = None
    category: str | None = None
    title: str | None = None
    address: str | None = None
    accused: Unit | None = None
    accused_none: bool = False


def _sort(doing: Doing, sorting: Sorting) -> None:
    """Set kind, urgency, category; the promise is counted again from where it began when its row changes."""
    case = doing.case
    for name in ("kind", "urgency", "category", "title", "address"):
        value = getattr(sorting, name)
        if value is not None and value != getattr(case, name):
            setattr(case, name, value)
            if name in {"kind", "urgency", "category"}:
                doing.facts["case_kind" if name == "kind" else name] = str(value)
    _accuse(doing, sorting)
    if doing.facts.keys() & {"case_kind", "urgency"} and case.promise and case.clock_from:
        stage, extension = Stage(case.promise["stage"]), case.extension_days
        clocks.give_promise(case, stage, case.clock_from)
        limit = clocks.extension_limit(case)
        case.extension_days = min(extension, limit)
        clocks.recount(case, case.pauses.all())
        # More days than the new row grants can no longer be decided on.
        Proposal.objects.filter(case=case, kind=ProposalKind.EXTENSION, days__gt=limit, decided_at__isnull=True).update(
            decided_at=doing.at, granted=False
        )
        doing.facts["rule"] = case.promise["rule"]
    if case.kind == CaseKind.REPORT:
        _keep_back(doing)


def _accuse(doing: Doing, sorting: Sorting) -> None:
    """Keep what the desk says of a report: the unit, or that it is none; a request of another kind accuses nobody."""
    case = doing.case
    if case.kind != CaseKind.REPORT:
        case.accused = None
    elif sorting.accused_none or (sorting.accused is not None and sorting.accused != case.accused):
        case.accused = None if sorting.accused_none else sorting.accused
        doing.facts["accused"] = case.accused_id
    case.accused_path = case.accused.path if case.accused else ""


def _keep_back(doing: Doing) -> None:
    """A report stands alone: not on the board, not before others, and with nobody whom it accuses."""
    leave_board(doing.case, by=doing.by, at=doing.at)
    free_merged(doing)
    helping = Holding.objects.filter(case=doing.case, role=HoldingRole.ASSIST, to_at__isnull=True)
    in_their_line = [row.pk for row in helping if in_line(doing.case.accused_path, row.path)]
    if in_their_line:
        Holding.objects.filter(pk__in=in_their_line).update(to_at=doing.at)


@transaction.atomic
def correct(case: Case, *, version: int, sorting: Sorting, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.CORRECT, version=version, by=by, at=at)
    _sort(doing, sorting)
    if doing.case.kind == CaseKind.REPORT and doing.case.unit.kind != UnitKind.DESK:
        _require_said(doing)
    if in_line(doing.case.accused_path, doing.case.path):
        if doing.before == State.WAITING:
            end_pause(doing)
        back_to_desk(doing)
        doing.to = State.PETITION if doing.before == State.PETITION else State.HEARD
    return finish(doing)


def _require_said(doing: Doing) -> None:
    """No unit may hold a report before it is clear that it is not the one accused."""
    if "accused" not in doing.facts and ("case_kind" in doing.facts or not is_said(doing.case)):
        raise Refused("accused_unsaid")


def _free_of_accused(case: Case, unit: Unit) -> None:
    if in_line(case.accused_path, unit.path):
        raise Refused("accused_line")


@transaction.atomic
def assign(
    case: Case,
    *,
    version: int,
    to: Unit,
    assisting: Iterable[Unit] = (),
    sorting: Sorting = Sorting(),
    by: Actor,
    at: datetime,
) -> Case:
    """Hand a sorted case to the unit that must resolve it; assisting units answer to the lead."""
    doing = begin(case, Move.ASSIGN, version=version, by=by, at=at)
    _sort(doing, sorting)
    if not doing.case.promise:
        # An imported request without an answer: what is promised now is counted from now.
        clocks.give_promise(doing.case, Stage.RESOLVE, at)
    if doing.case.kind == CaseKind.REPORT:
        _require_said(doing)
    helpers = [unit for unit in assisting if unit.pk != to.pk]
    for unit in (to, *helpers):
        if not by.may(Power.SORT, unit.path):
            raise Refused("other_desks_unit")
        _free_of_accused(doing.case, unit)
    hold(doing, to)
    due_at = clocks.assist_due(doing.case, at)
    Holding.objects.bulk_create(
        Holding(case=doing.case, unit=unit, path=unit.path, role=HoldingRole.ASSIST.value, from_at=at, due_at=due_at)
        for unit in helpers
    )
    doing.facts["assisting"] = [unit.pk for unit in helpers]
    return finish(doing)


@transaction.atomic
def hand_up(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """From the desk of a village or town to the next above it; the resident's dates stay."""
    doing = begin(case, Move.HAND_UP, version=version, by=by, at=at)
    doing.say(EntryKind.INNER, _words(reason))
    hold(doing, desk_serving(parent(parent(doing.case.path))))
    return finish(doing)


@transaction.atomic
def answer_now(
    case: Case, *, version: int, text: str, sorting: Sorting = Sorting(), told: bool = False, by: Actor, at: datetime
) -> Case:
    """Answer at the desk; told says that the resident heard it on the telephone or at the counter."""
    doing = begin(case, Move.ANSWER_NOW, version=version, by=by, at=at)
    _sort(doing, sorting)
    answered(doing, at_once=True)
    doing.case.outcome = Outcome.SOLVED.value
    doing.facts["told"] = told
    doing.say(EntryKind.ANSWER, _words(text))
    if not told:
        tell(doing, NoticeKind.ANSWERED)
    tell_joined(doing, NoticeKind.MAIN_ANSWERED)
    return finish(doing)


def _words(text: str) -> str:
    if not text.strip():
        raise Refused("no_words")
    return text


@transaction.atomic
def decline(
    case: Case, *, version: int, reason: DeclineReason, text: str, told: bool = False, by: Actor, at: datetime
) -> Case:
    """Say that it cannot be accepted here, why, and which channel is the proper one."""
    doing = begin(case, Move.DECLINE, version=version, by=by, at=at)
    doing.facts["reason"] = reason
    doing.say(EntryKind.DECLINE, _words(text))
    if not told:
        tell(doing, NoticeKind.DECLINED)
    free_merged(doing)
    return finish(doing)


@transaction.atomic
def merge(case: Case, *, version: int, main: Case, by: Actor, at: datetime) -> Case:
    """Join a request to the main one about the same matter; its reporter follows the main one's public steps."""
    # Both rows in one order, so that two merges the other way round cannot wait for each other.
    both = Case.objects.select_for_update().filter(pk__in=[case.pk, main.pk]).order_by("pk")
    list(both.values_list("pk"))
    doing = begin(case, Move.MERGE, version=version, by=by, at=at)
    main = Case.objects.select_for_update().get(pk=main.pk)
    is_one = main.pk != doing.case.pk and State(main.state) in OPEN and main.kind != CaseKind.REPORT
    if not (is_one and by.may(Power.SORT, main.path)):
        raise Refused("no_such_main")
    if doing.case.merged.exists():
        raise Refused("has_merged")
    if doing.before == State.WAITING:
        end_pause(doing)
    doing.case.main = main
    doing.facts["main"] = main.ref
    notices.drop(doing.case.ref, at=at)
    tell(doing, NoticeKind.JOINED)
    return finish(doing)


@transaction.atomic
def unmerge(case: Case, *, version: int, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.UNMERGE, version=version, by=by, at=at)
    return _unmerge(doing)


def _unmerge(doing: Doing) -> Case:
    doing.case.main = None
    doing.facts["main"] = None
    # What was still to be told of the main request no longer concerns them.
    notices.drop(doing.case.ref, at=doing.at)
    tell(doing, NoticeKind.PARTED)
    back_to_desk(doing)
    return finish(doing)


def free_merged(doing: Doing) -> None:
    """The main request ends without an answer: those joined to it go back to the desk, each with its own promise."""
    for joined in doing.case.merged.filter(state=State.MERGED.value).order_by("pk"):
        fresh = Case.objects.select_for_update().get(pk=joined.pk)
        part = Doing(fresh, Move.UNMERGE, CLOCK, doing.at, State.MERGED, State.HEARD, fresh.due_at)
        _unmerge(part)


@transaction.atomic
def recall(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    return _back(case, Move.RECALL, version=version, reason=reason, by=by, at=at)


@transaction.atomic
def uphold(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """The unit was right: it is not its duty."""
    return _back(case, Move.UPHOLD, version=version, reason=reason, by=by, at=at)


def _back(case: Case, move: Move, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    doing = begin(case, move, version=version, by=by, at=at)
    doing.say(EntryKind.REASON, _words(reason))
    back_to_desk(doing)
    return finish(doing)


@transaction.atomic
def dismiss(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """It is the unit's duty after all."""
    doing = begin(case, Move.DISMISS, version=version, by=by, at=at)
    doing.say(EntryKind.REASON, _words(reason))
    return finish(doing)


@transaction.atomic
def terminate(case: Case, *, version: int, by: Actor, at: datetime) -> Case:
    """End for the lawful reason that the head of the unit proposed; never by the same person."""
    doing = begin(case, Move.TERMINATE, version=version, by=by, at=at)
    settle_proposal(doing, ProposalKind.END, granted=True)
    doing.case.ending = Ending.TERMINATED.value
    tell(doing, NoticeKind.TERMINATED)
    free_merged(doing)
    return finish(doing)


@transaction.atomic
def refuse_end(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    doing = begin(case, Move.REFUSE_END, version=version, by=by, at=at)
    settle_proposal(doing, ProposalKind.END, granted=False)
    doing.say(EntryKind.REASON, _words(reason))
    return finish(doing)


def settle_proposal(doing: Doing, kind: ProposalKind, *, granted: bool) -> Proposal:
    row = Proposal.objects.get(case=doing.case, kind=kind.value, decided_at__isnull=True)
    row.decided_at, row.granted = doing.at, granted
    row.save(update_fields=["decided_at", "granted"])
    return row
