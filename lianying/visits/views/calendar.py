"""The calendar that somebody's telephone asks for: what is due in their units, and what they still have to visit."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe
from icalendar import Calendar, Event

from lianying.cases.queries.lists import Tab, due_next
from lianying.common.clock import local_day, now, start_of_day
from lianying.common.pages import needs, page, public
from lianying.orgs.middleware import Request
from lianying.orgs.queries import actor_of
from lianying.rules.powers import Power
from lianying.rules.quotas import SOON
from lianying.visits.actions import make_address, take_address_back
from lianying.visits.queries.calendar import Owing, calendar_of, has_calendar, owing

DAY = timedelta(days=1)
#: Requests of which a calendar knows; numbers of one day that it names.
MOST, NAMED = 500, 20


@needs(Power.SEE, Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Request) -> HttpResponse:
    """`do`: make (a new address, shown once; an earlier one ends), end."""
    context = {"url": "", "is_ended": False}
    if request.method == "POST":
        if request.POST.get("do") == "make":
            token = make_address(by=request.actor, at=now())
            context["url"] = request.build_absolute_uri(f"/calendar/{token}.ics")
        elif request.POST.get("do") == "end":
            take_address_back(by=request.actor, at=now())
            context["is_ended"] = True
        else:
            raise Http404
    context["has_address"] = has_calendar(request.actor)
    return page(request, "visits/calendar.html", None, context)


@public
@conditional_page
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address has counts and numbers: a calendar program signs in nowhere."""
    row = calendar_of(token)
    if row is None:
        raise Http404
    at = now()
    today = local_day(at)
    actor = actor_of(row.user, today)
    feed = Calendar()
    feed.add("prodid", "-//Lianying//Due//")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("What is due"))
    if Power.SEE in actor.powers:
        link = request.build_absolute_uri(f"{reverse('work')}?tab={Tab.HANDLING.value}")
        for event in _requests(due_next(actor, at, MOST), today, link, row.digest):
            feed.add_component(event)
    if Power.VISIT in actor.powers:
        for one in owing(actor, today):
            feed.add_component(_visits(one, row.digest))
    response = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, "due.ics") or ""
    return response


def _requests(due: list[tuple[datetime, str]], today: date, link: str, digest: str) -> Iterator[Event]:
    """One entry for a day: no calendar is to be full of them."""
    for day, group in groupby(due, lambda one: local_day(one[0])):
        refs = [ref for _at, ref in group]
        words = ngettext("%(count)s request is due", "%(count)s requests are due", len(refs))
        event = _event(f"requests-{day}-{digest[:12]}", day, day)
        event.add("dtstamp", start_of_day(today))
        event.add("summary", words % {"count": len(refs)})
        event.add("description", "\n".join([*refs[:NAMED], *(["…"] if len(refs) > NAMED else [])]))
        event.add("url", link)
        yield event


def _visits(one: Owing, digest: str) -> Event:
    """Over the last days of the term, so that it stands where there is still time."""
    event = _event(f"{one.village.code}-{one.ends_on}-{digest[:12]}", one.ends_on - SOON + DAY, one.ends_on)
    event.add("dtstamp", start_of_day(one.starts_on))
    words = ngettext(
        "%(village)s: %(count)s place still to visit", "%(village)s: %(count)s places still to visit", one.count
    )
    event.add("summary", words % {"village": one.village.name, "count": one.count})
    return event


def _event(uid: str, first: date, last: date) -> Event:
    """Whole days that leave whoever looks free to be asked elsewhere."""
    event = Event()
    event.add("uid", f"{uid}@lianying")
    event.add("dtstart", first)
    event.add("dtend", last + DAY)
    event.add("transp", "TRANSPARENT")
    return event
