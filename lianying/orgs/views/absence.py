"""Who stands in while somebody is away: said by the person, or for them by whoever sets up their unit."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs import actions
from lianying.orgs.forms import AbsenceForm
from lianying.orgs.middleware import Request
from lianying.orgs.models import User
from lianying.orgs.queries import coming_absences, people, stands_in_for
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.SEE, Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    return _absence(request, get_object_or_404(User, pk=request.actor.user_id), reverse("absence"))


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def of_person(request: Request, username: str) -> HttpResponse:
    user = get_object_or_404(people(request.actor, local_day(now())), username=username)
    return _absence(request, user, reverse("settings_absence", args=[username]))


def _absence(request: Request, user: User, address: str) -> HttpResponse:
    """`do` says what is sent: set an absence, or end one, named by its first day."""
    at = now()
    today = local_day(at)
    step = request.POST.get("do", "")
    if request.method == "POST" and step not in {"set", "end"}:
        raise Http404
    form = AbsenceForm(request.POST if step == "set" else None, user=user, today=today)
    status = 422 if form.is_bound else 200
    if step == "end":
        rows = [row for row in coming_absences(user, today) if row.from_on.isoformat() == request.POST.get("from_on")]
        for row in rows:
            actions.end_absence(row, by=request.actor, at=at)
        return done(request, address)
    if form.is_valid():
        try:
            actions.set_absence(user, **form.cleaned_data, by=request.actor, at=at)
            return done(request, address)
        except Refused as refused:
            form.add_error(None, words(refused))
            status = status_of(refused)
    context = {
        "person": user,
        "is_own": user.pk == request.actor.user_id,
        "form": form,
        "absences": coming_absences(user, today),
        "stands_in": stands_in_for(user.pk, today),
        "today": today,
    }
    return page(request, "orgs/absence.html", None, context, status=status)
