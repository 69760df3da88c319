"""What docs/rules/care.md says is what the program does: its tables are read and run."""

from datetime import date

import pytest

from lianying.rules.care import (
    DECIDE,
    LEAVE,
    Exit,
    Move,
    Stage,
    Standing,
    days_left,
    ends_on,
    hindrance,
    next_review,
    shown_until,
)
from scripts.rule_tables import care
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/rules/care.md").read_text("utf-8")


def table(head: str) -> list[list[str]]:
    """The rows below the head that starts so."""
    lines = PAGE.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(head)) + 2
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_page_prints_the_table() -> None:
    assert care() in PAGE


def test_the_terms_are_those_of_the_rules() -> None:
    assert [(rule, days, source) for rule, days, _since, source in table("| rule | days |")] == [
        (f"`{term.rule}`", str(term.count), term.source) for term in (DECIDE, LEAVE)
    ]


@pytest.mark.parametrize(("clue", "by", "today", "left"), table("| clue | to be"))
def test_the_days_of_the_decision(clue: str, by: str, today: str, left: str) -> None:
    due_on = ends_on(date.fromisoformat(clue), DECIDE)

    assert (due_on.isoformat(), days_left(due_on, date.fromisoformat(today))) == (by, int(left))


@pytest.mark.parametrize(("on", "expected"), table("| admitted, or"))
def test_the_year_until_a_review(on: str, expected: str) -> None:
    assert next_review(date.fromisoformat(on)).isoformat() == expected


@pytest.mark.parametrize(("on", "expected"), table("| put on"))
def test_the_days_of_the_list(on: str, expected: str) -> None:
    assert shown_until(date.fromisoformat(on)).isoformat() == expected


@pytest.mark.parametrize(("stage", "measures", "listed", "step", "by", "code"), table("| stage | open"))
def test_what_stands_against_a_step(stage: str, measures: str, listed: str, step: str, by: str, code: str) -> None:
    move, _, reason = step.replace("`", "").partition(" ")
    now = Standing(Stage(stage), 1, int(measures), released=listed in {"today", "before"}, is_shown=listed == "today")

    found = hindrance(Move(move), now, by=int(by), reason=Exit(reason) if reason else "")

    assert found == (code.strip("`") or None)
