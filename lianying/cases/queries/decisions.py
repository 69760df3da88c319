"""What people decided about requests, as `triage` learns from it."""

from collections.abc import Iterator

from lianying.cases.models import Case
from lianying.orgs.kinds import SERVES_PARENT
from lianying.rules.kinds import CaseKind
from lianying.triage.grams import Decision, Told

#: The newest requests are learned from; older ones were decided under other rules.
MOST = 20_000


def decided(limit: int = MOST) -> int:
    """How many requests have a category, none counted beyond the limit; reports are never learned from."""
    return Case.objects.exclude(category="").exclude(kind=CaseKind.REPORT).values("pk")[:limit].count()


def decisions() -> list[Decision]:
    """Oldest first. A unit counts where it holds the request; one that serves its parent decides nothing by itself."""
    return list(reversed(list(_newest())))


def _newest() -> Iterator[Decision]:
    rows = Case.objects.exclude(kind=CaseKind.REPORT).order_by("-received_at", "-id")
    columns = ("title", "text", "address", "category", "unit__code", "unit__kind", "received_at")
    for title, text, address, category, code, kind, at in rows.values_list(*columns)[:MOST].iterator():
        yield Decision(Told(title, text, address), category, "" if kind in SERVES_PARENT else code, at)
