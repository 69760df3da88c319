from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.kinds import CaseKind, Ending, Outcome, Solved
from lianying.rules.quotas import Term, Uncounted
from lianying.rules.results import (
    DETAILS,
    ENDINGS,
    OF_CASES,
    OLDEST,
    PARTS,
    Count,
    Detail,
    Ended,
    Entering,
    Found,
    Left,
    Part,
    Period,
    ResultKind,
    after,
    before,
    hindrance,
    kind_of,
    left,
    parse_families,
    span_of,
    tally,
)

DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))
TODAY = date(2026, 11, 12)
FAMILIES = {"02": ResultKind.SERVICE, "0203": ResultKind.INFRASTRUCTURE, "0304": ResultKind.INFRASTRUCTURE}
LAMP = Ended("0304", CaseKind.HELP, Outcome.SOLVED, Ending.SATISFIED, Solved.YES)
ENDED = st.builds(
    Ended,
    category=st.sampled_from(["", "02", "0201", "0203", "0304", "0401"]),
    kind=st.sampled_from(CaseKind),
    outcome=st.none() | st.sampled_from(Outcome),
    ending=st.sampled_from(ENDINGS),
    solved=st.none() | st.sampled_from(Solved),
    is_entered=st.booleans(),
)


@pytest.mark.parametrize(
    ("period", "day", "expected"),
    [
        (Period.MONTH, date(2028, 2, 10), Term(date(2028, 2, 1), date(2028, 2, 29))),
        (Period.QUARTER, date(2026, 11, 12), Term(date(2026, 10, 1), date(2026, 12, 31))),
        (Period.YEAR, date(2026, 1, 1), Term(date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_a_span_is_of_the_calendar(period: Period, day: date, expected: Term) -> None:
    assert span_of(period, day) == expected


@given(period=st.sampled_from(Period), day=DAYS)
def test_spans_follow_each_other_without_a_gap(period: Period, day: date) -> None:
    span = span_of(period, day)

    assert span.starts_on <= day <= span.ends_on
    assert before(period, span).ends_on + timedelta(days=1) == span.starts_on
    assert after(period, span).starts_on == span.ends_on + timedelta(days=1)
    assert before(period, after(period, span)) == span


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"is_entered": True}, Left.ENTERED),
        ({"ending": Ending.TERMINATED, "solved": None}, Left.TERMINATED),
        ({"kind": CaseKind.CONSULT}, Left.ADVICE),
        ({"outcome": None}, Left.ADVICE),
        ({"ending": Ending.SILENT, "solved": None}, Left.UNHEARD),
        ({"outcome": Outcome.PLANNED}, Left.PLANNED),
        ({"outcome": Outcome.CANNOT}, Left.NOT_SOLVED),
        ({"solved": Solved.PARTLY}, Left.NOT_SOLVED),
        ({"ending": Ending.UNSOLVED, "solved": Solved.NO}, Left.NOT_SOLVED),
    ],
)
def test_one_request(changed: dict[str, object], why: Left | None) -> None:
    row = {name: changed.get(name, getattr(LAMP, name)) for name in Ended.__slots__}

    assert left(Ended(**row)) == why  # type: ignore[arg-type]


@given(st.lists(st.tuples(ENDED, st.integers(1, 9)), max_size=12))
def test_every_request_of_a_family_counts_or_says_why_not(rows: list[tuple[Ended, int]]) -> None:
    numbers = tally(Found(cases=rows), FAMILIES)

    for kind in OF_CASES:
        own = [(row, count) for row, count in rows if kind_of(row.category, FAMILIES) == kind]
        assert numbers[kind].ledger + numbers[kind].left_count == sum(count for _row, count in own)
        assert numbers[kind].ledger == sum(count for row, count in own if left(row) is None)
    assert all(numbers[kind] == Count() for kind in set(ResultKind) - OF_CASES)


