from collections.abc import Iterable

from django.db.models import QuerySet

from lianying.notices.models import Notice


def open_notices(paths: Iterable[str]) -> QuerySet[Notice]:
    """Calls that the desks at `paths` still owe, oldest first."""
    rows = Notice.objects.filter(path__in=list(paths), told_at__isnull=True, dropped_at__isnull=True)
    return rows.order_by("made_at", "id")


def open_notices_of(subject: str) -> QuerySet[Notice]:
    return Notice.objects.filter(subject=subject, told_at__isnull=True, dropped_at__isnull=True).order_by("id")
