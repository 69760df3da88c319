"""Who is asking: `request.actor`, built when first needed."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject

from lianying.common.clock import local_day, now
from lianying.orgs.queries import actor_of
from lianying.orgs.scope import Actor

#: The session is written at most so often; its life is counted from the last writing.
REFRESH = timedelta(minutes=5)
ANYONE = Actor()
#: The header that desk.js sends with what is fetched every few seconds.
POLLED = "X-Polled"


class Request(HttpRequest):
    """A request after the middleware: what views may count on."""

    actor: Actor
    htmx: bool


def _actor(request: HttpRequest) -> Actor:
    # No cookie, no session: a resident's page costs no query here.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ANYONE
    user = get_user(request)
    if isinstance(user, AnonymousUser):
        return ANYONE
    return actor_of(user, local_day(now()))


def _keep_alive(request: HttpRequest) -> None:
    seen = request.session.get("seen", 0)
    moment = now().timestamp()
    if moment - seen > REFRESH.total_seconds():
        request.session["seen"] = moment


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        staff_page = request.path.startswith(("/desk/", "/visits/", "/blobs/"))
        if staff_page and request.actor.is_staff:  # type: ignore[attr-defined]
            if request.actor.must_change_password:  # type: ignore[attr-defined]
                return HttpResponseRedirect("/password/")
            # What a page left open fetches by itself is no sign that anybody sits before it.
            if POLLED not in request.headers:
                _keep_alive(request)
        return get_response(request)

    return middleware
