"""What comes due to be erased, and what was."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from lianying.cases import clocks
from lianying.cases.models import Case


def ended_before(at: datetime) -> datetime:
    """Whatever ended before this moment has been kept for the profile's years."""
    local = timezone.localtime(at)
    year = local.year - clocks.profile().erase_years
    try:
        return local.replace(year=year)
    except ValueError:
        # The 29th of February of a year that has one.
        return local.replace(year=year, day=28)


def due_to_erase(at: datetime) -> QuerySet[Case]:
    """The longest ended first; what was joined to a request waits until that one has ended as well."""
    rows = Case.objects.filter(closed_at__lt=ended_before(at), erased_at__isnull=True)
    return rows.filter(Q(main__isnull=True) | Q(main__closed_at__isnull=False)).order_by("closed_at", "id")


def coming(at: datetime, days: int) -> QuerySet[Case]:
    """What will be due within so many days."""
    return due_to_erase(at + timedelta(days=days))


def erased() -> QuerySet[Case]:
    """The last erased first."""
    return Case.objects.filter(erased_at__isnull=False).order_by("-erased_at", "-id")
