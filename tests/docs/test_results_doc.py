"""What docs/rules/results.md says is what the program counts: its tables are read and run."""

from datetime import date
from pathlib import Path

from lianying import reference
from lianying.rules.kinds import CaseKind, Ending, Outcome, Solved
from lianying.rules.programmes import SOON, Progress
from lianying.rules.results import PARTS, Ended, Left, kind_of, left

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "results.md"


def table(head: str) -> list[list[str]]:
    """The rows below the head that starts so."""
    lines = PAGE.read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(head)) + 2
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return rows


def test_the_parts_are_those_of_the_code() -> None:
    printed = {kind: parts for kind, parts, _what in table("| result |")}

    assert printed == {kind.value: ", ".join(parts) for kind, parts in PARTS.items()}


def test_every_request_counts_as_printed() -> None:
    rows = table("| kind | the unit says |")

    for kind, outcome, ending, solved, entered, expected in rows:
        row = Ended(
            "0304",
            CaseKind(kind),
            Outcome(outcome) if outcome else None,
            Ending(ending),
            Solved(solved) if solved else None,
            entered == "yes",
        )
        assert (left(row) or "yes") == expected
    assert {expected for *_given, expected in rows} == {"yes", *Left}


def test_every_category_is_the_result_that_is_printed() -> None:
    assert [[code, kind_of(code, reference.families()) or ""] for code, _kind in table("| category |")] == table(
        "| category |"
    )


def test_every_goal_stands_as_printed() -> None:
    rows = table("| done | target |")

    for done, target, percent, this_year, next_year in rows:
        progress = Progress(int(done), int(target))
        assert progress.percent == int(percent)
        assert progress.standing(2026, date(2026, 12, 31)) == this_year
        assert progress.standing(2026, date(2027, 1, 1)) == next_year
    assert len(rows) == 5


def test_the_days_of_a_task_are_those_of_the_code() -> None:
    assert f"within {SOON.days} days" in PAGE.read_text("utf-8")
