from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.programmes import (
    LINES,
    SOON,
    Counting,
    GoalStanding,
    Line,
    Linked,
    Progress,
    TaskStanding,
    counts,
    day_hindrance,
    done,
    figure_hindrance,
    goal_hindrance,
    link_hindrance,
    parse_lines,
    task_standing,
)

TODAY = date(2026, 11, 12)
DAY = timedelta(days=1)
LINKED = st.builds(Linked, stands=st.booleans(), in_year=st.booleans())


def line(number: int, **given: str) -> dict[str, str]:
    words = {"name_zh": "红旗", "name_en": "Flag", "purpose_zh": "建强", "purpose_en": "Strong", "source": "某文件"}
    return {"code": f"line{number}", **words, **given}


def test_the_lines_are_read() -> None:
    lines = parse_lines({"line": [line(number) for number in range(LINES)]})

    assert lines[1] == Line("line1", "红旗", "Flag", "建强", "Strong", "某文件")


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [line(number) for number in range(LINES - 1)],
        [line(number) for number in range(LINES + 1)],
        [line(0) for _ in range(LINES)],
        [line(number, source="" if number == 2 else "某文件") for number in range(LINES)],
    ],
)
def test_rows_that_are_not_five_lines_are_refused(rows: object) -> None:
    with pytest.raises(ValueError, match="five"):
        parse_lines({"line": rows})


@given(st.lists(st.tuples(LINKED, st.integers(1, 50)), max_size=10))
def test_what_counts_is_what_stands_in_the_year(rows: list[tuple[Linked, int]]) -> None:
    assert done(rows) == sum(count for row, count in rows if row.stands and row.in_year)
    assert [counts(row) for row, _count in rows] == [row.stands and row.in_year for row, _count in rows]


@given(number=st.integers(0, 10_000), target=st.integers(1, 10_000))
def test_what_is_nearly_met_is_not_met(number: int, target: int) -> None:
    progress = Progress(number, target)

    assert (progress.percent >= 100) == progress.is_met == (number >= target)
    assert progress.percent * target <= number * 100 < (progress.percent + 1) * target


@pytest.mark.parametrize(
    ("number", "today", "expected"),
    [
        (4, TODAY, GoalStanding.GOING),
        (5, TODAY, GoalStanding.MET),
        (4, date(2026, 12, 31), GoalStanding.GOING),
        (4, date(2027, 1, 1), GoalStanding.MISSED),
        (6, date(2027, 1, 1), GoalStanding.MET),
        (0, date(2025, 12, 31), GoalStanding.GOING),
    ],
)
def test_how_a_goal_stands_is_told_from_the_year(number: int, today: date, expected: GoalStanding) -> None:
    assert Progress(number, 5).standing(2026, today) == expected


@pytest.mark.parametrize(
    ("due_on", "done_on", "expected"),
    [
        (TODAY - DAY, None, TaskStanding.LATE),
        (TODAY, None, TaskStanding.SOON),
        (TODAY + SOON, None, TaskStanding.SOON),
        (TODAY + SOON + DAY, None, TaskStanding.OPEN),
        (TODAY - DAY, TODAY, TaskStanding.DONE),
    ],
)
def test_how_a_task_stands(due_on: date, done_on: date | None, expected: TaskStanding) -> None:
    assert task_standing(due_on, done_on, TODAY) == expected


@pytest.mark.parametrize(
    ("year", "target", "code"),
    [(2026, 1, None), (2027, 9, None), (2025, 1, "goal_year"), (2028, 1, "goal_year"), (2026, 0, "goal_target")],
)
def test_which_goals_may_be_set(year: int, target: int, code: str | None) -> None:
    assert goal_hindrance(year, target, TODAY) == code


@pytest.mark.parametrize(
    ("counting", "on", "code"),
    [
        (Counting.FIGURE, TODAY, None),
        (Counting.FIGURE, date(2026, 1, 1), None),
        (Counting.ROWS, TODAY, "goal_counts_rows"),
        (Counting.FIGURE, TODAY + DAY, "figure_day"),
        (Counting.FIGURE, date(2025, 12, 31), "figure_day"),
    ],
)
def test_which_figures_may_be_entered(counting: Counting, on: date, code: str | None) -> None:
    assert figure_hindrance(counting, on, 2026, TODAY) == code


@pytest.mark.parametrize(
    ("counting", "is_within", "row", "code"),
    [
        (Counting.ROWS, True, Linked(stands=False, in_year=True), None),
        (Counting.FIGURE, True, Linked(stands=True, in_year=True), "goal_counts_figure"),
        (Counting.ROWS, False, Linked(stands=True, in_year=True), "goal_row_elsewhere"),
        (Counting.ROWS, True, Linked(stands=True, in_year=False), "goal_row_year"),
    ],
)
def test_which_rows_may_be_linked(counting: Counting, *, is_within: bool, row: Linked, code: str | None) -> None:
    assert link_hindrance(counting, is_within=is_within, row=row) == code


def test_a_task_is_not_done_tomorrow() -> None:
    assert [day_hindrance(TODAY + DAY * days, TODAY) for days in (-30, 0, 1)] == [None, None, "task_day"]
