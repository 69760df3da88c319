"""Pages for everybody that cross subjects: the start page, the ledger, privacy; and what machines ask."""

import csv
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lianying.audit.models import DayRoot
from lianying.audit.verify import receipt_fault
from lianying.cases import clocks
from lianying.cases.queries.figures import MonthFigures, month_figures
from lianying.cases.queries.track import plain_ref
from lianying.common.clock import local_day, now
from lianying.common.limits import count
from lianying.common.middleware import ELDER_COOKIE
from lianying.common.pages import done, page, public
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.queries import centres as reception_centres
from lianying.orgs.queries import site
from lianying.rules.care import SHOWN_FOR
from lianying.rules.refusals import Refused

FIGURES_SECONDS = 60
YEAR_SECONDS = 365 * 24 * 3600
FEED_ROOTS = 60


def _this_month() -> MonthFigures:
    """Counted once a minute in each process: the page is the most visited one and its figures say as of when."""
    moment = now()
    month = local_day(moment).replace(day=1)
    key = f"figures:{month}"
    figures: MonthFigures | None = cache.get(key)
    if figures is None:
        figures = month_figures(month, moment)
        cache.set(key, figures, FIGURES_SECONDS)
    return figures


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "desk/home.html", None, {"figures": _this_month()})


@public
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The daily roots; with ?ref=&hash= also whether a receipt fits."""
    status, checked = 200, ""
    ref, digits = request.GET.get("ref", ""), request.GET.get("hash", "")
    if ref or digits:
        fits = receipt_fault(f"case:{plain_ref(ref)}", digits[:80]) is None
        checked = "fits" if fits else "differs"
        try:
            if not fits:
                count(request, "track", settings.ENV["TRACK_PER_HOUR"], at=now())
        except Refused as refused:
            status, checked = status_of(refused), words(refused)
    context = {
        "page": page_of(DayRoot.objects.all(), ("-id",), request.GET.get("after", ""), FEED_ROOTS),
        "ref": ref[:60],
        "digits": digits[:80],
        "checked": checked,
    }
    return page(request, "desk/ledger.html", None, context, status=status)


@public
@require_safe
def ledger_feed(request: HttpRequest) -> HttpResponse:
    place = site()
    atom = Atom1Feed(
        title=f"{_('Ledger')} · {place.name if place else ''}",
        link=request.build_absolute_uri(reverse("ledger")),
        description=None,
        feed_url=request.build_absolute_uri(),
        language=get_language(),
    )
    for root in DayRoot.objects.order_by("-id")[:FEED_ROOTS]:
        atom.add_item(
            title=root.day.isoformat(),
            link=f"{request.build_absolute_uri(reverse('ledger'))}#{root.day.isoformat()}",
            description=f"{root.root} ({root.events})",
            unique_id=f"urn:sha256:{root.root}",
            pubdate=root.made_at,
            updateddate=root.made_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


class _Line:
    """A file for the csv module that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@public
@require_safe
def ledger_csv(request: HttpRequest) -> StreamingHttpResponse:
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield writer.writerow(["day", "events", "previous", "root", "events_recorded_before"])
        for root in DayRoot.objects.order_by("id").iterator(chunk_size=500):
            yield writer.writerow([root.day, root.events, root.previous, root.root, root.until.isoformat()])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return response


@public
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """Where residents can come in person: of the county, of towns, of villages."""
    rows = reception_centres().select_related("parent")
    return page(request, "desk/centres.html", None, {"centres": rows})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    tiles = settings.ENV["TILES"]
    whose = settings.ENV["TILES_BY"] or urlsplit(tiles).netloc.removeprefix("{s}.")
    context = {
        "years": clocks.profile().erase_years,
        "listed_days": SHOWN_FOR.days,
        "tiles_from": whose if tiles else "",
    }
    return page(request, "desk/privacy.html", None, context)


@public
@csrf_exempt  # it changes only how pages look to whoever pressed the button, and must work where cookies are refused
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Larger type and language, kept in cookies for a year."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = done(request, target)
    if (elder := request.POST.get("elder")) in {"0", "1"}:
        _keep(response, ELDER_COOKIE, elder)
    if (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its schema is the one of this code."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("database not reachable\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("migrations missing\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
