"""What a link owes (双联): how often in which period, which visits count towards it, and why one does not.

Source: rules.md §3. Pro rata for a link that did not stand the whole period, and the days until a period is closed,
are ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

#: A period is closed so many days after its end; what is recorded later changes it no more.
CLOSES_AFTER = timedelta(days=15)
#: So many days before its end a period is pressing.
SOON = timedelta(days=14)


class LinkKind(StrEnum):
    UNIT_VILLAGE = "unit_village"
    UNIT_COMMUNITY = "unit_community"
    LEADER_HOUSEHOLD = "leader_household"
    GRID_HOUSEHOLD = "grid_household"
    MEMBER_HOUSEHOLD = "member_household"


#: Owed by a unit, whoever of it goes; the others by one person.
OF_UNITS = frozenset({LinkKind.UNIT_VILLAGE, LinkKind.UNIT_COMMUNITY})


#: So many of a kind, at least, for a unit or a leader; fewer are reported, never refused (rules.md §3).
AT_LEAST: Mapping[LinkKind, int] = {LinkKind.UNIT_VILLAGE: 1, LinkKind.UNIT_COMMUNITY: 1, LinkKind.LEADER_HOUSEHOLD: 2}


class Period(StrEnum):
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS: Mapping[Period, int] = {Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}


class Standing(StrEnum):
    """Of what is owed in a period; derived from dates, never stored."""

    MET = "met"
    OWED = "owed"
    SOON = "soon"
    OVERDUE = "overdue"


class Uncounted(StrEnum):
    """Why a visit does not count. It is kept all the same."""

    AHEAD = "ahead"  # its day lies after the day on which it was recorded
    NO_LINK = "no_link"  # the link was not in force on its day
    CLOSED = "closed"  # recorded when its period was closed
    REPLACED = "replaced"  # corrected by another
    SAME_DAY = "same_day"  # another one of that day counts


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included; an open end is None."""

    starts_on: date
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Term:
    """A quarter, half or whole year of the calendar, both days included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def closes_on(self) -> date:
        """The last day on which a visit of the term can be recorded so that it counts."""
        return self.ends_on + CLOSES_AFTER


@dataclass(frozen=True, slots=True)
class Quota:
    """So many visits in each period of a link of this kind; `distinct_days`: two on one day are one."""

    kind: LinkKind
    period: Period
    required: int
    distinct_days: bool
    source: str


@dataclass(frozen=True, slots=True)
class Made:
    """A visit as it counts. replaced_on: when another took its place."""

    key: str
    on: date
    recorded_on: date
    replaced_on: date | None = None


def parse_quotas(data: Mapping[str, object]) -> Mapping[LinkKind, Quota]:
    """Read the rows of `quotas.toml`.

    Raises  ValueError for a kind that is missing or stands twice, and for values that are no quota
    """
    rows = data.get("quota")
    found: dict[LinkKind, Quota] = {}
    for row in rows if isinstance(rows, list) else []:
        quota = Quota(
            LinkKind(row["kind"]),
            Period(row["period"]),
            int(row["required"]),
            bool(row["distinct_days"]),
            str(row["source"]),
        )
        if quota.kind in found or quota.required < 1:
            raise ValueError(f"quota: {quota.kind.value}")
        found[quota.kind] = quota
    missing = [kind.value for kind in LinkKind if kind not in found]
    if missing:
        raise ValueError(f"quota: {', '.join(missing)}")
    return found


def term_of(period: Period, day: date) -> Term:
    """The term of the calendar in which the day lies."""
    return months_of(MONTHS[period], day)


# A year has few days, and a recount of all asks for them a million times.
@lru_cache(maxsize=4096)
def months_of(months: int, day: date) -> Term:
    """The so many months of the calendar in which the day lies; a year is divided by them."""
    first = (day.month - 1) // months * months + 1
    following = first + months
    after = date(day.year + 1, 1, 1) if following > 12 else date(day.year, following, 1)
    return Term(date(day.year, first, 1), after - timedelta(days=1))


def terms(period: Period, link: Span, until: date) -> list[Term]:
    """Those that the link touches, the earliest first, up to the one in which `until` lies; none before it begins."""
    if until < link.starts_on:
        return []
    last = term_of(period, until if link.ends_on is None else min(until, link.ends_on))
    found = []
    day = link.starts_on
    while day <= last.ends_on:
        found.append(term_of(period, day))
        day = found[-1].ends_on + timedelta(days=1)
    return found


def owed(required: int, link: Span, term: Term) -> int:
    """Visits that the link owes in the term: pro rata by the days on which it stands, halves upwards.

    Of a household that is handed over at midyear both owe half; whoever takes it over in the last days owes none.
    """
    first = max(link.starts_on, term.starts_on)
    last = term.ends_on if link.ends_on is None else min(link.ends_on, term.ends_on)
    days = max((last - first).days + 1, 0)
    return (2 * required * days + term.days) // (2 * term.days)


def judge(visits: Iterable[Made], link: Span, quota: Quota) -> dict[str, Uncounted | None]:
    """Why each visit does not count towards its term, or None where it does.

    visits   of one link, in the order in which they were recorded
    What comes after a term is closed changes nothing of it: neither a visit nor a correction.
    """
    found: dict[str, Uncounted | None] = {}
    days: set[date] = set()
    for visit in visits:
        found[visit.key] = why = _alone(visit, link, quota) or (
            Uncounted.SAME_DAY if quota.distinct_days and visit.on in days else None
        )
        if why is None:
            days.add(visit.on)
    return found


def _alone(visit: Made, link: Span, quota: Quota) -> Uncounted | None:
    """What stands against a visit whatever the others are."""
    closes_on = term_of(quota.period, visit.on).closes_on
    if visit.replaced_on is not None and visit.replaced_on <= closes_on:
        return Uncounted.REPLACED
    if visit.on > visit.recorded_on:
        return Uncounted.AHEAD
    if visit.on not in link:
        return Uncounted.NO_LINK
    return Uncounted.CLOSED if visit.recorded_on > closes_on else None


def done(visits: Sequence[Made], judged: Mapping[str, Uncounted | None], quota: Quota) -> dict[date, int]:
    """Visits that count, by the first day of their term; judged: what `judge` says of them."""
    counts: dict[date, int] = {}
    for visit in visits:
        if judged[visit.key] is None:
            start = term_of(quota.period, visit.on).starts_on
            counts[start] = counts.get(start, 0) + 1
    return counts


def needs_help(owed: int, made: int) -> bool:
    """Whether a unit should be offered help: of what ends within SOON less than half is made (ours)."""
    return 2 * made < owed


def standing(required: int, made: int, term: Term, today: date) -> Standing:
    if made >= required:
        return Standing.MET
    if today > term.ends_on:
        return Standing.OVERDUE
    return Standing.SOON if today > term.ends_on - SOON else Standing.OWED
