"""What docs/rules/visits.md says is what the program counts: its tables are read and run."""

from datetime import date
from pathlib import Path

from lianying import reference
from lianying.rules.quotas import LinkKind, Made, Period, Span, Uncounted, judge, owed, term_of

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "visits.md"


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


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def some(text: str) -> date:
    return date.fromisoformat(text)


def test_the_quotas_are_those_that_are_shipped() -> None:
    assert table("| link |") == [
        [one.kind.value, one.period.value, str(one.required), "yes" if one.distinct_days else "no", one.source]
        for one in reference.quotas().values()
    ]


def test_every_share_holds() -> None:
    rows = table("| visits | from |")

    for visits, starts, ends, year, expected in rows:
        term = term_of(Period.YEAR, date(int(year), 1, 1))
        assert owed(int(visits), Span(some(starts), day(ends)), term) == int(expected), starts
    assert len(rows) == 6


def test_every_reason_is_named() -> None:
    assert {why for why, _when in table("| why not |")} == set(Uncounted)


def test_every_visit_counts_as_printed() -> None:
    rows = table("| day | recorded |")
    made = [
        Made(str(number), some(on), some(recorded), day(replaced))
        for number, (on, recorded, replaced, _) in enumerate(rows)
    ]

    judged = judge(made, Span(date(2026, 1, 5), date(2026, 11, 30)), reference.quotas()[LinkKind.LEADER_HOUSEHOLD])

    assert [why or "yes" for why in judged.values()] == [expected for *_given, expected in rows]
