"""Keyset paging: page 10,000 costs what page 1 costs."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows, and the token of the next page, empty at the end. `is_first` is False after any token."""

    rows: list[Row]
    next: str
    is_first: bool


def _token(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(token: str, length: int) -> list[Any] | None:
    """The values of a token; None for one that we did not make: the list begins at its start."""
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        return None
    if not isinstance(values, list) or len(values) != length:
        return None
    if any(not isinstance(value, int | str) or isinstance(value, bool) for value in values):
        return None
    read = [(parse_datetime(value) or value) if isinstance(value, str) else value for value in values]
    return read if isinstance(read[-1], int) else None


def page_of(rows: QuerySet[Row], order: Sequence[str], after: str = "", size: int = SIZE) -> Page[Row]:
    """Return the page that follows the token `after`.

    order   field names, '-' for descending, all in one direction, the last one unique; none of them null
    """
    names = [name.lstrip("-") for name in order]
    values = _read(after, len(order)) if after else None
    if values is not None:
        rows = rows.filter(_beyond(names, values, "lt" if order[0].startswith("-") else "gt"))
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    last = [getattr(found[-1], name) for name in names] if more else []
    return Page(found, _token(last) if more else "", values is None)


def _beyond(names: Sequence[str], values: Sequence[Any], compare: str) -> Q:
    """(a, b) beyond (x, y), written so that an index on (a, b) bounds the scan: a >= x and (a > x or b > y)."""
    condition = Q(**{f"{names[-1]}__{compare}": values[-1]})
    for name, value in zip(reversed(names[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{name}__{compare}e": value}) & (Q(**{f"{name}__{compare}": value}) | condition)
    return condition
