"""The five lines (五红行动): their goals, how far each is, and what belongs to one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.http import Http404
from django.utils.translation import get_language

from lianying import reference
from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.cases.queries.scope import scopes_under, visible
from lianying.common.paging import Page, page_of
from lianying.orgs.models import Unit, User
from lianying.orgs.paths import WIDTH
from lianying.orgs.scope import Actor
from lianying.oversight.models import Step
from lianying.reviews.models import STANDS, Figure, Goal, GoalRow, Programme, Result, Task
from lianying.reviews.queries.tally import by_or_at, ended_of, units_below
from lianying.rules import programmes as rules
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Ending
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.programmes import Counting, Linked, Progress, RowKind, TaskStanding
from lianying.rules.results import ENDINGS, left
from lianying.rules.supervision import Measure
from lianying.visits.models import Visit

SIZE = 20
#: Of the history of a goal, the newest.
LATEST = 50
#: What a linked row is told by: its years, and what decides whether it counts.
ALIKE = (
    "goal__year", "on_year", "closed_year", "noted_year", "result_ended", "visit__uncounted",
    "case__state", "case__kind", "case__outcome", "case__ending", "case__solved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A line as this place calls it, in the language of the moment."""

    code: str
    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows the goals of a year; empty values narrow nothing. fields: the codes of `rules.programmes.Field`."""

    year: int
    field: str = ""
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many goals of a line somebody may read, and how many of them are met."""

    line: Named
    goals: int
    met: int


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal of a list. tasks: how many stand how."""

    goal: Goal
    progress: Progress
    tasks: Mapping[TaskStanding, int] = field(default_factory=dict)


def lines() -> dict[str, Named]:
    """By code, in the order of the file; one query. A place's own words come before those that are shipped."""
    own = {row.code: row for row in Programme.objects.all()}
    english = get_language() == "en"
    found = {}
    for line in reference.programme_lines():
        row = own.get(line.code)
        name, purpose = (line.name_en, line.purpose_en) if english else (line.name_zh, line.purpose_zh)
        found[line.code] = Named(line.code, row.name if row else name, row.purpose if row else purpose)
    return found


def readable(actor: Actor) -> QuerySet[Goal]:
    """Goals of units below the actor's posts, and of those above: what they are measured by is no secret from them."""
    mine = Q(pk__in=[])
    for path in actor.scopes(Power.SEE):
        above = [path[:end] for end in range(1 + WIDTH, len(path), WIDTH)]
        mine |= Q(unit__path__startswith=path) | Q(unit__path__in=above)
    return Goal.objects.filter(mine)


def goal_for(actor: Actor, uuid: UUID) -> Goal:
    """Also one that was given up. Raises Http404 where it does not exist for the actor."""
    goal = readable(actor).filter(uuid=uuid).select_related("unit", "by").first()
    if goal is None:
        raise Http404
    return goal


def narrowed(actor: Actor, by: Narrowed) -> QuerySet[Goal]:
    rows = readable(actor).filter(STANDS, year=by.year)
    if by.field:
        rows = rows.filter(field=by.field)
    return rows.filter(unit__path__startswith=by.unit.path) if by.unit else rows


def line_counts(actor: Actor, by: Narrowed) -> list[LineCount]:
    """In the order of the lines; four queries."""
    goals = list(narrowed(actor, by).only("line", "target", "counting"))
    found = progress_of(goals)
    counted = Counter(goal.line for goal in goals)
    met = Counter(goal.line for goal in goals if found[goal.pk].is_met)
    return [LineCount(line, counted[code], met[code]) for code, line in lines().items()]


def goals_page(actor: Actor, line: str, by: Narrowed, *, after: str, today: date) -> Page[GoalLine]:
    """In the order in which they were set, never by how far they are; four queries at most."""
    found = page_of(narrowed(actor, by).filter(line=line).select_related("unit"), ("id",), after, SIZE)
    progress, tasks = progress_of(found.rows), _task_counts(found.rows, today)
    shown = [GoalLine(goal, progress[goal.pk], tasks.get(goal.pk, {})) for goal in found.rows]
    return Page(shown, found.next, found.is_first)


