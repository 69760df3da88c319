"""Handing a text message to the county's gateway: a signed POST over HTTP, of the shape that the operator gave."""

import hashlib
import hmac
import json
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from string import Template
from urllib.parse import urlsplit

from django.conf import settings

from lianying.rules.notices import Delivery

#: Answers that say: not now.
LATER = frozenset({429, 503})


def body_of(phone: str, text: str, uuid: str) -> bytes:
    """The operator's template, which the settings have checked, with the three values as JSON writes them."""
    values = {"phone": phone, "text": text, "id": uuid}
    quoted = {name: json.dumps(value, ensure_ascii=False)[1:-1] for name, value in values.items()}
    return Template(settings.ENV["SMS_BODY"]).substitute(quoted).encode()


def signature(stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, so that nobody else sends in the county's name."""
    return hmac.new(settings.ENV["SMS_KEY"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(phone: str, text: str, uuid: str, *, stamp: str) -> Delivery:
    """Hand it over, within the seconds that are allowed.

    uuid    the same for the same message, however often it is sent
    stamp   the moment, as it is signed
    """
    body = body_of(phone, text, uuid)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Message-Id": uuid,
        "X-Timestamp": stamp,
        "X-Signature": signature(stamp, body),
    }
    address = urlsplit(settings.ENV["SMS_URL"])
    line: Callable[..., HTTPConnection] = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = line(address.hostname or "", address.port, timeout=settings.ENV["SMS_SECONDS"])
    try:
        connection.connect()
    except OSError:
        return Delivery.UNREACHABLE
    try:
        path = address.path or "/"
        connection.request("POST", f"{path}?{address.query}" if address.query else path, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return Delivery.UNKNOWN
    finally:
        connection.close()
    if 200 <= status < 300:
        return Delivery.SENT
    if status in LATER:
        return Delivery.UNREACHABLE
    return Delivery.REFUSED if 400 <= status < 500 else Delivery.UNKNOWN
