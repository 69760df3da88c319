"""What each call of GeoReport v2 takes: one table, by which requests are read and the OpenAPI document is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianying.cases.forms.resident import UNKEEPABLE
from lianying.rules.open311 import MOST_ROWS, MOST_WORDS, Update, parse_time

#: No number of a page is larger: it would be more rows than there are.
MOST_PAGES = 10_000


class Kind(StrEnum):
    TEXT = "text"
    CODES = "codes"  # several, with commas between
    MOMENT = "moment"
    LAST_MOMENT = "last_moment"  # of a day alone, its end
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    COUNT = "count"
    ONE_OF = "one_of"
    SOME_OF = "some_of"


@dataclass(frozen=True, slots=True)
class Parameter:
    """most: characters of a text, or the largest count."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    most: int = 200
    choices: tuple[str, ...] = ()
    about: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Call:
    """answers: name of the schema; of_many: whether it is a list of these.  in_body: whether parameters are sent so."""

    name: str
    path: str
    about: str | Promise
    answers: str
    parameters: tuple[Parameter, ...] = ()
    of_many: bool = True
    in_body: bool = False
    formats: tuple[str, ...] = ("json", "xml")


class Wrong(Exception):
    """What is wrong with a call: status and words of each fault; the first one's is that of the answer."""

    def __init__(self, *faults: tuple[int, str]) -> None:
        super().__init__(faults)
        self.faults = faults


JURISDICTION = Parameter("jurisdiction_id", about=gettext_lazy("The host of this address; it need not be sent."))
KEY = Parameter("api_key", required=True, about=gettext_lazy("The client's key."))
SPAN = (
    Parameter("start_date", Kind.MOMENT, about=gettext_lazy("ISO 8601; at most 90 days before end_date.")),
    Parameter("end_date", Kind.LAST_MOMENT, about=gettext_lazy("ISO 8601; without it, now.")),
)
DISCOVERY = Call("discovery", "discovery", gettext_lazy("Where the service stands"), "Discovery", of_many=False)
SERVICES = Call("services", "services", gettext_lazy("What may be asked for"), "Service", (JURISDICTION,))
SERVICE = Call(
    "service",
    "services/{service_code}",
    gettext_lazy("What is asked of whoever asks for it"),
    "ServiceDefinition",
    (JURISDICTION,),
    of_many=False,
)
REQUESTS = Call(
    "requests",
    "requests",
    gettext_lazy("Requests that were published, or whose clients say that they may be"),
    "Request",
    (
        JURISDICTION,
        Parameter("service_request_id", Kind.CODES, most=4000, about=gettext_lazy("Overrides all others.")),
        Parameter("service_code", Kind.CODES, most=2000),
        *SPAN,
        Parameter("status", Kind.SOME_OF, choices=("open", "closed")),
        Parameter("page", Kind.COUNT, most=MOST_PAGES),
        Parameter("page_size", Kind.COUNT, most=MOST_ROWS),
    ),
    formats=("json", "xml", "csv"),
)
REQUEST = Call("request", "requests/{service_request_id}", gettext_lazy("One request"), "Request", (JURISDICTION,))
TOKEN = Call(
    "token", "tokens/{token}", gettext_lazy("The number of a request by the client's own"), "Token", (JURISDICTION,)
)
PUT_IN = Call(
    "put_in",
    "requests",
    gettext_lazy("Put a request in"),
    "Received",
    (
        JURISDICTION,
        KEY,
        Parameter("service_code", required=True, most=8),
        Parameter("lat", Kind.LATITUDE),
        Parameter("long", Kind.LONGITUDE),
        Parameter("address_string"),
        Parameter("address_id", most=60),
        Parameter("description", most=MOST_WORDS),
        Parameter("first_name", most=40),
        Parameter("last_name", most=40),
        Parameter("phone", most=40),
        Parameter("email", about=gettext_lazy("Taken and not kept: we ring, or write to the telephone.")),
        Parameter("device_id", about=gettext_lazy("Taken and not kept.")),
        Parameter("account_id", about=gettext_lazy("Taken and not kept.")),
        Parameter("media_url", most=500),
        Parameter(
            "client_request_id",
            most=64,
            about=gettext_lazy("Yours; sent again, it is the same request. Also the token of tokens/{token}."),
        ),
    ),
    in_body=True,
)
UPDATES = Call(
    "updates", "servicerequestupdates", gettext_lazy("What became of requests"), "Update", (JURISDICTION, *SPAN)
)
UPDATE = Call(
    "update",
    "servicerequestupdates",
    gettext_lazy("Say what became of a request that you put in"),
    "UpdateReceived",
    (
        JURISDICTION,
        KEY,
        Parameter("service_request_id", required=True, most=24),
        Parameter("update_id", required=True, most=64, about=gettext_lazy("Yours; sent again, it is the same one.")),
        Parameter("status", Kind.ONE_OF, required=True, choices=tuple(one.value.upper() for one in Update)),
        Parameter("updated_datetime", Kind.MOMENT, required=True),
        Parameter("description", required=True, most=MOST_WORDS),
    ),
    in_body=True,
)
CALLS = (DISCOVERY, SERVICES, SERVICE, REQUESTS, REQUEST, TOKEN, PUT_IN, UPDATES, UPDATE)