def progress_of(goals: Sequence[Goal]) -> dict[int, Progress]:
    """By key, counted anew; two queries at most, however many there are."""
    keys = {way: [goal.pk for goal in goals if goal.counting == way] for way in Counting}
    rows: dict[int, list[tuple[Linked, int]]] = {}
    for group in _linked_alike(keys[Counting.ROWS]) if keys[Counting.ROWS] else ():
        rows.setdefault(group["goal_id"], []).append((linked_of(group), group["count"]))
    done = {pk: rules.done(found) for pk, found in rows.items()}
    if keys[Counting.FIGURE]:
        figures = Figure.objects.filter(STANDS, goal__in=keys[Counting.FIGURE])
        done |= dict(figures.values_list("goal_id", "value"))
    return {goal.pk: Progress(done.get(goal.pk, 0), goal.target) for goal in goals}


def _linked_alike(goals: Sequence[int]) -> Iterable[dict[str, Any]]:
    rows = _told(GoalRow.objects.filter(goal__in=goals))
    found: Iterable[dict[str, Any]] = rows.values("goal_id", *ALIKE).annotate(count=Count("pk")).order_by()
    return found


def _told(rows: QuerySet[GoalRow]) -> QuerySet[GoalRow]:
    """With what `linked_of` looks at."""
    notes = Step.objects.filter(case=OuterRef("case_id"), measure=Measure.NOTE).order_by("pk")
    return rows.annotate(
        on_year=Coalesce(ExtractYear("result__on"), ExtractYear("visit__on")),
        closed_year=ExtractYear("case__closed_at"),
        noted_year=ExtractYear(Subquery(notes.values("at")[:1])),
        result_ended=Q(result__ended_at__isnull=False),
    )


def linked_of(group: Mapping[str, Any]) -> Linked:
    """group: the columns of ALIKE. What has no day yet may still have it in the goal's year."""
    if group["case__state"] is None:
        stands = not group["result_ended"] and not group["visit__uncounted"]
        return Linked(stands, group["on_year"] == group["goal__year"])
    is_petition = group["case__state"] == State.PETITION or group["case__ending"] == Ending.CONCLUDED
    year = group["noted_year"] if is_petition else group["closed_year"]
    stands = year is not None if is_petition else _is_achieved(group)
    is_report = group["case__kind"] == CaseKind.REPORT
    return Linked(stands and not is_report, year is None or year == group["goal__year"])


def _is_achieved(group: Mapping[str, Any]) -> bool:
    """As the six results count a request, of whatever category."""
    columns = {name.removeprefix("case__"): value for name, value in group.items()}
    return group["case__ending"] in ENDINGS and left(ended_of(columns | {"category": "", "is_entered": False})) is None


def _task_counts(goals: Sequence[Goal], today: date) -> dict[int, Counter[TaskStanding]]:
    found: dict[int, Counter[TaskStanding]] = {}
    rows = Task.objects.filter(STANDS, goal__in=goals).values_list("goal_id", "due_on", "done_on")
    for goal_id, due_on, done_on in rows:
        found.setdefault(goal_id, Counter())[rules.task_standing(due_on, done_on, today)] += 1
    return found


def tasks_of(goal: Goal) -> list[Task]:
    """What is due first; at most so many that a person planned them."""
    return list(goal.tasks.filter(STANDS).select_related("unit").order_by("due_on", "id"))


def figures_of(goal: Goal) -> list[Figure]:
    """The newest first, also those whose place another took."""
    return list(goal.figures.select_related("by").order_by("-id")[:LATEST])


