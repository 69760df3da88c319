"""What residents are sent, and what could not be sent."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.notices import actions
from lianying.notices.forms import TextsForm
from lianying.notices.labels import DELIVERIES, NOTICE_KINDS, STAFF_KINDS
from lianying.notices.queries import failed, failed_letters
from lianying.orgs.middleware import Request
from lianying.orgs.queries import site
from lianying.rules.notices import PLACEHOLDERS, Delivery, NoticeKind, StaffKind, parts
from lianying.rules.powers import Power

#: They are swept away after a month; the last are enough to see what is wrong.
LETTERS = 20
#: What stands for the placeholders in a preview.
EXAMPLE = {"ref": "NH-20261112-0042", "date": "11月26日"}


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def texts(request: Request) -> HttpResponse:
    """The text of each kind with what a resident would read; `do=preview` keeps nothing."""
    request.actor.require_all(Power.CONFIGURE)
    sent = request.method == "POST"
    form = TextsForm(request.POST if sent else None)
    if form.is_valid() and "preview" not in request.POST:
        for kind, text in form.texts().items():
            actions.set_text(kind, text)
        return done(request, reverse("settings_notices"))
    lines = [(field, _example(str(field.value() or ""))) for field in form]
    context = {
        "form": form,
        "lines": [(field, text, len(text), parts(text)) for field, text in lines],
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
        "has_gateway": bool(settings.ENV["SMS_URL"]),
    }
    return page(request, "notices/settings_notices.html", None, context, status=422 if form.errors else 200)


def _example(text: str) -> str:
    place = site()
    known = EXAMPLE | {"site": place.name if place else "", "phone": place.phone if place else "", "unit": "城市管理局"}
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def messages(request: Request) -> HttpResponse:
    """Messages and letters that were given up: when, of which request, why. Neither text nor number stands here."""
    request.actor.require_all(Power.CONFIGURE)
    if request.method == "POST":
        actions.send_again(at=now())
        return done(request, reverse("settings_messages"))
    shown = page_of(failed(), ("-made_at", "-id"), request.GET.get("after", ""))
    letters = failed_letters()[:LETTERS]
    waits = failed().filter(told_at__isnull=True, dropped_at__isnull=True).exclude(error=Delivery.UNKNOWN)
    context = {
        "page": shown,
        "rows": [(row, NOTICE_KINDS[NoticeKind(row.kind)], DELIVERIES[Delivery(row.error)]) for row in shown.rows],
        "letters": [(row, STAFF_KINDS[StaffKind(row.kind)], DELIVERIES[Delivery(row.error)]) for row in letters],
        "may_send_again": bool(settings.ENV["SMS_URL"]) and waits.exists(),
        "has_gateway": bool(settings.ENV["SMS_URL"]),
    }
    return page(request, "notices/settings_messages.html", None, context)
