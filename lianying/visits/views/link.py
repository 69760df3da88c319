"""One link: what is known of it, what was found there, and every visit so far."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.forms.contact import OpenForm
from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.files.models import Blob
from lianying.files.views import respond
from lianying.households.actions import open_contact
from lianying.households.labels import HARDSHIPS
from lianying.households.queries import Revealed, home, masked
from lianying.orgs.middleware import Request
from lianying.rules.hardship import Hardship, needs_review
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits.models import Link
from lianying.visits.queries.due import answers_to, lines, link_of
from lianying.visits.queries.made import ORDER, told, visits_of


@needs(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, uuid: UUID) -> HttpResponse:
    """A POST opens the contact of the household, once, with a reason."""
    at = now()
    row = link_of(request.actor, uuid, local_day(at))
    if request.method != "POST":
        return _page(request, row, OpenForm(initial={"reason": OpenReason.VISIT}, auto_id="contact-%s"), None, 200)
    if row.household is None:
        raise Http404
    form = OpenForm(request.POST, auto_id="contact-%s")
    if not form.is_valid():
        return _page(request, row, form, None, 422)
    subject = f"household:{row.household.uuid}"
    try:
        person = open_contact(row.household.contact, subject=subject, **form.values(), by=request.actor, at=at)
    except Refused as refused:
        form.add_error("note", words(refused))
        return _page(request, row, form, None, status_of(refused))
    return _page(request, row, OpenForm(auto_id="contact-%s"), person, 200)


@needs(Power.VISIT)
@require_safe
def photo(request: Request, uuid: UUID, photo: UUID) -> FileResponse:
    """Of a visit in the history of the link."""
    row = link_of(request.actor, uuid, local_day(now()))
    rows = Blob.objects.filter(visit_photos__uuid=photo, visit_photos__visit__in=visits_of(row).order_by())
    return respond(get_object_or_404(rows))


def _page(request: Request, row: Link, form: OpenForm, person: Revealed | None, status: int) -> HttpResponse:
    today = local_day(now())
    found = page_of(visits_of(row), ORDER, request.GET.get("after", ""), size=20)
    line = lines([row], today)[0]
    household = row.household
    context = {
        "line": line,
        "answers": answers_to(line.news),
        "page": found,
        "told": told(found.rows),
        "obligations": list(row.obligations.order_by("-starts_on")[:8]),
        "today": today,
        "form": form,
        "revealed": person,
        "is_over": row.to_on is not None and row.to_on < today,
        "address": reverse("visits_link", args=[row.uuid]),
    }
    if household is not None:
        level = Hardship(household.hardship)
        context |= {
            "needs": home(household).needs,
            "person": masked(household.contact),
            "hardship": HARDSHIPS[level] if level else "",
            "review": needs_review(level, household.hardship_on, today),
        }
    return page(request, "visits/link.html", None, context, status=status)
