"""The petition track: handed to the petition office, its steps as the desk records them, and how it ends."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianying.cases import clocks
from lianying.cases.actions.base import Doing, back_to_desk, begin, end_pause, finish, note_lateness, tell
from lianying.cases.models import Case, PetitionStep
from lianying.common.clock import local_day
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from lianying.rules.guards import in_line
from lianying.rules.kinds import Ending
from lianying.rules.lifecycle import Move, State
from lianying.rules.notices import NoticeKind
from lianying.rules.petitions import ADDING, TABLE, TOLD, Step, Taken, hindrance
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Taking:
    """A step of the petition office.

    on      the day on which it was taken, as its letter says;  number: that of the letter
    text    what the resident reads;  unit: to which it is sent;  days: that it adds
    """

    step: Step
    on: date
    text: str = ""
    number: str = ""
    unit: Unit | None = None
    days: int = 0


@transaction.atomic
def transfer(case: Case, *, version: int, text: str, by: Actor, at: datetime) -> Case:
    """To the petition office, with the channel told; the promise stands still there, and the law's terms run."""
    doing = begin(case, Move.TRANSFER, version=version, by=by, at=at)
    if doing.before == State.WAITING:
        end_pause(doing)
    if doing.before != State.ANSWERED:
        note_lateness(doing)
    doing.say(EntryKind.DECLINE, _words(text))
    tell(doing, NoticeKind.PETITION)
    return finish(doing)


@transaction.atomic
def petition_step(case: Case, *, version: int, taking: Taking, by: Actor, at: datetime) -> Case:
    """Record it; the next term runs from its day.

    Raises Refused("no_words"), Refused("no_unit"), Refused("accused_line"), and as `rules.petitions.hindrance` says
    """
    doing = begin(case, Move.PETITION_STEP, version=version, by=by, at=at)
    now = clocks.petition(doing.case)
    step = Taken(taking.step, taking.on, taking.days if taking.step in ADDING else 0)
    due_on = local_day(clocks.petition_due(now).at)
    objection_on = local_day(clocks.objection_due(now))
    code = hindrance(step, now, due_on=due_on, objection_on=objection_on, today=local_day(at))
    if code:
        raise Refused(code)
    unit = _receiver(doing, taking)
    if taking.step in TOLD:
        _words(taking.text)
        tell(doing, NoticeKind.PETITION)
    PetitionStep.objects.create(
        case=doing.case,
        step=step.step.value,
        on=step.on,
        days=step.days,
        unit=unit,
        number=taking.number.strip(),
        by_id=by.staff_id,
        at=at,
    )
    doing.case.stage_due_at = clocks.petition_due(clocks.petition(doing.case)).at
    doing.facts |= {"step": step.step, "on": step.on, "to": TABLE[now.stage, step.step]}
    if unit is not None:
        doing.facts["sent_to"] = unit.pk
    if taking.text.strip():
        doing.say(EntryKind.PETITION if taking.step in TOLD else EntryKind.INNER, taking.text)
    return finish(doing)


def _receiver(doing: Doing, taking: Taking) -> Unit | None:
    if taking.step != Step.SEND:
        return None
    if taking.unit is None:
        raise Refused("no_unit")
    if in_line(doing.case.accused_path, taking.unit.path):
        raise Refused("accused_line")
    return taking.unit


@transaction.atomic
def conclude(case: Case, *, version: int, text: str, by: Actor, at: datetime) -> Case:
    """Nothing is left to decide, or the resident let the term for applying pass: the same facts are not heard again."""
    doing = begin(case, Move.CONCLUDE, version=version, by=by, at=at)
    doing.case.ending = Ending.CONCLUDED.value
    doing.say(EntryKind.ANSWER, _words(text))
    tell(doing, NoticeKind.PETITION)
    return finish(doing)


@transaction.atomic
def give_back(case: Case, *, version: int, reason: str, by: Actor, at: datetime) -> Case:
    """The petition office returns it: it is an ordinary request after all."""
    doing = begin(case, Move.RETURN, version=version, by=by, at=at)
    doing.say(EntryKind.REASON, _words(reason))
    back_to_desk(doing)
    return finish(doing)


def _words(text: str) -> str:
    if not text.strip():
        raise Refused("no_words")
    return text
