"""What docs/rules/rates.md says is what the program counts: its tables are read and run."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from lianying.rules.kinds import Channel, Ending, Solved
from lianying.rules.lifecycle import State
from lianying.rules.rates import Row, Standing, standing, tally

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "rates.md"


def tables(heading: str) -> list[list[dict[str, str]]]:
    """All tables below the heading, each row by the names of its columns; a name that comes again gets a mark."""
    _, _, below = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    section = below.partition("\n## ")[0]
    blocks = groupby(section.splitlines(), key=lambda line: line.startswith("|"))
    return [_rows(list(block)) for is_table, block in blocks if is_table]


def _rows(lines: list[str]) -> list[dict[str, str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    names = [name + "'" * cells[0][:place].count(name) for place, name in enumerate(cells[0])]
    return [dict(zip(names, row, strict=True)) for row in cells[2:]]


def row_of(cells: Mapping[str, str]) -> Row:
    return Row(
        state=State(cells["state"]),
        ending=Ending(cells["ending"]) if cells["ending"] else None,
        channel=Channel(cells.get("channel", "web")),
        answered=cells["answered"] == "yes",
        answered_late=cells["late"] == "yes",
        answered_at_once=cells["at once"] == "yes",
        overdue=cells["overdue"] == "yes",
        solved=Solved(cells["solved"]) if cells.get("solved") else None,
        satisfaction=int(cells["points"]) if cells.get("points") else None,
    )


def test_every_request_of_the_page_stands_where_it_says() -> None:
    (rows,) = tables("Where a request stands")

    found = [(cells, standing(row_of(cells)).value) for cells in rows]

    assert found == [(cells, cells["standing"]) for cells in rows]
    assert {cells["standing"] for cells in rows} == set(Standing)


def test_the_month_of_the_page_adds_up_as_it_says() -> None:
    requests, figures = tables("A month, added up")
    groups = [(row_of(cells), int(cells["requests"])) for cells in requests]

    full, half = tally(groups, Decimal(1)), tally(groups, Decimal("0.5"))

    found = [
        ["received", full.received, "", "", "", ""],
        ["not yet due", full.not_yet_due, "", "", "", ""],
        ["excluded", full.excluded_count, "", "", "", ""],
        ["in time", full.in_time, full.assessable, full.in_time_rate, half.in_time, half.in_time_rate],
        ["solved", full.solved, full.checked, full.solved_rate, half.solved, half.solved_rate],
        ["satisfied", full.satisfied, full.checked, full.satisfied_rate, half.satisfied, half.satisfied_rate],
    ]
    printed = [[f"{cell:.5f}" if isinstance(cell, float) else str(cell) for cell in row] for row in found]
    assert [list(row.values()) for row in figures] == printed
