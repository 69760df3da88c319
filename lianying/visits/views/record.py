"""Writing a visit down, correcting it, and what one says and leaves behind afterwards."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.common.clock import local_day, now
from lianying.common.crypto import case_code
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits import actions
from lianying.visits.forms.visit import Around, VisitForm
from lianying.visits.models import Link, Visit
from lianying.visits.queries.checklists import checklist_now, questions_of
from lianying.visits.queries.due import lines, link_of, people_of

#: So long the codes of what was just written down are shown, to be copied onto the card.
CODES_SHOWN = timedelta(hours=12)


@needs(Power.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request, uuid: UUID) -> HttpResponse:
    """A new visit of the link."""
    link = link_of(request.actor, uuid, local_day(now()))
    return _write(request, link, None)


@needs(Power.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, uuid: UUID) -> HttpResponse:
    """Another record in the place of one."""
    visit = _visit(request, uuid)
    if request.method != "POST" and visit.replaced_by_id is not None:
        raise Http404
    return _write(request, visit.link, visit)


def _visit(request: Request, uuid: UUID) -> Visit:
    rows = Visit.objects.select_related("link", "user").prefetch_related("companions")
    visit = get_object_or_404(rows, uuid=uuid)
    visit.link = link_of(request.actor, visit.link.uuid, local_day(now()))
    return visit


def _write(request: Request, link: Link, corrects: Visit | None) -> HttpResponse:
    at = now()
    form = _form(request, link, corrects)
    if not form.is_bound:
        return _page(request, link, form, corrects, 200)
    if not form.is_valid():
        return _page(request, link, form, corrects, 422)
    card = form.card()
    try:
        if corrects is None:
            visit = actions.record_visit(card, link=link, by=request.actor, at=at)
        else:
            visit = actions.correct_visit(corrects, card, by=request.actor, at=at)
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, link, form, corrects, status_of(refused))
    return done(request, reverse("visits_kept", args=[visit.uuid]))


def _form(request: Request, link: Link, corrects: Visit | None) -> VisitForm:
    """With the questions of the version that the page was drawn with, which may have been replaced meanwhile."""
    checklist = checklist_now()
    if corrects is not None:
        checklist = corrects.checklist, questions_of(corrects.checklist) or ()
    typed = request.POST.get("checklist", "")
    if request.method == "POST" and typed.isascii() and typed.isdigit() and len(typed) < 5:
        checklist = int(typed), questions_of(int(typed)) or checklist[1]
    around = Around(
        link,
        local_day(now()),
        writer=request.actor.staff_id,
        people=list(people_of(link.unit_id, local_day(now()))),
        for_others=request.actor.may(Power.KEEP_HOUSEHOLDS, link.unit.path),
        checklist=checklist,
        corrects=corrects,
    )
    return VisitForm(request.POST if request.method == "POST" else None, around=around)


def _page(request: Request, link: Link, form: VisitForm, corrects: Visit | None, status: int) -> HttpResponse:
    today = local_day(now())
    context = {
        "line": lines([link], today)[0],
        "form": form,
        "corrects": corrects,
        "for_colleague": link.user_id not in {None, request.actor.user_id},
    }
    return page(request, "visits/record.html", None, context, status=status)


@needs(Power.VISIT)
@never_cache
@require_safe
def kept(request: Request, uuid: UUID) -> HttpResponse:
    """What was kept and what it counts for; on that day and to its writer also the codes for the household."""
    visit = _visit(request, uuid)
    if visit.recorded_by_id != request.actor.user_id:
        raise Http404
    problems = list(visit.problems.select_related("case").order_by("pk"))
    fresh = visit.recorded_at > now() - CODES_SHOWN
    requests = [(one.case, _code(one.case.uuid) if fresh else "") for one in problems if one.case is not None]
    context = {"visit": visit, "line": lines([visit.link], local_day(now()))[0], "requests": requests}
    return page(request, "visits/kept.html", None, context)


def _code(uuid: UUID) -> str:
    code = case_code(uuid)
    return f"{code[:5]} {code[5:]}"
