"""The ladder of one request: what was found, which steps were taken, what the unit answered."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.cases.labels import MEASURES
from lianying.cases.models import Case, Entry
from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.oversight import actions
from lianying.oversight.forms import AnswerForm, DecideForm, StepForm
from lianying.oversight.labels import GROUNDS
from lianying.oversight.models import Finding, Step
from lianying.oversight.queries import ladder_of, step_for, taken
from lianying.rules.entries import EntryKind
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.supervision import POWER, Ground, Measure, possible

Ladder = tuple[Case, list[Step], list[Finding]]


@needs(Power.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def supervision(request: Request, ref: str) -> HttpResponse:
    """See the ladder, take the next step."""
    ladder = ladder_of(request.actor, ref)
    if request.method != "POST":
        return _page(request, ladder)
    form = _step_form(request, ladder, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, ladder, form=form, status=422)
    try:
        actions.take(ladder[0], **form.cleaned_data, by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, ladder_of(request.actor, ref), form=form, status=status_of(refused))
    return done(request, f"{reverse('supervision', args=[ref])}?done=1")


@needs(Power.SEE)
@require_http_methods(["POST"])
def supervision_step(request: Request, uuid: UUID) -> HttpResponse:
    """Answer a step (`do` = answer), or decide on the answer (accept, refuse)."""
    step = step_for(request.actor, uuid)
    do = request.POST.get("do", "")
    if do not in {"answer", "accept", "refuse"}:
        raise Http404
    form: forms.Form = (AnswerForm if do == "answer" else DecideForm)(request.POST)
    status = 422
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            if do == "answer":
                actions.answer(step, text=text, by=request.actor, at=now())
            else:
                actions.decide(step, accepted=do == "accept", text=text, by=request.actor, at=now())
            return done(request, f"{reverse('supervision', args=[step.case.ref])}?done=1")
        except Refused as refused:
            form.add_error(None, words(refused))
            status = status_of(refused)
    return _page(request, ladder_of(request.actor, step.case.ref), sent=(step.pk, form), status=status)


def _step_form(request: Request, ladder: Ladder, data: Any = None) -> StepForm | None:
    """None where this person takes no step here now."""
    case, steps, findings = ladder
    if State(case.state) not in OPEN:
        return None
    measures = [measure for measure in possible(taken(steps), now()) if request.actor.may(POWER[measure], case.path)]
    # A circular speaks of several requests, and begins on a page of its own.
    measures = [measure for measure in measures if measure != Measure.CIRCULAR]
    grounds = [Ground(row.ground) for row in findings]
    return StepForm(data, measures=measures, grounds=grounds, auto_id="step-%s") if measures else None


def _page(
    request: Request,
    ladder: Ladder,
    *,
    form: StepForm | None = None,
    sent: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    case, steps, findings = ladder
    at = now()
    said = list(Entry.objects.filter(case=case, kind=EntryKind.OVERSIGHT).select_related("author").order_by("id"))
    rows = [
        {
            "step": step,
            "label": MEASURES[Measure(step.measure)],
            "ground": GROUNDS[Ground(step.ground)],
            "form": _form_for(request, case, step, sent),
            "decides": step.answered_at is not None,
            "is_late": step.answered_at is None and step.ended_at is None and step.due_at < at,
        }
        for step in steps
    ]
    context = {
        "case": case,
        "rows": rows,
        "said": [(entry.at, entry.author.name if entry.author else "", entry.text) for entry in said],
        "grounds": [(GROUNDS[Ground(row.ground)], row.found_at) for row in findings],
        "form": form or _step_form(request, ladder),
        "done": "done" in request.GET,
    }
    return page(request, "oversight/supervision.html", None, context, status=status)


def _form_for(request: Request, case: Case, step: Step, sent: tuple[int, forms.Form] | None) -> forms.Form | None:
    """The form by which the step goes on, for whoever may."""
    if sent is not None and sent[0] == step.pk:
        return sent[1]
    if step.ended_at is not None or State(case.state) not in OPEN:
        return None
    if step.answered_at is None:
        return AnswerForm(auto_id=f"answer{step.pk}-%s") if request.actor.may(Power.PASS_DOWN, case.path) else None
    may = request.actor.may(POWER[Measure(step.measure)], case.path)
    return DecideForm(auto_id=f"decide{step.pk}-%s") if may else None
