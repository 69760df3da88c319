"""Settings: which programs may put requests in, and how much they did."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.exchange.actions.clients import end_client, make_client
from lianying.exchange.forms import ClientForm
from lianying.exchange.queries.clients import client_for, clients_page
from lianying.orgs.middleware import Request
from lianying.orgs.queries import units
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.CONFIGURE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_clients(request: Request) -> HttpResponse:
    """A POST makes a client; its key is shown in the answer, once."""
    request.actor.require_all(Power.CONFIGURE)
    form = ClientForm(request.POST if request.method == "POST" else None, offered=units())
    status, made = (422 if form.is_bound else 200), None
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = make_client(given["name"], given["unit"], per_hour=given["per_hour"], by=request.actor, at=now())
            form, status = ClientForm(offered=units()), 201
        except Refused as refused:
            form.add_error(None, words(refused))
            status = status_of(refused)
    context = {
        "form": form,
        "made": made,
        "page": clients_page(request.GET.get("after", "")),
        "url": request.build_absolute_uri(reverse("open311_openapi")).removesuffix("/openapi.json"),
        "done": "done" in request.GET,
    }
    return page(request, "exchange/clients.html", None, context, status=status)


@needs(Power.CONFIGURE)
@require_POST
def settings_client_end(request: Request, uuid: UUID) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    end_client(client_for(uuid), by=request.actor, at=now())
    return done(request, f"{reverse('settings_clients')}?done=1")
