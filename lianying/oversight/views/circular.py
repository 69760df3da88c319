"""A circular (通报): which requests, which words, then a page to print."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.oversight import actions
from lianying.oversight.forms import CircularForm
from lianying.oversight.labels import GROUNDS
from lianying.oversight.models import Circular
from lianying.oversight.queries import Watched, late_days, lines_of, watched_of
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.supervision import Ground

MOST = 50


@needs(Power.SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_circular(request: Request) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    found = watched_of(request.actor, list(dict.fromkeys(given.getlist("ref")))[:MOST])
    if request.method != "POST":
        return _page(request, found, CircularForm(), 200)
    form = CircularForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    cases = [(one.case, one.grounds[0] if one.grounds else Ground.STAGE_LATE) for one in found]
    try:
        letter = actions.circulate(cases, **form.cleaned_data, by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, found, form, status_of(refused))
    return done(request, reverse("circular", args=[letter.year, letter.number]))


def _page(request: Request, found: list[Watched], form: CircularForm, status: int) -> HttpResponse:
    lines = [(one, [GROUNDS[ground] for ground in one.grounds], late_days(one.case, now())) for one in found]
    return page(request, "oversight/circular_new.html", None, {"lines": lines, "form": form}, status=status)


@needs(Power.REMIND)
@require_safe
def circular(request: Request, year: int, number: int) -> HttpResponse:
    """The letter with its requests by number, unit and ground: nothing that a resident said or is called."""
    letter = get_object_or_404(Circular.objects.select_related("by"), year=year, number=number)
    lines = lines_of(request.actor, letter)
    if not lines:
        raise Http404
    rows = [(step, GROUNDS[Ground(step.ground)], late_days(step.case, letter.at)) for step in lines]
    return page(request, "oversight/circular.html", None, {"letter": letter, "rows": rows})
