"""Sorting: queue on the left, request in the middle, decision on the right; the place in the list is never left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.forms.moves import Around, MergeForm, ReasonForm, grouped
from lianying.cases.forms.sorting import (
    AnswerNowForm,
    AssignForm,
    DeclineForm,
    accused_choices,
    accused_of,
    category_choices,
    category_name,
)
from lianying.cases.labels import CHANNELS, MOVES, kind_choices, urgency_choices
from lianying.cases.models import Case
from lianying.cases.queries.lists import CAP
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.similar import Nearby, nearby
from lianying.cases.queries.sorting import (
    UNIT_PICKS,
    Queue,
    chosen,
    following,
    habits,
    named_in_dispute,
    queue_counts,
    queue_page,
)
from lianying.cases.queries.story import story
from lianying.cases.queries.suggest import proposals
from lianying.cases.queries.track import clock_of
from lianying.cases.queries.trial import if_sorted
from lianying.cases.views.case import typed_words
from lianying.cases.views.moves import Failure, attempt
from lianying.cases.views.story import steps
from lianying.cases.views.suggesting import Suggestions, page_of, suggestions, why_near
from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.households.queries import masked
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.orgs.queries import answering_for
from lianying.rules.duties import DutyRow
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.lifecycle import Move, State
from lianying.rules.powers import Power

QUEUES: dict[Queue, Promise] = {
    Queue.NEW: _("to be sorted"),
    Queue.DISPUTED: _("disputed"),
    Queue.OLD: _("old, imported"),
}
MADE_HERE = frozenset({Move.ASSIGN, Move.ANSWER_NOW, Move.DECLINE, Move.MERGE, Move.UPHOLD, Move.DISMISS})
UNIT_KEYS = "qwertyui"


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice with a key of its own."""

    value: str
    label: str
    key: str
    chosen: bool
    above: str = ""
    times: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of the decision: of the case, or as it was typed."""

    category: str
    kind: str
    urgency: str
    accused: str
    to: str
    assisting: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, data: QueryDict | None) -> "Typed":
        given = merged(data) if data is not None else QueryDict()
        kind, urgency = given.get("kind", ""), given.get("urgency", "")
        return cls(
            category=str(given.get("category", case.category)),
            kind=str(kind) if kind in tuple(CaseKind) else case.kind,
            urgency=str(urgency) if urgency in tuple(Urgency) else case.urgency,
            accused=str(given["accused"]) if "accused" in given else accused_of(case),
            to=str(given.get("to", "")),
            assisting=tuple(str(code) for code in given.getlist("assisting")),
        )


def merged(data: QueryDict) -> QueryDict:
    """What was chosen from the whole list counts before what was picked with a key."""
    copy = data.copy()
    for name in ("category", "to"):
        whole = copy.get(f"{name}_all")
        if isinstance(whole, str) and whole:
            copy[name] = whole
    return copy


def _queue(request: Request) -> Queue:
    name = request.GET.get("queue", "")
    return Queue(name) if name in tuple(Queue) else Queue.NEW


def _address(queue: Queue, ref: str = "", **more: str) -> str:
    query = {"queue": queue.value if queue != Queue.NEW else "", "at": ref, **more}
    return f"{reverse('sort')}?{urlencode({name: value for name, value in query.items() if value})}"


@needs(Power.SORT)
@require_safe
def sort(request: Request) -> HttpResponse:
    return _sort_page(request, _queue(request), request.GET.get("at", ""))


@needs(Power.SORT)
@require_safe
def sort_queue(request: Request) -> HttpResponse:
    """The list alone, fetched every few seconds: it keeps the place, and the words typed beside it stay."""
    queue = _queue(request)
    context = _queue_facts(request, queue, request.GET.get("after", "")) | {"at_ref": request.GET.get("at", "")}
    return page(request, "cases/sort_queue.html", None, context)


@needs(Power.SORT)
@require_safe
def sort_choices(request: Request, ref: str) -> HttpResponse:
    """Offices and the promise for what is chosen so far."""
    case = case_for(request.actor, ref)
    request.actor.require(Power.SORT, case.path)
    return page(request, "cases/sort_choices.html", None, _choices(Around(case, request.actor, now()), request.GET))


@needs(Power.SORT)
@require_http_methods(["GET", "HEAD", "POST"])
def sort_move(request: Request, ref: str, name: str) -> HttpResponse:
    """Decide, and go on to the next of the queue."""
    if name not in MADE_HERE:
        raise Http404
    queue = _queue(request)
    case = case_for(request.actor, ref)
    if request.method != "POST":
        return redirect(_address(queue, ref))
    then = following(queue, request.actor, case)
    failure = attempt(request, case, name, merged(request.POST))
    if failure is not None:
        return _sort_page(request, queue, ref, name, failure)
    return done(request, _address(queue, then, done=name, did=ref))


def _queue_facts(request: Request, queue: Queue, after: str) -> dict[str, Any]:
    found = queue_counts(request.actor, now())
    tabs = [
        (label, _address(one), min(found[one], CAP), found[one] >= CAP, one == queue) for one, label in QUEUES.items()
    ]
    rows = queue_page(queue, request.actor, after=after)
    return {
        "page": rows,
        "queue": queue,
        "tabs": tabs,
        "late": found["late"],
        "after": after,
        "ticked": request.GET.getlist("ref"),
    }


def _sort_page(
    request: Request, queue: Queue, ref: str, name: str = "", failure: Failure | None = None
) -> HttpResponse:
    """`failure` is what came of the move `name`, shown beside its form with the typed words."""
    at = now()
    context = _queue_facts(request, queue, request.GET.get("after", ""))
    case = chosen(request.actor, ref, context["page"])
    context |= {
        "case": case,
        "at_ref": case.ref if case else "",
        "failed": name,
        "failure": failure.form if failure else None,
        "news": [step for step in steps(story(request.actor, ref, at=at), seen=failure.seen) if step["is_new"]]
        if failure and failure.seen
        else [],
        "did": request.GET.get("did", ""),
        "done": MOVES.get(Move(request.GET["done"])) if request.GET.get("done", "") in tuple(Move) else None,
    }
    if case is not None:
        found = nearby(case, request.actor) if case.state == State.HEARD else Nearby()
        context |= _middle(case, found) | _decision(Around(case, request.actor, at), request, name, failure, found)
    context["lost"] = typed_words(failure.form) if failure and not context.get("decides") else []
    return page(request, "cases/sort.html", None, context, status=failure.status if failure else 200)


def _middle(case: Case, found: Nearby) -> dict[str, Any]:
    entries = [(entry.author.name if entry.author else "", entry.at, entry.text) for entry in case.entries.all()]
    return {
        "channel": CHANNELS[Channel(case.channel)],
        "person": masked(case.contact) if case.contact else None,
        "photos": [photo.uuid for photo in case.attachments.all() if photo.blob.is_photo],
        "category": category_name(case.category),
        "entries": entries,
        "alike": [(one.case, why_near(one)) for one in found.near],
        "together": _together(case, found),
        "named": named_in_dispute(case) if case.state == State.DISPUTED else "",
    }


def _together(case: Case, found: Nearby) -> str:
    """The page of several at once with this one and the open ones that are alike; '' where there is none."""
    others = [one.case.ref for one in found.near if one.case.closed_at is None]
    return f"{reverse('several')}?{urlencode({'ref': [case.ref, *others]}, doseq=True)}" if others else ""


def _decision(around: Around, request: Request, name: str, failure: Failure | None, found: Nearby) -> dict[str, Any]:
    """The forms of the right pane; only those of the case's state."""
    state = around.case.state
    if not around.actor.may(Power.SORT, around.case.path) or state not in {State.HEARD, State.DISPUTED}:
        return {"decides": ""}
    drawn: dict[str, Any] = {"decides": state}
    if state == State.DISPUTED:
        failed = failure.form if failure and isinstance(failure.form, ReasonForm) else None
        return drawn | {"reason_form": failed or ReasonForm(around=around, auto_id="decide-%s")}
    sent = failure.form if failure else None
    proposed = _proposed(around, request, found, begun=failure is not None)
    data = request.POST if isinstance(sent, AssignForm | AnswerNowForm) else proposed.data()
    drawn |= _choices(around, data) | {"kinds": kind_choices(), "urgencies": urgency_choices()}
    if sent is not None:
        drawn["accused_errors"] = sent.errors.get("accused", [])
    begin = {
        "answer_now": {"text": proposed.taken.get("answer", "")},
        "merge": {"main": proposed.taken.get("merge", "")},
    }
    for one, form in (("answer_now", AnswerNowForm), ("decline", DeclineForm), ("merge", MergeForm)):
        fresh = form(around=around, auto_id=f"{one}-%s", initial=begin.get(one))
        drawn[f"{one}_form"] = sent if type(sent) is form else fresh
    drawn["proposed"] = proposed
    # Its words stand in the form that assigns as well, and must not be asked for there.
    drawn["answer_now_form"].use_required_attribute = False
    return drawn


