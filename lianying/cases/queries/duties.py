"""What the duty list says of a request, and how a list would have sorted those of the past."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianying.cases.models import Case
from lianying.orgs.kinds import GRASSROOTS, PLACES, SERVES_PARENT
from lianying.orgs.models import Unit
from lianying.orgs.queries import answering_for, places_in, units
from lianying.rules.duties import DutyRow, answering, gives_to
from lianying.rules.kinds import Channel

DAYS = 90
#: The newest of the time; more would tell the same.
SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class Named:
    """A unit that the list names for a request. place: "" for the whole county;  here: it has the request."""

    unit: str
    place: str
    source: str
    here: bool


@dataclass(frozen=True, slots=True)
class Duties:
    """Best first. own: the list gives it to the office that has it, which may not push it down."""

    named: tuple[Named, ...]
    own: bool


def duties_of(case: Case) -> Duties:
    """Of the case's category and place, against the unit that has it. Two queries."""
    known = list(units())
    names = {unit.path: unit.name for unit in known if unit.depth > 1}
    found = answering_for(case.category, case.address, known)
    named = tuple(
        Named(unit.name, names.get(row.place, ""), row.source, case.path.startswith(unit.path)) for unit, row in found
    )
    return Duties(named, _own(case, known, [row for _, row in found]))


def pushes_down(case: Case, to: Unit) -> bool:
    """Whether an office names a town, village or community for what the list gives to itself."""
    if to.kind not in GRASSROOTS:
        return False
    known = list(units())
    return _own(case, known, [row for _, row in answering_for(case.category, case.address, known)])


def _own(case: Case, known: Sequence[Unit], rows: Sequence[DutyRow]) -> bool:
    root = min((unit.path for unit in known), key=len, default="")
    return case.unit.kind not in PLACES and gives_to(rows, case.path, root)


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
