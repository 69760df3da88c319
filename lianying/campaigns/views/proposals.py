"""What campaigns propose: what waits for one's own unit, what is late, and one proposal."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying.campaigns import actions
from lianying.campaigns.forms import DoneForm
from lianying.campaigns.models import Proposal
from lianying.campaigns.queries.campaigns import campaign_for, holds, owners, proposal_for, proposals_page
from lianying.campaigns.views.shown import form_of, shown_proposals
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.RESULTS, Power.CAMPAIGN)
@require_safe
def proposals(request: Request) -> HttpResponse:
    """Those of one's own units; `of` = late: what is late of these, and of the campaigns that one holds."""
    late = request.GET.get("of") == "late" or Power.RESULTS not in request.actor.powers
    today = local_day(now())
    found = proposals_page(request.actor, today, late=late, after=request.GET.get("after", ""))
    context = {"page": found, "late": late, "shown": shown_proposals(request.actor, found.rows, today)}
    return page(request, "campaigns/proposals.html", None, context)


@needs(Power.RESULTS, Power.CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: Request, uuid: UUID) -> HttpResponse:
    """One step of a proposal: `do` is done, reopen, change or drop."""
    row = proposal_for(request.actor, uuid)
    if request.method != "POST":
        return _page(request, row)
    do, by, at = request.POST.get("do", ""), request.actor, now()
    if do not in {"done", "reopen", "change", "drop"}:
        raise Http404
    if do in {"reopen", "drop"}:
        act = actions.reopen_proposal if do == "reopen" else actions.drop_proposal
        act(row, by=by, at=at)
        return _back(request, row, do)
    form = form_of(row, do, request.POST, local_day(at), _offered(request, row))
    if not form.is_valid():
        return _page(request, row, {do: form}, 422)
    try:
        if isinstance(form, DoneForm):
            actions.finish_proposal(row, **form.cleaned_data, by=by, at=at)
        else:
            actions.change_proposal(row, form.card(), by=by, at=at)
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, proposal_for(by, uuid), {do: form}, status_of(refused))
    return _back(request, row, do)


def _back(request: Request, row: Proposal, do: str) -> HttpResponse:
    """To the proposal; from one that was dropped to its campaign."""
    if do == "drop":
        return done(request, f"{reverse('visits_campaign', args=[row.campaign.uuid])}?done=1")
    return done(request, f"{reverse('visits_proposal', args=[row.uuid])}?done=1")


def _offered(request: Request, row: Proposal) -> list[Unit]:
    if not holds(request.actor, row.campaign):
        return []
    return owners(request.actor, campaign_for(request.actor, row.campaign.uuid))


def _page(
    request: Request, row: Proposal, sent: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today = local_day(now())
    shown = shown_proposals(request.actor, [row], today, offered=_offered(request, row), sent=sent)
    context = {"one": shown[0], "campaign": row.campaign, "done": "done" in request.GET}
    return page(request, "campaigns/proposal.html", None, context, status=status)
