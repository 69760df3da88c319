from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.quotas import (
    CLOSES_AFTER,
    LinkKind,
    Made,
    Period,
    Quota,
    Span,
    Standing,
    Term,
    Uncounted,
    done,
    judge,
    owed,
    parse_quotas,
    standing,
    term_of,
    terms,
)

QUARTERLY = Quota(LinkKind.UNIT_VILLAGE, Period.QUARTER, 1, True, "")
YEARLY = Quota(LinkKind.LEADER_HOUSEHOLD, Period.YEAR, 2, True, "")
SINCE_JANUARY = Span(date(2026, 1, 1))
AUTUMN = Term(date(2026, 10, 1), date(2026, 12, 31))
DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 30))


def made(key: str, on: date, recorded_on: date | None = None, replaced_on: date | None = None) -> Made:
    return Made(key, on, recorded_on or on, replaced_on)


@pytest.mark.parametrize(
    ("period", "day", "term"),
    [
        (Period.QUARTER, date(2026, 1, 1), Term(date(2026, 1, 1), date(2026, 3, 31))),
        (Period.QUARTER, date(2026, 12, 31), AUTUMN),
        (Period.HALF, date(2026, 7, 1), Term(date(2026, 7, 1), date(2026, 12, 31))),
        (Period.HALF, date(2028, 2, 29), Term(date(2028, 1, 1), date(2028, 6, 30))),
        (Period.YEAR, date(2026, 6, 30), Term(date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_terms_are_those_of_the_calendar(period: Period, day: date, term: Term) -> None:
    assert term_of(period, day) == term


@given(period=st.sampled_from(Period), day=DAYS)
def test_every_day_lies_in_one_term(period: Period, day: date) -> None:
    term = term_of(period, day)

    assert term.starts_on <= day <= term.ends_on
    assert term_of(period, term.ends_on) == term
    assert term_of(period, term.ends_on + timedelta(days=1)).starts_on == term.ends_on + timedelta(days=1)


def test_a_link_owes_in_the_terms_it_touches() -> None:
    link = Span(date(2026, 2, 10), date(2026, 8, 1))

    assert [term.starts_on.month for term in terms(Period.QUARTER, link, date(2026, 12, 1))] == [1, 4, 7]
    assert [term.starts_on.month for term in terms(Period.QUARTER, link, date(2026, 5, 1))] == [1, 4]
    assert terms(Period.YEAR, Span(date(2026, 12, 2)), date(2026, 12, 1)) == []
    assert len(terms(Period.YEAR, Span(date(2026, 12, 2)), date(2026, 12, 2))) == 1


@pytest.mark.parametrize(
    ("required", "link", "term", "expected"),
    [
        (1, Span(date(2026, 1, 1)), AUTUMN, 1),
        (1, Span(date(2026, 11, 16)), AUTUMN, 1),  # 46 of 92 days: half, upwards
        (1, Span(date(2026, 11, 17)), AUTUMN, 0),
        (1, Span(date(2026, 1, 1), date(2026, 11, 14)), AUTUMN, 0),
        (2, Span(date(2026, 7, 1)), term_of(Period.YEAR, AUTUMN.starts_on), 1),
        (2, Span(date(2026, 12, 20)), term_of(Period.YEAR, AUTUMN.starts_on), 0),
        (2, Span(date(2024, 1, 1), date(2025, 12, 31)), AUTUMN, 0),
    ],
)
def test_what_is_owed_follows_the_days_of_the_link(required: int, link: Span, term: Term, expected: int) -> None:
    assert owed(required, link, term) == expected


@given(day=st.dates(date(2026, 1, 1), date(2026, 12, 30)), required=st.integers(1, 12))
def test_a_hand_over_shares_what_is_owed(day: date, required: int) -> None:
    year = term_of(Period.YEAR, day)
    first = owed(required, Span(date(2020, 1, 1), day), year)
    second = owed(required, Span(day + timedelta(days=1)), year)

    assert required <= first + second <= required + 1


@pytest.mark.parametrize(
    ("visit", "why"),
    [
        (made("1", date(2026, 11, 1)), None),
        (made("1", date(2026, 11, 1), AUTUMN.ends_on + CLOSES_AFTER), None),
        (made("1", date(2026, 11, 1), AUTUMN.ends_on + CLOSES_AFTER + timedelta(days=1)), Uncounted.CLOSED),
        (made("1", date(2027, 11, 1), date(2026, 11, 1)), Uncounted.AHEAD),
        (made("1", date(2025, 11, 1), date(2026, 11, 1)), Uncounted.NO_LINK),
        (made("1", date(2026, 11, 1), None, date(2026, 12, 1)), Uncounted.REPLACED),
        (made("1", date(2026, 11, 1), None, date(2027, 2, 1)), None),  # frozen before it was corrected
    ],
)
def test_one_visit(visit: Made, why: Uncounted | None) -> None:
    assert judge([visit], SINCE_JANUARY, QUARTERLY) == {"1": why}


def test_the_visit_of_a_link_that_was_handed_over_does_not_count() -> None:
    link = Span(date(2026, 1, 1), date(2026, 10, 31))

    assert judge([made("1", date(2026, 11, 1))], link, QUARTERLY) == {"1": Uncounted.NO_LINK}


def test_two_on_one_day_are_one_where_days_must_differ() -> None:
    visits = [made("1", date(2026, 11, 1)), made("2", date(2026, 11, 1)), made("3", date(2026, 12, 1))]
    often = Quota(LinkKind.GRID_HOUSEHOLD, Period.YEAR, 4, False, "")

    assert judge(visits, SINCE_JANUARY, YEARLY) == {"1": None, "2": Uncounted.SAME_DAY, "3": None}
    assert (
        done(visits, judge(visits, SINCE_JANUARY, YEARLY), YEARLY),
        done(visits, judge(visits, SINCE_JANUARY, often), often),
    ) == (
        {date(2026, 1, 1): 2},
        {date(2026, 1, 1): 3},
    )


def test_a_replaced_visit_leaves_its_day_to_another() -> None:
    day = date(2026, 11, 1)

    judged = judge([made("1", day, day, date(2026, 11, 2)), made("2", day, date(2026, 11, 2))], SINCE_JANUARY, YEARLY)

    assert judged == {"1": Uncounted.REPLACED, "2": None}


@st.composite
def histories(draw: st.DrawFn) -> list[Made]:
    """In the order of recording; clocks may be wrong by a year."""
    recorded = sorted(draw(st.lists(DAYS, max_size=12)))
    found = []
    for number, day in enumerate(recorded):
        years = draw(st.sampled_from([0, 0, 0, -1, 1]))
        on = day - timedelta(days=draw(st.integers(0, 40))) + timedelta(days=365 * years)
        replaced = draw(st.none() | st.integers(0, 120))
        found.append(made(str(number), on, day, None if replaced is None else day + timedelta(days=replaced)))
    return found


@given(
    visits=histories(),
    since=DAYS,
    length=st.none() | st.integers(0, 500),
    quota=st.sampled_from([QUARTERLY, YEARLY]),
    today=DAYS,
)
def test_a_closed_term_stays_as_it_was(
    visits: list[Made], since: date, length: int | None, quota: Quota, today: date
) -> None:
    """What was known on a day already tells the count of every term that is closed by then."""
    link = Span(since, None if length is None else since + timedelta(days=length))
    known = [
        Made(one.key, one.on, one.recorded_on, one.replaced_on if (one.replaced_on or today) < today else None)
        for one in visits
        if one.recorded_on < today
    ]

    before, after = done(known, judge(known, link, quota), quota), done(visits, judge(visits, link, quota), quota)

    closed = {start for start in before | after if term_of(quota.period, start).closes_on < today}
    assert {start: before.get(start, 0) for start in closed} == {start: after.get(start, 0) for start in closed}


@given(visits=histories(), quota=st.sampled_from([QUARTERLY, YEARLY]))
def test_every_visit_counts_once_or_says_why_not(visits: list[Made], quota: Quota) -> None:
    judged = judge(visits, SINCE_JANUARY, quota)

    assert list(judged) == [visit.key for visit in visits]
    assert sum(done(visits, judge(visits, SINCE_JANUARY, quota), quota).values()) == sum(
        why is None for why in judged.values()
    )


@pytest.mark.parametrize(
    ("required", "count", "today", "expected"),
    [
        (1, 0, date(2026, 11, 8), Standing.OWED),
        (1, 0, date(2026, 12, 17), Standing.OWED),
        (1, 0, date(2026, 12, 18), Standing.SOON),
        (1, 0, date(2026, 12, 31), Standing.SOON),
        (1, 0, date(2027, 1, 1), Standing.OVERDUE),
        (1, 1, date(2027, 1, 1), Standing.MET),
        (0, 0, date(2026, 12, 31), Standing.MET),
    ],
)
def test_how_it_stands_is_told_from_the_days(required: int, count: int, today: date, expected: Standing) -> None:
    assert standing(required, count, AUTUMN, today) == expected


def row(kind: LinkKind, **given: object) -> dict[str, object]:
    return {"kind": kind.value, "period": "year", "required": 1, "distinct_days": True, "source": "某文件", **given}


def test_the_rows_are_read() -> None:
    rows = [row(kind) for kind in LinkKind]

    assert parse_quotas({"quota": rows})[LinkKind.UNIT_VILLAGE] == Quota(
        LinkKind.UNIT_VILLAGE, Period.YEAR, 1, True, "某文件"
    )


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [row(kind) for kind in LinkKind if kind is not LinkKind.GRID_HOUSEHOLD],
        [row(kind) for kind in [*LinkKind, LinkKind.UNIT_VILLAGE]],
        [row(kind, required=0) for kind in LinkKind],
        [row(kind, period="week") for kind in LinkKind],
    ],
)
def test_rows_that_are_no_quotas_are_refused(rows: object) -> None:
    with pytest.raises(ValueError, match=r"quota|week"):
        parse_quotas({"quota": rows})
