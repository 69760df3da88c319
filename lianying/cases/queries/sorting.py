"""What a clerk sees while sorting: the queue, what was told before, and which offices such matters went to."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects

from lianying.audit.models import Event
from lianying.cases.models import IS_OPEN, Case, Entry, Pause
from lianying.cases.queries.lists import CAP
from lianying.cases.queries.scope import ATTACHED, at_own_desk, case_for, visible
from lianying.common.db import counts
from lianying.common.paging import Page, page_of
from lianying.orgs.kinds import SERVES_PARENT
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import Channel
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power

SIZE = 20
#: The county's habits are read from so many of its newest sorted requests, no older than so many days.
SAMPLE = 20_000
DAYS = 90
KEPT_SECONDS = 600
YOUNG_SECONDS = 5
HABITS = "cases.habits"
PICKS = 9
UNIT_PICKS = 4


class Queue(StrEnum):
    NEW = "new"
    DISPUTED = "disputed"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Habits:
    """How often categories occurred, and the codes of the units that each went to, most frequent first.

    units[""] is over all categories
    """

    categories: tuple[tuple[str, int], ...]
    units: dict[str, tuple[str, ...]]

    def unit_codes(self, category: str) -> list[str]:
        """The units of the category, filled up with those of its first level and of all."""
        codes = (*self.units.get(category, ()), *self.units.get(category[:2], ()), *self.units.get("", ()))
        return list(dict.fromkeys(codes))


def queue_rows(queue: Queue, actor: Actor) -> QuerySet[Case]:
    """What waits, without order; old ones were imported and carry no clock."""
    rows = visible(Case.objects.filter(IS_OPEN), actor, Power.SORT)
    if queue == Queue.DISPUTED:
        return rows.filter(state=State.DISPUTED, stage_due_at__isnull=False)
    return at_own_desk(rows, actor).filter(state=State.HEARD, stage_due_at__isnull=queue == Queue.OLD)


def queue_page(queue: Queue, actor: Actor, *, after: str = "") -> Page[Case]:
    """What is due first; the old ones by when they came."""
    rows = queue_rows(queue, actor).select_related("contact", "unit", "accused", "handler", "main")
    order = ("received_at", "id") if queue == Queue.OLD else ("stage_due_at", "id")
    return page_of(rows, order, after, SIZE)


def queue_counts(actor: Actor, at: datetime) -> dict[str, int]:
    """By queue, and `late` for the new ones past their term; none above CAP; one query."""
    rows: dict[str, QuerySet[Case]] = {queue.value: queue_rows(queue, actor) for queue in Queue}
    rows["late"] = queue_rows(Queue.NEW, actor).filter(stage_due_at__lt=at)
    return counts(rows, CAP)


def following(queue: Queue, actor: Actor, case: Case) -> str:
    """The number of the case that stands after this one in its queue, '' at the end; asked before the case moves."""
    first = "received_at" if queue == Queue.OLD else "stage_due_at"
    value = getattr(case, first)
    if value is None:
        return ""
    beyond = Q(**{f"{first}__gt": value}) | Q(**{first: value, "id__gt": case.pk})
    rows = queue_rows(queue, actor).filter(Q(**{f"{first}__gte": value}) & beyond).exclude(pk=case.pk)
    return rows.order_by(first, "id").values_list("ref", flat=True).first() or ""


def chosen(actor: Actor, ref: str, page: Page[Case]) -> Case | None:
    """The case in the middle, with its words and photos: the one asked for, else the first of the queue."""
    case = next((row for row in page.rows if row.ref == ref), None)
    if case is None and ref:
        case = case_for(actor, ref)
    if case is None:
        case = page.rows[0] if page.rows else None
    if case is not None:
        pauses = Pause.objects.order_by("id") if case.asks else Pause.objects.none()
        entries = Prefetch("entries", Entry.objects.select_related("author").order_by("id"))
        prefetch_related_objects([case], entries, ATTACHED, Prefetch("pauses", pauses))
    return case


def named_in_dispute(case: Case) -> str:
    """The unit whose duty it is in the eyes of the one that disputes."""
    events = Event.objects.filter(stream=f"case:{case.ref}", kind=EventKind.DISPUTED).order_by("-seq")
    data = events.values_list("data", flat=True).first() or {}
    return Unit.objects.filter(pk=data.get("proposed") or 0).values_list("name", flat=True).first() or ""


def habits(at: datetime) -> Habits:
    """Counted anew every few minutes, in a young county every few seconds; one query."""
    known: Habits | None = cache.get(HABITS)
    if known is None:
        known = _count_habits(at)
        is_young = len(known.categories) < PICKS
        cache.set(HABITS, known, YOUNG_SECONDS if is_young else KEPT_SECONDS)
    return known


def _count_habits(at: datetime) -> Habits:
    newest = (
        Case.objects.filter(received_at__gte=at - timedelta(days=DAYS), received_at__lte=at)
        .exclude(category="")
        .exclude(channel=Channel.IMPORT)
        .order_by("-received_at", "-id")[:SAMPLE]
    )
    rows = (
        Case.objects.filter(pk__in=newest.values("pk")).order_by().values_list("category", "unit__code", "unit__kind")
    )
    by_category: Counter[str] = Counter()
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for category, code, kind, count in rows.annotate(count=Count("pk")):
        by_category[category] += count
        if kind not in SERVES_PARENT:
            for level in {"", category[:2], category}:
                by_unit[level][code] += count
    units = {category: tuple(code for code, _ in _most(codes, UNIT_PICKS)) for category, codes in by_unit.items()}
    return Habits(tuple(_most(by_category, PICKS)), units)


def _most(counted: Counter[str], count: int) -> list[tuple[str, int]]:
    """The most frequent; of equals the lower code, so that the keys do not change places."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:count]
