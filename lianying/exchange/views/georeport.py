"""Open311 GeoReport v2: reading a call, and answering it. Source: wiki.open311.org/GeoReport_v2."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lianying.cases.actions.hear import Telling
from lianying.cases.forms.resident import TellForm, take_photos
from lianying.cases.models import Case
from lianying.cases.views.tell import path_of
from lianying.common.clock import now
from lianying.common.limits import count
from lianying.common.pages import public
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.exchange import calls
from lianying.exchange.actions import clients as actions
from lianying.exchange.calls import Call, Wrong, attributes_of, moments, read
from lianying.exchange.kinds import Call as Used
from lianying.exchange.models import Client
from lianying.exchange.openapi import document
from lianying.exchange.queries import requests as rows
from lianying.exchange.queries.clients import client_of
from lianying.exchange.queries.services import ATTRIBUTES, NO, UNSORTED, definition, service_names, services
from lianying.exchange.written import respond, respond_bulk
from lianying.orgs.queries import site
from lianying.rules.kinds import CaseKind
from lianying.rules.open311 import MOST_ROWS, Update, span
from lianying.rules.refusals import Refused

#: Looks of one address in an hour.
LOOKS = 3600
#: When what is offered changed last: a new version of this program says so here.
CHANGED = "2026-11-24T00:00:00+08:00"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREADABLE = (MultiPartParserError, BadRequest)
Answering = Callable[..., HttpResponse]


def _answered(view: Answering) -> Answering:
    """Say every fault in the words and the form of the standard."""

    @public
    @csrf_exempt  # a program sends it, which has no cookie and no session to be used against it
    @wraps(view)
    def answering(request: HttpRequest, *args: Any, form: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, form=form, **kwargs)
        except Wrong as wrong:
            faults = wrong.faults
        except Refused as refused:
            faults = ((status_of(refused), words(refused)),)
        except TOO_MUCH:
            faults = ((413, _("That is more than can be sent at once.")),)
        except UNREADABLE:
            faults = ((400, _("What was sent could not be read. Please go back and try again.")),)
        errors = [{"code": code, "description": text} for code, text in faults]
        return respond(errors, "Error", "xml" if form == "xml" else "json", status=faults[0][0])

    return answering


def _by_method(**views: Answering) -> Answering:
    """The view of the method; HEAD is answered as GET."""

    def chosen(request: HttpRequest, *args: Any, is_test: bool = False, **kwargs: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if is_test and method == "POST":
            kwargs["is_test"] = True
        if method not in views:
            answer = respond(
                [{"code": 405, "description": _("This cannot be done here.")}], "Error", kwargs["form"], status=405
            )
            answer["Allow"] = ", ".join(views)
            return answer
        return views[method](request, *args, **kwargs)

    return _answered(chosen)


def _read(request: HttpRequest, call: Call) -> dict[str, Any]:
    """Raises Wrong also for another jurisdiction, and Refused for too many looks from one address."""
    given = request.GET.copy()
    if any("\0" in text for name in given for text in (name, *given.getlist(name))):
        raise BadRequest
    if call.in_body:
        given.update(request.POST)
    else:
        count(request, "open311", LOOKS, at=now())
    host = request.get_host().partition(":")[0]
    if any(one.strip() not in {"", host} for one in given.getlist("jurisdiction_id")):
        raise Wrong((404, _("There is no such jurisdiction; this one is %(name)s.") % {"name": host}))
    return read(call, given, timezone.get_current_timezone())


def _url(request: HttpRequest) -> str:
    """Of the service, without a slash at its end."""
    return request.build_absolute_uri(reverse("open311_openapi")).removesuffix("/openapi.json")


def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    _read(request, calls.DISCOVERY)
    here = site()
    url = _url(request)
    telephone = f"{here.name} {here.phone}".strip() if here else ""
    formats = ["text/xml", "application/json"]
    endpoints = [
        {"specification": SPECIFICATION, "url": address, "changeset": CHANGED, "type": kind, "formats": formats}
        for address, kind in ((url, "production"), (f"{url}/test", "test"))
    ]
    answer = {
        "changeset": CHANGED,
        "contact": telephone,
        "key_service": _("Keys are given by whoever runs this service. %(contact)s") % {"contact": telephone},
        "endpoints": endpoints,
    }
    return respond(answer, calls.DISCOVERY.answers, form)


def service_list(request: HttpRequest, *, form: str) -> HttpResponse:
    _read(request, calls.SERVICES)
    return respond(services(), calls.SERVICES.answers, form)


def service(request: HttpRequest, code: str, *, form: str) -> HttpResponse:
    _read(request, calls.SERVICE)
    try:
        return respond(definition(code), calls.SERVICE.answers, form)
    except KeyError:
        raise Wrong((404, _("There is no service %(code)s.") % {"code": code})) from None


def request_list(request: HttpRequest, *, form: str) -> HttpResponse:
    values = _read(request, calls.REQUESTS)
    if values["service_request_id"]:
        cases = rows.by_refs(values["service_request_id"])
    else:
        unknown = [code for code in values["service_code"] or () if code not in service_names()]
        if unknown:
            raise Wrong((404, _("There is no service %(code)s.") % {"code": unknown[0]}))
        page, size = values["page"] or 1, values["page_size"] or MOST_ROWS
        cases = rows.found(values["service_code"], values["status"], _span(values), page, size)
    if form == "csv":
        return respond_bulk([rows.bulk_row(case) for case in cases])
    return respond([rows.row_of(case) for case in cases], calls.REQUESTS.answers, form)


def _span(values: Mapping[str, Any]) -> Any:
    try:
        return span(*moments(values), now())
    except (ValueError, OverflowError):
        raise Wrong((400, _("From start_date to end_date there are 90 days at most."))) from None


def one_request(request: HttpRequest, ref: str, *, form: str) -> HttpResponse:
    _read(request, calls.REQUEST)
    cases = rows.by_refs([ref])
    if not cases:
        raise Wrong((404, _("There is no request %(ref)s that can be shown.") % {"ref": ref}))
    return respond([rows.row_of(case) for case in cases], calls.REQUEST.answers, form)


def token(request: HttpRequest, token: str, *, form: str) -> HttpResponse:
    _read(request, calls.TOKEN)
    posted = rows.by_token(token)
    if posted is None:
        raise Wrong((404, _("There is no request with the token %(token)s.") % {"token": token}))
    return respond([{"service_request_id": posted.case.ref, "token": token}], calls.TOKEN.answers, form)


def _client(request: HttpRequest, used: Used) -> Client:
    """Raises Wrong for a key that is none; Refused for too many calls."""
    key = (request.POST.get("api_key") or request.GET.get("api_key") or "").strip()
    client = client_of(key) if key else None
    if client is None:
        raise Wrong((403, _("The api_key is missing or not known.")))
    actions.count_use(client, used, at=now())
    return client


def put_in(request: HttpRequest, *, form: str, is_test: bool = False) -> HttpResponse:
    """Take a request in; nothing of a test stays."""
    client = _client(request, Used.REQUEST)
    values = _read(request, calls.PUT_IN)
    telling = _telling(request, values)
    with transaction.atomic():
        posted = actions.put_in(client, telling, request_id=values["client_request_id"] or "", at=now())
        if is_test:
            transaction.set_rollback(True)
    case = posted.case
    notice = _("Number %(ref)s. To follow it: %(url)s") % {
        "ref": case.ref,
        "url": request.build_absolute_uri(path_of("track", case)),
    }
    return respond([{"service_request_id": case.ref, "service_notice": notice}], calls.PUT_IN.answers, form)


def _telling(request: HttpRequest, values: Mapping[str, Any]) -> Telling:
    """Judged as what a resident writes on the page. Raises Wrong with all that is wrong."""
    faults: list[tuple[int, str]] = []
    code, names = values["service_code"], service_names()
    if code not in names:
        raise Wrong((404, _("There is no service %(code)s.") % {"code": code}))
    if (values["lat"] is None) != (values["long"] is None):
        faults.append((400, _("lat and long belong together.")))
    if values["lat"] is None and not values["address_string"] and not values["address_id"]:
        faults.append((400, _("Please send a place: lat and long, address_string or address_id.")))
    asked = attributes_of(request.POST)
    for name, choices in ATTRIBUTES.items():
        if any(value not in choices for value in asked.get(name, ())):
            faults.append(
                (
                    400,
                    _("%(name)s cannot be read: %(hint)s") % {"name": f"attribute[{name}]", "hint": ", ".join(choices)},
                )
            )
    form = TellForm(_typed(values, names[code]), MultiValueDict({"photos": request.FILES.getlist("media")}))
    faults += [(400, str(error)) for errors in form.errors.values() for error in errors]
    if not faults:
        photos = take_photos(form, request)
        faults += [(400, str(error)) for errors in form.errors.values() for error in errors]
    if faults:
        raise Wrong(*faults)
    told = form.telling(photos)
    first = {name: next(iter(values), "") for name, values in asked.items()}
    return Telling(
        told.text,
        address=told.address,
        lat=told.lat,
        lng=told.lng,
        name=told.name,
        phone=told.phone,
        may_be_called=first.get("MAY_BE_CALLED") != NO,
        may_publish=first.get("MAY_PUBLISH", NO) != NO,
        kind=CaseKind(first.get("KIND") or CaseKind.OTHER),
        category="" if code == UNSORTED else code,
        photos=told.photos,
    )


def _typed(values: Mapping[str, Any], service_name: str) -> QueryDict:
    """As the fields of the page. Without words, those of the service stand in; a name is written as people write it."""
    typed = QueryDict(mutable=True)
    text = values["description"] or service_name
    if values["media_url"]:
        text = f"{text}\n{values['media_url']}"
    last, first = values["last_name"] or "", values["first_name"] or ""
    between = " " if (last + first).isascii() else ""
    name = f"{first}{between}{last}" if between else f"{last}{first}"
    place = " ".join(filter(None, [values["address_string"], values["address_id"]]))
    given = {"text": text, "address": place, "name": name.strip(), "phone": values["phone"] or ""}
    for field, value in given.items():
        typed[field] = value
    if values["lat"] is not None and values["long"] is not None:
        typed["lat"], typed["lng"] = str(values["lat"]), str(values["long"])
    return typed


def update_list(request: HttpRequest, *, form: str) -> HttpResponse:
    return respond(rows.updates(_span(_read(request, calls.UPDATES))), calls.UPDATES.answers, form)


def update(request: HttpRequest, *, form: str, is_test: bool = False) -> HttpResponse:
    client = _client(request, Used.UPDATE)
    values = _read(request, calls.UPDATE)
    case = Case.objects.filter(ref=values["service_request_id"], posted__client=client).first()
    if case is None:
        raise Wrong((404, _("There is no request %(ref)s that can be shown.") % {"ref": values["service_request_id"]}))
    sent = actions.Sent(
        values["update_id"], Update(values["status"].lower()), values["description"], values["updated_datetime"]
    )
    with transaction.atomic():
        told = actions.take_update(client, case, sent, at=now())
        if is_test:
            transaction.set_rollback(True)
    return respond([{"update_id": told.update_id}], calls.UPDATE.answers, form)


@public
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The same in OpenAPI 3.1."""
    return JsonResponse(document(_url(request)), json_dumps_params={"ensure_ascii": False})


def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    errors = [{"code": 404, "description": _("There is nothing at this address.")}]
    return respond(errors, "Error", "xml" if rest.endswith(".xml") else "json", status=404)


nothing = public(csrf_exempt(nothing))

VIEWS: Mapping[str, Answering] = {
    "discovery": _by_method(GET=discovery),
    "services": _by_method(GET=service_list),
    "service": _by_method(GET=service),
    "requests": _by_method(GET=request_list, POST=put_in),
    "request": _by_method(GET=one_request),
    "token": _by_method(GET=token),
    "updates": _by_method(GET=update_list, POST=update),
}
