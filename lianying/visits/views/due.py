"""Whom this person still has to visit."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page
from lianying.households.labels import HARDSHIPS
from lianying.orgs.middleware import Request
from lianying.rules.hardship import Hardship
from lianying.rules.powers import Power
from lianying.visits.labels import LINK_KINDS
from lianying.visits.queries.due import due_page, lines, own_links, period_of, sums, unmet


@needs(Power.VISIT, Power.LINK)
@require_safe
def visits(request: Request) -> HttpResponse:
    """By village; `of` = all shows also where nothing is owed any more. Who visits nobody sees who does."""
    if Power.VISIT not in request.actor.powers:
        return redirect("visits_units")
    today = local_day(now())
    own = own_links(request.actor, today)
    shows_all = request.GET.get("of") == "all"
    found = due_page(own if shows_all else unmet(own, today), today, request.GET.get("after", ""))
    shown = lines(found.rows, today)
    by_place = groupby(shown, key=lambda line: line.village)
    kinds = sums(own, today)
    links, met = sum(one.links for one in kinds), sum(one.met for one in kinds)
    context = {
        "places": [(place, list(there)) for place, there in by_place],
        "page": found,
        "next_link": next((line.link for line in shown if line.missing), None),
        "shows_all": shows_all,
        "kinds": [(one, LINK_KINDS[one.kind], (one.term.ends_on - today).days, period_of(one.kind)) for one in kinds],
        "links": links,
        "met": met,
        "left": links - met,
        "hardships": {level.value: label for level, label in HARDSHIPS.items() if level is not Hardship.NONE},
        "today": today,
    }
    return page(request, "visits/due.html", None, context)
