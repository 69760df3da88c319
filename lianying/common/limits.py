"""How often one address may do a thing; counted in the database, since several processes serve."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from lianying.common.db import next_number
from lianying.rules.refusals import Refused


def address(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For counts only from a proxy that the operator named."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if remote in settings.ENV["TRUSTED_PROXIES"]:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        return forwarded or remote
    return remote


def count(request: HttpRequest, what: str, per_hour: int, *, at: datetime) -> None:
    """Count one try; raises Refused("too_often") past `per_hour`.

    The address is kept as a keyed hash for the hour, so the table says nothing of who came.
    """
    if not settings.ENV["RATE_LIMITS"]:
        return
    hour = at.strftime("%Y%m%d%H")
    digest = hmac.new(settings.KEYS.index, address(request).encode(), hashlib.sha256).hexdigest()[:24]
    if next_number(f"limit:{what}:{hour}:{digest}", until=at + timedelta(hours=2)) > per_hour:
        raise Refused("too_often", per_hour=per_hour)
