"""A goal: how far it is, what is counted, its tasks, and what happened to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.orgs.paths import parent
from lianying.reviews import actions
from lianying.reviews.forms import DoneForm, FigureForm, GoalWordsForm, LinkForm, TaskForm, WhyForm
from lianying.reviews.labels import FIELDS, GOAL_STANDINGS, PARTS, RESULT_KINDS, TASK_STANDINGS
from lianying.reviews.models import Goal, Task
from lianying.reviews.queries.lines import line_of, linked_line
from lianying.reviews.queries.programmes import (
    figures_of,
    goal_for,
    history_of,
    lines,
    linked_keys,
    linked_page,
    linked_thing,
    progress_of,
    tasks_of,
    things_of,
)
from lianying.reviews.queries.tally import Asked, rows_page
from lianying.reviews.queries.units import below
from lianying.reviews.sentences import sentence
from lianying.rules.powers import Power
from lianying.rules.programmes import Counting, Field, TaskStanding, task_standing
from lianying.rules.refusals import Refused
from lianying.rules.results import PARTS as PARTS_OF
from lianying.rules.results import Part, Period, ResultKind, span_of

#: More are not linked at once.
MOST = 50


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may do. read: its rows;  link: more of them;  enter: a figure;  plan: tasks;  change: its words."""

    read: bool
    link: bool
    enter: bool
    plan: bool
    change: bool


def _may(request: Request, goal: Goal, *, sent: bool = False) -> May:
    """sent: by the form of a page on which it still stood; that it does no more is for the action to say."""
    actor, path = request.actor, goal.unit.path
    stands = goal.ended_at is None or sent
    return May(
        read=actor.may(Power.SEE, path),
        link=stands and (actor.may(Power.RESULTS, path) or actor.may(Power.PROGRAMME, path)),
        enter=stands and actor.may(Power.RESULTS, path),
        plan=stands and actor.may(Power.PROGRAMME, path),
        change=stands and actor.may(Power.PROGRAMME, parent(path)),
    )


@needs(Power.RESULTS, Power.PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: Request, uuid: UUID) -> HttpResponse:
    """Look at it; `do` says what is sent."""
    row = goal_for(request.actor, uuid)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    if do == "unlink":
        thing = linked_thing(row, request.POST.get("row", ""))
        return _did(request, row, None, lambda: actions.unlink_row(row, thing, by=request.actor, at=now()))
    form = _forms(request, row, below(row.unit) if do == "task" else [], request.POST).get(do)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, row, sent={do: form}, status=422)
    return _did(request, row, (do, form), lambda: _act(request, row, do, form))


def _act(request: Request, row: Goal, do: str, form: Any) -> object:
    by, at, given = request.actor, now(), form.cleaned_data
    if do == "figure":
        return actions.enter_figure(row, version=version_of(request), **given, by=by, at=at)
    if do == "link":
        return actions.link_rows(row, [given["ref"]], by=by, at=at)
    if do == "task":
        return actions.set_task(row, form.card(), by=by, at=at)
    if do == "change":
        return actions.change_goal(row, version=version_of(request), **given, by=by, at=at)
    return actions.give_up(row, version=version_of(request), **given, by=by, at=at)


def _did(
    request: Request, row: Goal, sent: tuple[str, forms.Form] | None, act: Callable[[], object], key: str = ""
) -> HttpResponse:
    """Back to the page, or the page with the refusal and all that was typed. key: of the form; its name where ''."""
    try:
        act()
    except Refused as refused:
        if sent is None:
            raise
        sent[1].add_error(None, words(refused))
        fresh = goal_for(request.actor, row.uuid)
        return _page(request, fresh, sent={key or sent[0]: sent[1]}, status=status_of(refused))
    return done(request, f"{reverse('results_goal', args=[row.uuid])}?done=1")


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def goal_history(request: Request, uuid: UUID) -> HttpResponse:
    """What happened to it, as the ledger says; for the unit and those above it."""
    row = goal_for(request.actor, uuid)
    if not _may(request, row).read:
        raise Http404
    history = [(one, sentence(one)) for one in history_of(row)]
    return page(request, "reviews/goal_history.html", None, {"goal": row, "history": history})


@needs(Power.RESULTS, Power.PROGRAMME)
@require_POST
def task(request: Request, uuid: UUID) -> HttpResponse:
    """One step of a task: `do` is done, reopen, change or drop."""
    one = get_object_or_404(Task.objects.select_related("goal", "unit"), uuid=uuid)
    row = goal_for(request.actor, one.goal.uuid)
    do, by, at = request.POST.get("do", ""), request.actor, now()
    if do in {"reopen", "drop"}:
        act = actions.reopen_task if do == "reopen" else actions.drop_task
        return _did(request, row, None, lambda: act(one, by=by, at=at))
    if do not in {"done", "change"}:
        raise Http404
    form = _task_form(one, do, request.POST, below(row.unit) if do == "change" else [])
    key = f"{do}-{one.uuid}"
    if not form.is_valid():
        return _page(request, row, sent={key: form}, status=422)
    if isinstance(form, TaskForm):
        return _did(request, row, (do, form), lambda: actions.change_task(one, form.card(), by=by, at=at), key)
    given = form.cleaned_data
    return _did(request, row, (do, form), lambda: actions.finish_task(one, **given, by=by, at=at), key)


def _task_form(one: Task, do: str, data: QueryDict | None, offered: list[Unit]) -> TaskForm | DoneForm:
    auto_id = f"{do}-{one.uuid}-%s"
    if do == "done":
        return DoneForm(data, initial={"done_on": local_day(now())}, auto_id=auto_id)
    initial = {"words": one.words, "unit": one.unit.code, "due_on": one.due_on}
    return TaskForm(data, offered=offered, initial=initial, auto_id=auto_id)


