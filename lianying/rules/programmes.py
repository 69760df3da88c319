"""Programme lines (五红行动): goals, how far each is, and the tasks towards it.

Five lines and four fields: mission.md. When a linked row counts, and when a task is near, is ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LINES = 5
#: So many days before its day a task is near.
SOON = timedelta(days=14)


class Field(StrEnum):
    VILLAGE = "village"
    CITY = "city"
    STATE_FIRM = "state_firm"
    PRIVATE_FIRM = "private_firm"


class Counting(StrEnum):
    """How far a goal is: so many linked rows count, or the figure that somebody entered last."""

    ROWS = "rows"
    FIGURE = "figure"


class GoalStanding(StrEnum):
    """Derived, never stored."""

    MET = "met"
    GOING = "going"
    MISSED = "missed"


class TaskStanding(StrEnum):
    DONE = "done"
    OPEN = "open"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Line:
    """One of the five as it is shipped; a place gives it the name of its own document."""

    code: str
    name_zh: str
    name_en: str
    purpose_zh: str
    purpose_en: str
    source: str


def parse_lines(data: Mapping[str, object]) -> tuple[Line, ...]:
    """Read the rows of `programmes.toml`.

    Raises  ValueError unless there are five with different codes, each with every word and its source
    """
    rows = data.get("line")
    found = [Line(**row) for row in rows] if isinstance(rows, list) else []
    whole = all(all(getattr(line, name) for name in Line.__slots__) for line in found)
    if len({line.code for line in found}) != LINES or len(found) != LINES or not whole:
        raise ValueError("line: five, each with its words and its source")
    return tuple(found)


class RowKind(StrEnum):
    RESULT = "result"
    VISIT = "visit"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Linked:
    """A row linked to a goal. stands: the result was not corrected or taken back, the visit counts, the request is
    solved; in_year: its day lies in the goal's year."""

    stands: bool
    in_year: bool


def counts(row: Linked) -> bool:
    return row.stands and row.in_year


def done(rows: Iterable[tuple[Linked, int]]) -> int:
    """rows: each with how many are like it."""
    return sum(count for row, count in rows if counts(row))


@dataclass(frozen=True, slots=True)
class Progress:
    """target >= 1."""

    done: int
    target: int

    @property
    def is_met(self) -> bool:
        return self.done >= self.target

    @property
    def percent(self) -> int:
        """Rounded down, so that what is nearly met is not met; above 100 where more was done."""
        return self.done * 100 // self.target

    def standing(self, year: int, today: date) -> GoalStanding:
        if self.is_met:
            return GoalStanding.MET
        return GoalStanding.MISSED if today.year > year else GoalStanding.GOING


def task_standing(due_on: date, done_on: date | None, today: date) -> TaskStanding:
    if done_on is not None:
        return TaskStanding.DONE
    if today > due_on:
        return TaskStanding.LATE
    return TaskStanding.SOON if due_on - today <= SOON else TaskStanding.OPEN


def goal_hindrance(year: int, target: int, today: date) -> str | None:
    """A goal is set for this year or the next: no year is judged by what was set when it was over."""
    if not today.year <= year <= today.year + 1:
        return "goal_year"
    return None if target >= 1 else "goal_target"


def figure_hindrance(counting: Counting, on: date, year: int, today: date) -> str | None:
    """on: the day of which the figure tells."""
    if counting != Counting.FIGURE:
        return "goal_counts_rows"
    return None if on.year == year and on <= today else "figure_day"


def link_hindrance(counting: Counting, *, is_within: bool, row: Linked) -> str | None:
    """is_within: done by or at a unit below the goal's. What does not count yet may be linked, in the year it may."""
    if counting != Counting.ROWS:
        return "goal_counts_figure"
    if not is_within:
        return "goal_row_elsewhere"
    return None if row.in_year else "goal_row_year"


def day_hindrance(done_on: date, today: date) -> str | None:
    """A task is done on the day or before it is said; how long before is for whoever says it."""
    return None if done_on <= today else "task_day"
