"""Who looks after whom: the links of a unit and of its people, made, ended and handed over."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.households.labels import HARDSHIPS
from lianying.orgs.kinds import UnitKind
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit, User
from lianying.rules.hardship import Hardship
from lianying.rules.powers import Power
from lianying.rules.quotas import LinkKind
from lianying.rules.refusals import Refused
from lianying.visits import actions
from lianying.visits.forms.link import ChangeForm
from lianying.visits.labels import LINK_KINDS, PERSON_KINDS
from lianying.visits.models import Link
from lianying.visits.queries import links as found
from lianying.visits.queries.coverage import Coverage, coverage_of, coverage_together
from lianying.visits.queries.due import lines
from lianying.visits.queries.homes import home_lines

LONGEST_WORDS = 30


@needs(Power.LINK)
@require_safe
def units(request: Request) -> HttpResponse:
    """How it stands with the units whose people go on visits; who leads one alone goes straight there."""
    rows = page_of(found.led_units(request.actor), ("path",), request.GET.get("after", ""))
    if len(rows.rows) == 1 and rows.is_first:
        return redirect("visits_unit", rows.rows[0].code)
    today = local_day(now())
    counted = coverage_of(rows.rows, today)
    context = {
        "page": rows,
        "lines": [(one, counted.get(one.pk, Coverage())) for one in rows.rows],
        "together": coverage_together(found.led_units(request.actor), today),
    }
    return page(request, "visits/units.html", None, context)


@needs(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: Request, code: str) -> HttpResponse:
    """`do`: place (link the unit with `place`), change (ChangeForm). `q`: villages and communities of that name."""
    row = found.unit_of(request.actor, code)
    if request.method != "POST":
        return _unit_page(request, row)
    here = reverse("visits_unit", args=[row.code])
    if request.POST.get("do") == "place":
        place = get_object_or_404(Unit, code=request.POST.get("place", ""), active=True)
        kind = LinkKind.UNIT_VILLAGE if place.kind == UnitKind.VILLAGE else LinkKind.UNIT_COMMUNITY
        card = actions.LinkCard(kind, row, local_day(now()), place=place)
        actions.make_link(card, by=request.actor, at=now())
        return done(request, here)
    if request.POST.get("do") != "change":
        raise Http404
    form, refused = _changed(request, _place_links(row), found.other_units(request.actor, row))
    return _unit_page(request, row, form, refused) if form.errors else done(request, here)


def _place_links(unit: Unit) -> list[Link]:
    rows = found.links_of(unit, local_day(now())).filter(user__isnull=True)
    return list(rows.order_by("place__path", "pk"))


def _changed(request: Request, links: list[Link], others: Mapping[str, User | Unit]) -> tuple[ChangeForm, int]:
    """The form, with errors where nothing was changed, and the status of its page then."""
    form = ChangeForm(request.POST, links=links, others=others, today=local_day(now()))
    if not form.is_valid():
        return form, 422
    try:
        changed = form.cleaned_data["on"]
        actions.change_links(form.chosen(), to=form.successor(), on=changed, by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return form, status_of(refused)
    return form, 200


def _unit_page(request: Request, row: Unit, form: ChangeForm | None = None, status: int = 200) -> HttpResponse:
    today = local_day(now())
    sought = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    links = _place_links(row)
    context = {
        "unit": row,
        "lines": lines(links, today),
        "form": form or ChangeForm(links=links, others=found.other_units(request.actor, row), today=today),
        "missing": [(LINK_KINDS[kind], count) for kind, count in found.missing_places(row, links).items()],
        "people": [(one, PERSON_KINDS[one.kind]) for one in found.people(row, today)],
        "sought": sought,
        "proposed": found.places_for(row, sought, today),
        "today": today,
    }
    return page(request, "visits/unit.html", None, context, status=status)


@needs(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, code: str, username: str) -> HttpResponse:
    """`do`: household (link the person with `household`, a proposed one), change (ChangeForm)."""
    row = found.unit_of(request.actor, code)
    one = found.person_of(row, username, local_day(now()))
    if request.method != "POST":
        return _person_page(request, row, one)
    here = reverse("visits_person", args=[row.code, one.user.username])
    if request.POST.get("do") == "household":
        _accept(request, row, one)
        return done(request, here)
    if request.POST.get("do") != "change":
        raise Http404
    others = found.successors(row, one.user, local_day(now()))
    form, refused = _changed(request, _home_links(row, one), others)
    return _person_page(request, row, one, form, refused) if form.errors else done(request, here)


def _home_links(unit: Unit, one: found.Person) -> list[Link]:
    rows = found.links_of(unit, local_day(now())).filter(user=one.user)
    return list(rows.order_by("place__path", "pk"))


def _accept(request: Request, unit: Unit, one: found.Person) -> None:
    today = local_day(now())
    try:
        uuid = UUID(request.POST.get("household", ""))
    except ValueError:
        raise Http404 from None
    household = get_object_or_404(found.candidates(unit, one, today), uuid=uuid)
    card = actions.LinkCard(one.kind, unit, today, user=one.user, household=household)
    actions.make_link(card, by=request.actor, at=now())


def _person_page(
    request: Request, unit: Unit, one: found.Person, form: ChangeForm | None = None, status: int = 200
) -> HttpResponse:
    today = local_day(now())
    links = _home_links(unit, one)
    others = found.successors(unit, one.user, today)
    proposed = page_of(found.candidates(unit, one, today), found.ORDER, request.GET.get("after", ""), size=10)
    context = {
        "unit": unit,
        "person": one,
        "kind": PERSON_KINDS[one.kind],
        "lines": lines(links, today),
        "form": form or ChangeForm(links=links, others=others, today=today),
        "page": proposed,
        "proposed": home_lines(proposed.rows),
        "hardships": {level.value: label for level, label in HARDSHIPS.items() if level is not Hardship.NONE},
        "today": today,
    }
    return page(request, "visits/person.html", None, context, status=status)
