"""How a duty list would have sorted the requests of the past, against how they were sorted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianying.cases.models import Case
from lianying.orgs.kinds import SERVES_PARENT
from lianying.orgs.queries import places_in, units
from lianying.rules.duties import DutyRow, answering
from lianying.rules.kinds import Channel

DAYS = 90
#: The newest of the time; more would tell the same.
SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """Requests of a category: the list names the unit that got them, another one, or none. names: which, most often."""

    category: str
    same: int
    other: int
    none: int
    names: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return self.same + self.other + self.none


def tried(rows: Sequence[DutyRow], at: datetime) -> list[Line]:
    """A line a category, the most frequent first. A unit below the one named counts as the same. Two queries."""
    known = list(units())
    names = {unit.path: unit.name for unit in known}
    root = min(names, key=len, default="")
    places = [unit for unit in known if unit.path in {row.place for row in rows}]
    by_category: dict[str, list[DutyRow]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    past = (
        Case.objects.filter(received_at__gte=at - timedelta(days=DAYS), received_at__lte=at)
        .exclude(category="")
        .exclude(channel=Channel.IMPORT)
        .exclude(unit__kind__in=SERVES_PARENT)
        .order_by("-received_at", "-id")
        .values_list("category", "address", "path")[:SAMPLE]
    )
    counts: dict[str, Counter[str]] = {}
    others: dict[str, Counter[str]] = {}
    for category, address, path in past:
        fitting = by_category.get(category, []) + by_category.get(category[:2], [])
        best = answering(fitting, category, places_in(address, places), root)
        came_to = "none" if not best else "same" if path.startswith(best[0].unit) else "other"
        counts.setdefault(category, Counter())[came_to] += 1
        if came_to == "other":
            others.setdefault(category, Counter())[names.get(best[0].unit, "")] += 1
    lines = [
        Line(
            category,
            found["same"],
            found["other"],
            found["none"],
            tuple(others.get(category, Counter()).most_common(3)),
        )
        for category, found in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, line.category))
