"""How a span and a unit stand in the address of a page of results."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _t

from lianying.cases.forms.moves import Choices, grouped
from lianying.cases.queries.lists import units_within
from lianying.common.clock import local_day, now
from lianying.orgs.middleware import Request
from lianying.reviews.queries.tally import Asked
from lianying.rules.quotas import Term
from lianying.rules.results import Period, after, before, span_of

#: Nothing was counted before.
FIRST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page of results was asked for. offered: the units to choose from, grouped."""

    asked: Asked
    period: Period
    at: datetime
    offered: Choices = field(default_factory=list)

    @property
    def words(self) -> str:
        return span_words(self.period, self.asked.span)

    @property
    def query(self) -> str:
        return self.query_of(self.period, self.asked.span)

    def query_of(self, period: Period, span: Term) -> str:
        """For an address; a span is named by its first day."""
        given = {"of": period.value, "on": span.starts_on.isoformat()}
        return urlencode(given | ({"unit": self.asked.unit.code} if self.asked.unit else {}))

    @property
    def periods(self) -> list[tuple[Period, str]]:
        """Each with the address of the one in which the days asked for begin."""
        return [(one, self.query_of(one, span_of(one, self.asked.span.starts_on))) for one in Period]

    @property
    def earlier(self) -> str:
        span = before(self.period, self.asked.span)
        return self.query_of(self.period, span) if span.starts_on >= FIRST else ""

    @property
    def later(self) -> str:
        """'' where it lies ahead."""
        span = after(self.period, self.asked.span)
        return self.query_of(self.period, span) if span.starts_on <= local_day(self.at) else ""


def chosen(request: Request) -> Chosen:
    """What cannot be meant is this quarter, and all that the person may read; one query."""
    at, given = now(), request.GET
    name = given.get("of", "")
    period = Period(name) if name in tuple(Period) else Period.QUARTER
    units = units_within(request.actor)
    unit = next((one for one in units if one.code == given.get("unit", "")), None)
    span = span_of(period, _day(given.get("on", ""), local_day(at)))
    return Chosen(Asked(request.actor, span, unit), period, at, grouped(units)[1:])


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(day, FIRST), today)


def span_words(period: Period, span: Term) -> str:
    """'2026年第4季度'."""
    if period == Period.MONTH:
        return date_format(span.starts_on, "YEAR_MONTH_FORMAT")
    if period == Period.YEAR:
        return _t("the year %(year)s") % {"year": span.starts_on.year}
    number = (span.starts_on.month + 2) // 3
    return _t("quarter %(number)s of %(year)s") % {"number": number, "year": span.starts_on.year}