@given(
    visits=st.lists(st.tuples(st.none() | st.sampled_from(Uncounted), st.integers(1, 9)), max_size=8),
    petitions=st.integers(0, 9),
    entered=st.dictionaries(st.sampled_from(list(DETAILS)), st.integers(0, 9)),
)
def test_a_number_is_the_sum_of_its_parts(
    visits: list[tuple[Uncounted | None, int]], petitions: int, entered: dict[ResultKind, int]
) -> None:
    numbers = tally(Found(visits, petitions, (), entered), FAMILIES)
    whys: Counter[str] = Counter()
    for why, count in visits:
        whys[why or ""] += count

    household = numbers[ResultKind.HOUSEHOLD]
    assert (household.ledger, household.entered) == (whys.pop("", 0), 0)
    assert household.left == dict(whys)
    for kind, number in numbers.items():
        assert number.total == number.of(Part.LEDGER) + number.of(Part.ENTERED)
        assert number.entered == entered.get(kind, 0)
        assert number.ledger == {ResultKind.HOUSEHOLD: household.ledger, ResultKind.PETITION: petitions}.get(kind, 0)
        assert all(number.of(part) == 0 for part in set(Part) - set(PARTS[kind]))


def test_every_kind_says_where_its_rows_come_from() -> None:
    assert set(PARTS) == set(ResultKind)
    assert {kind for kind, parts in PARTS.items() if Part.ENTERED in parts} == set(DETAILS)


def family(kind: str, *categories: str, source: str = "某文件") -> dict[str, object]:
    return {"kind": kind, "categories": list(categories), "source": source}


def test_the_families_are_read_and_the_longer_code_goes_first() -> None:
    families = parse_families({"family": [family("service", "02"), family("infrastructure", "0203", "03")]})

    assert [kind_of(code, families) for code in ("0201", "0203", "03", "0304", "0401", "")] == [
        ResultKind.SERVICE,
        ResultKind.INFRASTRUCTURE,
        ResultKind.INFRASTRUCTURE,
        ResultKind.INFRASTRUCTURE,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [family("service", "02")],
        [family("service", "02"), family("infrastructure", "02")],
        [family("service", "02"), family("infrastructure", "03"), family("job", "08")],
        [family("service", "02"), family("infrastructure", "03", source="")],
        [family("service", "02"), family("roads", "04")],
    ],
)
def test_rows_that_are_no_families_are_refused(rows: object) -> None:
    with pytest.raises(ValueError, match=r"family|roads"):
        parse_families({"family": rows})


@pytest.mark.parametrize(
    ("entering", "code"),
    [
        (Entering(ResultKind.JOB, Detail.EMPLOYER, TODAY, has_source=True), None),
        (Entering(ResultKind.SERVICE, None, TODAY - OLDEST, has_source=True), None),
        (Entering(ResultKind.JOB, Detail.EMPLOYER, TODAY, category=""), None),
        (Entering(ResultKind.SERVICE, None, TODAY, category="0304"), None),
        (Entering(ResultKind.PETITION, None, TODAY, category="0304", is_petition=True), None),
        (Entering(ResultKind.HOUSEHOLD, None, TODAY, has_source=True), "result_derived"),
        (Entering(ResultKind.JOB, Detail.POWER, TODAY, has_source=True), "result_detail"),
        (Entering(ResultKind.JOB, None, TODAY, has_source=True), "result_detail"),
        (Entering(ResultKind.SERVICE, Detail.OTHER, TODAY, has_source=True), "result_detail"),
        (Entering(ResultKind.SERVICE, None, TODAY + timedelta(days=1), has_source=True), "result_day"),
        (Entering(ResultKind.SERVICE, None, TODAY - OLDEST - timedelta(days=1), has_source=True), "result_day"),
        (Entering(ResultKind.PETITION, None, TODAY, category="0304"), "result_not_petition"),
        (Entering(ResultKind.PETITION, None, TODAY, has_source=True), "result_not_petition"),
        (Entering(ResultKind.SERVICE, None, TODAY, category="0201"), "result_counts_itself"),
        (Entering(ResultKind.SERVICE, None, TODAY), "result_without_source"),
    ],
)
def test_what_may_be_entered(entering: Entering, code: str | None) -> None:
    assert hindrance(entering, FAMILIES, TODAY) == code
