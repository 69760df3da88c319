"""Noting clues: one after choosing the household, or those of a workbook."""

import io
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianying.care import actions, workbook
from lianying.care.forms import ClueForm, SeekForm
from lianying.care.labels import RISKS
from lianying.care.models import IS_OPEN
from lianying.care.queries import choices_at, homes, household_for, sought_at
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.common.spreadsheets import Unreadable
from lianying.households.models import Household
from lianying.households.queries import home, masked
from lianying.orgs.forms import WorkbookForm
from lianying.orgs.middleware import Request
from lianying.rules.care import DECIDE
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many problems are printed; who has more has one that repeats.
SHOWN = 200


@needs(Power.CARE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Choose a village, then a household (`household`), then say what was seen."""
    given = request.GET.get("household", "")
    if given:
        return _note(request, household_for(request.actor, _uuid(given)))
    return _choose(request)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _choose(request: Request) -> HttpResponse:
    places = list(homes(request.actor))
    code = request.GET.get("place", "")
    place = next((unit for unit in places if unit.code == code), places[0] if len(places) == 1 else None)
    context: dict[str, Any] = {"places": places, "place": place, "form": SeekForm(), "page": None, "rows": []}
    if place is not None and request.method == "POST":
        form = SeekForm(request.POST)
        context |= {"form": form, "sought": True}
        if form.is_valid():
            context["rows"] = sought_at(place, form.cleaned_data["seek"])
    elif place is not None:
        context["page"] = choices_at(place, after=request.GET.get("after", ""))
        context["rows"] = context["page"].rows
    return page(request, "care/choose.html", None, context, status=422 if context["form"].errors else 200)


def _note(request: Request, household: Household) -> HttpResponse:
    today = local_day(now())
    if request.method != "POST":
        return _note_page(request, household, ClueForm(actor=request.actor, today=today))
    form = ClueForm(request.POST, actor=request.actor, today=today)
    if not form.is_valid():
        return _note_page(request, household, form, 422)
    try:
        care = actions.note(household, form.clue(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _note_page(request, household, form, status_of(refused))
    return done(request, f"{reverse('care_record', args=[care.uuid])}?done=note")


def _note_page(request: Request, household: Household, form: ClueForm, status: int = 200) -> HttpResponse:
    context = {
        "household": household,
        "home": home(household),
        "person": masked(household.contact),
        "open": household.care.filter(IS_OPEN).first(),
        "form": form,
        "days": DECIDE.count,
    }
    return page(request, "care/new.html", None, context, status=status)


@needs(Power.CARE)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """Read a workbook and show what each row comes to; then note the clues that were shown (`rows`)."""
    if request.method != "POST":
        return _bring_page(request, WorkbookForm())
    if "rows" in request.POST:
        return _bring(request)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _bring_page(request, form, 422)
    try:
        read = workbook.read(form.cleaned_data["file"].read(), request.actor, local_day(now()))
    except Unreadable as unreadable:
        form.add_error("file", str(unreadable))
        return _bring_page(request, form, 422)
    context = {
        "read": read,
        "problems": read.problems[:SHOWN],
        "packed": workbook.packed(read.rows, request.actor),
    }
    return page(request, "care/import_checked.html", None, context)


def _bring_page(request: Request, form: WorkbookForm, status: int = 200, problem: str = "") -> HttpResponse:
    context = {"form": form, "problem": problem, "risks": RISKS.values(), "most": workbook.MOST, "days": DECIDE.count}
    return page(request, "care/import.html", None, context, status=status)


def _bring(request: Request) -> HttpResponse:
    """Each clue on its own: what somebody else noted meanwhile is left out, and counted."""
    try:
        rows = workbook.unpacked(request.POST["rows"], request.actor)
    except Unreadable as unreadable:
        return _bring_page(request, WorkbookForm(), 422, str(unreadable))
    noted = 0
    for row in rows:
        try:
            household = household_for(request.actor, UUID(row.household))
            actions.note(household, workbook.clue_of(row), by=request.actor, at=now())
            noted += 1
        except (Refused, Http404):
            continue
    return done(request, f"{reverse('care')}?tab=check&noted={noted}&left_out={len(rows) - noted}")


@needs(Power.CARE)
@require_safe
def template(request: Request) -> HttpResponse:
    out = io.BytesIO()
    workbook.write_template(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{_('clues')}.xlsx") or ""
    return response
