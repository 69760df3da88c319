"""Saying it, and the receipt. The same address serves the page and other programs."""

from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.actions import Heard, hear
from lianying.cases.forms.resident import MOST_PHOTOS, TellForm, take_photos
from lianying.cases.models import Case
from lianying.cases.queries.track import case_of_resident, receipt_hash
from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.limits import count
from lianying.common.pages import done, message, page, public
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.files.uploads import too_large
from lianying.orgs.models import Unit
from lianying.orgs.scope import RESIDENT
from lianying.reference.categories import emergency_hints
from lianying.rules.lifecycle import State
from lianying.rules.refusals import Refused

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREADABLE = (MultiPartParserError, BadRequest)


class _Csrf(CsrfViewMiddleware):
    """The usual check, saying whether it failed instead of answering: the typed words must be shown again."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def is_forged(request: HttpRequest) -> bool:
    """For views that stand outside the middleware's own check."""
    check = _Csrf(lambda _: HttpResponse())
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is not None


def wants_json(request: HttpRequest) -> bool:
    """Only a program that prefers it: a browser's '*/*' gets the page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def link(request: HttpRequest, name: str, case: Case) -> str:
    """Absolute, with the resident's number and code."""
    return request.build_absolute_uri(path_of(name, case))


def path_of(name: str, case: Case) -> str:
    return f"{reverse(name)}?{urlencode({'ref': case.ref, 'code': case_code(case.uuid)})}"


@public
@csrf_exempt  # a program has no cookie to prove anything with, and no session is used; the page's form is checked below
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, TellForm())
    return _from_program(request) if wants_json(request) else _from_page(request)


def _hear(request: HttpRequest, form: TellForm) -> Heard | None:
    """None where the form holds errors now; photos are opened last, since that costs the most."""
    if not form.is_valid():
        return None
    at = now()
    count(request, "tell", settings.ENV["TELL_PER_HOUR"], at=at)
    photos = take_photos(form, request)
    return None if form.errors else hear(form.telling(photos), by=RESIDENT, at=at)


def _from_program(request: HttpRequest) -> HttpResponse:
    try:
        form = TellForm(request.POST, request.FILES)
        heard = _hear(request, form)
    except TOO_MUCH:
        return _problem(_("That is more than can be sent at once."), 413)
    except UNREADABLE:
        return _problem(_("What was sent could not be read. Please go back and try again."), 400)
    except Refused as refused:
        return _problem(words(refused), status_of(refused))
    except Unit.DoesNotExist:
        return _problem(_not_ready(), 503)
    if heard is None:
        errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        return JsonResponse({"errors": errors}, status=422)
    case = heard.case
    body = {"ref": case.ref, "code": case_code(case.uuid), "track_url": link(request, "track", case)}
    return JsonResponse(body, status=201 if heard.created else 200)


def _problem(text: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": {"__all__": [text]}}, status=status)


def _not_ready() -> str:
    return _("Nobody can receive this here yet: the place is not set up. Your words are kept on this page.")


def _from_page(request: HttpRequest) -> HttpResponse:
    form = TellForm(request.POST, request.FILES)
    if is_forged(request):
        form.add_error(
            None,
            _("This page was open for too long, or cookies are blocked. Your words are kept: please send them again."),
        )
        return _form_page(request, form, status=403)
    try:
        heard = _hear(request, form)
    except Refused as refused:
        form.add_error(None, words(refused))
        return _form_page(request, form, status=status_of(refused))
    except Unit.DoesNotExist:
        form.add_error(None, _not_ready())
        return _form_page(request, form, status=503)
    if heard is None:
        return _form_page(request, form, status=422)
    if not heard.created and heard.case.text != form.cleaned_data["text"]:
        return _sent_before(request, form, heard.case)
    return done(request, path_of("receipt", heard.case))


def _sent_before(request: HttpRequest, form: TellForm, case: Case) -> HttpResponse:
    """Somebody went back and wrote something else into a page that was sent: those words must not be lost."""
    data = request.POST.copy()
    data["client_id"] = str(TellForm().get_initial_for_field(form.fields["client_id"], "client_id"))
    fresh = TellForm(data)
    fresh.add_error(
        None,
        _("This page was sent once already, as %(ref)s. If this is another matter, please send it again.")
        % {"ref": case.ref},
    )
    return _form_page(request, fresh, status=409)


def emergencies(text: str) -> list[str]:
    english = get_language() == "en"
    return [hint.hint_en if english else hint.hint_zh for hint in emergency_hints() if hint.stands_in(text)]


def _form_page(request: HttpRequest, form: TellForm, *, status: int = 200) -> HttpResponse:
    english = get_language() == "en"
    hints = [{"words": hint.words, "hint": hint.hint_en if english else hint.hint_zh} for hint in emergency_hints()]
    context = {
        "form": form,
        "hints": hints,
        "emergencies": emergencies(form.data.get("text", "")) if form.is_bound else [],
        "photos_lost": form.is_bound and bool(request.FILES or too_large(request)),
        "most_photos": MOST_PHOTOS,
    }
    return page(request, "cases/tell.html", None, context, status=status)


@public
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    case = case_of_resident(request.GET.get("ref", ""), request.GET.get("code", ""))
    if case is None:
        count(request, "track", settings.ENV["TRACK_PER_HOUR"], at=now())
        return message(request, _("There is no request with this number and code."), status=404, title=_("Not found"))
    code = case_code(case.uuid)
    track_url = link(request, "track", case)
    context = {
        "case": case,
        "code": f"{code[:5]} {code[5:]}",
        "track_url": track_url,
        "qr": segno.make(track_url, error="m").svg_data_uri(scale=5, border=2),
        "hash": receipt_hash(case),
        "emergencies": emergencies(case.text),
        "sort_by": case.stage_due_at if case.state == State.HEARD else None,
        "can_be_rung": case.contact is not None and bool(case.contact.phone_index) and case.contact.may_be_called,
    }
    return page(request, "cases/receipt.html", None, context)
