"""Whether what is stored of links is what the rules count from their visits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from lianying.audit.verify import Fault
from lianying.common.clock import local_day
from lianying.rules.quotas import LinkKind, Made, Span
from lianying.visits.models import Link, Obligation, Visit
from lianying.visits.queries.counting import count

BATCH = 2000
FRESH = timedelta(days=1)


@dataclass(slots=True)
class Stored:
    """A link as it stands in the tables. terms: last day, base, required and done by the first day of the term.

    elsewhere: whether what it owes stands under another unit than its own.
    """

    uuid: UUID
    unit: int
    kind: LinkKind
    span: Span
    made: list[Made] = field(default_factory=list)
    uncounted: dict[int, str] = field(default_factory=dict)
    terms: dict[date, tuple[date, int, int, int]] = field(default_factory=dict)
    elsewhere: bool = False


def obligation_faults(today: date) -> Iterator[Fault]:
    """Links whose stored counts are not what a recount finds, and in what; three queries for 2,000 links.

    Columns, not models: a county has hundreds of thousands of rows here.
    """
    after = 0
    while links := _links(after):
        first, after = next(iter(links)), next(reversed(links))
        visits = Visit.objects.filter(link__gte=first, link__lte=after).order_by("recorded_at", "id")
        for link, pk, on, recorded_at, replaced_on, uncounted in visits.values_list(
            "link", "pk", "on", "recorded_at", "replaced_on", "uncounted"
        ):
            links[link].made.append(Made(str(pk), on, local_day(recorded_at), replaced_on))
            links[link].uncounted[pk] = uncounted
        rows = Obligation.objects.filter(link__gte=first, link__lte=after)
        for link, unit, starts_on, ends_on, base, required, done in rows.values_list(
            "link", "unit", "starts_on", "ends_on", "base", "required", "done"
        ):
            links[link].terms[starts_on] = ends_on, base, required, done
            links[link].elsewhere |= unit != links[link].unit
        for stored in links.values():
            yield from _differences(stored, today)


def _links(after: int) -> dict[int, Stored]:
    rows = Link.objects.filter(pk__gt=after).order_by("pk")[:BATCH]
    return {
        pk: Stored(uuid, unit, LinkKind(kind), Span(begin, end))
        for pk, uuid, unit, kind, begin, end in rows.values_list("pk", "uuid", "unit", "kind", "from_on", "to_on")
    }


def _differences(link: Stored, today: date) -> Iterator[Fault]:
    counted = count(link.kind, link.span, link.made, {start: term[1] for start, term in link.terms.items()}, today)
    expected = {start: (*owes, counted.done.get(start, 0)) for start, owes in counted.owed.items()}
    # What began just now, the term or the link in it, is the worker's to write.
    begun = today - FRESH
    fresh = {start for start in expected if max(start, link.span.starts_on) >= begun and start not in link.terms}
    if link.elsewhere or link.terms != {start: values for start, values in expected.items() if start not in fresh}:
        yield Fault(f"link:{link.uuid}", "obligations")
    if any((counted.why[pk] or "") != uncounted for pk, uncounted in link.uncounted.items()):
        yield Fault(f"link:{link.uuid}", "uncounted")
