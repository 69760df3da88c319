"""A unit's own work: what is to be signed, handled, answered, and what is late."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianying.cases.columns import COLUMNS, cells
from lianying.cases.forms.lists import filters_of, query_of, tab_of
from lianying.cases.forms.moves import grouped
from lianying.cases.forms.sorting import category_choices
from lianying.cases.labels import URGENCIES, kind_choices, urgency_choices
from lianying.cases.queries.lists import CAP, Filters, Tab, list_counts, neighbour, tabs_for, units_within, work_page
from lianying.cases.queries.saved import saved_filters
from lianying.cases.queries.scope import case_for
from lianying.cases.views.saved import columns_for, kept_lists, saved_shown
from lianying.common.clock import now
from lianying.common.pages import needs, page
from lianying.orgs.middleware import Request
from lianying.rules.kinds import Urgency
from lianying.rules.powers import Power

TABS: dict[Tab, Promise] = {
    Tab.ASSIGNED: _("to sign"),
    Tab.HANDLING: _("handling"),
    Tab.WAITING: _("waiting for the resident"),
    Tab.DISPUTED: _("disputed"),
    Tab.ANSWERED: _("answered"),
    Tab.ASSISTING: _("assisting"),
    Tab.SOON: _("due soon"),
    Tab.LATE: _("late"),
    Tab.APPROVALS: _("answers to approve"),
    Tab.EXTENSIONS: _("more time asked for"),
    Tab.ENDS: _("ends proposed"),
    Tab.REWORKED: _("reworked twice"),
    Tab.CLOSED: _("closed"),
}
#: What to do where a list is empty.
EMPTY: dict[Tab, Promise] = {
    Tab.ASSIGNED: _("Nothing to sign. What the desk hands to your unit appears here."),
    Tab.HANDLING: _("Nothing in hand. Look whether something is to be signed."),
    Tab.WAITING: _("No resident is being asked at the moment."),
    Tab.DISPUTED: _("No duty is disputed."),
    Tab.ANSWERED: _("No answer waits to be checked with the resident."),
    Tab.ASSISTING: _("Your unit assists no other at the moment."),
    Tab.SOON: _("Nothing is due within two working days."),
    Tab.LATE: _("Nothing is late. Well done."),
    Tab.APPROVALS: _("No answer waits for you."),
    Tab.EXTENSIONS: _("Nobody asks for more time."),
    Tab.ENDS: _("Nobody proposes to end a request early."),
    Tab.REWORKED: _("No request waits for your decision after two reworks."),
    Tab.CLOSED: _("Nothing has been closed yet."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One tab on the page; count is None for the one that is not counted."""

    label: Promise
    query: str
    count: int | None
    capped: bool
    current: bool


@needs(Power.SEE)
@require_safe
def work(request: Request) -> HttpResponse:
    at, given = now(), request.GET
    offered = units_within(request.actor)
    filters = filters_of(given, offered, actor=request.actor, at=at)
    kept = saved_filters(request.actor)
    found = list_counts(request.actor, filters, kept_lists(kept, offered, actor=request.actor, at=at), at)
    tab = tab_of(given) or next((one for one in Tab if found.get(one)), Tab.ASSIGNED)
    rows = work_page(tab, request.actor, filters, after=given.get("after", ""), at=at)
    columns = columns_for(request.actor)
    context: dict[str, Any] = {
        "tabs": [_shown(request, one, found.get(one), tab) for one in tabs_for(request.actor)],
        "page": rows,
        "listed": [(row, cells(row, columns)) for row in rows.rows],
        "heads": [COLUMNS[column] for column in columns],
        "columns": columns,
        "all_columns": COLUMNS.items(),
        "query": query_of(given, tab=tab.value),
        # To ask for the address of each of fifty rows took a tenth of the page.
        "cases": reverse("case", args=["-"]).removesuffix("-/"),
        "tab": tab,
        "empty": EMPTY[tab],
        "kinds": kind_choices(),
        "urgencies": urgency_choices(),
        "categories": category_choices()[1:],
        "urgent": URGENCIES[Urgency.URGENT],
        "units": grouped(offered)[1:],
        "filters": filters,
        "words": given.get("q", ""),
        "is_filtered": filters != Filters(),
        "saved": saved_shown(kept, found, current=query_of(given, tab=tab.value)),
        "gone": given.get("gone", ""),
    }
    return page(request, "cases/work.html", "list", context)


def _shown(request: Request, tab: Tab, count: int | None, current: Tab) -> Shown:
    capped = count is not None and count >= CAP
    shown = None if count is None else min(count, CAP)
    return Shown(TABS[tab], query_of(request.GET, tab=tab.value), shown, capped, tab == current)


@needs(Power.SEE)
@require_safe
def work_step(request: Request, ref: str, way: str) -> HttpResponse:
    """From one case to the next of the same list; at the end back to the list."""
    if way not in {"next", "previous"}:
        raise Http404
    case = case_for(request.actor, ref)
    tab = tab_of(request.GET) or Tab(case.state if case.state in tuple(Tab) else Tab.CLOSED)
    at = now()
    filters = filters_of(request.GET, units_within(request.actor), actor=request.actor, at=at)
    other = neighbour(tab, request.actor, filters, of=case, forward=way == "next", at=at)
    url = reverse("case", args=[other]) if other else reverse("work")
    return HttpResponseRedirect(f"{url}?{query_of(request.GET, tab=tab.value)}")
