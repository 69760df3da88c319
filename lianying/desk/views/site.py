"""What the place is called, its telephones, filing numbers and logo."""

from dataclasses import asdict

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.desk.forms import PlaceForm
from lianying.files.uploads import too_large
from lianying.orgs import actions
from lianying.orgs.middleware import Request
from lianying.orgs.queries import site as site_row
from lianying.rules.powers import Power


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def site(request: Request) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    row = site_row()
    if request.method == "POST":
        form = PlaceForm(request.POST, request.FILES, too_large=bool(too_large(request)), instance=row)
    else:
        form = PlaceForm(instance=row)
    if form.is_valid():
        _save(request, form, is_demo=row is not None and row.is_demo)
        return done(request, reverse("settings"))
    return page(request, "desk/settings_site.html", None, {"form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def _save(request: Request, form: PlaceForm, *, is_demo: bool) -> None:
    given = dict(form.cleaned_data)
    logo, without = given.pop("logo"), given.pop("without_logo", False)
    at = now()
    actions.set_site(actions.SiteCard(**given, is_demo=is_demo), by=request.actor, at=at)
    if logo is not None or without:
        card = actions.LogoCard(**asdict(logo)) if logo else None
        actions.set_logo(card, by=request.actor, at=at)