def read(call: Call, given: QueryDict, zone: tzinfo) -> dict[str, Any]:
    """A value for each parameter, None where it is not given; an empty one is not given, an unknown one is left out.

    Raises  Wrong with all that is wrong
    """
    values: dict[str, Any] = {}
    faults: list[tuple[int, str]] = []
    for one in call.parameters:
        text = (given.get(one.name) or "").strip()
        values[one.name] = None
        if not text:
            if one.required and one is not KEY:
                faults.append((400, _("%(name)s is missing.") % {"name": one.name}))
            continue
        try:
            values[one.name] = _value(one, text, zone)
        except (ValueError, OverflowError):
            faults.append((400, _("%(name)s cannot be read: %(hint)s") % {"name": one.name, "hint": _hint(one)}))
    if faults:
        raise Wrong(*faults)
    return values


def _value(one: Parameter, text: str, zone: tzinfo) -> Any:
    read: Mapping[Kind, Any] = {
        Kind.TEXT: _text,
        Kind.CODES: _codes,
        Kind.MOMENT: lambda one, text: parse_time(text, zone),
        Kind.LAST_MOMENT: lambda one, text: parse_time(text, zone, last=True),
        Kind.LATITUDE: lambda one, text: _degrees(text, 90),
        Kind.LONGITUDE: lambda one, text: _degrees(text, 180),
        Kind.COUNT: _count,
        Kind.ONE_OF: _one_of,
        Kind.SOME_OF: lambda one, text: [_one_of(one, part) for part in _codes(one, text)],
    }
    return read[one.kind](one, text)


def _text(one: Parameter, text: str) -> str:
    if len(text) > one.most or UNKEEPABLE.search(text):
        raise ValueError(text)
    return text


def _codes(one: Parameter, text: str) -> list[str]:
    return [part.strip() for part in _text(one, text).split(",") if part.strip()]


def _degrees(text: str, most: int) -> float:
    number = float(text)
    if not -most <= number <= most:
        raise ValueError(text)
    return number


def _count(one: Parameter, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= one.most and len(text) < 9):
        raise ValueError(text)
    return int(text)


def _one_of(one: Parameter, text: str) -> str:
    found = next((choice for choice in one.choices if choice.lower() == text.lower()), None)
    if found is None:
        raise ValueError(text)
    return found


def _hint(one: Parameter) -> str:
    if one.kind in {Kind.ONE_OF, Kind.SOME_OF}:
        return _("one of %(choices)s.") % {"choices": ", ".join(one.choices)}
    hints: Mapping[Kind, str] = {
        Kind.MOMENT: _("a day or a moment as in 2026-01-01T00:00:00Z."),
        Kind.LAST_MOMENT: _("a day or a moment as in 2026-01-01T00:00:00Z."),
        Kind.LATITUDE: _("degrees from -90 to 90."),
        Kind.LONGITUDE: _("degrees from -180 to 180."),
        Kind.COUNT: _("a number from 1 to %(most)s.") % {"most": one.most},
    }
    return hints.get(one.kind, _("at most %(most)s characters, all of which can be printed.") % {"most": one.most})


def attributes_of(given: QueryDict) -> dict[str, Sequence[str]]:
    """attribute[CODE] and attribute[CODE][], by code."""
    found: dict[str, Sequence[str]] = {}
    for name in given:
        if name.startswith("attribute[") and name.endswith("]"):
            code = name.removeprefix("attribute[").removesuffix("[]").removesuffix("]")
            found[code] = [value for value in given.getlist(name) if value]
    return found


def moments(values: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    return values["start_date"], values["end_date"]
