"""Settings: to which other systems requests may be referred, and what those take in."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.exchange import outside
from lianying.exchange.actions.outward import end_endpoint, keep_services, set_endpoint
from lianying.exchange.forms import EndpointForm
from lianying.exchange.models import Endpoint
from lianying.exchange.queries.outward import clients, endpoint_for, endpoints_page
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

DONE = {"changed": _("Changed."), "asked": _("It answered; below is what it takes in.")}
SILENT = _("It did not answer with a list of services. Please look at the address, and ask again.")


@needs(Power.CONFIGURE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_endpoints(request: Request) -> HttpResponse:
    """A POST makes one, and asks it at once what it takes in."""
    request.actor.require_all(Power.CONFIGURE)
    form = EndpointForm(request.POST if request.method == "POST" else None, offered=clients())
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = set_endpoint(None, form.access(), by=request.actor, at=now())
        except Refused as refused:
            form.add_error(None, words(refused))
            status = status_of(refused)
        else:
            return _asked(request, made)
    context = {"form": form, "page": endpoints_page(request.GET.get("after", ""))}
    return page(request, "exchange/endpoints.html", None, context, status=status)


@needs(Power.CONFIGURE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_endpoint(request: Request, uuid: UUID) -> HttpResponse:
    """`do`: change, ask (what it takes in), end."""
    request.actor.require_all(Power.CONFIGURE)
    endpoint = endpoint_for(uuid)
    do = request.POST.get("do") if request.method == "POST" else ""
    if do not in {"", "change", "ask", "end"}:
        raise Http404
    form = EndpointForm(request.POST if do == "change" else None, endpoint=endpoint, offered=clients())
    status, problem = (422 if form.is_bound else 200), SILENT if request.GET.get("done") == "silent" else ""
    try:
        if do == "ask":
            return _asked(request, endpoint)
        if do == "end":
            end_endpoint(endpoint, by=request.actor, at=now())
            return done(request, reverse("settings_endpoint", args=[uuid]))
        if form.is_valid():
            set_endpoint(endpoint, form.access(), by=request.actor, at=now())
            return done(request, f"{reverse('settings_endpoint', args=[uuid])}?done=changed")
    except Refused as refused:
        problem, status = words(refused), status_of(refused)
    context = {
        "form": form,
        "endpoint": endpoint,
        "done": DONE.get(request.GET.get("done", "")),
        "problem": problem,
    }
    return page(request, "exchange/endpoint.html", None, context, status=status)


def _asked(request: Request, endpoint: Endpoint) -> HttpResponse:
    try:
        keep_services(endpoint, outside.services(endpoint), by=request.actor, at=now())
        came = "asked"
    except outside.Unreachable:
        came = "silent"
    return done(request, f"{reverse('settings_endpoint', args=[endpoint.uuid])}?done={came}")
