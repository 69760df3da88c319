"""How a list stands in an address: its tab, its filters, and the same again for a link."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.http import QueryDict
from django.utils.http import urlencode

from lianying.cases.queries.find import holding
from lianying.cases.queries.lists import Filters, Tab
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind, Urgency

FILTERS = ("kind", "urgency", "category", "unit", "mine", "q", "since", "until", "late")
LONGEST = 60
#: Digits of a category at most.
CODE = 8


def tab_of(given: Mapping[str, str]) -> Tab | None:
    name = given.get("tab", "")
    return Tab(name) if name in tuple(Tab) else None


def filters_of(given: Mapping[str, str], offered: Sequence[Unit], *, actor: Actor, at: datetime) -> Filters:
    """What cannot be meant narrows nothing; at most two queries, where words are asked for."""
    kind, urgency, category = given.get("kind", ""), given.get("urgency", ""), given.get("category", "")
    code = given.get("unit", "")
    return Filters(
        kind=kind if kind in tuple(CaseKind) else "",
        urgency=urgency if urgency in tuple(Urgency) else "",
        category=category if category.isascii() and category.isdigit() and len(category) <= CODE else "",
        unit=next((unit for unit in offered if unit.code == code), None),
        handler_id=actor.user_id if given.get("mine") == "1" else None,
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        words=holding(given.get("q", "")[:LONGEST]),
        late_at=at if given.get("late") == "1" else None,
    )


def _day(text: str) -> date | None:
    """The last day is left out: there is none after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max and day.year > 1900 else None


def query_of(given: Mapping[str, str], **changed: str) -> str:
    """The list as it stands, for a link: what is empty is left out."""
    kept = {name: given.get(name, "") for name in FILTERS} | changed
    return urlencode({name: value for name, value in kept.items() if value})


def read(query: str) -> Mapping[str, str]:
    return QueryDict(query).dict()