@needs(Power.RESULTS, Power.PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_rows(request: Request, uuid: UUID) -> HttpResponse:
    """Rows of the six results that the unit has in the year, to choose from."""
    row = goal_for(request.actor, uuid)
    if not _may(request, row).link or row.counting != Counting.ROWS:
        raise Http404
    if request.method == "POST":
        chosen = things_of(request.actor, request.POST.getlist("row")[:MOST])
        made = actions.link_rows(row, chosen, by=request.actor, at=now())
        return done(request, f"{reverse('results_goal', args=[uuid])}?linked={made}")
    name = request.GET.get("kind", "")
    kind = ResultKind(name) if name in tuple(ResultKind) else ResultKind.HOUSEHOLD
    asked = Asked(request.actor, span_of(Period.YEAR, date(row.year, 1, 1)), row.unit)
    parts = [part for part in PARTS_OF[kind] if part != Part.LEFT]
    wanted = request.GET.get("part", "")
    part = Part(wanted) if wanted in parts else parts[0]
    found = rows_page(kind, part, asked, request.GET.get("after", ""))
    listed = [line_of(one) for one in found.rows]
    known = linked_keys(row, [line.key for line in listed])
    context = {
        "goal": row,
        "kinds": RESULT_KINDS.items(),
        "kind": kind,
        "parts": [(one, PARTS[one]) for one in parts],
        "part": part,
        "page": found,
        "lines": [(line, line.key in known) for line in listed],
        "fresh": len(listed) > len(known),
    }
    return page(request, "reviews/goal_rows.html", None, context)


def _forms(request: Request, row: Goal, offered: list[Unit], data: QueryDict | None = None) -> dict[str, forms.Form]:
    """Those that this person may send, by what they do. offered: units that may take a task."""
    may, today = _may(request, row, sent=data is not None), local_day(now())
    found: dict[str, forms.Form] = {}
    if may.enter and row.counting == Counting.FIGURE:
        found["figure"] = FigureForm(data, initial={"on": today}, auto_id="figure-%s")
    if may.link and row.counting == Counting.ROWS:
        found["link"] = LinkForm(data, actor=request.actor, auto_id="link-%s")
    if may.plan:
        found["task"] = TaskForm(data, offered=offered, initial={"unit": row.unit.code}, auto_id="task-%s")
    if may.change:
        given = {"words": row.words, "target": row.target, "noun": row.noun}
        found["change"] = GoalWordsForm(data, initial=given, auto_id="change-%s")
        found["give_up"] = WhyForm(data, auto_id="give-up-%s")
    return found


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task of the page, with the forms that this person may send. sent: one of them came back with a fault."""

    task: Task
    standing: TaskStanding
    label: Promise
    done: forms.Form | None
    change: forms.Form | None
    is_sent: bool
    may_reopen: bool

    @property
    def offers(self) -> list[str]:
        return [do for do, form in (("done", self.done), ("change", self.change)) if form is not None]


def _tasks(request: Request, row: Goal, offered: list[Unit], sent: Mapping[str, forms.Form]) -> list[ShownTask]:
    """offered: units that may take one; none where this person does not plan."""
    today = local_day(now())
    shown = []
    for one in tasks_of(row):
        if not request.actor.may(Power.SEE, one.unit.path):
            continue
        may_finish = row.ended_at is None and request.actor.may(Power.RESULTS, one.unit.path)
        standing = task_standing(one.due_on, one.done_on, today)
        is_open = standing != TaskStanding.DONE
        own: dict[str, forms.Form | None] = {
            "done": _task_form(one, "done", None, []) if may_finish and is_open else None,
            "change": _task_form(one, "change", None, offered) if offered and is_open else None,
        }
        back = {do: sent[f"{do}-{one.uuid}"] for do in own if f"{do}-{one.uuid}" in sent}
        own |= back
        shown.append(
            ShownTask(
                one,
                standing,
                TASK_STANDINGS[standing],
                own["done"],
                own["change"],
                bool(back),
                may_finish and not is_open,
            )
        )
    return shown


def _page(
    request: Request, row: Goal, *, sent: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    may, sent, today = _may(request, row), sent or {}, local_day(now())
    progress = progress_of([row])[row.pk]
    offered = below(row.unit) if may.plan else []
    standing = progress.standing(row.year, today)
    by_rows = row.counting == Counting.ROWS
    linked = linked_page(row, request.GET.get("after", "")) if may.read and by_rows else None
    offer, tasks = _forms(request, row, offered), _tasks(request, row, offered, sent)
    shown = {*offer, *(f"{do}-{one.task.uuid}" for one in tasks for do in one.offers)}
    context = {
        "goal": row,
        "line": lines()[row.line],
        "field_name": FIELDS[Field(row.field)],
        "progress": progress,
        "standing": standing,
        "standing_label": GOAL_STANDINGS[standing],
        "by_rows": by_rows,
        "may": may,
        "page": linked,
        "rows": [linked_line(one, how) for one, how in linked.rows] if linked else [],
        "figures": figures_of(row) if may.read and not by_rows else [],
        "tasks": tasks,
        "forms": {do: sent.get(do, form) for do, form in offer.items()},
        "sent": set(sent),
        "lost": [form for key, form in sent.items() if key not in shown],
        "done": "done" in request.GET,
        "linked": request.GET.get("linked", ""),
    }
    return page(request, "reviews/goal.html", None, context, status=status)
