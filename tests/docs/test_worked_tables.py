"""What docs/rules/deadlines.md says is what the program does: its tables are read and run."""

from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lianying import reference
from lianying.rules.calendar import workdays_between
from lianying.rules.deadlines import Pause, Stage, Term, TimeUnit, due
from lianying.rules.kinds import CaseKind, Urgency
from lianying.rules.profiles import COLUMNS, LIMITS, Profile

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = Path(__file__).parents[2] / "docs" / "rules" / "deadlines.md"
OURS = "本系统设定"
UNITS = {TimeUnit.HOUR: "h", TimeUnit.WORKING_DAY: "WD", TimeUnit.CALENDAR_DAY: "d"}


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below the heading that starts so, without its head."""
    _, _, below = PAGE.read_text(encoding="utf-8").partition(f"\n{heading}")
    blocks = groupby(below.splitlines(), key=lambda line: line.startswith("|"))
    lines = next(list(block) for is_table, block in blocks if is_table)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def local(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def pauses(text: str) -> list[Pause]:
    spans = [span.split(" → ") for span in text.split("; ") if span]
    return [Pause(local(asked), local(replied)) for asked, replied in spans]


def in_words(term: Term | None) -> str:
    return f"{term.count} {UNITS[term.unit]}" if term else "—"


def profile_rows(profile: Profile) -> list[list[str]]:
    rows = []
    for stage in Stage:
        words = [
            in_words(profile.term(stage, CaseKind.CONSULT, Urgency.ORDINARY)),
            *(
                in_words(profile.term(stage, CaseKind.HELP, urgency))
                for urgency in (Urgency.ORDINARY, Urgency.COMPLEX, Urgency.PRIORITY, Urgency.URGENT)
            ),
        ]
        columns: dict[str, list[str]] = {}
        for column in COLUMNS:
            term = profile.terms.get((stage, column))
            if term and term.source != OURS:
                columns.setdefault(term.source, []).append(column)
        set_by = [f"{', '.join(names)}: {source}" for source, names in columns.items()]
        rows.append([stage.value, *words, "; ".join(set_by) or "ours"])
    return rows


@pytest.mark.parametrize("code", reference.profile_codes())
def test_the_page_prints_the_profile_that_is_shipped(code: str) -> None:
    profile = reference.profile(code)

    assert table(f"### {profile.name_en} {profile.name}") == profile_rows(profile)


@pytest.mark.parametrize("code", reference.profile_codes())
def test_the_page_prints_the_limits_that_are_shipped(code: str) -> None:
    profile = reference.profile(code)

    printed = {name: int(count) for name, count, _ in table("## Limits")}

    assert printed == {name: getattr(profile, name) for name in LIMITS}


def test_every_worked_example_holds() -> None:
    rows = table("## Worked examples")

    for code, received, kind, urgency, paused, extended, expected, given_back, provisional in rows:
        profile = reference.profile(code)
        term = profile.term(Stage.RESOLVE, CaseKind(kind), Urgency(urgency))
        assert term is not None
        office = profile.office(reference.calendar())
        result = due(local(received), term, office, pauses(paused), int(extended or 0))
        found = (result.at, " ".join(f"{day:%m-%d}" for day in result.given_back), result.provisional)
        assert found == (local(expected), given_back, provisional == "yes"), received
    assert len(rows) >= 15


def test_every_counted_span_holds() -> None:
    for after, upto, expected, _ in table("## Counting days"):
        days = (local(f"{after} 00:00").date(), local(f"{upto} 00:00").date())
        assert workdays_between(*days, reference.calendar()) == int(expected)
