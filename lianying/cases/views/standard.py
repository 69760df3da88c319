"""Standard answers: kept by the units, taken over into the answer to a request."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.cases.actions.standard import keep_standard
from lianying.cases.forms.standard import StandardForm
from lianying.cases.models import StandardAnswer
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.standard import offered, owners, standard_answers
from lianying.cases.views.deeds import DEEDS
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

YEAR = timedelta(days=365)


@needs(Power.PASS_DOWN, Power.SORT)
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: Request) -> HttpResponse:
    """Those of my units, to write and renew (`at`); with `for` and `form` those that fit a request, to take over."""
    if request.method == "POST":
        return _keep(request)
    if request.GET.get("for"):
        return _offer(request, request.GET["for"])
    return _page(request, _chosen(request, request.GET.get("at", "")))


def _offer(request: Request, ref: str) -> HttpResponse:
    case = case_for(request.actor, ref)
    name = request.GET.get("form", "")
    name = name if name in DEEDS else "answer"
    rows = page_of(offered(case, local_day(now())), ("title", "id"), request.GET.get("after", ""))
    target = reverse("move", args=[case.ref, name])
    return page(
        request, "cases/standard_offer.html", None, {"case": case, "page": rows, "target": target, "form": name}
    )


def _chosen(request: Request, uuid: str) -> StandardAnswer | None:
    """The one of my units that is looked at."""
    rows = standard_answers(owners(request.actor))
    return next((row for row in rows if str(row.uuid) == uuid), None) if uuid else None


def _keep(request: Request) -> HttpResponse:
    chosen = _chosen(request, request.POST.get("at", ""))
    form = StandardForm(request.POST, units=owners(request.actor))
    if "preview" in request.POST or not form.is_valid():
        preview = request.POST.get("text", "").strip() if "preview" in request.POST else ""
        return _page(request, chosen, form, preview=preview, status=200 if preview else 422)
    try:
        keep_standard(chosen, **form.cleaned_data, by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, chosen, form, status=status_of(refused))
    return done(request, f"{reverse('standard')}?done=1")


def _page(
    request: Request,
    chosen: StandardAnswer | None,
    form: StandardForm | None = None,
    *,
    preview: str = "",
    status: int = 200,
) -> HttpResponse:
    units, today = owners(request.actor), local_day(now())
    initial: dict[str, Any] = {"expires_on": today + YEAR, "unit": units[0].code if len(units) == 1 else ""}
    if chosen is not None:
        initial = {
            "unit": chosen.unit.code,
            "title": chosen.title,
            "text": chosen.text,
            "expires_on": max(chosen.expires_on, today),
        }
    context = {
        "page": page_of(standard_answers(units), ("title", "id"), request.GET.get("after", "")),
        "form": form or StandardForm(units=units, initial=initial),
        "chosen": chosen,
        "preview": preview,
        "today": today,
        "done": "done" in request.GET,
    }
    return page(request, "cases/standard.html", None, context, status=status)
