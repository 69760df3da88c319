"""Goals, the tasks towards them, and what is counted: the only code that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianying import reference
from lianying.audit.log import record
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.common.masking import plain
from lianying.orgs.models import Unit
from lianying.orgs.paths import parent
from lianying.orgs.scope import Actor
from lianying.reviews.models import Figure, Goal, GoalRow, Programme, Result, Task
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import Power
from lianying.rules.programmes import (
    Counting,
    Field,
    Linked,
    day_hindrance,
    figure_hindrance,
    goal_hindrance,
    link_hindrance,
)
from lianying.rules.refusals import Refused
from lianying.visits.models import Visit

#: What can be counted towards a goal.
Thing = Result | Visit | Case


@dataclass(frozen=True, slots=True)
class GoalCard:
    """A goal as it is set."""

    line: str
    field: Field
    unit: Unit
    year: int
    words: str
    counting: Counting
    target: int
    noun: str = ""


@dataclass(frozen=True, slots=True)
class TaskCard:
    unit: Unit
    words: str
    due_on: date


@transaction.atomic
def set_goal(card: GoalCard, *, by: Actor, at: datetime) -> Goal:
    """Whoever sets it stands above the unit: nobody sets their own. Only the root's own goals are set at the root.

    Raises Refused not_yours, no_words, numbers_in_words, goal_line, goal_year, goal_target
    """
    by.require(Power.PROGRAMME, parent(card.unit.path))
    if card.line not in {line.code for line in reference.programme_lines()}:
        raise Refused("goal_line")
    _require(goal_hindrance(card.year, card.target, local_day(at)))
    goal = Goal.objects.create(
        line=card.line,
        field=card.field.value,
        unit=card.unit,
        year=card.year,
        words=plain(card.words),
        counting=card.counting.value,
        target=card.target,
        noun=card.noun.strip(),
        by_id=by.staff_id,
        at=at,
    )
    facts: dict[str, Any] = {"line": card.line, "field": card.field, "unit": card.unit.path}
    record(_stream(goal), EventKind.GOAL_SET, by=by, at=at, year=card.year, target=card.target, **facts)
    return goal


@transaction.atomic
def change_goal(goal: Goal, *, version: int, words: str, target: int, noun: str, by: Actor, at: datetime) -> Goal:
    """Its line, unit, year and how it is counted stay: what needs another is another goal.

    Raises Refused not_yours, goal_stale, goal_ended, no_words, numbers_in_words, goal_year, goal_target
    """
    row = _open(goal, version)
    by.require(Power.PROGRAMME, parent(row.unit.path))
    _require(goal_hindrance(row.year, target, local_day(at)))
    before, row.words, row.target, row.noun = row.target, plain(words), target, noun.strip()
    row.version += 1
    row.save(update_fields=["words", "target", "noun", "version"])
    record(_stream(row), EventKind.GOAL_CHANGED, by=by, at=at, target=target, target_before=before)
    return row


@transaction.atomic
def give_up(goal: Goal, *, version: int, why: str, by: Actor, at: datetime) -> Goal:
    """Raises Refused not_yours, goal_stale, goal_ended, no_words, numbers_in_words."""
    row = _open(goal, version)
    by.require(Power.PROGRAMME, parent(row.unit.path))
    row.ended_at, row.ended_why = at, plain(why)
    row.version += 1
    row.save(update_fields=["ended_at", "ended_why", "version"])
    record(_stream(row), EventKind.GOAL_GIVEN_UP, by=by, at=at)
    return row


@transaction.atomic
def enter_figure(goal: Goal, *, version: int, value: int, on: date, source: str, by: Actor, at: datetime) -> Figure:
    """Take the place of the figure that stood.

    Raises Refused not_yours, goal_stale, goal_ended, no_words, goal_counts_rows, figure_day
    """
    row = _open(goal, version)
    by.require(Power.RESULTS, row.unit.path)
    _require(figure_hindrance(Counting(row.counting), on, row.year, local_day(at)))
    if not source.strip():
        raise Refused("no_words")
    row.figures.filter(ended_at__isnull=True).update(ended_at=at)
    figure = Figure.objects.create(goal=row, value=value, on=on, source=source.strip(), by_id=by.staff_id, at=at)
    row.version += 1
    row.save(update_fields=["version"])
    record(_stream(row), EventKind.GOAL_FIGURE_ENTERED, by=by, at=at, value=value, on=on)
    return figure


@transaction.atomic
def link_rows(goal: Goal, things: Sequence[Thing], *, by: Actor, at: datetime) -> int:
    """All of them or none; return how many were not linked already. Whoever plans the unit's tasks may do it too.

    Raises Refused not_yours, goal_ended, result_of_report, and as `rules.programmes.link_hindrance` says
    """
    row = _counted_by(goal, by)
    return sum(_link(row, thing, by=by, at=at) for thing in things)


def _counted_by(goal: Goal, by: Actor) -> Goal:
    """Under lock. A row is written down already: to count it says nothing new, so that either power will do."""
    row = _open(goal, None)
    if not by.may(Power.PROGRAMME, row.unit.path):
        by.require(Power.RESULTS, row.unit.path)
    return row


def _link(goal: Goal, thing: Thing, *, by: Actor, at: datetime) -> bool:
    name, paths, day = _told(thing)
    if isinstance(thing, Case) and thing.kind == CaseKind.REPORT:
        raise Refused("result_of_report")
    is_within = any(path.startswith(goal.unit.path) for path in paths)
    linked = Linked(stands=True, in_year=day is None or day.year == goal.year)
    _require(link_hindrance(Counting(goal.counting), is_within=is_within, row=linked))
    _, is_new = GoalRow.objects.get_or_create(goal=goal, **_column(thing), defaults={"by_id": by.staff_id, "at": at})
    if is_new:
        record(_stream(goal), EventKind.GOAL_ROW_LINKED, by=by, at=at, row=name)
    return is_new


@transaction.atomic
def unlink_row(goal: Goal, thing: Thing, *, by: Actor, at: datetime) -> None:
    """Raises Refused not_yours, goal_ended; what is not linked stays so."""
    row = _counted_by(goal, by)
    gone, _ = row.rows.filter(**_column(thing)).delete()
    if gone:
        record(_stream(row), EventKind.GOAL_ROW_UNLINKED, by=by, at=at, row=_told(thing)[0])


def _column(thing: Thing) -> dict[str, Thing]:
    return {type(thing).__name__.lower(): thing}


def _told(thing: Thing) -> tuple[str, list[str], date | None]:
    """What the ledger calls it, the paths of who did it and where, and its day; None while it has none."""
    if isinstance(thing, Case):
        return f"case:{thing.ref}", [thing.path], local_day(thing.closed_at) if thing.closed_at else None
    if isinstance(thing, Visit):
        return f"visit:{thing.uuid}", [thing.link.unit.path, thing.link.place.path], thing.on
    return f"result:{thing.uuid}", [thing.unit.path, thing.place.path], thing.on


@transaction.atomic
def set_task(goal: Goal, card: TaskCard, *, by: Actor, at: datetime) -> Task:
    """Raises Refused not_yours, goal_ended, no_words, numbers_in_words, task_unit."""
    row = _open(goal, None)
    by.require(Power.PROGRAMME, row.unit.path)
    _require_below(row, card)
    task = Task.objects.create(goal=row, unit=card.unit, words=plain(card.words), due_on=card.due_on)
    _record_task(task, EventKind.TASK_SET, by=by, at=at, unit=card.unit.path, due_on=card.due_on)
    return task


@transaction.atomic
def change_task(task: Task, card: TaskCard, *, by: Actor, at: datetime) -> Task:
    """Raises as `set_task`, and Refused("task_ended") for one that is done or was dropped."""
    row = _task(task)
    by.require(Power.PROGRAMME, row.goal.unit.path)
    _require_below(row.goal, card)
    if row.done_on is not None:
        raise Refused("task_ended")
    row.unit, row.words, row.due_on = card.unit, plain(card.words), card.due_on
    row.save(update_fields=["unit", "words", "due_on"])
    _record_task(row, EventKind.TASK_CHANGED, by=by, at=at, unit=card.unit.path, due_on=card.due_on)
    return row


@transaction.atomic
def drop_task(task: Task, *, by: Actor, at: datetime) -> Task:
    """Raises Refused not_yours, goal_ended, task_ended."""
    row = _task(task)
    by.require(Power.PROGRAMME, row.goal.unit.path)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record_task(row, EventKind.TASK_DROPPED, by=by, at=at)
    return row


@transaction.atomic
def finish_task(task: Task, *, done_on: date, evidence: str, by: Actor, at: datetime) -> Task:
    """Raises Refused not_yours, goal_ended, task_ended, task_day, no_words, numbers_in_words."""
    row = _task(task)
    by.require(Power.RESULTS, row.unit.path)
    if row.done_on is not None:
        raise Refused("task_ended")
    _require(day_hindrance(done_on, local_day(at)))
    row.done_on, row.evidence = done_on, plain(evidence)
    row.save(update_fields=["done_on", "evidence"])
    _record_task(row, EventKind.TASK_DONE, by=by, at=at, done_on=done_on)
    return row


@transaction.atomic
def reopen_task(task: Task, *, by: Actor, at: datetime) -> Task:
    """It was not done after all. Raises Refused not_yours, goal_ended, task_ended for one that is open."""
    row = _task(task)
    by.require(Power.RESULTS, row.unit.path)
    if row.done_on is None:
        raise Refused("task_ended")
    row.done_on, row.evidence = None, ""
    row.save(update_fields=["done_on", "evidence"])
    _record_task(row, EventKind.TASK_REOPENED, by=by, at=at)
    return row


@transaction.atomic
def name_line(code: str, *, name: str, purpose: str, by: Actor, at: datetime) -> Programme:
    """What this place calls a line. Raises Refused not_yours, goal_line, no_name."""
    by.require_all(Power.CONFIGURE)
    if code not in {line.code for line in reference.programme_lines()}:
        raise Refused("goal_line")
    if not name.strip():
        raise Refused("no_name")
    row, _ = Programme.objects.update_or_create(code=code, defaults={"name": name.strip(), "purpose": purpose.strip()})
    record("programmes", EventKind.PROGRAMME_NAMED, by=by, at=at, line=code)
    return row


def _stream(goal: Goal) -> str:
    return f"goal:{goal.uuid}"


def _record_task(task: Task, kind: EventKind, *, by: Actor, at: datetime, **facts: Any) -> None:
    record(_stream(task.goal), kind, by=by, at=at, task=str(task.uuid), **facts)


def _require(code: str | None) -> None:
    if code is not None:
        raise Refused(code)


def _require_below(goal: Goal, card: TaskCard) -> None:
    if not card.unit.path.startswith(goal.unit.path):
        raise Refused("task_unit")


def _open(goal: Goal, version: int | None) -> Goal:
    """Under lock. Raises Refused("goal_stale"), Refused("goal_ended")."""
    row = Goal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=goal.pk)
    if version is not None and row.version != version:
        raise Refused("goal_stale")
    if row.ended_at is not None:
        raise Refused("goal_ended")
    return row


def _task(task: Task) -> Task:
    """Under lock, its goal with it. Raises Refused("goal_ended"), Refused("task_ended")."""
    goal = _open(task.goal, None)
    row = Task.objects.select_for_update(of=("self",)).select_related("unit").get(pk=task.pk)
    if row.ended_at is not None:
        raise Refused("task_ended")
    row.goal = goal
    return row
