"""A result that somebody enters: written down, looked at, corrected, taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.queries.scope import may_see
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.kinds import PLACES
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.reviews import actions
from lianying.reviews.forms import ResultForm, WhyForm, initial_of
from lianying.reviews.labels import DETAILS, RESULT_KINDS, RESULT_WORDS
from lianying.reviews.models import Result
from lianying.reviews.queries.programmes import readable
from lianying.reviews.queries.tally import result_for
from lianying.reviews.queries.units import entering, places
from lianying.rules.powers import POWERS, Power
from lianying.rules.refusals import Refused
from lianying.rules.results import DETAILS as DETAILS_OF
from lianying.rules.results import Detail, ResultKind


@needs(Power.RESULTS)
@require_safe
def result_kinds(request: Request) -> HttpResponse:
    """Which of the kinds it is."""
    kinds = [(kind, RESULT_KINDS[kind], RESULT_WORDS[kind]) for kind in DETAILS_OF]
    return page(request, "reviews/result_kinds.html", None, {"kinds": kinds})


@needs(Power.RESULTS)
@require_http_methods(["GET", "HEAD", "POST"])
def result_new(request: Request, name: str) -> HttpResponse:
    if name not in {kind.value for kind in DETAILS_OF}:
        raise Http404
    kind, offered = ResultKind(name), entering(request.actor)
    if request.method != "POST":
        own = next((unit for unit in offered if unit.pk == _own(request)), None)
        initial = {"on": local_day(now()), "unit": own.code if own else "", "place": _place(own)}
        return _new_page(request, _form(request, kind, offered, None, initial=initial), 200)
    form = _form(request, kind, offered, request.POST)
    if not form.is_valid():
        return _new_page(request, form, 422)
    try:
        result = actions.enter(form.card(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _new_page(request, form, status_of(refused))
    return done(request, f"{reverse('results_one', args=[result.uuid])}?done=1")


@needs(Power.RESULTS, Power.PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: Request, uuid: UUID) -> HttpResponse:
    """One result with what took its place; `do` is correct or take_back."""
    row = result_for(request.actor, uuid)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    kind = ResultKind(row.kind)
    if do == "correct":
        form: Any = _form(request, kind, entering(request.actor), request.POST)
    elif do == "take_back":
        form = WhyForm(request.POST)
    else:
        raise Http404
    if not form.is_valid():
        return _page(request, row, sent={do: form}, status=422)
    try:
        if do == "correct":
            row = actions.correct(row, form.card(), by=request.actor, at=now())
        else:
            row = actions.take_back(row, **form.cleaned_data, by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, result_for(request.actor, uuid), sent={do: form}, status=status_of(refused))
    return done(request, f"{reverse('results_one', args=[row.uuid])}?done=1")


def _own(request: Request) -> int:
    """The unit of the first post that enters results."""
    return next(post.unit_id for post in request.actor.posts if Power.RESULTS in POWERS[post.role])


def _place(own: Unit | None) -> str:
    return own.code if own and own.kind in PLACES else ""


def _form(
    request: Request, kind: ResultKind, offered: list[Unit], data: Any, *, initial: dict[str, Any] | None = None
) -> ResultForm:
    return ResultForm(data, kind=kind, actor=request.actor, offered=offered, places=places(), initial=initial)


def _new_page(request: Request, form: ResultForm, status: int) -> HttpResponse:
    context = {"form": form, "label": RESULT_KINDS[form.kind], "words": RESULT_WORDS[form.kind]}
    return page(request, "reviews/result_new.html", None, context, status=status)


def _page(
    request: Request, row: Result, *, sent: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    kind = ResultKind(row.kind)
    may = row.ended_at is None and request.actor.may(Power.RESULTS, row.unit.path)
    shown: dict[str, forms.Form] = {}
    if may or sent:
        shown = {
            "correct": _form(request, kind, entering(request.actor), None, initial=initial_of(row)),
            "take_back": WhyForm(),
        } | (sent or {})
    context = {
        "result": row,
        "label": RESULT_KINDS[kind],
        "detail": DETAILS[Detail(row.detail)] if row.detail else "",
        "case": row.case if row.case and may_see(request.actor, row.case) else None,
        # Where nothing took its place, the relation says so by raising.
        "later": getattr(row, "replaced_by", None),
        "goals": readable(request.actor).filter(rows__result=row).order_by("id"),
        "forms": shown,
        "sent": set(sent or ()),
        "done": "done" in request.GET,
    }
    return page(request, "reviews/result.html", None, context, status=status)
