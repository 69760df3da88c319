"""The duty list: which unit answers for what, and where; rows that contradict each other or lead nowhere."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.orgs import actions
from lianying.orgs.forms import DutyForm
from lianying.orgs.middleware import Request
from lianying.orgs.models import Duty
from lianying.orgs.queries import duty_rows
from lianying.reference.categories import named_categories
from lianying.rules.duties import overlapping
from lianying.rules.powers import Power

ORDER = ("category", "place__path", "id")
PAGE = 50


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def duties(request: Request) -> HttpResponse:
    """`do` says what is sent: set a row, or remove one; what was removed stands in the form, to be set again."""
    request.actor.require_all(Power.CONFIGURE)
    step = request.POST.get("do", "")
    if request.method == "POST" and step not in {"set", "remove"}:
        raise Http404
    if step == "remove":
        return _remove(request)
    initial = {name: request.GET.get(name, "") for name in ("category", "place", "unit", "source")}
    form = DutyForm(request.POST) if step == "set" else DutyForm(initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        actions.set_duty(**given, by=request.actor, at=now())
        return done(request, reverse("settings_duties"))
    names = named_categories()
    clash = {(row.category, row.place) for rows in overlapping(duty_rows()) for row in rows}
    rows = Duty.objects.select_related("place", "unit")
    category = request.GET.get("of", "")
    if category in names:
        rows = rows.filter(category__startswith=category)
    shown = page_of(rows, ORDER, request.GET.get("after", ""), PAGE)
    lines = [
        {
            "duty": duty,
            "category": names.get(duty.category, duty.category),
            "is_known": duty.category in names,
            "clashes": (duty.category, duty.place.path) in clash,
        }
        for duty in shown.rows
    ]
    context = {
        "form": form,
        "lines": lines,
        "page": shown,
        "of": category,
        "heads": [(code, name) for code, name in names.items() if len(code) == 2],
        "clashes": len(clash),
        "removed": "category" in request.GET,
    }
    return page(request, "orgs/settings_duties.html", None, context, status=422 if form.is_bound else 200)


def _remove(request: Request) -> HttpResponse:
    sent = {name: request.POST.get(name, "") for name in ("category", "place", "unit")}
    found = Duty.objects.select_related("place", "unit")
    duty = get_object_or_404(found, category=sent["category"], place__code=sent["place"], unit__code=sent["unit"])
    actions.remove_duty(duty, by=request.actor, at=now())
    return done(request, f"{reverse('settings_duties')}?{urlencode({**sent, 'source': duty.source})}")
