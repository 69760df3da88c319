"""What every page may ask of other systems."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lianying.exchange.queries.outward import endpoints


def systems(request: HttpRequest) -> dict[str, Any]:
    """`endpoints`: read only by a page that names it."""
    return {"endpoints": SimpleLazyObject(endpoints)}
