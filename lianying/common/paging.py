"""Keyset paging: page 10,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Q, QuerySet

Row = TypeVar("Row")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows, and the token of the next page, empty at the end. `is_first` is False after any token.

    reached  the first value of the order up to which was looked, where that ended the page; None where 50 were found
    """

    rows: list[Row]
    next: str
    is_first: bool
    reached: Any = None


@dataclass(frozen=True, slots=True)
class Among:
    """Rows to look through for those of a page, `most` of them at once."""

    rows: QuerySet[Any, Any]
    most: int


def token_of(values: Sequence[Any], salt: str) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return signing.dumps(plain, salt=salt)


def values_of(token: str, salt: str) -> list[Any] | None:
    """The values of a token, days and moments as text, which a filter reads as well; None for one that we did not make
    for this list: the list begins at its start.

    Signed, since what else could be in it (a month 13, a number beyond the database's) has no end.
    """
    try:
        values: list[Any] = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    return values


def page_of(
    rows: QuerySet[Any, Row], order: Sequence[str], after: str = "", size: int = SIZE, *, among: Among | None = None
) -> Page[Row]:
    """Return the page that follows the token `after`.

    order   field names, '-' for descending, the last one unique; none of them null
    among   what `rows` are picked from: a page ends where so many of these were looked through, be it empty.
    """
    names = [name.lstrip("-") for name in order]
    salt = f"{rows.model._meta.label} {' '.join(order)}"
    values = values_of(after, salt) if after else None
    onward = ["lt" if name.startswith("-") else "gt" for name in order]
    back = ["gt" if name.startswith("-") else "lt" for name in order]
    reached = None
    if among is not None:
        whole = among.rows if values is None else among.rows.filter(_beyond(names, values, onward))
        reached = whole.order_by(*order).values_list(*names)[among.most - 1 :].first()
    if values is not None:
        rows = rows.filter(_beyond(names, values, onward))
    if reached is not None:
        rows = rows.filter(_beyond(names, reached, back, or_there=True))
    found = list(rows.order_by(*order)[: size + 1])
    last: Sequence[Any] | None = reached
    if len(found) > size:
        found = found[:size]
        last, reached = [getattr(found[-1], name) for name in names], None
    return Page(found, token_of(last, salt) if last else "", values is None, reached[0] if reached else None)


def _beyond(names: Sequence[str], values: Sequence[Any], compares: Sequence[str], *, or_there: bool = False) -> Q:
    """(a, b) beyond (x, y), written so that an index on (a, b) bounds the scan: a >= x and (a > x or b > y)."""
    condition = Q(**{f"{names[-1]}__{compares[-1]}{'e' if or_there else ''}": values[-1]})
    for name, value, compare in reversed(list(zip(names, values, compares, strict=True))[:-1]):
        condition = Q(**{f"{name}__{compare}e": value}) & (Q(**{f"{name}__{compare}": value}) | condition)
    return condition
