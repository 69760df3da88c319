"""The calendar that somebody's telephone asks for: what they still have to visit, in counts."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe
from icalendar import Calendar, Event

from lianying.common.clock import local_day, now, start_of_day
from lianying.common.pages import needs, page, public
from lianying.orgs.middleware import Request
from lianying.orgs.queries import actor_of
from lianying.rules.powers import Power
from lianying.rules.quotas import SOON
from lianying.visits.actions import make_address, take_address_back
from lianying.visits.queries.calendar import Owing, calendar_of, owing

DAY = timedelta(days=1)


@needs(Power.VISIT)
@never_cache
@require_POST
def address(request: Request) -> HttpResponse:
    """`do`: make (a new address, shown once; an earlier one ends), end."""
    if request.POST.get("do") == "make":
        token = make_address(by=request.actor, at=now())
        url = request.build_absolute_uri(f"/calendar/{token}.ics")
        return page(request, "visits/calendar.html", None, {"url": url})
    if request.POST.get("do") != "end":
        raise Http404
    take_address_back(by=request.actor, at=now())
    return page(request, "visits/calendar.html", None, {"url": ""})


@public
@conditional_page
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address has the counts: a calendar program signs in nowhere."""
    row = calendar_of(token)
    if row is None:
        raise Http404
    today = local_day(now())
    feed = Calendar()
    feed.add("prodid", "-//Lianying//Visits//")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Visits that are owed"))
    for one in owing(actor_of(row.user, today), today):
        feed.add_component(_event(one, row.digest))
    response = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, "visits.ics") or ""
    return response


def _event(one: Owing, digest: str) -> Event:
    """Over the last days of the term, so that it stands where there is still time."""
    event = Event()
    event.add("uid", f"{one.village.code}-{one.ends_on}-{digest[:12]}@lianying")
    event.add("dtstamp", start_of_day(one.starts_on))
    event.add("dtstart", one.ends_on - SOON + DAY)
    event.add("dtend", one.ends_on + DAY)
    words = ngettext(
        "%(village)s: %(count)s place still to visit", "%(village)s: %(count)s places still to visit", one.count
    )
    event.add("summary", words % {"village": one.village.name, "count": one.count})
    event.add("transp", "TRANSPARENT")
    return event
