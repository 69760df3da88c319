"""Which campaigns there are; planning one, and changing the plan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying.campaigns import actions
from lianying.campaigns.forms import CampaignForm, initial_of
from lianying.campaigns.labels import STANDINGS
from lianying.campaigns.models import Campaign
from lianying.campaigns.queries.campaigns import campaigns_page, goals, goers, held_campaign, holders
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.campaigns import standing
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.VISIT, Power.CAMPAIGN)
@require_safe
def campaigns(request: Request) -> HttpResponse:
    today = local_day(now())
    found = campaigns_page(request.actor, request.GET.get("after", ""))
    shown = []
    for row in found.rows:
        how = standing(row.from_on, row.to_on, row.ended_on, today)
        shown.append((row, how, STANDINGS[how]))
    context = {"page": found, "shown": shown, "may_hold": Power.CAMPAIGN in request.actor.powers}
    return page(request, "campaigns/campaigns.html", None, context)


@needs(Power.CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: Request) -> HttpResponse:
    actor, offered = request.actor, holders(request.actor)
    data = request.POST if request.method == "POST" else None
    initial = {"unit": next((unit.code for unit in offered if _is_own(request, unit.pk)), "")}
    form = CampaignForm(data, holders=offered, goers=goers(actor), goals=goals(actor), initial=initial)
    return _plan(
        request,
        form,
        None,
        lambda: actions.hold_campaign(form.cleaned_data["unit"], form.card(), by=actor, at=now()),
    )


def _is_own(request: Request, unit: int) -> bool:
    return any(post.unit_id == unit for post in request.actor.posts)


@needs(Power.CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_change(request: Request, uuid: UUID) -> HttpResponse:
    actor, row = request.actor, held_campaign(request.actor, uuid)
    data = request.POST if request.method == "POST" else None
    chosen: dict[str, Any] = {"goers": goers(actor, row), "goals": goals(actor, row)}
    form = CampaignForm(data, holders=[], **chosen, initial=initial_of(row))
    version = version_of(request)
    return _plan(
        request, form, row, lambda: actions.change_campaign(row, form.card(), version=version, by=actor, at=now())
    )


def _plan(request: Request, form: CampaignForm, row: Campaign | None, act: Callable[[], Campaign]) -> HttpResponse:
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return done(request, f"{reverse('visits_campaign', args=[act().uuid])}?done=1")
            except Refused as refused:
                form.add_error(None, words(refused))
                status = status_of(refused)
    # What was typed is sent again over what stands now: the person has read that it changed.
    fresh = held_campaign(request.actor, row.uuid) if row else None
    return page(request, "campaigns/plan.html", None, {"form": form, "campaign": fresh}, status=status)
