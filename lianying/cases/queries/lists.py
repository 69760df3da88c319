"""The lists of a unit's work: tabs by state, filters, pages; each row comes with all that it prints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lianying.cases import clocks
from lianying.cases.models import IS_OPEN, Case, Proposal
from lianying.cases.queries.checks import awaiting_supervisor
from lianying.cases.queries.find import Words
from lianying.cases.queries.scope import assisted, covered, few_covered, unaccusing
from lianying.common.clock import start_of_day
from lianying.common.db import Like, counts
from lianying.common.paging import SIZE, Among, Page, page_of
from lianying.orgs.models import Unit, User
from lianying.orgs.paths import within
from lianying.orgs.queries import units
from lianying.orgs.scope import Actor
from lianying.rules.entries import ProposalKind
from lianying.rules.kinds import Urgency
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.powers import Power

#: No count reads further than this.
CAP = 100
#: A page of a narrowed list looks through so many rows in its index; through so many where it has to read each text.
STRETCH, READ = 4_000, 1_000
#: Where more are open than this, nobody is told how many of them fit the filters.
COUNTABLE = 2_000
#: No workbook holds more: a longer list is sent as text, a line at a time.
MOST = 100_000
ROW = (
    "id",
    "ref",
    "title",
    "address",
    "state",
    "ending",
    "urgency",
    "stage_due_at",
    "closed_at",
    "kind",
    "category",
    "channel",
    "received_at",
    "due_at",
    "answered_at",
    "satisfaction",
)
#: Looked up for the rows of the page alone: a join is made before the list is cut.
NAMES = {
    "unit_name": Subquery(Unit.objects.filter(pk=OuterRef("unit_id")).values("name")),
    "handler_name": Subquery(User.objects.filter(pk=OuterRef("handler_id")).values("name")),
}
BY_DUE = ("stage_due_at", "id")
BY_END = ("-closed_at", "-id")
SOON = timedelta(hours=4)
SOON_DAYS = 2


class Tab(StrEnum):
    """The parts of the list, named in its address."""

    ASSIGNED = "assigned"
    HANDLING = "handling"
    WAITING = "waiting"
    DISPUTED = "disputed"
    ANSWERED = "answered"
    ASSISTING = "assisting"
    SOON = "soon"
    LATE = "late"
    APPROVALS = "approvals"
    EXTENSIONS = "extensions"
    ENDS = "ends"
    REWORKED = "reworked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list; empty values narrow nothing.

    category   a code of either level;  since, until: local days of receipt, both included
    words      as `queries.find.holding` gives them;  late_at: only what was due before
    """

    kind: str = ""
    urgency: str = ""
    category: str = ""
    unit: Unit | None = None
    handler_id: int | None = None
    since: date | None = None
    until: date | None = None
    words: Words | None = None
    late_at: datetime | None = None

    def on(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        """All but the unit, with which the index begins."""
        for name in ("kind", "urgency", "handler_id"):
            if getattr(self, name):
                rows = rows.filter(**{name: getattr(self, name)})
        if self.category:
            rows = rows.filter(_under(self.category))
        if self.since:
            rows = rows.filter(received_at__gte=start_of_day(self.since))
        if self.until:
            rows = rows.filter(received_at__lt=start_of_day(self.until + timedelta(days=1)))
        if self.words is not None:
            rows = rows.filter(self.words.where)
        if self.late_at is not None:
            rows = rows.filter(stage_due_at__lt=self.late_at, closed_at__isnull=True).exclude(state=State.WAITING)
        return rows

    @property
    def stretch(self) -> int:
        """How many rows a page looks through for those that fit; 0 where it passes over none."""
        if self.words is not None:
            return READ if self.words.frequent else 0
        return STRETCH if replace(self, unit=None) != Filters() else 0


def _under(category: str) -> Q:
    """A range instead of LIKE, which is not looked up in an index."""
    after = str(int(category) + 1).zfill(len(category))
    return Q(category__gte=category) & (Q(category__lt=after) if len(after) == len(category) else Q())


def proposed(kind: ProposalKind) -> Q:
    # The few open proposals are read once; to ask for each case in hand whether it has one took five times as long.
    rows = Proposal.objects.filter(kind=kind.value, decided_at__isnull=True)
    return Q(pk__in=rows.values("case_id"), state=State.HANDLING)


def due_soon(at: datetime) -> Q:
    """In hand and not late: an urgent one with four hours left, another with two working days."""
    near = Q(stage_due_at__gte=at, stage_due_at__lte=clocks.workdays_after(at, SOON_DAYS))
    return Q(state=State.HANDLING) & near & (~Q(urgency=Urgency.URGENT) | Q(stage_due_at__lte=at + SOON))


# The other states are left out instead of these two asked for: two stretches of an index would have to be sorted.
IN_HAND = ~Q(state__in=sorted(OPEN - {State.ASSIGNED, State.HANDLING}))


def late(at: datetime) -> Q:
    return Q(stage_due_at__lt=at) & IN_HAND


_WHERE: Mapping[Tab, Callable[[datetime], Q]] = {
    Tab.SOON: due_soon,
    Tab.LATE: late,
    Tab.APPROVALS: lambda at: proposed(ProposalKind.ANSWER),
    Tab.EXTENSIONS: lambda at: proposed(ProposalKind.EXTENSION),
    Tab.ENDS: lambda at: proposed(ProposalKind.END),
    Tab.REWORKED: lambda at: awaiting_supervisor(),
}
#: Tabs that hold the cases of one state.
STATES = (Tab.ASSIGNED, Tab.HANDLING, Tab.WAITING, Tab.DISPUTED, Tab.ANSWERED)
#: Tabs for those who decide: their cases are few, and found by their keys.
DECIDES: Mapping[Tab, Power] = {
    Tab.APPROVALS: Power.APPROVE,
    Tab.EXTENSIONS: Power.EXTEND,
    Tab.ENDS: Power.SORT,
    Tab.REWORKED: Power.END_UNSOLVED,
}


def tabs_for(actor: Actor) -> list[Tab]:
    return [tab for tab in Tab if tab not in DECIDES or DECIDES[tab] in actor.powers]


def rows_of(tab: Tab, actor: Actor, at: datetime, filters: Filters | None = None) -> QuerySet[Case]:
    """The cases of a tab that fit the filters and that the actor may read, in no order."""
    filters = filters or Filters()
    return unaccusing(filters.on(_within(tab, actor, at, filters.unit)), actor)


def running() -> QuerySet[Case]:
    """Open cases with a clock: what was imported long ago without one never presses anybody."""
    return Case.objects.filter(IS_OPEN, stage_due_at__isnull=False)


def _within(tab: Tab, actor: Actor, at: datetime, unit: Unit | None) -> QuerySet[Case]:
    """Those of a tab that posts of the actor cover, through the index of a level, before any filter is asked."""
    under = unit.path if unit else ""
    if tab == Tab.CLOSED:
        return covered(Case.objects.filter(closed_at__isnull=False), actor, under=under)
    return _open_within(tab, actor, at, covered(running(), actor, under=under), unit)


def _open_within(tab: Tab, actor: Actor, at: datetime, inside: QuerySet[Case], unit: Unit | None) -> QuerySet[Case]:
    """inside: what runs within the posts of the actor."""
    if tab == Tab.ASSISTING:
        rows = running().filter(pk__in=assisted(actor).values("pk"))
        return rows.filter(within(unit.path)) if unit else rows
    if tab in DECIDES:
        return few_covered(running().filter(_WHERE[tab](at)), actor, DECIDES[tab], under=unit.path if unit else "")
    return inside.filter(_WHERE[tab](at) if tab in _WHERE else Q(state=tab.value))


def list_counts(
    actor: Actor, filters: Filters, kept: Mapping[str, tuple[Tab, Filters]], at: datetime
) -> dict[str, int]:
    """How many each open tab holds under the filters, and each kept list by its name, none above CAP; two queries.

    What is not there would take long to count: what is narrowed where thousands are open, or by frequent words.
    """
    narrowed = {name for name, (_, own) in kept.items() if own.stretch}
    long = {name for name in narrowed if kept[name][0] == Tab.CLOSED}
    if filters.words is not None and filters.words.frequent:
        tabs, long = {}, narrowed
    else:
        asked = ({"here": filters.unit} if filters.stretch else {}) | ({"everywhere": None} if narrowed else {})
        many = _many(actor, asked)
        tabs = {} if "here" in many else _tabs_counted(actor, filters, at)
        long |= narrowed if "everywhere" in many else set()
    lists = {name: rows_of(tab, actor, at, own) for name, (tab, own) in kept.items() if name not in long}
    return counts(tabs | lists, CAP)


def _many(actor: Actor, places: Mapping[str, Unit | None]) -> set[str]:
    """The names of the places, units or the whole scope, where more is open than can be counted at once."""
    rows = {name: covered(running(), actor, under=unit.path if unit else "") for name, unit in places.items()}
    return {name for name, count in counts(rows, COUNTABLE + 1).items() if count > COUNTABLE}


def _tabs_counted(actor: Actor, filters: Filters, at: datetime) -> dict[str, QuerySet[Case] | Like]:
    tabs: list[Tab] = [tab for tab in tabs_for(actor) if tab != Tab.CLOSED]
    # Made once: to build it ten times took a tenth of the page.
    inside = covered(running(), actor, under=filters.unit.path if filters.unit else "")
    rows: dict[str, QuerySet[Case] | Like] = {}
    for tab in tabs:
        if tab in STATES[1:]:
            rows[tab.value] = Like(STATES[0].value, STATES[0].value, tab.value)
        else:
            whole = _open_within(tab, actor, at, inside, filters.unit)
            rows[tab.value] = unaccusing(filters.on(whole), actor)
    return rows


def due_next(actor: Actor, at: datetime, most: int) -> list[tuple[datetime, str]]:
    """When each of the next terms of a step ends, and the number of its request; the nearest first."""
    rows = unaccusing(covered(running(), actor).filter(IN_HAND, stage_due_at__gte=at), actor)
    found = rows.order_by(*BY_DUE).values_list("stage_due_at", "ref")[:most]
    return [(due_at, ref) for due_at, ref in found if due_at is not None]


def order_of(tab: Tab) -> tuple[str, str]:
    return BY_END if tab == Tab.CLOSED else BY_DUE


def work_page(
    tab: Tab, actor: Actor, filters: Filters, *, after: str = "", size: int = SIZE, at: datetime
) -> Page[Any]:
    """What is due first, and of the ended ones what ended last; rows with the attributes of ROW and NAMES.

    No models: to make fifty with their units and handlers took a tenth of the page.
    """
    rows = rows_of(tab, actor, at, filters).annotate(**NAMES).values_list(*ROW, *NAMES, named=True)
    among = Among(_within(tab, actor, at, filters.unit), filters.stretch) if filters.stretch else None
    return page_of(rows, order_of(tab), after, size, among=among)


def export_rows(tab: Tab, actor: Actor, filters: Filters, at: datetime) -> QuerySet[Any, Any]:
    """All that the list shows on its pages, in its order; rows as `work_page` gives them."""
    rows = rows_of(tab, actor, at, filters).annotate(**NAMES).values_list(*ROW, *NAMES, named=True)
    return rows.order_by(*order_of(tab))


def neighbour(tab: Tab, actor: Actor, filters: Filters, *, of: Case, forward: bool, at: datetime) -> str:
    """The number of the case that stands after (or before) this one in the list, '' at its end."""
    first, second = (name.lstrip("-") for name in order_of(tab))
    descending = (tab == Tab.CLOSED) == forward
    value = getattr(of, first)
    if value is None:
        return ""
    compare = "lt" if descending else "gt"
    beyond = Q(**{f"{first}__{compare}": value}) | Q(**{first: value, f"{second}__{compare}": of.pk})
    rows = rows_of(tab, actor, at, filters).filter(Q(**{f"{first}__{compare}e": value}) & beyond)
    order = [f"-{name}" if descending else name for name in (first, second)]
    return rows.order_by(*order).values_list("ref", flat=True).first() or ""


def units_within(actor: Actor) -> list[Unit]:
    """Units below the actor's scopes, to choose from; empty for somebody whose scope is one unit alone."""
    below = Q(pk__in=[])
    for scope in actor.scopes(Power.SEE):
        below |= Q(path__startswith=scope)
    found = list(units().filter(below))
    return found if len(found) > 1 else []
