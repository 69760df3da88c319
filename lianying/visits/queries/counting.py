"""What the rules say of links and their visits: for writing it, and for checking what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lianying import reference
from lianying.common.clock import local_day
from lianying.rules.quotas import LinkKind, Made, Span, Uncounted, done, judge, owed, terms
from lianying.visits.models import Link, Obligation, Visit


@dataclass(frozen=True, slots=True)
class Counted:
    """What the rules say of one link. required and done by the first day of a term; why: by the key of a visit."""

    owed: dict[date, tuple[date, int, int]]
    done: dict[date, int]
    why: dict[int, Uncounted | None]


def span_of(link: Link) -> Span:
    return Span(link.from_on, link.to_on)


def count_link(link: Link, visits: Sequence[Visit], bases: dict[date, int], today: date) -> Counted:
    """Recount a link.

    visits   all of the link, in the order in which they were recorded
    bases    what the rule asked for when a term began, for those that are known
    """
    made = [Made(str(one.pk), one.on, local_day(one.recorded_at), one.replaced_on) for one in visits]
    return count(LinkKind(link.kind), span_of(link), made, bases, today)


def count(kind: LinkKind, span: Span, made: Sequence[Made], bases: dict[date, int], today: date) -> Counted:
    quota = reference.quotas()[kind]
    judged = judge(made, span, quota)
    found: dict[date, tuple[date, int, int]] = {}
    for term in terms(quota.period, span, today):
        base = bases.get(term.starts_on, quota.required)
        found[term.starts_on] = (term.ends_on, base, owed(base, span, term))
    return Counted(found, done(made, judged, quota), {int(key): why for key, why in judged.items()})


def history(links: Sequence[Link]) -> tuple[dict[int, list[Visit]], dict[int, dict[date, Obligation]]]:
    """By link: its visits as they were recorded (the first of a day counts), and what is stored by the term's begin."""
    visits: dict[int, list[Visit]] = {}
    for visit in Visit.objects.filter(link__in=links).order_by("recorded_at", "id").defer("note"):
        visits.setdefault(visit.link_id, []).append(visit)
    stored: dict[int, dict[date, Obligation]] = {}
    for row in Obligation.objects.filter(link__in=links):
        stored.setdefault(row.link_id, {})[row.starts_on] = row
    return visits, stored
