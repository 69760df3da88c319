"""The rail of the desk's pages: where a person may go, and how much waits there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from lianying.desk.queries import CAP, rail_counts
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power

#: URL name, words, the power that opens it, the figures beside it.
ENTRIES: tuple[tuple[str, Promise, frozenset[Power], tuple[str, ...]], ...] = (
    ("desk", _("Today"), frozenset({Power.SEE, Power.VISIT, Power.CONFIGURE}), ()),
    ("call", _("Take a call"), frozenset({Power.TELL}), ()),
    ("sort", _("Sorting"), frozenset({Power.SORT}), ("sort",)),
    ("work", _("My unit's work"), frozenset({Power.SEE}), ("work",)),
    ("checks", _("Calls to make"), frozenset({Power.CALL}), ("tell", "check")),
    ("visits", _("Visits"), frozenset({Power.VISIT, Power.LINK}), ("visits",)),
    ("petitions", _("Petitions"), frozenset({Power.SORT}), ()),
    ("care", _("Care"), frozenset({Power.CARE, Power.CARE_DECIDE, Power.SUPERVISE}), ()),
    ("watch", _("Watching"), frozenset({Power.REMIND}), ()),
    ("results", _("Results"), frozenset({Power.RESULTS, Power.PROGRAMME}), ()),
    ("numbers", _("Numbers"), frozenset({Power.SEE, Power.CONFIGURE}), ()),
    ("settings", _("Settings"), frozenset({Power.CONFIGURE}), ()),
)


@dataclass(frozen=True, slots=True)
class Item:
    """count is None where nothing is counted; capped where there are more than it says."""

    url: str
    label: Promise
    count: int | None
    capped: bool
    current: bool


def rail(request: HttpRequest) -> dict[str, Any]:
    """`rail` counts only on a page that draws it; `rail_at` is the page's URL name, kept while the rail refreshes."""
    match = request.resolver_match
    name = match.url_name if match else ""
    at = request.GET.get("at", "") if name == "rail" else name or ""
    section = next((entry[0] for entry in ENTRIES if at.startswith(entry[0])), "")
    return {
        "rail": SimpleLazyObject(lambda: _items(getattr(request, "actor", None), section)),
        "rail_at": at,
    }


def _items(actor: Actor | None, section: str) -> list[Item]:
    if actor is None or not actor.is_staff:
        return []
    found = rail_counts(actor)
    items = []
    for name, label, powers, figures in ENTRIES:
        if not powers & actor.powers:
            continue
        total = sum(found.get(figure, 0) for figure in figures)
        shown = min(total, CAP - 1) if figures else None
        items.append(Item(reverse(name), label, shown, total >= CAP, name == section))
    return items
