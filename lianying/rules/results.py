"""The six results (六到): what counts of itself, what somebody enters, and why a row does not count.

Which six they are: mission.md. Which requests count, and that one request counts once, is ours.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from lianying.rules.kinds import CaseKind, Ending, Outcome, Solved
from lianying.rules.quotas import Term, Uncounted, months_of


class ResultKind(StrEnum):
    HOUSEHOLD = "household"  # somebody went there
    PETITION = "petition"  # a leader who is named took it
    INDUSTRY = "industry"  # of a village
    JOB = "job"  # that a person found
    SERVICE = "service"  # in a community
    INFRASTRUCTURE = "infrastructure"


class Detail(StrEnum):
    """What an entered result is, within its kind."""

    COOPERATIVE = "cooperative"
    CREDIT_VILLAGE = "credit_village"
    ONE_PRODUCT = "one_product"
    EMPLOYER = "employer"
    PUBLIC_POST = "public_post"
    OWN_BUSINESS = "own_business"
    POWER = "power"
    WATER = "water"
    PUMP = "pump"
    ROAD = "road"
    OTHER = "other"


#: Of each kind that somebody enters. A visit is recorded as a visit, never here.
DETAILS: Mapping[ResultKind, tuple[Detail, ...]] = {
    ResultKind.PETITION: (),
    ResultKind.INDUSTRY: (Detail.COOPERATIVE, Detail.CREDIT_VILLAGE, Detail.ONE_PRODUCT, Detail.OTHER),
    ResultKind.JOB: (Detail.EMPLOYER, Detail.PUBLIC_POST, Detail.OWN_BUSINESS, Detail.OTHER),
    ResultKind.SERVICE: (),
    ResultKind.INFRASTRUCTURE: (Detail.POWER, Detail.WATER, Detail.PUMP, Detail.ROAD, Detail.OTHER),
}


class Part(StrEnum):
    """Where the rows of a number come from; `left` is what was looked at and does not count."""

    LEDGER = "ledger"
    ENTERED = "entered"
    LEFT = "left"


PARTS: Mapping[ResultKind, tuple[Part, ...]] = {
    ResultKind.HOUSEHOLD: (Part.LEDGER, Part.LEFT),
    ResultKind.PETITION: (Part.LEDGER, Part.ENTERED),
    ResultKind.INDUSTRY: (Part.ENTERED,),
    ResultKind.JOB: (Part.ENTERED,),
    ResultKind.SERVICE: (Part.LEDGER, Part.ENTERED, Part.LEFT),
    ResultKind.INFRASTRUCTURE: (Part.LEDGER, Part.ENTERED, Part.LEFT),
}
#: Counted from requests that ended, by their category.
OF_CASES = frozenset({ResultKind.SERVICE, ResultKind.INFRASTRUCTURE})
#: Ends after an answer. What was merged, withdrawn, declined, imported or concluded as a petition is not looked at.
ENDINGS = (Ending.SATISFIED, Ending.UNSOLVED, Ending.UNREACHED, Ending.SILENT, Ending.TERMINATED)
#: Something was done, says the unit, and it helped, says the resident.
DONE, SAID, ENDED = Outcome.SOLVED, Solved.YES, Ending.SATISFIED
#: What asks for an answer, not for a deed.
ASKS = (CaseKind.CONSULT, CaseKind.THANKS)


class Left(StrEnum):
    """Why a request of the right category that ended in the span does not count."""

    ENTERED = "entered"  # a result that somebody entered names it: once is enough
    TERMINATED = "terminated"
    ADVICE = "advice"  # a question was answered
    UNHEARD = "unheard"  # the resident did not say
    PLANNED = "planned"  # it is not done yet
    NOT_SOLVED = "not_solved"


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS: Mapping[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
#: What was forgotten longer ago is not entered any more: figures that were told would change under those who read them.
OLDEST = timedelta(days=366)


def span_of(period: Period, day: date) -> Term:
    return months_of(MONTHS[period], day)


def before(period: Period, span: Term) -> Term:
    return span_of(period, span.starts_on - timedelta(days=1))


def after(period: Period, span: Term) -> Term:
    return span_of(period, span.ends_on + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Ended:
    """What the count looks at in a request that ended. is_entered: a standing entered result names it."""

    category: str
    kind: CaseKind
    outcome: Outcome | None
    ending: Ending
    solved: Solved | None
    is_entered: bool = False


def left(row: Ended) -> Left | None:
    """Why it does not count, or None where it does."""
    if row.is_entered:
        return Left.ENTERED
    if row.ending == Ending.TERMINATED:
        return Left.TERMINATED
    if row.kind in ASKS or row.outcome is None:
        return Left.ADVICE
    if row.solved is None:
        return Left.UNHEARD
    if row.outcome == Outcome.PLANNED:
        return Left.PLANNED
    return None if (row.outcome, row.solved, row.ending) == (DONE, SAID, ENDED) else Left.NOT_SOLVED


@dataclass(frozen=True, slots=True)
class Count:
    """One of the six numbers. left: how many were looked at and do not count, by why."""

    ledger: int = 0
    entered: int = 0
    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.ledger + self.entered

    @property
    def left_count(self) -> int:
        return sum(self.left.values())

    def of(self, part: Part) -> int:
        return {Part.LEDGER: self.ledger, Part.ENTERED: self.entered, Part.LEFT: self.left_count}[part]


@dataclass(frozen=True, slots=True)
class Found:
    """What the rows of a span come to, each with how many are like it.

    visits      to households, by why they do not count
    petitions   requests with the petition office that a leader's note names
    cases       requests that ended in the span
    entered     standing entered results, by kind
    """

    visits: Iterable[tuple[Uncounted | None, int]] = ()
    petitions: int = 0
    cases: Iterable[tuple[Ended, int]] = ()
    entered: Mapping[ResultKind, int] = field(default_factory=dict)


def tally(found: Found, families: Mapping[str, ResultKind]) -> dict[ResultKind, Count]:
    """The six numbers, each kind once. families: as `parse_families` gives them."""
    counted: Counter[ResultKind] = Counter({ResultKind.PETITION: found.petitions})
    lefts: dict[ResultKind, Counter[str]] = {kind: Counter() for kind in ResultKind}
    judged: list[tuple[ResultKind | None, Left | Uncounted | None, int]] = [
        (ResultKind.HOUSEHOLD, why, count) for why, count in found.visits
    ]
    judged += [(kind_of(row.category, families), left(row), count) for row, count in found.cases]
    for kind, why, count in judged:
        if kind is None:
            continue
        if why is None:
            counted[kind] += count
        else:
            lefts[kind][why.value] += count
    return {kind: Count(counted[kind], found.entered.get(kind, 0), dict(lefts[kind])) for kind in ResultKind}


def kind_of(category: str, families: Mapping[str, ResultKind]) -> ResultKind | None:
    """By the code itself, else by that of its first level."""
    return families.get(category) or families.get(category[:2])


def parse_families(data: Mapping[str, object]) -> Mapping[str, ResultKind]:
    """Read the rows of `results.toml`: which result a request of a category is.

    Raises  ValueError for a category that stands twice, and for a kind that is not counted from requests
    """
    rows = data.get("family")
    found: dict[str, ResultKind] = {}
    for row in rows if isinstance(rows, list) else []:
        kind = ResultKind(row["kind"])
        for category in row["categories"]:
            if category in found or kind not in OF_CASES or not row["source"]:
                raise ValueError(f"family: {category}")
            found[category] = kind
    if set(found.values()) != OF_CASES:
        raise ValueError("family: a kind is missing")
    return found


@dataclass(frozen=True, slots=True)
class Entering:
    """A result as somebody writes it down. category: of the request it names, None where it names none."""

    kind: ResultKind
    detail: Detail | None
    on: date
    has_source: bool = False
    category: str | None = None
    is_petition: bool = False


def hindrance(entering: Entering, families: Mapping[str, ResultKind], today: date) -> str | None:
    """The code of the refusal that stands against it, or None."""
    details = DETAILS.get(entering.kind)
    if details is None:
        return "result_derived"
    if entering.detail not in (details or (None,)):
        return "result_detail"
    if not today - OLDEST <= entering.on <= today:
        return "result_day"
    if entering.kind == ResultKind.PETITION and not entering.is_petition:
        return "result_not_petition"
    if entering.category is not None and kind_of(entering.category, families) == entering.kind:
        return "result_counts_itself"
    return None if entering.has_source or entering.category is not None else "result_without_source"
