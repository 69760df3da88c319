"""Households as the village, the town and the grid write them down."""

from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.forms.contact import OpenForm
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.households import actions
from lianying.households.labels import HARDSHIPS
from lianying.households.models import Household
from lianying.households.queries import ORDER, Revealed, home, households_at, masked, to_confirm
from lianying.orgs.middleware import Request
from lianying.rules.hardship import Hardship, Wish, needs_review
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits.actions import hear_wish, household_gone
from lianying.visits.forms.household import HardshipForm, HouseholdForm
from lianying.visits.queries.homes import home_lines, household_of, place_of, places_of

CONTACT = "contact-%s"


@needs(Power.KEEP_HOUSEHOLDS)
@require_safe
def places(request: Request) -> HttpResponse:
    """The places of one's own, and what waits for a second person; who keeps one place alone goes straight there."""
    found = page_of(places_of(request.actor), ("path",), request.GET.get("after", ""))
    waiting = home_lines(list(to_confirm(request.actor)[:20]))
    if len(found.rows) == 1 and found.is_first and not waiting:
        return redirect("visits_homes", found.rows[0].code)
    return page(request, "visits/places.html", None, {"page": found, "waiting": waiting})


@needs(Power.KEEP_HOUSEHOLDS)
@require_safe
def at_place(request: Request, code: str) -> HttpResponse:
    """Who lives there, or with `gone` in the address who moved away."""
    place, gone = place_of(request.actor, code), "gone" in request.GET
    found = page_of(households_at(place.pk, gone=gone), ORDER, request.GET.get("after", ""))
    today = local_day(now())
    context = {
        "place": place,
        "page": found,
        "gone": gone,
        "lines": [
            (line, HARDSHIPS[level] if level else "", needs_review(level, line.household.hardship_on, today))
            for line in home_lines(found.rows)
            for level in (Hardship(line.household.hardship),)
        ],
    }
    return page(request, "visits/households.html", None, context)


@needs(Power.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, code: str) -> HttpResponse:
    place = place_of(request.actor, code)
    form = HouseholdForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            household = actions.add_household(form.card(), place=place, by=request.actor, at=now())
            return done(request, reverse("visits_home", args=[household.uuid]))
        except Refused as refused:
            _show(form, refused)
            status = status_of(refused)
    return page(request, "visits/household_new.html", None, {"place": place, "form": form}, status=status)


def _show(form: HouseholdForm, refused: Refused) -> None:
    form.add_error("phone" if refused.code.startswith("phone_") else None, words(refused))


@needs(Power.KEEP_HOUSEHOLDS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: Request, uuid: UUID) -> HttpResponse:
    """One home. `do`: open the contact (a reason is needed), change (after it was opened), hardship, confirm, refuse,

    gone, back, or a `Wish`.
    """
    row = household_of(request.actor, uuid)
    if request.method != "POST":
        return _page(request, row)
    act = {
        "open": _open,
        "change": _change,
        "hardship": _propose,
        "confirm": _decide,
        "refuse": _decide,
        "gone": _gone,
        "back": _gone,
        Wish.ASKS: _wish,
        Wish.NEITHER: _wish,
        Wish.DECLINES: _wish,
    }.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    return act(request, row)


def _open(request: Request, row: Household) -> HttpResponse:
    form = OpenForm(request.POST, auto_id=CONTACT)
    if not form.is_valid():
        return _page(request, row, 422, form=form)
    try:
        subject = f"household:{row.uuid}"
        person = actions.open_contact(row.contact, subject=subject, **form.values(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error("note", words(refused))
        return _page(request, row, status_of(refused), form=form)
    there = home(row)
    initial = {"called": there.called, "needs": there.needs, "walk": row.walk}
    initial |= {"name": person.name, "phone": person.phone, "address": person.address}
    return _page(request, row, revealed=person, change=HouseholdForm(initial=initial))


def _change(request: Request, row: Household) -> HttpResponse:
    form = HouseholdForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, change=form)
    try:
        actions.change_household(row, form.card(), by=request.actor, at=now())
    except Refused as refused:
        _show(form, refused)
        return _page(request, row, status_of(refused), change=form)
    return done(request, reverse("visits_home", args=[row.uuid]))


def _propose(request: Request, row: Household) -> HttpResponse:
    form = HardshipForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, hardship_form=form)
    actions.propose_hardship(row, **form.values(), by=request.actor, at=now())
    return done(request, reverse("visits_home", args=[row.uuid]))


def _decide(request: Request, row: Household) -> HttpResponse:
    actions.decide_hardship(row, request.POST["do"] == "confirm", by=request.actor, at=now())
    return done(request, reverse("visits_home", args=[row.uuid]))


def _wish(request: Request, row: Household) -> HttpResponse:
    hear_wish(row, Wish(request.POST["do"]), by=request.actor, at=now())
    return done(request, reverse("visits_home", args=[row.uuid]))


def _gone(request: Request, row: Household) -> HttpResponse:
    household_gone(row, request.POST["do"] == "gone", by=request.actor, at=now())
    return done(request, reverse("visits_home", args=[row.uuid]))


def _page(request: Request, row: Household, status: int = 200, **shown: Form | Revealed) -> HttpResponse:
    """shown: what stands in the place of an empty form, and the contact once it was opened."""
    level = Hardship(row.hardship)
    context = {
        "household": row,
        "home": home(row),
        "person": masked(row.contact),
        "form": OpenForm(initial={"reason": OpenReason.VISIT}, auto_id=CONTACT),
        "hardship_form": HardshipForm(initial={"level": int(level)}),
        "level": HARDSHIPS[level],
        "proposed": HARDSHIPS[Hardship(row.proposed)] if row.proposed is not None else "",
        "may_decide": row.proposed is not None and row.proposed_by_id != request.actor.user_id,
        "review": needs_review(level, row.hardship_on, local_day(now())),
        "links": row.links.filter(to_on__isnull=True).select_related("user", "unit").order_by("pk"),
    }
    return page(request, "visits/household.html", None, context | shown, status=status)
