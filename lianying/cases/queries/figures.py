"""The rows behind the published figures. SQL only groups what is alike; what counts is decided in `rules/rates.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from lianying.cases import clocks
from lianying.cases.models import IS_OPEN, Case, Pause
from lianying.reference.categories import Category, categories
from lianying.rules.kinds import Channel, Ending, Solved
from lianying.rules.lifecycle import UNANSWERED, State
from lianying.rules.rates import Row, Tally, tally

COMPLETE_MONTHS = 12
ALIKE = (
    "state", "ending", "channel", "answered", "answered_late", "answered_at_once", "overdue", "solved", "satisfaction",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures(Tally):
    """Figures of the requests received in a local month.

    month     its first day;  as_of: the moment of counting
    open_now  all requests that have not ended, of whatever month, see `open_now`
    """

    month: date
    as_of: datetime
    open_now: int


def month_figures(month: date, as_of: datetime) -> MonthFigures:
    """Two queries: the month, and what is open."""
    return figures([month], as_of)[0]


def figures(months: Sequence[date], as_of: datetime) -> list[MonthFigures]:
    """Figures of consecutive months, in the order given; two queries however many they are.

    months   first days;  as_of is now: rows hold their present state, so another moment cannot be asked for
    """
    groups: dict[date, list[tuple[Row, int]]] = {month: [] for month in months}
    for group in _alike(months, as_of):
        groups[months[group["place"]]].append((row_of(group), group["count"]))
    weight, still_open = clocks.profile().satisfied_weight, open_now()
    return [_figures(month, as_of, still_open, tally(rows, weight)) for month, rows in groups.items()]


def _figures(month: date, as_of: datetime, still_open: int, counts: Tally) -> MonthFigures:
    return MonthFigures(
        month=month,
        as_of=as_of,
        open_now=still_open,
        standings=counts.standings,
        checked=counts.checked,
        solved=counts.solved,
        satisfied=counts.satisfied,
        unreached=counts.unreached,
        silent=counts.silent,
    )


def _alike(months: Sequence[date], as_of: datetime) -> Iterable[Mapping[str, Any]]:
    """One row for each kind of request that the figures tell apart, with its count; `place` is the month's."""
    rows = _received(min(months), max(months)).annotate(place=_place(months))
    return alike(rows, as_of, "place")


def alike(rows: QuerySet[Case], as_of: datetime, *columns: str) -> Iterable[Mapping[str, Any]]:
    """One row with `count` for each kind of request that the figures tell apart, by the columns besides."""
    stopped = Pause.objects.filter(case=OuterRef("pk"), replied_at__isnull=True, told_at__lt=OuterRef("due_at"))
    passed = Q(Q(state__in=sorted(UNANSWERED), due_at__lt=as_of), ~Q(Q(state=State.WAITING.value), Exists(stopped)))
    found: Iterable[Mapping[str, Any]] = (
        rows.annotate(answered=_flag(Q(answered_at__isnull=False)), overdue=_flag(passed))
        .values(*columns, *ALIKE)
        .annotate(count=Count("pk"))
        .order_by()
    )
    return found


def _flag(condition: Q) -> models.Case:
    return models.Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


def _place(months: Sequence[date]) -> models.Expression:
    if len(months) == 1:
        return Value(0, output_field=models.IntegerField())
    newest_first = sorted(enumerate(months), key=lambda pair: pair[1], reverse=True)
    whens = [When(received_at__gte=start_of(month), then=Value(place)) for place, month in newest_first]
    return models.Case(*whens, output_field=models.IntegerField())


def _received(first: date, last: date) -> QuerySet[Case]:
    return Case.objects.filter(received_at__gte=start_of(first), received_at__lt=start_of(following(last)))


def start_of(month: date) -> datetime:
    return datetime.combine(month, time.min, timezone.get_current_timezone())


def row_of(group: Mapping[str, Any]) -> Row:
    return Row(
        state=State(group["state"]),
        ending=Ending(group["ending"]) if group["ending"] else None,
        channel=Channel(group["channel"]),
        answered=group["answered"],
        answered_late=group["answered_late"],
        answered_at_once=group["answered_at_once"],
        overdue=group["overdue"],
        solved=Solved(group["solved"]) if group["solved"] else None,
        satisfaction=group["satisfaction"],
    )


def open_now() -> int:
    """Requests with a running clock that have not ended; old ones that were imported have none. One query."""
    return Case.objects.filter(IS_OPEN, stage_due_at__isnull=False).count()


def published_months(today: date) -> list[date]:
    """First days of this month and the last twelve complete ones, newest first."""
    months = [today.replace(day=1)]
    while len(months) <= COMPLETE_MONTHS:
        months.append(before(months[-1]))
    return months


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def following(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """category is None for requests that were not sorted yet."""

    category: Category | None
    received: int


def by_category(month: date) -> list[CategoryCount]:
    """How many requests of the month fall to each first-level category, in the order of the list; one query."""
    rows = _received(month, month).values_list(Substr("category", 1, 2)).annotate(count=Count("pk")).order_by()
    counts = dict(rows)
    known = {one.code: one for one in categories() if not one.parent}
    sorted_ones = [CategoryCount(one, counts.pop(code)) for code, one in known.items() if code in counts]
    unsorted = sum(counts.values())
    return [*sorted_ones, CategoryCount(None, unsorted)] if unsorted else sorted_ones
