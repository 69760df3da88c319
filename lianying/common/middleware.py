from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from lianying.common.pages import message, refusal
from lianying.rules.refusals import Refused

Response = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; "
    "img-src 'self' data: blob:{tiles}; "
    "style-src 'self'; "
    "script-src 'self'; "
    "connect-src 'self'; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
ELDER_COOKIE = "lianying_elder"


def _host(tiles: str) -> str:
    """Where the pictures of the map come from, if from elsewhere; '{s}' stands for one host of several."""
    place = urlsplit(tiles)
    return f" {place.scheme}://{place.netloc.replace('{s}', '*')}" if place.netloc else ""


def headers(get_response: Response) -> Response:
    """What every answer says to the browser: nothing from elsewhere, nothing inline, nothing kept of private pages."""

    policy = POLICY.format(tiles=_host(settings.ENV["TILES"]))

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        if request.path.startswith(("/desk/", "/visits/", "/blobs/", "/track/", "/receipt/", "/photos/")):
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def display(get_response: Response) -> Response:
    """Language and elder mode as the person chose them. Chinese is the default whatever the browser prefers."""
    languages = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in languages else settings.LANGUAGE_CODE
        request.elder = request.COOKIES.get(ELDER_COOKIE) == "1"  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def without_nul(get_response: Response) -> Response:
    """No address and no cookie of ours holds a NUL, and PostgreSQL breaks off where it is asked to look for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        # Programs are told in the form of their standard (`exchange`).
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/open311/"):
            raise BadRequest
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return get_response(request)

    return middleware


class refusals:  # noqa: N801 - Django wants a class where a middleware handles exceptions
    """Turn what the rules refuse, and what Django refuses to read, into a page with words."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal(request, exception)
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
            return message(request, _("That is more than can be sent at once."), status=413)
        return None
