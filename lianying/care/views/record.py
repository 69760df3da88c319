"""One record: its story, its clock, its measures, and the steps that the table allows to whoever looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from lianying.care import actions
from lianying.care.forms import FinishForm, MeasureForm, StepForm
from lianying.care.labels import DAYS, DONE, EXITS, REFUSALS, RISKS, SOURCES, STAGES, due_look, due_words, step_label
from lianying.care.models import Care, Entry, Measure
from lianying.care.queries import (
    care_for,
    doing,
    doings_of,
    entries_of,
    measure_for,
    on_list,
    risk_of,
    standing_of,
    waits_for,
)
from lianying.cases.models import Case
from lianying.cases.queries.scope import visible
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.households.labels import HARDSHIPS
from lianying.households.queries import home, masked
from lianying.orgs.middleware import Request
from lianying.orgs.scope import Actor
from lianying.rules.care import (
    DECIDE,
    LEAVE,
    REVIEW_SOON,
    SHOWN_FOR,
    TABLE,
    TO_DECIDE,
    UNDECIDED,
    Exit,
    Move,
    Refusal,
    Source,
    Stage,
    days_left,
    possible,
)
from lianying.rules.deadlines import Term
from lianying.rules.hardship import Hardship
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: A measure is ended on a page of its own, which whoever does it sees as well.
ACTS: dict[Move, Callable[..., Care | Measure]] = {
    Move.TAKE_UP: actions.take_up,
    Move.CHECK: actions.check,
    Move.SEND_BACK: actions.send_back,
    Move.ADMIT: actions.admit,
    Move.REFUSE: actions.refuse,
    Move.MEASURE: actions.take_measure,
    Move.REVIEW: actions.review,
    Move.PROPOSE_EXIT: actions.propose_exit,
    Move.EXIT: actions.exit_care,
    Move.KEEP: actions.keep,
    Move.PUBLISH: actions.publish,
    Move.UNPUBLISH: actions.unpublish,
}
#: The step that is expected next.
MAIN = {
    Stage.CLUE: Move.TAKE_UP,
    Stage.CHECKING: Move.CHECK,
    Stage.CHECKED: Move.ADMIT,
    Stage.LEAVING: Move.EXIT,
}


@dataclass(frozen=True, slots=True)
class Button:
    """simple: it asks for nothing and is sent at once."""

    move: str
    label: Promise
    simple: bool
    main: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The form of a step, with what was typed and why it did not work."""

    move: Move
    form: forms.Form
    status: int = 200


@needs(Power.CARE, Power.CARE_DECIDE)
@require_safe
def record(request: Request, uuid: UUID) -> HttpResponse:
    return _page(request, care_for(request.actor, uuid))


@needs(Power.CARE, Power.CARE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, uuid: UUID, name: str) -> HttpResponse:
    """Open the form of a step, or take the step."""
    care = care_for(request.actor, uuid)
    if name not in tuple(Move) or Move(name) not in ACTS:
        raise Http404
    move = Move(name)
    if request.method != "POST":
        if move not in _possible(care, request.actor):
            raise Http404
        return _page(request, care, Opened(move, _form(care, move)))
    form = _form(care, move, request.POST)
    if not form.is_valid():
        return _page(request, care, Opened(move, form, 422))
    try:
        ACTS[move](care, **form.values(), version=version_of(request), by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, care_for(request.actor, uuid), Opened(move, form, status_of(refused)))
    return done(request, f"{reverse('care_record', args=[uuid])}?done={name}")


