"""The sheet of a day or a week (日报、周报): what came in and went out in it, by unit and by category."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from lianying.audit.models import Event
from lianying.cases import clocks
from lianying.cases.models import IS_OPEN, Case
from lianying.cases.queries.figures import alike, row_of
from lianying.cases.queries.lists import late
from lianying.cases.queries.scope import visible
from lianying.common.clock import start_of_day
from lianying.orgs.scope import Actor
from lianying.reference.categories import named_categories
from lianying.rules.events import EventKind
from lianying.rules.powers import Power
from lianying.rules.rates import Row, Tally, tally

#: Whoever was received longer ago is not looked for among what was answered or closed in the span.
REACH = timedelta(days=400)
COLUMNS = ("unit__path", "unit__name", "first_level")
Key = tuple[str, str, str]


@dataclass(slots=True)
class Line:
    """tally: of what was received in the span, as the published figures count it;  late: open and late as of now."""

    name: str
    answered: int = 0
    closed: int = 0
    reworked: int = 0
    late: int = 0
    rows: list[tuple[Row, int]] = field(default_factory=list)

    def add(self, other: "Line") -> None:
        self.answered += other.answered
        self.closed += other.closed
        self.reworked += other.reworked
        self.late += other.late
        self.rows += other.rows

    @property
    def tally(self) -> Tally:
        return tally(self.rows, clocks.profile().satisfied_weight)


@dataclass(frozen=True, slots=True)
class Sheet:
    """first, last: local days, both included; all: the sum of the units."""

    first: date
    last: date
    as_of: datetime
    units: list[Line]
    categories: list[Line]
    all: Line


def sheet(actor: Actor, first: date, last: date, as_of: datetime) -> Sheet:
    """Over what the actor may remind of; six queries. Units in the order of their list."""
    mine = visible(Case.objects.all(), actor, Power.REMIND)
    since, until = start_of_day(first), start_of_day(last + timedelta(days=1))
    near = mine.filter(received_at__gte=since - REACH)
    spans = {
        "answered": near.filter(answered_at__gte=since, answered_at__lt=until),
        "closed": near.filter(closed_at__gte=since, closed_at__lt=until),
        "late": mine.filter(Q(IS_OPEN), late(as_of)),
    }
    received = mine.filter(received_at__gte=since, received_at__lt=until)
    lines = _lines(received, spans | {"reworked": _reworked(mine, since, until)}, as_of)
    titles = named_categories()
    units: dict[str, Line] = {}
    categories: dict[str, Line] = {}
    whole = Line("")
    for (path, name, code), line in lines.items():
        whole.add(line)
        units.setdefault(path, Line(name)).add(line)
        categories.setdefault(code, Line(titles.get(code, ""))).add(line)
    return Sheet(
        first,
        last,
        as_of,
        [units[path] for path in sorted(units)],
        [categories[code] for code in sorted(categories, key=lambda code: (code == "", code))],
        whole,
    )


def _lines(received: QuerySet[Case], spans: Mapping[str, QuerySet[Case]], as_of: datetime) -> dict[Key, Line]:
    lines: dict[Key, Line] = defaultdict(lambda: Line(""))
    for group in alike(_by(received), as_of, *COLUMNS):
        lines[group["unit__path"], group["unit__name"], group["first_level"]].rows.append(
            (row_of(group), group["count"])
        )
    for name, rows in spans.items():
        for *key, count in _by(rows).values_list(*COLUMNS).annotate(count=Count("pk")).order_by():
            setattr(lines[key[0], key[1], key[2]], name, count)
    return lines


def _by(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.annotate(first_level=Substr("category", 1, 2))


def _reworked(mine: QuerySet[Case], since: datetime, until: datetime) -> QuerySet[Case]:
    """Requests sent back in the span because they were not solved, as the ledger says."""
    events = Event.objects.filter(recorded_at__gte=since, recorded_at__lt=until, kind=EventKind.UNSATISFIED)
    streams = events.values_list("stream", flat=True)
    return mine.filter(ref__in=[stream.removeprefix("case:") for stream in streams])