def _proposed(around: Around, request: Request, found: Nearby, *, begun: bool) -> Suggestions:
    """begun: what was typed stands in the forms, and no proposal takes its place."""
    names = {unit.code: unit.name for unit in around.assignable}
    rows = proposals(around.case, around.assignable, habits(around.at))
    taken = [] if begun else request.GET.getlist("take")
    return suggestions(rows, found, names=names, page=page_of(_queue(request), around.case.ref), taken=taken)


def _choices(around: Around, data: QueryDict | None) -> dict[str, Any]:
    """Categories and offices by how often they occur, and the promise as it would be."""
    case, at = around.case, around.at
    typed = Typed.of(case, data)
    known = habits(at)
    names = {unit.code: unit.name for unit in around.assignable}
    duties = {unit.code: row for unit, row in answering_for(typed.category, case.address, around.assignable)}
    by_habit = (code for code in known.unit_codes(typed.category) if code in names)
    codes = list(dict.fromkeys([*duties, *by_habit]))[:UNIT_PICKS]
    trial = if_sorted(case, CaseKind(typed.kind), Urgency(typed.urgency), at=at)
    return {
        "case": case,
        "typed": typed,
        "categories": [
            _category_pick(code, count, str(place), code == typed.category)
            for place, (code, count) in enumerate(known.categories, start=1)
        ],
        "all_categories": category_choices()[1:],
        "picks": [
            Pick(
                code,
                names[code],
                key,
                code == typed.to,
                _why_here(duties[code], around.units) if code in duties else "",
            )
            for code, key in zip(codes, UNIT_KEYS, strict=False)
        ],
        "all_units": grouped(around.assignable)[1:],
        "helpers": [unit for unit in around.assignable if unit.depth == 2],
        "clock": clock_of(trial, at),
        "all_accused": accused_choices(around.units) if typed.kind == CaseKind.REPORT else [],
        "accused_errors": [],
    }


def _why_here(row: DutyRow, units: Sequence[Unit]) -> str:
    """'Duty list: 柳溪镇 · 县政发〔2026〕3号'."""
    place = next((unit.name for unit in units if unit.path == row.place and unit.depth > 1), "")
    said = " · ".join(part for part in (place, row.source) if part)
    return _t("Duty list: %(said)s") % {"said": said} if said else _t("by the duty list")


def _category_pick(code: str, times: int, key: str, is_chosen: bool) -> Pick:
    above, _separator, name = category_name(code).rpartition(" / ")
    return Pick(code, name, key, is_chosen, above, times)