@needs(Power.CARE)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Request, uuid: UUID) -> HttpResponse:
    """A measure for whoever does it: what, for whom, until when; and how it ended."""
    row = measure_for(request.actor, uuid)
    if request.method != "POST":
        return _measure_page(request, row, FinishForm())
    form = FinishForm(request.POST)
    if not form.is_valid():
        return _measure_page(request, row, form, 422)
    try:
        actions.finish(row, **form.values(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _measure_page(request, measure_for(request.actor, uuid), form, status_of(refused))
    place = reverse("care_record", args=[row.care.uuid])
    return done(request, f"{place}?done=finish" if _sees(request.actor, row.care) else reverse("care_measures"))


def _sees(actor: Actor, care: Care) -> bool:
    return any(actor.may(power, care.place.path) for power in (Power.CARE, Power.CARE_DECIDE))


def _measure_page(request: Request, row: Measure, form: FinishForm, status: int = 200) -> HttpResponse:
    context = {
        "one": (one := doing(row, request.actor, local_day(now()))),
        "due": due_words("measure", one.left),
        "look": due_look("measure", one.left),
        "form": form,
        "sees": _sees(request.actor, row.care),
    }
    return page(request, "care/measure.html", None, context, status=status)


def _form(care: Care, move: Move, data: Any = None) -> StepForm:
    today = local_day(now())
    if move is Move.MEASURE:
        return MeasureForm(data, care=care, today=today)
    return StepForm(data, care=care, move=move, today=today)


def _possible(care: Care, actor: Actor) -> list[Move]:
    powers = [power for power in (Power.CARE, Power.CARE_DECIDE) if actor.may(power, care.place.path)]
    moves = possible(standing_of(care, local_day(now())), powers, by=actor.staff_id)
    return [move for move in moves if move in ACTS]


def _page(request: Request, care: Care, opened: Opened | None = None) -> HttpResponse:
    today, actor = local_day(now()), request.actor
    stage = Stage(care.stage)
    steps = [_step(entry, text) for entry, text in entries_of(care)]
    moves = [move for move in _possible(care, actor) if opened is None or move is not opened.move]
    measures = doings_of(care, actor, today)
    waits = waits_for(care, [one.measure for one in measures if one.measure.ended_on is None])
    left = days_left(care.due_on, today) if care.due_on else 0
    main = _main(care, today, has_measures=bool(measures))
    context = {
        "care": care,
        "stage": STAGES[stage],
        "source": SOURCES[Source(care.source)],
        "case_seen": care.case_id and visible(Case.objects.filter(pk=care.case_id), actor).exists(),
        "home": home(care.household) if care.household else None,
        "person": masked(care.household.contact) if care.household else None,
        "hardship": _hardship(care),
        "risk": RISKS.get(risk) if (risk := risk_of(care)) else "",
        "clock": _clock(care, stage, today),
        "took": days_left(care.decided_on, care.clue_on) if care.decided_on else None,
        "steps": steps,
        "due": due_words(waits, left) if waits else "",
        "look": due_look(waits, left) if waits else "",
        "measures": [(one, due_words("measure", one.left), due_look("measure", one.left)) for one in measures],
        "buttons": [
            Button(one.value, step_label(stage, one), not TABLE[stage, one].needs, one in main)
            for one in sorted(moves, key=lambda one: one not in main)
        ],
        "waits_for_other": stage in TO_DECIDE and care.checker_id == actor.staff_id,
        "opened": opened,
        "opened_label": step_label(stage, opened.move) if opened else "",
        "lists": on_list(today).filter(care=care),
        "shown_days": SHOWN_FOR.days,
        "done": DONE.get(Move(name)) if (name := request.GET.get("done", "")) in tuple(Move) else "",
    }
    return page(request, "care/record.html", None, context, status=opened.status if opened else 200)


def _clock(care: Care, stage: Stage, today: date) -> dict[str, Any]:
    """What waits until when, in words, and the term with its source where a rule counts the days; {} at the end."""
    on: date | None
    term: Term | None
    if stage in UNDECIDED:
        of, on, term = "decide", care.decide_by, DECIDE
    elif stage is Stage.LEAVING:
        of, on, term = "exit", care.due_on, LEAVE
    else:
        of, on, term = "review", care.review_on if stage is Stage.UNDER_CARE else None, None
    if on is None:
        return {}
    left = days_left(on, today)
    return {"of": of, "on": on, "term": term, "label": DAYS[of], "due": due_words(of, left), "look": due_look(of, left)}


def _main(care: Care, today: date, *, has_measures: bool) -> frozenset[Move]:
    """What is expected next; under care a first measure, and a review when its day is near."""
    if care.review_on is None or care.stage != Stage.UNDER_CARE:
        return frozenset(move for stage, move in MAIN.items() if stage == care.stage)
    is_near = care.review_on <= today + REVIEW_SOON
    return frozenset({Move.REVIEW} if is_near else () if has_measures else {Move.MEASURE})


def _hardship(care: Care) -> Promise | str:
    level = Hardship(care.household.hardship) if care.household else Hardship.NONE
    return "" if level is Hardship.NONE else HARDSHIPS[level]


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the story."""

    entry: Entry
    label: Promise
    reason: Promise | str
    text: str


def _step(entry: Entry, text: str) -> Told:
    move = Move(entry.move)
    reason: Promise | str = ""
    if entry.reason:
        reason = REFUSALS[Refusal(entry.reason)] if move is Move.REFUSE else EXITS[Exit(entry.reason)]
    return Told(entry, DONE[move], reason, text)
