"""A request that is handed to another system as well: what went there, what they say, and one more."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lianying.cases.models import Case
from lianying.cases.queries.scope import case_for
from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.exchange.actions import outward as actions
from lianying.exchange.forms import ReferForm
from lianying.exchange.models import Referral
from lianying.exchange.queries.outward import endpoints, referral_for, referrals_of
from lianying.orgs.middleware import Request
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import UNANSWERED, State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.REFER)
@require_http_methods(["GET", "HEAD", "POST"])
def referrals(request: Request, ref: str) -> HttpResponse:
    case = case_for(request.actor, ref)
    request.actor.require(Power.REFER, case.path)
    if request.method != "POST":
        return _page(request, case)
    form = ReferForm(request.POST, case=case, offered=endpoints())
    if not form.is_valid():
        return _page(request, case, form=form, status=422)
    endpoint, code = form.chosen()
    given = form.cleaned_data
    try:
        actions.refer(case, endpoint, code, given["text"], with_place=given["with_place"], by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, case, form=form, status=status_of(refused))
    return done(request, f"{reverse('referrals', args=[ref])}?done=1")


@needs(Power.REFER)
@require_POST
def referral(request: Request, uuid: UUID) -> HttpResponse:
    """`do`: back (before it went), again, found (they have it, as `number`)."""
    row, at = referral_for(request.actor, uuid), now()
    do, ref = request.POST.get("do"), row.case.ref
    try:
        if do == "back":
            actions.take_back(row, by=request.actor, at=at)
        elif do == "again":
            actions.send_again(row, by=request.actor, at=at)
        elif do == "found":
            actions.found_there(row, request.POST.get("number", "")[:100], by=request.actor, at=at)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, row.case, problem=words(refused), status=status_of(refused))
    return done(request, f"{reverse('referrals', args=[ref])}?done=1")


def _page(
    request: Request, case: Case, *, form: ReferForm | None = None, problem: Any = "", status: int = 200
) -> HttpResponse:
    rows = referrals_of(case)
    may = State(case.state) in UNANSWERED and case.kind != CaseKind.REPORT
    there = {row.endpoint_id for row in rows if not row.error and row.ended_at is None}
    offered = [one for one in endpoints() if one.services and one.pk not in there] if may else []
    context = {
        "case": case,
        "rows": [(row, _service(row)) for row in rows],
        "form": form or (ReferForm(case=case, offered=offered) if offered else None),
        "problem": problem,
        "has_place": bool(case.address) or case.lat is not None,
        "may": may,
        "done": "done" in request.GET,
    }
    return page(request, "exchange/referrals.html", None, context, status=status)


def _service(row: Referral) -> str:
    """Its name, as it is called there."""
    return str(dict(row.endpoint.services).get(row.service_code, row.service_code))
