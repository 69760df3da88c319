"""Results and goals of the demonstration county, entered over its year by the units themselves."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from lianying.cases import actions as cases
from lianying.cases.models import Case
from lianying.common.clock import local_day, standing_at, start_of_day
from lianying.desk.demo.people import Cast
from lianying.orgs.scope import Actor
from lianying.oversight.actions import take
from lianying.reviews import actions
from lianying.reviews.models import Goal, Result
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.powers import Role
from lianying.rules.programmes import Counting, Field
from lianying.rules.results import Detail, ResultKind
from lianying.rules.supervision import Ground, Measure

#: So many requests are needed before some of them are petitions.
MANY = 100
PETITIONS = 2


@cache
def _plan() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("lianying.reference.demo").joinpath("results.toml").read_text("utf-8"))


def make_results(cast: Cast, *, until: datetime) -> None:
    """What units entered by `until`, the goals of its year, and two petitions that a leader's note names."""
    for row in _plan()["result"]:
        _result(cast, row, until)
    for row in _plan()["goal"]:
        _goal(cast, row, until)
    _petitions(cast, until)


def _of(cast: Cast, unit: str) -> Actor:
    """Who enters it for the unit."""
    return (cast.at(Role.HANDLER, unit) or cast.at(Role.HEAD, unit))[0]


def _result(cast: Cast, row: dict[str, Any], until: datetime) -> None:
    at = until - timedelta(days=row["days"])
    detail = Detail(row["detail"]) if "detail" in row else None
    unit, place = cast.units[row["unit"]], cast.units[row["place"]]
    card = actions.ResultCard(
        ResultKind(row["kind"]), unit, place, local_day(at), row["text"], detail, source=row["source"]
    )
    with standing_at(at):
        actions.enter(card, by=_of(cast, row["unit"]), at=at)


def _goal(cast: Cast, row: dict[str, Any], until: datetime) -> None:
    """Set when the year began, or a year ago where that is later."""
    year = local_day(until).year
    unit, supervisor = cast.units[row["unit"]], cast.at(Role.SUPERVISOR, "oversight")[0]
    counting = Counting(row["counting"])
    card = actions.GoalCard(
        row["line"], Field(row["field"]), unit, year, row["words"], counting, row["target"], row["noun"]
    )
    at = until - timedelta(days=240)
    with standing_at(at):
        goal = actions.set_goal(card, by=supervisor, at=at)
        for task in row.get("tasks", ()):
            due_on = local_day(until) + timedelta(days=task["until"])
            made = actions.set_task(
                goal, actions.TaskCard(cast.units[task["unit"]], task["words"], due_on), by=supervisor, at=at
            )
            if "done" in task:
                _done(cast, made, task, until)
    for days, value, source in row.get("figures", ()):
        _figure(cast, goal, until - timedelta(days=days), value, source)
    if counting == Counting.ROWS:
        found = Result.objects.filter(kind__in=row["kinds"], on__year=year, unit__path__startswith=unit.path)
        with standing_at(until):
            actions.link_rows(goal, list(found.order_by("id")), by=supervisor, at=until)


def _done(cast: Cast, task: Any, row: dict[str, Any], until: datetime) -> None:
    at = until - timedelta(days=row["done"])
    with standing_at(at):
        actions.finish_task(task, done_on=local_day(at), evidence=row["evidence"], by=_of(cast, row["unit"]), at=at)


def _figure(cast: Cast, goal: Goal, at: datetime, value: int, source: str) -> None:
    """In January nothing of the year is long ago: the figure is of its first day then."""
    at = max(at, start_of_day(date(goal.year, 1, 1)))
    version = Goal.objects.values_list("version", flat=True).get(pk=goal.pk)
    given: dict[str, Any] = {"value": value, "on": local_day(at), "source": source}
    with standing_at(at):
        actions.enter_figure(goal, version=version, **given, by=_of(cast, goal.unit.code), at=at)


def _petitions(cast: Cast, until: datetime) -> None:
    if Case.objects.count() < MANY:
        return
    clerk, supervisor = cast.at(Role.CLERK, "desk")[0], cast.at(Role.SUPERVISOR, "oversight")[0]
    handled = Case.objects.filter(state=State.HANDLING, kind=CaseKind.COMPLAINT, stage_due_at__gt=until)
    for case in handled.order_by("received_at")[:PETITIONS]:
        at = until - timedelta(hours=3)
        with standing_at(at):
            text = "您反映的事属于信访事项，已转县信访局办理，电话 0553-0000029。"
            petition = cases.transfer(case, version=case.version, text=text, by=clerk, at=at)
            text = "由分管副县长包案，请信访局、承办单位一起上门听一听，十日内报结果。"
            take(petition, measure=Measure.NOTE, ground=Ground.NOTED, text=text, by=supervisor, at=at)
