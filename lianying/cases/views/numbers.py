"""The published figures (本月实数): each with its parts, its meaning and what was left out."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianying.cases import clocks, labels
from lianying.cases.queries.backdated import backdated
from lianying.cases.queries.figures import (
    CategoryCount,
    MonthFigures,
    before,
    by_category,
    figures,
    following,
    published_months,
)
from lianying.common.clock import local_day, now
from lianying.common.pages import page, public
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.rates import ASSESSABLE, Standing

# Counting a year of a large city takes seconds; every page says as of when it was counted.
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A rate as it is printed: part of whole, and what that means."""

    name: str
    meaning: str
    rate: float | None
    part: int | Decimal
    whole: int


@dataclass(frozen=True, slots=True)
class Line:
    """A standing with its count; assessable lines are the whole of the first rate, `author` leaves a request out."""

    name: Promise
    count: int
    assessable: bool
    author: Promise | None


@dataclass(frozen=True, slots=True)
class Published:
    months: list[MonthFigures]
    categories: list[CategoryCount]


@public
@require_safe
def numbers(request: Request) -> HttpResponse:
    """This month in full, and the last twelve complete ones beside each other."""
    kept = _published()
    months = [(row, _rates(row)) for row in kept.months if row.received]
    return _numbers_page(request, kept.months[0], kept.categories, months)


@public
@require_safe
def numbers_month(request: Request, year: int, month: int) -> HttpResponse:
    at = now()
    try:
        first = date(year, month, 1)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if not date(2000, 1, 1) <= first <= local_day(at):
        raise Http404
    return _numbers_page(request, figures([first], at)[0], by_category(first), [])


def _numbers_page(
    request: Request,
    row: MonthFigures,
    categories: Sequence[CategoryCount],
    months: Sequence[tuple[MonthFigures, list[Shown]]],
) -> HttpResponse:
    """For staff also what was entered late in the cases that they may read."""
    staff = Power.SEE in request.actor.powers
    late = backdated(request.actor, row.month) if staff else []
    context = _month(row, categories) | {"months": months, "shows_backdated": staff, "backdated": late}
    response = page(request, "cases/numbers.html", None, context)
    if staff:
        response["Cache-Control"] = "private, no-store"
    return response


@public
@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """The months of the page as a table; no cell holds anybody's words, so none can be a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lianying-numbers.csv"'
    writer = csv.writer(response)
    writer.writerow(_head())
    writer.writerows(_cells(row) for row in _published().months if row.received)
    return response


def _published() -> Published:
    at = now()
    months = published_months(local_day(at))

    def count() -> Published:
        return Published(figures(months, at), by_category(months[0]))

    # The month is part of the key: on the first day of the next one, the old table is not shown as the new one.
    return cast(Published, cache.get_or_set(f"numbers:{months[0]}", count, KEPT_SECONDS))


def _month(row: MonthFigures, categories: Sequence[CategoryCount]) -> dict[str, object]:
    this_month = local_day(now()).replace(day=1)
    return {
        "figures": row,
        "rates": _rates(row),
        "lines": _lines(row),
        "categories": [(_category(one), one.received) for one in categories],
        "is_now": row.month == this_month,
        "before": before(row.month),
        "after": following(row.month) if row.month < this_month else None,
    }


def _rates(row: MonthFigures) -> list[Shown]:
    in_time = _("answered by the promised time, of those whose answer was given or due; once late stays late")
    solved = _("“solved” in the resident's own verdict, of those who gave one; “partly” is not counted as solved")
    return [
        Shown(_("answered in time"), in_time, row.in_time_rate, row.in_time, row.assessable),
        Shown(_("residents say solved"), solved, row.solved_rate, row.solved, row.checked),
        Shown(
            _("satisfied"),
            content_words(clocks.profile().satisfied_weight),
            row.satisfied_rate,
            row.satisfied,
            row.checked,
        ),
    ]


def content_words(weight: Decimal) -> str:
    """Say what counts as satisfied where a 3 has this weight."""
    if weight == 1:
        return _("3, 4 or 5 points out of 5 in the resident's own verdict, of those who gave one")
    if weight == 0:
        return _("4 or 5 points out of 5 in the resident's own verdict, of those who gave one")
    words = _("4 or 5 points out of 5 in the resident's own verdict, a 3 counted as %(weight)s, of those who gave one")
    return words % {"weight": weight.normalize()}


def _lines(row: MonthFigures) -> list[Line]:
    return [
        Line(label, row.standings.get(code, 0), code in ASSESSABLE, labels.EXCLUDED_BY.get(code))
        for code, label in labels.STANDINGS.items()
    ]


def _category(one: CategoryCount) -> str:
    if one.category is None:
        return _("not sorted yet")
    return one.category.name_en if get_language() == "en" else one.category.name_zh


def _head() -> list[object]:
    standings = [labels.STANDINGS[code] for code in Standing]
    return [
        _("month"), _("as of"), _("requests received"), *standings, _("assessable"), _("answered in time, %"),
        _("verdicts"), _("residents say solved"), _("residents say solved, %"), _("satisfied"), _("satisfied, %"),
        _("closed: not reached"), _("closed: no word"),
    ]  # fmt: skip


def _cells(row: MonthFigures) -> list[object]:
    counts = [row.standings.get(code, 0) for code in Standing]
    as_of = timezone.localtime(row.as_of).strftime("%Y-%m-%d %H:%M")
    return [
        row.month.strftime("%Y-%m"), as_of, row.received, *counts, row.assessable, _hundredths(row.in_time_rate),
        row.checked, row.solved, _hundredths(row.solved_rate), row.satisfied, _hundredths(row.satisfied_rate),
        row.unreached, row.silent,
    ]  # fmt: skip


def _hundredths(rate: float | None) -> str:
    return "" if rate is None else f"{rate * 100:.2f}"