def linked_page(goal: Goal, after: str) -> Page[tuple[GoalRow, Linked]]:
    """What was linked last comes first; one query."""
    rows = _told(goal.rows.select_related("goal", "result__unit", "result__place", "case__unit"))
    found = page_of(rows.select_related("visit__link__unit", "visit__link__place"), ("-id",), after, SIZE)
    told = [(row, linked_of({name: _attribute(row, name) for name in ALIKE})) for row in found.rows]
    return Page(told, found.next, found.is_first)


def _attribute(row: Any, name: str) -> Any:
    """'case__state' of a row; None where there is no case."""
    for part in name.split("__"):
        row = getattr(row, part, None)
    return row


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a goal. by: the name of who did it."""

    kind: EventKind
    at: datetime
    by: str
    data: Mapping[str, Any]


def history_of(goal: Goal) -> list[Happened]:
    """From the ledger, the newest first; two queries."""
    events = list(Event.objects.filter(stream=f"goal:{goal.uuid}").order_by("-seq")[:LATEST])
    keys = {event.actor: int(event.actor.removeprefix("user:")) for event in events}
    names = dict(User.objects.filter(pk__in=keys.values()).values_list("pk", "name"))
    return [Happened(EventKind(one.kind), one.at, names.get(keys[one.actor], ""), one.data) for one in events]


def things_of(actor: Actor, keys: Iterable[str]) -> list[Result | Visit | Case]:
    """What the keys name (see `queries.lines.key_of`), as far as the actor may read it; four queries."""
    named: dict[str, list[str]] = {}
    for key in keys:
        kind, _, name = key.partition(":")
        named.setdefault(kind, []).append(name)
    units = units_below(scopes_under(actor, Power.SEE, ""))
    results = Result.objects.filter(by_or_at(units, "unit", "place"), uuid__in=_uuids(named.get(RowKind.RESULT, ())))
    found: list[Result | Visit | Case] = [*results.select_related("unit", "place")]
    visits = Visit.objects.filter(by_or_at(units, "link__unit", "link__place"))
    found += visits.filter(uuid__in=_uuids(named.get(RowKind.VISIT, ()))).select_related("link__unit", "link__place")
    refs = [name for name in named.get(RowKind.CASE, ()) if name.isprintable()]  # PostgreSQL takes no NUL
    found += visible(Case.objects.filter(ref__in=refs), actor)
    return found


def _uuids(names: Iterable[str]) -> list[UUID]:
    found = []
    for name in names:
        try:
            found.append(UUID(name))
        except ValueError:
            continue
    return found


def linked_thing(goal: Goal, key: str) -> Result | Visit | Case:
    """What is linked under the key, also where the actor may not read it. Raises Http404 where nothing is."""
    kind, _, name = key.partition(":")
    is_case = kind == RowKind.CASE
    value: object = name if is_case and name.isprintable() else next(iter(_uuids([name])), None)
    if kind not in tuple(RowKind) or value is None:
        raise Http404
    rows = goal.rows.select_related("result__unit", "result__place", "visit__link__unit", "visit__link__place", "case")
    row = rows.filter(**{f"{kind}__ref" if is_case else f"{kind}__uuid": value}).first()
    thing: Result | Visit | Case | None = getattr(row, kind, None)
    if thing is None:
        raise Http404
    return thing


def linked_keys(goal: Goal, keys: Iterable[str]) -> set[str]:
    """Those of the keys under which something is linked; one query."""
    asked = set(keys)
    parted = [key.partition(":") for key in asked]
    cases = Q(case__ref__in=[name for kind, _, name in parted if kind == RowKind.CASE])
    visits = Q(visit__uuid__in=[name for kind, _, name in parted if kind == RowKind.VISIT])
    results = Q(result__uuid__in=[name for kind, _, name in parted if kind == RowKind.RESULT])
    rows = goal.rows.filter(cases | visits | results).values_list("case__ref", "visit__uuid", "result__uuid")
    found = set()
    for ref, visit, result in rows:
        found |= {f"{RowKind.CASE}:{ref}", f"{RowKind.VISIT}:{visit}", f"{RowKind.RESULT}:{result}"}
    return found & asked
