"""From a view to a page: whole, or its partial for htmx; and who may open it."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.common.spreadsheets import csv_lines
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def page(
    request: HttpRequest, template: str, partial: str | None, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render `template`, or only its partial where htmx asked for it."""
    name = f"{template}#{partial}" if partial and getattr(request, "htmx", False) else template
    return render(request, name, context, status=status)


def needs(*powers: Power, by_script: bool = False) -> Callable[[View], View]:
    """Let in a person whose posts carry one of the powers; others get 403, a stranger the sign-in page.

    by_script   a script asks, which cannot fill in that page: a stranger gets 401
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.is_staff and by_script:
                return HttpResponse(status=401)
            if not actor.is_staff:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if not actor.powers.intersection(powers):
                return refusal(request, Refused("not_yours"))
            return view(request, *args, **kwargs)

        guarded.powers = frozenset(powers)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Mark a page that everybody may open; the law lists them."""
    view.powers = None  # type: ignore[attr-defined]
    return view


def version_of(request: HttpRequest) -> int:
    """What the form was drawn from; 0, which nothing has, for anything else."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for a refusal that the view did not show beside its form."""
    return message(request, words(refused), status=status_of(refused))


def message(request: HttpRequest, text: str, *, status: int, title: str = "") -> HttpResponse:
    context = {"message": text, "title": title or _("This did not work")}
    return render(request, "common/message.html", context, status=status)


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """A file that is sent while its rows are read; name: with its ending."""
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def done(request: HttpRequest, url: str) -> HttpResponse:
    """After a POST: 303 to the page, also for htmx, which follows it."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("This page was open for too long or cookies are blocked. Go back, reload the page and send it again.")
    return message(request, text, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message(request, _("What was sent could not be read. Please go back and try again."), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message(request, _("There is nothing here, or it is not for your post."), status=404, title=_("Not found"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message(request, _("Your post does not include this step."), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor the list of static files: either may be what went wrong."""
    text = _("Something went wrong on our side. Nothing of yours was lost; please try again in a moment.")
    context = {"title": _("This did not work"), "message": text, "stylesheet": _stylesheet()}
    return HttpResponse(render_to_string("common/broken.html", context), status=500)


def _stylesheet() -> str:
    """Its address; '' where the list of static files is missing: the page is then plain, but it is there."""
    try:
        return static("lianying.css")
    except ValueError:
        return ""
