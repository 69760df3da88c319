"""What we ask of another system's Open311 endpoint, over HTTP; nothing is written here.

Read forgivingly: what is not there, or of another kind than the standard says, is taken for not said.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils import timezone

from lianying.common.sealing import opened
from lianying.exchange.models import Endpoint
from lianying.rules.notices import Delivery
from lianying.rules.open311 import Update, parse_time, show_time

#: An endpoint may take so long to answer, and say so much; less than a lease of the outbox.
SECONDS, MOST_BYTES = 20, 2_000_000
#: Answers that say: not now.
LATER = frozenset({429, 503})
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


class Unreachable(Exception):
    """There was no answer; was_sent: it may have been read all the same."""

    def __init__(self, *, was_sent: bool) -> None:
        super().__init__(was_sent)
        self.was_sent = was_sent


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request that we put in. words: what they say of it, or why they will not have it."""

    delivery: Delivery
    request_id: str = ""
    token: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that they say of a request. update_id is '' for how it stands as a whole."""

    update_id: str
    status: Update
    words: str
    at: datetime | None


def put_in(endpoint: Endpoint, fields: Mapping[str, str]) -> Taken:
    """fields: as the standard names them, without the key."""
    body = urlencode({"api_key": opened(endpoint, "key"), **_where(endpoint), **fields}).encode()
    try:
        status, said = _ask(endpoint, "POST", "requests", body=body)
    except Unreachable as fault:
        return Taken(Delivery.UNKNOWN if fault.was_sent else Delivery.UNREACHABLE)
    row = _first(said)
    if 200 <= status < 300 and (row.get("service_request_id") or row.get("token")):
        found = (_text(row, "service_request_id", 100), _text(row, "token", 100))
        return Taken(Delivery.SENT, *found, _text(row, "service_notice", 1000))
    if status in LATER:
        return Taken(Delivery.UNREACHABLE)
    if 400 <= status < 500:
        return Taken(Delivery.REFUSED, words=_text(row, "description", 500))
    return Taken(Delivery.UNKNOWN)


def number_of(endpoint: Endpoint, token: str) -> str:
    """Of a request that they gave a token first; '' as long as it has none. Raises Unreachable"""
    _status, said = _ask(endpoint, "GET", f"tokens/{quote(token, safe='')}")
    return _text(_first(said), "service_request_id", 100)


def standing(endpoint: Endpoint, request_id: str) -> Said | None:
    """How a request stands, None where they do not say. Raises Unreachable"""
    _status, said = _ask(endpoint, "GET", f"requests/{quote(request_id, safe='')}")
    row = _first(said)
    if _text(row, "service_request_id", 100) != request_id:
        return None
    status = Update.CLOSED if _text(row, "status", 20).lower() == "closed" else Update.OPEN
    return Said("", status, _text(row, "status_notes", 500), _moment(row))


def updates(endpoint: Endpoint, request_id: str, since: datetime, until: datetime) -> list[Said]:
    """What they said of a request, the oldest first; none from a system without updates. Raises Unreachable"""
    zone = timezone.get_current_timezone()
    span = {"start_date": show_time(since, zone), "end_date": show_time(until, zone)}
    status, said = _ask(endpoint, "GET", "servicerequestupdates", {"service_request_id": request_id, **span})
    rows = [row for row in said if _text(row, "service_request_id", 100) == request_id] if status == 200 else []
    found = [
        Said(_text(row, "update_id", 64), _update(row), _text(row, "description", 4000), _moment(row))
        for row in rows
        if row.get("update_id")
    ]
    return sorted(found, key=lambda one: one.at or since)


def services(endpoint: Endpoint) -> list[tuple[str, str]]:
    """Code and name of what they take in. Raises Unreachable, also for an answer that is no list of services"""
    _status, said = _ask(endpoint, "GET", "services")
    found = [(_text(row, "service_code", 60), _text(row, "service_name", 100)) for row in said]
    found = [(code, name or code) for code, name in found if code]
    if not found:
        raise Unreachable(was_sent=True)
    return found


def _ask(
    endpoint: Endpoint, method: str, path: str, asked: Mapping[str, str] | None = None, *, body: bytes | None = None
) -> tuple[int, list[dict[str, Any]]]:
    """Status and rows of the answer, none where it is no JSON."""
    address = urlsplit(endpoint.url)
    line: Callable[..., HTTPConnection] = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = line(address.hostname or "", address.port, timeout=SECONDS)
    try:
        connection.connect()
    except OSError:
        raise Unreachable(was_sent=False) from None
    query = urlencode({**_where(endpoint), **(asked or {})}) if method == "GET" else ""
    try:
        connection.request(method, f"{address.path}/{path}.json{query and '?'}{query}", body, FORM if body else {})
        answer = connection.getresponse()
        return answer.status, _rows(answer.read(MOST_BYTES))
    except (OSError, HTTPException):
        raise Unreachable(was_sent=True) from None
    finally:
        connection.close()


def _where(endpoint: Endpoint) -> dict[str, str]:
    return {"jurisdiction_id": endpoint.jurisdiction} if endpoint.jurisdiction else {}


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        said = json.loads(body)
    except ValueError:
        return []
    return [row for row in said if isinstance(row, dict)] if isinstance(said, list) else []


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[0] if rows else {}


def _text(row: Mapping[str, Any], name: str, most: int) -> str:
    value = row.get(name)
    # No database keeps a NUL, nor half of a pair of surrogates.
    text = str(value).replace("\0", "").encode(errors="replace").decode() if isinstance(value, str | int) else ""
    return text.strip()[:most]


def _update(row: Mapping[str, Any]) -> Update:
    written = _text(row, "status", 32).lower()
    return Update(written) if written in set(Update) else Update.UNCHANGED


def _moment(row: Mapping[str, Any]) -> datetime | None:
    try:
        return parse_time(_text(row, "updated_datetime", 40), timezone.get_current_timezone())
    except (ValueError, OverflowError):
        return None
