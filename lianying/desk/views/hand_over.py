"""What somebody who leaves still has in hand, given to colleagues unit by unit."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.cases import actions
from lianying.cases.models import IS_OPEN, Case
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.desk.queries import in_hand
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit, User
from lianying.orgs.queries import all_configurable, colleagues, people
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, username: str) -> HttpResponse:
    at = now()
    today = local_day(at)
    user = get_object_or_404(people(request.actor, today), username=username)
    if request.method == "POST":
        unit = get_object_or_404(all_configurable(request.actor), code=request.POST.get("unit", ""))
        others = colleagues(unit.pk, today).exclude(pk=user.pk)
        to = get_object_or_404(others, username=request.POST.get("to", ""))
        given, left = _give(request, user, unit, to)
        return done(request, f"{reverse('hand_over', args=[username])}?given={given}&left={left}")
    lines = [(unit, count, colleagues(unit.pk, today).exclude(pk=user.pk)) for unit, count in in_hand(user)]
    context = {
        "person": user,
        "lines": lines,
        "given": _count(request.GET.get("given", "")),
        "left": _count(request.GET.get("left", "")),
    }
    return page(request, "desk/hand_over.html", None, context)


def _give(request: Request, user: User, unit: Unit, to: User) -> tuple[int, int]:
    """Each in a transaction of its own: one that moved on meanwhile does not keep back the others."""
    given = left = 0
    for case in Case.objects.filter(IS_OPEN, handler=user, unit=unit).order_by("pk"):
        try:
            actions.hand_over(case, to=to, by=request.actor, at=now())
            given += 1
        except Refused:
            left += 1
    return given, left


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
