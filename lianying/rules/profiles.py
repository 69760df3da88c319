"""What a place promised, by stage, kind and urgency, and the limits and weights beside it, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from lianying.rules.calendar import WorkCalendar
from lianying.rules.deadlines import Due, Office, Stage, Term, TimeUnit, due
from lianying.rules.kinds import CaseKind, Outcome, Urgency

T = TypeVar("T")
Table = Mapping[str, object]

OTHER = "other"
COLUMNS = (CaseKind.CONSULT.value, OTHER, *(urgency.value for urgency in Urgency if urgency is not Urgency.ORDINARY))
LIMITS = ("asks", "ask_days", "reworks", "object_days", "reopen_days", "silent_days", "erase_years")
WEIGHTS = ("in_time", "solved", "satisfied")
# What `lianying due` prints, each counted from the receipt.
PRINTED_STAGES = (Stage.SORT, Stage.SIGN, Stage.DISPUTE, Stage.DECIDE, Stage.RESOLVE, Stage.CHECK)


@dataclass(frozen=True, slots=True)
class Profile:
    """name: in Chinese; limits ending in `_days` are working days; weights of the score add up to 1.

    approved_outcomes   an answer that says so is read by the head of the unit before the resident reads it
    """

    code: str
    name: str
    name_en: str
    source: str
    closes_at: time
    zone: ZoneInfo
    terms: Mapping[tuple[Stage, str], Term | None]
    asks: int
    ask_days: int
    reworks: int
    object_days: int
    reopen_days: int
    silent_days: int
    erase_years: int
    approved_outcomes: frozenset[Outcome]
    satisfied_weight: Decimal
    weights: Mapping[str, Decimal]
    sources: Mapping[str, str]

    def term(self, stage: Stage, kind: CaseKind, urgency: Urgency) -> Term | None:
        """Return the row of the urgency, else of the kind, else of all others; None where nothing is granted."""
        column = next(name for name in (urgency.value, kind.value, OTHER) if (stage, name) in self.terms)
        return self.terms[stage, column]

    def office(self, calendar: WorkCalendar) -> Office:
        return Office(calendar, self.closes_at, self.zone)


def stages_due(
    received_at: datetime, kind: CaseKind, urgency: Urgency, profile: Profile, calendar: WorkCalendar
) -> dict[Stage, Due]:
    """Return when each stage of a request would fall due, all counted from the receipt, without pause or extension."""
    terms = {stage: profile.term(stage, kind, urgency) for stage in PRINTED_STAGES}
    office = profile.office(calendar)
    return {stage: due(received_at, term, office) for stage, term in terms.items() if term}


def parse_profile(data: Table) -> Profile:
    """Build a profile of {code, name, name_en, source, closes_at, zone, terms, limits, approval, score}.

    See reference/profiles/.

    Raises ValueError naming every problem at once.
    """
    reader = _Reader()
    code = reader.take(data, "code", str)
    limits, score = reader.take(data, "limits", dict), reader.take(data, "score", dict)
    reader.only(limits, LIMITS, "limits.")
    reader.only(score, (*WEIGHTS, "satisfied_weight"), "score.")
    weights = {name: reader.weight(score, name) for name in WEIGHTS}
    if sum(weights.values()) != 1:
        reader.problems.append("score: the weights do not add up to 1")
    counts = {name: reader.count(limits, name) for name in LIMITS}
    profile = Profile(
        code=code,
        name=reader.take(data, "name", str),
        name_en=reader.take(data, "name_en", str),
        source=reader.take(data, "source", str),
        closes_at=reader.take(data, "closes_at", time),
        zone=reader.zone(data),
        terms=reader.terms(reader.take(data, "terms", dict), code),
        approved_outcomes=reader.outcomes(reader.take(data, "approval", dict)),
        satisfied_weight=reader.weight(score, "satisfied_weight"),
        weights=weights,
        sources=reader.sources,
        **counts,
    )
    if reader.problems:
        raise ValueError(f"profile {code}: " + "; ".join(reader.problems))
    return profile


class _Reader:
    """Takes values out of tables and keeps what was wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.sources: dict[str, str] = {}

    def take(self, table: Table, name: str, kind: type[T], where: str = "") -> T:
        value = table.get(name)
        if isinstance(value, kind) and not isinstance(value, bool) and value not in ("", {}):
            return value
        self.problems.append(f"{where}{name}: {kind.__name__} expected, got {value!r}")
        return kind()

    def only(self, table: Table, names: tuple[str, ...], where: str) -> None:
        self.problems += [f"{where}{name}: unknown" for name in table if name not in names]

    def zone(self, data: Table) -> ZoneInfo:
        name = self.take(data, "zone", str)
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.problems.append(f"zone: {name!r} is not known")
            return ZoneInfo("UTC")

    def count(self, limits: Table, name: str) -> int:
        row = self.take(limits, name, dict, "limits.")
        self.sources[name] = self.take(row, "source", str, f"limits.{name}.")
        count = self.take(row, "count", int, f"limits.{name}.")
        if count < 0:
            self.problems.append(f"limits.{name}: {count} is below 0")
        return count

    def outcomes(self, row: Table) -> frozenset[Outcome]:
        self.sources["approval"] = self.take(row, "source", str, "approval.")
        names = row.get("outcomes")
        if not isinstance(names, list) or not set(names) <= set(Outcome):
            self.problems.append(f"approval.outcomes: a list of outcomes expected, got {names!r}")
            return frozenset()
        return frozenset(Outcome(name) for name in names)

    def weight(self, score: Table, name: str) -> Decimal:
        row = self.take(score, name, dict, "score.")
        self.sources[name] = self.take(row, "source", str, f"score.{name}.")
        weight = self.take(row, "weight", Decimal, f"score.{name}.")
        if not 0 <= weight <= 1:
            self.problems.append(f"score.{name}: {weight} is not between 0 and 1")
        return weight

    def terms(self, stages: Table, code: str) -> dict[tuple[Stage, str], Term | None]:
        self.only(stages, tuple(Stage), "terms.")
        found: dict[tuple[Stage, str], Term | None] = {}
        for stage in Stage:
            columns = self.take(stages, stage.value, dict, "terms.")
            self.only(columns, COLUMNS, f"terms.{stage}.")
            self.take(columns, OTHER, dict, f"terms.{stage}.")
            for column in columns:
                found[stage, column] = self.term(columns, column, f"{code}/{stage}/{column}")
        return found

    def term(self, columns: Table, column: str, rule: str) -> Term | None:
        """A row is {count, unit, source}, or {granted = false, source}."""
        row, where = self.take(columns, column, dict), f"{rule}."
        source = self.take(row, "source", str, where)
        if row.get("granted") is False:
            return None
        count, unit = self.take(row, "count", int, where), self.take(row, "unit", str, where)
        if count < 1 or unit not in tuple(TimeUnit):
            self.problems.append(f"{rule}: {count} {unit} is not a term")
            return None
        return Term(count, TimeUnit(unit), rule, source)
