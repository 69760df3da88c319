"""What units owe and have done, in counts; of people there are none here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Least

from lianying.orgs.models import Unit
from lianying.rules.quotas import SOON, needs_help
from lianying.visits.models import Obligation

#: What was left undone in terms that ended longer ago is not shown any more.
LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the terms in which the day lies: links, visits owed and made of them; overdue: left undone in earlier terms.

    pressing, pressed   of those whose terms end within `rules.quotas.SOON`: visits owed, and made
    """

    links: int = 0
    owed: int = 0
    made: int = 0
    overdue: int = 0
    pressing: int = 0
    pressed: int = 0

    @property
    def missing(self) -> int:
        return self.owed - self.made

    @property
    def needs_help(self) -> bool:
        return needs_help(self.pressing, self.pressed)


def coverage_of(units: Sequence[Unit], today: date) -> dict[int, Coverage]:
    """By primary key of those that owe anything; one query, answered from an index alone."""
    sums = _sums(today)
    rows = _owing(today).filter(unit__in=units).order_by().values_list("unit").annotate(**sums)
    return {unit: Coverage(*(value or 0 for value in values)) for unit, *values in rows}


def coverage_together(units: QuerySet[Unit], today: date) -> Coverage:
    found = _owing(today).filter(unit__in=units.order_by()).aggregate(**_sums(today))
    return Coverage(**{name: value or 0 for name, value in found.items()})


def _owing(today: date) -> QuerySet[Obligation]:
    return Obligation.objects.filter(ends_on__gte=today - LOOKS_BACK, starts_on__lte=today)


def _sums(today: date) -> dict[str, Count | Sum]:
    """In the order of the fields of `Coverage`."""
    now, soon = Q(ends_on__gte=today), Q(ends_on__gte=today, ends_on__lt=today + SOON)
    # A third visit where two are owed does not make up for another household.
    done = Least("done", "required")
    return {
        "links": Count("pk", filter=now),
        "owed": Sum("required", filter=now),
        "made": Sum(done, filter=now),
        "overdue": Sum(F("required") - done, filter=~now),
        "pressing": Sum("required", filter=soon),
        "pressed": Sum(done, filter=soon),
    }
