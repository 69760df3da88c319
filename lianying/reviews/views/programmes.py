"""The five lines (五红行动) with their goals, and what this place calls them."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.forms.moves import grouped
from lianying.cases.queries.lists import units_within
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.reviews import actions
from lianying.reviews.forms import GoalForm, LineForm
from lianying.reviews.labels import FIELDS, GOAL_STANDINGS, TASK_STANDINGS
from lianying.reviews.queries.programmes import GoalLine, Narrowed, goals_page, line_counts, lines
from lianying.reviews.queries.units import measured
from lianying.rules.powers import Power
from lianying.rules.programmes import Field, GoalStanding, TaskStanding
from lianying.rules.refusals import Refused

#: So many years back goals are looked at.
YEARS = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page of goals was asked for. offered: units to choose from."""

    by: Narrowed
    today_year: int
    offered: list[Unit]

    @property
    def years(self) -> list[int]:
        return list(range(self.today_year + 1, self.today_year - YEARS, -1))

    @property
    def query(self) -> str:
        given: dict[str, str | int] = {
            "year": self.by.year,
            "field": self.by.field,
            "unit": self.by.unit.code if self.by.unit else "",
        }
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class Shown:
    """A goal as it stands in a list, by word besides the bar."""

    line: GoalLine
    standing: GoalStanding
    label: Promise
    tasks: list[tuple[TaskStanding, Promise, int]]


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def programmes(request: Request) -> HttpResponse:
    filters = _filters(request)
    context = _context(filters) | {
        "counts": line_counts(request.actor, filters.by),
        "may_set": Power.PROGRAMME in request.actor.powers,
    }
    return page(request, "reviews/programmes.html", None, context)


@needs(Power.RESULTS, Power.PROGRAMME)
@require_safe
def programme_line(request: Request, code: str) -> HttpResponse:
    """The goals of one line."""
    today, filters = local_day(now()), _filters(request)
    named = lines().get(code)
    if named is None:
        raise Http404
    found = goals_page(request.actor, code, filters.by, after=request.GET.get("after", ""), today=today)
    shown = []
    for one in found.rows:
        standing = one.progress.standing(one.goal.year, today)
        tasks = [(task, TASK_STANDINGS[task], one.tasks[task]) for task in TaskStanding if one.tasks.get(task)]
        shown.append(Shown(one, standing, GOAL_STANDINGS[standing], tasks))
    context = _context(filters) | {
        "line": named,
        "page": found,
        "shown": shown,
        "field_names": {field.value: label for field, label in FIELDS.items()},
        "may_set": Power.PROGRAMME in request.actor.powers,
        "is_narrowed": bool(filters.by.field or filters.by.unit),
    }
    return page(request, "reviews/programme_line.html", None, context)


@needs(Power.PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: Request) -> HttpResponse:
    today = local_day(now())
    names = {code: line.name for code, line in lines().items()}
    data = request.POST if request.method == "POST" else None
    initial = {"line": request.GET.get("line", ""), "year": str(today.year)}
    form = GoalForm(data, lines=names, offered=measured(request.actor), today=today, initial=initial)
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                goal = actions.set_goal(form.card(), by=request.actor, at=now())
                return done(request, f"{reverse('results_goal', args=[goal.uuid])}?done=1")
            except Refused as refused:
                form.add_error(None, words(refused))
                status = status_of(refused)
    return page(request, "reviews/goal_new.html", None, {"form": form}, status=status)


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_lines(request: Request) -> HttpResponse:
    """What this place calls the five lines, each with a form of its own; `line` says which is sent."""
    request.actor.require_all(Power.CONFIGURE)
    named = lines()
    sent = request.POST.get("line", "")
    shown: dict[str, LineForm] = {}
    status = 200
    if request.method == "POST":
        if sent not in named:
            raise Http404
        shown[sent] = LineForm(request.POST, auto_id=f"{sent}-%s")
        status = 422
        if shown[sent].is_valid():
            actions.name_line(sent, **shown[sent].cleaned_data, by=request.actor, at=now())
            return done(request, f"{reverse('settings_lines')}?done={sent}")
    for code, line in named.items():
        given = {"name": line.name, "purpose": line.purpose}
        shown.setdefault(code, LineForm(initial=given, auto_id=f"{code}-%s"))
    context = {
        "lines": [(line, shown[code]) for code, line in named.items()],
        "done": named.get(request.GET.get("done", "")),
    }
    return page(request, "reviews/settings_lines.html", None, context, status=status)


def _filters(request: Request) -> Filters:
    """What cannot be meant narrows nothing; one query."""
    today, given = local_day(now()), request.GET
    year, name = given.get("year", ""), given.get("field", "")
    offered = units_within(request.actor)
    unit = next((one for one in offered if one.code == given.get("unit", "")), None)
    known = [str(one) for one in range(today.year - YEARS + 1, today.year + 2)]
    asked = Narrowed(int(year) if year in known else today.year, name if name in tuple(Field) else "", unit)
    return Filters(asked, today.year, offered)


def _context(filters: Filters) -> dict[str, object]:
    return {
        "filters": filters,
        "by": filters.by,
        "fields": [(one.value, label) for one, label in FIELDS.items()],
        "units": grouped(filters.offered)[1:],
    }
