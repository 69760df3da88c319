"""A campaign: where one was and where one has still to go, what was found, what is proposed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from lianying.campaigns import actions
from lianying.campaigns.forms import EndForm, ProposalForm
from lianying.campaigns.labels import CAME_OF, STANDINGS
from lianying.campaigns.models import Campaign
from lianying.campaigns.queries.campaigns import campaign_for, holds, owners, proposals_of
from lianying.campaigns.queries.findings import (
    NONE,
    Came,
    Narrowed,
    findings_of,
    found_page,
    places_page,
    sort_names,
)
from lianying.campaigns.report import sort_name
from lianying.campaigns.views.shown import shown_proposals
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.campaigns import CameOf, Standing, came_of, last_day, standing
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits.labels import VISIT_KINDS
from lianying.visits.queries.due import may_open

#: So many places that nobody has been to are named on the page of the campaign.
FEW = 8


@needs(Power.VISIT, Power.CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: Request, uuid: UUID) -> HttpResponse:
    """Look at it; `do` says what is sent: a proposal, or its end."""
    row = campaign_for(request.actor, uuid)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    if not holds(request.actor, row) or do not in {"propose", "end"}:
        raise Http404
    if do == "end":
        ending, version = EndForm(request.POST, auto_id="end-%s"), version_of(request)
        return _did(
            request,
            row,
            (do, ending),
            lambda: actions.end_campaign(row, version=version, **ending.cleaned_data, by=request.actor, at=now()),
        )
    proposing = ProposalForm(request.POST, offered=owners(request.actor, row), auto_id="propose-%s")
    return _did(
        request, row, (do, proposing), lambda: actions.propose(row, proposing.card(), by=request.actor, at=now())
    )


def _did(request: Request, row: Campaign, sent: tuple[str, forms.Form], act: Callable[[], object]) -> HttpResponse:
    """Back to the page, or the page with what was typed and what is wrong with it."""
    do, form = sent
    if not form.is_valid():
        return _page(request, row, sent={do: form}, status=422)
    try:
        act()
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, campaign_for(request.actor, row.uuid), sent={do: form}, status=status_of(refused))
    where = "#proposals" if do == "propose" else ""
    return done(request, f"{reverse('visits_campaign', args=[row.uuid])}?done=1{where}")


def _page(
    request: Request, row: Campaign, *, sent: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today, is_held, sent = local_day(now()), holds(request.actor, row), sent or {}
    found = findings_of(row, today)
    how = standing(row.from_on, row.to_on, row.ended_on, today)
    offered = owners(request.actor, row) if is_held else []
    offer: dict[str, forms.Form] = {}
    if is_held:
        offer["propose"] = ProposalForm(offered=offered, auto_id="propose-%s")
        if how in {Standing.COMING, Standing.RUNNING} or "end" in sent:
            offer["end"] = EndForm(auto_id="end-%s")
    context = {
        "campaign": row,
        "standing": how,
        "standing_label": STANDINGS[how],
        "may_change": is_held and row.ended_on is None,
        "days_left": (last_day(row.to_on, row.ended_on) - today).days,
        "is_held": is_held,
        "found": found,
        "few": found.to_go[:FEW],
        "more": max(len(found.to_go) - FEW, 0),
        "idle": [unit for unit in row.units.all() if unit.pk not in found.went],
        "kinds": [(VISIT_KINDS[kind], found.visits[kind]) for kind in VisitKind],
        "came": [(one.value, CAME_OF[one], found.came[one]) for one in CameOf],
        "sorts": [(line, sort_name(line.code), *_columns(line.came)) for line in found.sorts],
        "proposals": shown_proposals(request.actor, proposals_of(request.actor, row), today, offered=offered),
        "forms": {**offer, **sent},
        "sent": set(sent),
        "done": "done" in request.GET,
    }
    return page(request, "campaigns/campaign.html", None, context, status=status)


def _columns(came: Came) -> tuple[int, int, int, int]:
    """Solved on the spot, answered, in hand, and the rest: so many fit beside a name on a telephone."""
    solved, answered, waiting = (came[one] for one in (CameOf.SOLVED, CameOf.ANSWERED, CameOf.OPEN))
    return solved, answered, waiting, came.total() - solved - answered - waiting


@needs(Power.VISIT, Power.CAMPAIGN)
@require_safe
def campaign_places(request: Request, uuid: UUID) -> HttpResponse:
    """`of` = covered, else where one has still to go. What was raised there is counted for the holder."""
    row, today = campaign_for(request.actor, uuid), local_day(now())
    found = findings_of(row, today)
    is_covered = request.GET.get("of") == "covered"
    lines = found.covered if is_covered else found.to_go
    by_key = {line.place.pk: line for line in lines}
    shown = places_page(row, lines, request.GET.get("after", ""))
    context = {
        "campaign": row,
        "found": found,
        "is_covered": is_covered,
        "is_held": holds(request.actor, row),
        "page": shown,
        "lines": [(place, by_key[place.pk], *_columns(by_key[place.pk].came)) for place in shown.rows],
        "query": "of=covered" if is_covered else "",
    }
    return page(request, "campaigns/places.html", None, context)


@needs(Power.VISIT, Power.CAMPAIGN)
@require_safe
def campaign_found(request: Request, uuid: UUID) -> HttpResponse:
    """What was raised, as far as the person may read the visit or the request."""
    row, given, today = campaign_for(request.actor, uuid), request.GET, local_day(now())
    place = next((one for one in row.places.all() if one.code == given.get("place", "")), None)
    names: dict[str, Any] = {**sort_names(), NONE: sort_name(NONE)}
    sort = given.get("sort", "") if given.get("sort") in names else ""
    came = given.get("came", "") if given.get("came") in tuple(CameOf) else ""
    by = Narrowed(place.path if place else "", sort, came)
    found = found_page(row, request.actor, by, today=today, after=given.get("after", ""))
    shown = []
    for one in found.rows:
        how = came_of(Outcome(one.outcome), State(one.case.state) if one.case else None)
        sort_of = sort_name(one.case.category[:2] or NONE) if one.case else ""
        shown.append((one, CAME_OF[how], how, sort_of, may_open(request.actor, one.link)))
    chosen = {"place": place.code if place else "", "sort": sort, "came": came}
    context = {
        "campaign": row,
        "page": found,
        "shown": shown,
        "places": [(one.code, one.name) for one in row.places.all()],
        "sorts": list(names.items()),
        "cames": [(one.value, label) for one, label in CAME_OF.items()],
        "chosen": chosen,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
    }
    return page(request, "campaigns/found.html", None, context)
