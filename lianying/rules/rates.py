"""How the requests of a month are counted: every formula of the figures stands here, once.

Source: rules.md §4. Each request received has exactly one standing, so that
received = assessable + not yet due + all that was excluded, whoever adds it up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from lianying.rules.kinds import Channel, Ending, Solved
from lianying.rules.lifecycle import UNANSWERED, State


class Standing(StrEnum):
    """Where a request that was received stands in the figures."""

    IN_TIME = "in_time"
    ANSWERED_LATE = "answered_late"
    LATE_OPEN = "late_open"
    NOT_YET_DUE = "not_yet_due"
    IMPORTED = "imported"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    TERMINATED = "terminated"
    PETITION = "petition"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Row:
    """What the figures look at in a request.

    answered_late   once late is late for good, whatever later promises are kept
    overdue         the promise in force has passed, see `overdue`; it matters only while there is no answer
    """

    state: State
    ending: Ending | None = None
    channel: Channel = Channel.WEB
    answered: bool = False
    answered_late: bool = False
    answered_at_once: bool = False
    overdue: bool = False
    solved: Solved | None = None
    satisfaction: int | None = None


#: Left out of every rate, each listed with its count; the first that fits is the standing.
EXCLUSIONS: Mapping[Standing, Callable[[Row], bool]] = {
    Standing.IMPORTED: lambda row: row.channel == Channel.IMPORT or row.ending == Ending.IMPORTED,
    Standing.MERGED: lambda row: row.state == State.MERGED,
    Standing.WITHDRAWN: lambda row: row.state == State.WITHDRAWN,
    Standing.DECLINED: lambda row: row.state == State.DECLINED,
    Standing.TERMINATED: lambda row: row.ending == Ending.TERMINATED,
    # What was late before it was handed on stays late: a petition is no way out of the figures.
    Standing.PETITION: lambda row: (
        not row.answered and not row.answered_late and (row.state == State.PETITION or row.ending == Ending.CONCLUDED)
    ),
    Standing.AT_ONCE: lambda row: row.answered_at_once,
}
ASSESSABLE = (Standing.IN_TIME, Standing.ANSWERED_LATE, Standing.LATE_OPEN)
#: Ends without the resident's word: they leave the rates that count it.
UNHEARD = (Ending.UNREACHED, Ending.SILENT)


def overdue(due_at: datetime | None, stopped_at: datetime | None, as_of: datetime) -> bool:
    """Return whether a promise has passed.

    due_at      None for a request that carries no promise
    stopped_at  since when it stands still for the resident's reply; what was late before stays late
    """
    if due_at is None or due_at >= as_of:
        return False
    return stopped_at is None or stopped_at >= due_at


def standing(row: Row) -> Standing:
    for code, fits in EXCLUSIONS.items():
        if fits(row):
            return code
    if row.state in UNANSWERED and row.overdue:
        return Standing.LATE_OPEN
    if not row.answered and not row.answered_late:
        return Standing.NOT_YET_DUE
    return Standing.ANSWERED_LATE if row.answered_late else Standing.IN_TIME


@dataclass(frozen=True, slots=True)
class Excluded:
    code: Standing
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of requests; satisfied may hold a part of one where the profile weighs a 3 so. A rate without a
    denominator is None, never 0 or 1."""

    standings: Mapping[Standing, int]
    checked: int = 0
    solved: int = 0
    satisfied: Decimal = Decimal(0)
    unreached: int = 0
    silent: int = 0

    @property
    def received(self) -> int:
        return sum(self.standings.values())

    @property
    def assessable(self) -> int:
        return sum(self.standings.get(one, 0) for one in ASSESSABLE)

    @property
    def in_time(self) -> int:
        return self.standings.get(Standing.IN_TIME, 0)

    @property
    def answered_late(self) -> int:
        return self.standings.get(Standing.ANSWERED_LATE, 0)

    @property
    def late_open(self) -> int:
        return self.standings.get(Standing.LATE_OPEN, 0)

    @property
    def not_yet_due(self) -> int:
        return self.standings.get(Standing.NOT_YET_DUE, 0)

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Every ground in the order of the table, also where nothing was left out."""
        return tuple(Excluded(code, self.standings.get(code, 0)) for code in EXCLUSIONS)

    @property
    def excluded_count(self) -> int:
        return sum(one.count for one in self.excluded)

    @property
    def in_time_rate(self) -> float | None:
        return _rate(self.in_time, self.assessable)

    @property
    def solved_rate(self) -> float | None:
        return _rate(self.solved, self.checked)

    @property
    def satisfied_rate(self) -> float | None:
        return _rate(self.satisfied, self.checked)


def _rate(part: int | Decimal, whole: int) -> float | None:
    return float(part / whole) if whole else None


def tally(rows: Iterable[tuple[Row, int]], weight_of_3: Decimal) -> Tally:
    """Add up (row, how many are like it).

    weight_of_3   what a rating of 3 counts among the satisfied, 0 to 1, from the profile
    """
    standings: Counter[Standing] = Counter()
    unheard: Counter[Ending] = Counter()
    ratings: Counter[int | None] = Counter()
    checked = solved = 0
    for row, count in rows:
        place = standing(row)
        standings[place] += count
        if place in EXCLUSIONS:
            continue
        if row.ending in UNHEARD:
            unheard[row.ending] += count
        elif row.solved is not None:
            checked += count
            solved += count * (row.solved == Solved.YES)
            ratings[row.satisfaction] += count
    satisfied = ratings[4] + ratings[5] + weight_of_3 * ratings[3]
    return Tally(dict(standings), checked, solved, _plain(satisfied), unheard[Ending.UNREACHED], unheard[Ending.SILENT])


def _plain(number: Decimal) -> Decimal:
    """12.0 -> 12, 12.50 -> 12.5, and never 1E+1."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
