"""What a phone needs to take visits down where there is no signal: a page of words alone, and own links to fill it."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from lianying.cases.forms.resident import MOST_PHOTOS, MOST_WORDS
from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page, public
from lianying.orgs.middleware import Request
from lianying.rules.checklists import LEFT, LONGEST
from lianying.rules.powers import Power
from lianying.rules.visits import Outcome
from lianying.visits.forms.visit import PROBLEMS
from lianying.visits.labels import LOOKED, OUTCOME_CHOICES, PARTS, visit_kind_choices
from lianying.visits.queries.offline import to_take_along

#: What the page is made of, so that it opens without a signal.
FILES = ("lianying.css", "icon.svg", "vendor/dexie/dexie.min.js", "shrink.js", "outbox.js", "offline.js")


@public
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The same for everybody: whose links it shows is known to the phone alone."""
    context = {
        "most_photos": MOST_PHOTOS,
        "most_words": MOST_WORDS,
        "longest": LONGEST,
        "left": LEFT,
        "numbers": range(PROBLEMS),
        "outcomes": OUTCOME_CHOICES,
        "request": Outcome.REQUEST.value,
        "kinds": visit_kind_choices(),
        "looked": LOOKED.items(),
        "parts": PARTS.items(),
        "words": _words(),
    }
    return page(request, "visits/offline.html", None, context)


def _words() -> dict[str, str]:
    """What the page's script says; {names} are filled in there."""
    return {
        "as_of": _("{count} on the list, as of {at}."),
        "offline": _("No signal now. What you keep is sent when there is one."),
        "signed_out": _("Sign in again, and what waits here is sent."),
        "sign_in": _("Sign in"),
        "missing": _("{count} still owed"),
        "nothing": _("nothing owed now"),
        "place": _("linked place"),
        "waiting": _("waits for a signal"),
        "sending": pgettext("of a record", "on its way"),
        "held": _("not taken"),
        "sent": pgettext("of a record", "sent"),
        "sign-in": _("waits until you sign in"),
        "too-large": _("A photo is larger than the server takes now. It is tried again when you open this page."),
        "photos": _("{count} photos"),
        "lost": _("{count} photos could not be kept: this device has no room. The words are kept."),
        "see": _("See it"),
        "mend": _("Change it and send it again"),
        "remove": _("Remove it from this device"),
        "sure": _("It was saved as a file. Remove it from this device for good?"),
        "export_first": _("Please save it as a file first."),
        "no_day": _("Please choose the day on which you were there."),
        "no_photos": _("Photos need a secure connection (https)."),
        "requests": _("{count} requests went to the desk."),
        "take_out": _("Take it out"),
        "file": _("visits"),
    }


@needs(Power.VISIT, by_script=True)
@never_cache
@ensure_csrf_cookie
@require_safe
def own(request: Request) -> HttpResponse:
    """Own links and questions, for seven days on the way; `who` is the account whose they are."""
    taken = to_take_along(request.actor, local_day(now()))
    return JsonResponse({"who": request.actor.label, "today": local_day(now()).isoformat(), **taken})


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of all pages of visits; its text changes when one of its files does."""
    files = [static(name) for name in FILES]
    version = hashlib.sha256("\n".join([*files, request.LANGUAGE_CODE]).encode()).hexdigest()[:12]
    context = {"files": [reverse("manifest"), *files], "version": version, "shell": reverse("visits_offline")}
    response = page(request, "visits/worker.js", None, context)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    response = page(request, "visits/manifest.json", None, {"start": reverse("visits")})
    response.headers["Content-Type"] = "application/manifest+json"
    return response
