"""The public list (公示): the village, a masked name, what was decided and when; for some days, and nothing else."""

from itertools import groupby

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lianying.care.labels import SHOWN
from lianying.care.queries import public_page
from lianying.common.clock import local_day, now
from lianying.common.pages import page, public
from lianying.orgs.middleware import Request
from lianying.rules.care import SHOWN_FOR, Shown


@public
@require_safe
def care_public(request: Request) -> HttpResponse:
    place = request.GET.get("place", "")[:32]
    found = public_page(local_day(now()), place=place, after=request.GET.get("after", ""))
    villages = [
        (unit, [(line, SHOWN[Shown(line.what)]) for line in lines])
        for unit, lines in groupby(found.rows, key=lambda line: line.place)
    ]
    context = {"page": found, "villages": villages, "place": place, "days": SHOWN_FOR.days, "today": local_day(now())}
    return page(request, "care/public.html", None, context)
