"""Whether what is stored of links is what the rules count from their visits."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from lianying.audit.verify import Fault
from lianying.visits.models import Link, Obligation, Visit
from lianying.visits.queries.counting import count_link, history

BATCH = 500
FRESH = timedelta(days=1)


def obligation_faults(today: date) -> Iterator[Fault]:
    """Links whose stored counts are not what a recount finds, and in what; three queries for 500 links."""
    after = 0
    while links := list(Link.objects.filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = links[-1].pk
        visits, stored = history(links)
        for link in links:
            yield from _differences(link, visits.get(link.pk, []), stored.get(link.pk, {}), today)


def _differences(link: Link, visits: Sequence[Visit], stored: dict[date, Obligation], today: date) -> Iterator[Fault]:
    counted = count_link(link, visits, {start: row.base for start, row in stored.items()}, today)
    there = {start: (row.ends_on, row.base, row.required, row.done) for start, row in stored.items()}
    expected = {start: (*owes, counted.done.get(start, 0)) for start, owes in counted.owed.items()}
    # What began just now, the term or the link in it, is the worker's to write.
    fresh = {start for start in expected if max(start, link.from_on) >= today - FRESH and start not in there}
    if there != {start: values for start, values in expected.items() if start not in fresh}:
        yield Fault(f"link:{link.uuid}", "obligations")
    if any((counted.why[visit.pk] or "") != visit.uncounted for visit in visits):
        yield Fault(f"link:{link.uuid}", "uncounted")
