"""Grounds that the worker finds, and the steps that people take: the worker never takes one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from lianying.cases import clocks
from lianying.cases.actions import beside
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.common.db import take_turns
from lianying.orgs.scope import Actor
from lianying.oversight.models import STANDS, Circular, Finding, Step
from lianying.oversight.queries import holding_grounds, taken
from lianying.rules.events import EventKind
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.supervision import ANSWER_DAYS, LADDER, POWER, Ground, Measure, hindrance

#: Of each ground in one round.
BATCH = 500
#: Steps that carry a number of the register.
NUMBERED = frozenset({Measure.SUPERVISE, Measure.LIST, Measure.TALK})
YEAR = timedelta(days=366)


def find_grounds(*, at: datetime) -> int:
    """Note new grounds, settle those that no longer hold, end the steps of what has ended; how many were noted."""
    standing = Finding.objects.filter(settled_at__isnull=True)
    noted = 0
    for ground, rows in holding_grounds(at).items():
        known = standing.filter(ground=ground)
        known.exclude(case__in=rows).update(settled_at=at)
        new = rows.exclude(pk__in=known.values("case_id")).order_by("pk").values_list("pk", flat=True)[:BATCH]
        found = [Finding(case_id=pk, ground=ground.value, found_at=at) for pk in new]
        noted += len(Finding.objects.bulk_create(found, ignore_conflicts=True))
    standing.filter(case__closed_at__isnull=False).update(settled_at=at)
    Step.objects.filter(STANDS, case__closed_at__isnull=False).update(ended_at=at)
    return noted


@transaction.atomic
def take(
    case: Case, *, measure: Measure, ground: Ground, text: str, answer_on: date | None = None, by: Actor, at: datetime
) -> Step:
    """Take the step, with words for the unit, which owes an answer from now on.

    answer_on   the day that a leader's note names; else the rule's days are counted
    Raises Refused("not_from_here"), Refused("day_in_past"), and as `rules.supervision.hindrance` says
    """
    return _take(case, measure, ground, text, by=by, at=at, due_at=_due_at(measure, answer_on, at))


def _take(case: Case, measure: Measure, ground: Ground, text: str, *, by: Actor, at: datetime, **more: Any) -> Step:
    """more: further columns of the step."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if State(case.state) not in OPEN:
        raise Refused("not_from_here", state=case.state, move=measure)
    if code := hindrance(measure, taken(case.supervision.all()), at):
        raise Refused(code)
    if measure in LADDER:
        # The next step takes the place of the one before it.
        case.supervision.filter(STANDS, measure__in=LADDER).update(ended_at=at)
    if measure in NUMBERED:
        more |= {"year": local_day(at).year, "number": _next_number(Step, at)}
    step = Step.objects.create(case=case, measure=measure.value, ground=ground.value, by_id=by.staff_id, at=at, **more)
    facts = {"measure": measure, "ground": ground, "answer_due_at": step.due_at, "number": step.number}
    beside(case, EventKind.SUPERVISED, text, power=POWER[measure], by=by, at=at, facts=facts)
    if measure == Measure.NOTE:
        Finding.objects.get_or_create(case=case, ground=Ground.NOTED.value, settled_at=None, defaults={"found_at": at})
    return step


def _due_at(measure: Measure, answer_on: date | None, at: datetime) -> datetime:
    if answer_on is None:
        return clocks.workdays_after(at, ANSWER_DAYS[measure])
    if not local_day(at) < answer_on <= local_day(at + YEAR):
        raise Refused("day_in_past")
    return clocks.closing(answer_on)


def _next_number(table: type[Step] | type[Circular], at: datetime) -> int:
    """One after the other within the year: who comes second waits, and a number is given with its row or not at all."""
    take_turns(f"register of {table.__name__}")
    year = local_day(at).year
    last: int | None = table.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def answer(step: Step, *, text: str, by: Actor, at: datetime) -> Step:
    """What the unit has to say. Raises Refused("nothing_owed")"""
    step = _standing(step)
    if step.answered_at is not None:
        raise Refused("nothing_owed")
    facts = {"measure": step.measure}
    beside(step.case, EventKind.SUPERVISION_ANSWERED, text, power=Power.PASS_DOWN, by=by, at=at, facts=facts)
    step.answered_at = at
    step.save(update_fields=["answered_at"])
    return step


@transaction.atomic
def decide(step: Step, *, accepted: bool, text: str, by: Actor, at: datetime) -> Step:
    """Accept the unit's answer, or find it wanting: then the next step may follow. Raises Refused("nothing_owed")"""
    step = _standing(step)
    if step.answered_at is None:
        raise Refused("nothing_owed")
    measure = Measure(step.measure)
    facts = {"measure": measure, "accepted": accepted}
    beside(step.case, EventKind.SUPERVISION_DECIDED, text, power=POWER[measure], by=by, at=at, facts=facts)
    step.accepted, step.ended_at = accepted, at
    step.save(update_fields=["accepted", "ended_at"])
    if accepted and measure == Measure.NOTE:
        step.case.findings.filter(ground=Ground.NOTED, settled_at__isnull=True).update(settled_at=at)
    return step


def _standing(step: Step) -> Step:
    """Under lock; raises Refused("nothing_owed") for one that was decided, overtaken or whose request ended."""
    fresh = Step.objects.select_for_update().select_related("case").get(pk=step.pk)
    if fresh.ended_at is not None:
        raise Refused("nothing_owed")
    return fresh


@transaction.atomic
def circulate(cases: Sequence[tuple[Case, Ground]], *, title: str, text: str, by: Actor, at: datetime) -> Circular:
    """One letter about several requests, each of which must have come so far on the ladder; all of them or none.

    Raises Refused("no_words"), Refused("no_name"), and as `take`
    """
    if not cases or not text.strip():
        raise Refused("no_words")
    if not title.strip():
        raise Refused("no_name")
    year, number = local_day(at).year, _next_number(Circular, at)
    letter = Circular.objects.create(
        year=year, number=number, title=title.strip(), text=text.strip(), by_id=by.staff_id, at=at
    )
    for case, ground in cases:
        due_at = _due_at(Measure.CIRCULAR, None, at)
        _take(case, Measure.CIRCULAR, ground, text, by=by, at=at, due_at=due_at, circular=letter)
    return letter
