"""What a person keeps of their lists: filters under a name with how many they hold, and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from lianying.cases.actions.saved import drop_filter, keep_columns, keep_filter, rename_filter
from lianying.cases.columns import USUAL, Column, chosen
from lianying.cases.forms.lists import filters_of, query_of, read, tab_of
from lianying.cases.models import SavedFilter
from lianying.cases.queries.lists import CAP, Filters, Tab, tabs_for
from lianying.cases.queries.saved import columns_of, saved_filter
from lianying.common.pages import done, needs, refusal
from lianying.orgs.middleware import Request
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

SALT = "saved filter"


@dataclass(frozen=True, slots=True)
class Saved:
    """One kept list on the page. count is None for one that takes long to count."""

    uuid: UUID
    name: str
    query: str
    count: int | None
    capped: bool
    current: bool


def kept_lists(
    rows: Sequence[SavedFilter], offered: Sequence[Unit], *, actor: Actor, at: datetime
) -> dict[str, tuple[Tab, Filters]]:
    """By its id, what each holds; those with words are left out."""
    allowed = tabs_for(actor)
    lists = {}
    for row in rows:
        given = read(row.query)
        tab = tab_of(given) or Tab.ASSIGNED
        if not given.get("q") and tab in allowed:
            lists[str(row.uuid)] = tab, filters_of(given, offered, actor=actor, at=at)
    return lists


def saved_shown(rows: Sequence[SavedFilter], counts: Mapping[str, int], *, current: str) -> list[Saved]:
    return [_saved(row.uuid, row.name, row.query, counts.get(str(row.uuid)), current) for row in rows]


def _saved(uuid: UUID, name: str, query: str, count: int | None, current: str) -> Saved:
    shown = None if count is None else min(count, CAP)
    return Saved(uuid, name, query, shown, count is not None and count >= CAP, query == current)


def columns_for(actor: Actor) -> tuple[Column, ...]:
    names = columns_of(actor)
    return USUAL if names is None else chosen(names)


@needs(Power.SEE)
@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep the list that stands in `query` under a name; `gone` brings back one that was removed a moment ago."""
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    if "gone" in request.POST:
        try:
            name, query = signing.loads(request.POST["gone"], salt=SALT)
        except signing.BadSignature:
            name = ""
    try:
        kept = keep_filter(name, _clean(query), by=request.actor)
    except Refused as refused:
        return refusal(request, refused)
    return done(request, f"{reverse('work')}?{kept.query}")


@needs(Power.SEE)
@require_POST
def change(request: Request, uuid: UUID) -> HttpResponse:
    """Rename it, or remove it: the next page offers to bring it back."""
    kept = saved_filter(request.actor, uuid)
    if "remove" not in request.POST:
        try:
            kept = rename_filter(kept, request.POST.get("name", ""), by=request.actor)
        except Refused as refused:
            return refusal(request, refused)
        return done(request, f"{reverse('work')}?{kept.query}")
    token = signing.dumps([kept.name, kept.query], salt=SALT)
    drop_filter(kept)
    return done(request, f"{reverse('work')}?{kept.query}&{urlencode({'gone': token})}")


@needs(Power.SEE)
@require_POST
def columns(request: Request) -> HttpResponse:
    keep_columns([column.value for column in chosen(" ".join(request.POST.getlist("column")))], by=request.actor)
    return done(request, f"{reverse('work')}?{_clean(request.POST.get('query', ''))}")


def _clean(query: str) -> str:
    """Only what a list is made of: an address goes nowhere else."""
    given = read(query)
    tab = tab_of(given)
    return query_of(given, **({"tab": tab.value} if tab else {}))
