"""The grouped query says what the rule says of each request by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.models import Case, Pause
from lianying.cases.queries.figures import (
    MonthFigures,
    by_category,
    figures,
    following,
    month_figures,
    open_now,
    published_months,
)
from lianying.orgs.models import Unit
from lianying.rules.kinds import Channel, Ending, Solved
from lianying.rules.lifecycle import OPEN, State
from lianying.rules.rates import Row, Standing, overdue, tally
from tests import make
from tests.cast import NOON, STEP, ZONE, County

NOVEMBER = date(2026, 11, 1)
OCTOBER = date(2026, 10, 1)
HOUR = timedelta(hours=1)
MOMENTS = st.sampled_from([NOON + hours * HOUR for hours in (-2000, -1000, -300, -48, -1, 0, 1, 300)])


@dataclass(frozen=True)
class Sample:
    """A row as the table may hold it; asked and told are of its open pause."""

    state: State
    ending: Ending | None
    channel: Channel
    received_at: datetime
    due_at: datetime | None
    answered: bool
    answered_late: bool
    answered_at_once: bool
    solved: Solved | None
    satisfaction: int | None
    asked: bool
    told_at: datetime | None


RECEIVED = st.sampled_from(
    [
        datetime(2026, 9, 30, 23, 59, tzinfo=ZONE),
        datetime(2026, 10, 1, 0, 0, tzinfo=ZONE),
        datetime(2026, 10, 31, 23, 59, 59, tzinfo=ZONE),
        datetime(2026, 11, 1, 0, 0, tzinfo=ZONE),
        NOON,
        datetime(2026, 12, 1, 0, 0, tzinfo=ZONE),
    ]
)
SAMPLES = st.builds(
    Sample,
    state=st.sampled_from(State),
    ending=st.none() | st.sampled_from(Ending),
    channel=st.sampled_from([Channel.WEB, Channel.PHONE, Channel.IMPORT]),
    received_at=RECEIVED,
    due_at=st.none() | MOMENTS,
    answered=st.booleans(),
    answered_late=st.booleans(),
    answered_at_once=st.booleans(),
    solved=st.none() | st.sampled_from(Solved),
    satisfaction=st.none() | st.integers(1, 5),
    asked=st.booleans(),
    told_at=st.none() | MOMENTS,
).filter(lambda one: one.due_at is not None or one.state not in {State.ASSIGNED, State.HANDLING, State.DISPUTED})


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def put(samples: list[Sample], desk: Unit) -> None:
    cases = Case.objects.bulk_create(
        Case(
            ref=f"T{place}",
            head="",
            unit=desk,
            path=desk.path,
            state=one.state.value,
            ending=one.ending.value if one.ending else "",
            channel=one.channel.value,
            received_at=one.received_at,
            stage_at=one.received_at,
            closed_at=None if one.state in OPEN else one.received_at,
            due_at=one.due_at,
            answered_at=one.received_at if one.answered else None,
            answered_late=one.answered_late,
            answered_at_once=one.answered_at_once,
            solved=one.solved.value if one.solved else "",
            satisfaction=one.satisfaction,
        )
        for place, one in enumerate(samples)
    )
    asked = [pair for pair in zip(cases, samples, strict=True) if pair[1].asked]
    Pause.objects.bulk_create(Pause(case=case, asked_at=one.received_at, told_at=one.told_at) for case, one in asked)


def row_of(one: Sample) -> Row:
    """Read a request by itself, in Python."""
    stopped_at = one.told_at if one.asked and one.state == State.WAITING else None
    return Row(
        state=one.state,
        ending=one.ending,
        channel=one.channel,
        answered=one.answered,
        answered_late=one.answered_late,
        answered_at_once=one.answered_at_once,
        overdue=overdue(one.due_at, stopped_at, NOON),
        solved=one.solved,
        satisfaction=one.satisfaction,
    )


def expected(samples: list[Sample], month: date, still_open: int) -> MonthFigures:
    inside = [one for one in samples if one.received_at.astimezone(ZONE).date().replace(day=1) == month]
    counts = tally([(row_of(one), 1) for one in inside], Decimal(1))
    return MonthFigures(
        counts.standings,
        counts.checked,
        counts.solved,
        counts.satisfied,
        counts.unreached,
        counts.silent,
        month=month,
        as_of=NOON,
        open_now=still_open,
    )


@pytest.mark.postgresql
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=st.lists(SAMPLES, max_size=12))
def test_the_query_counts_what_the_rule_counts_one_by_one(county: County, samples: list[Sample]) -> None:
    with undone():
        put(samples, county.desk)

        found = figures([NOVEMBER, OCTOBER], NOON)
        alone = month_figures(OCTOBER, NOON)

    assert found == [expected(samples, NOVEMBER, 0), expected(samples, OCTOBER, 0)]
    assert alone == found[1]


def test_figures_take_two_queries_however_many_months(
    county: County, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.closed(county)

    with django_assert_num_queries(2):
        figures(published_months(NOON.date()), NOON)


@pytest.mark.postgresql
def test_a_question_told_in_time_stops_the_promise_and_an_untold_one_does_not(county: County) -> None:
    told, untold = make.waiting(county), make.waiting(county, told_now=False)
    assert told.due_at is not None
    assert untold.due_at is not None

    counted = month_figures(NOVEMBER, max(told.due_at, untold.due_at) + HOUR)

    assert counted.standings == {Standing.NOT_YET_DUE: 1, Standing.LATE_OPEN: 1}


def test_what_went_through_the_actions_is_counted(county: County) -> None:
    make.closed(county)
    make.declined(county)
    late = make.handling(county)
    assert late.due_at is not None
    actions.answer(
        late, version=late.version, answer=actions.Answer(make.ANSWER), by=county.handler, at=late.due_at + STEP
    )

    counted = month_figures(NOVEMBER, late.due_at + 2 * STEP)

    assert counted.standings == {Standing.IN_TIME: 1, Standing.DECLINED: 1, Standing.ANSWERED_LATE: 1}
    assert (counted.checked, counted.solved, counted.open_now) == (1, 1, 1)


def test_open_now_counts_running_clocks_of_any_month(county: County) -> None:
    make.heard(county, at=NOON - timedelta(days=100))
    make.answered(county)
    make.closed(county)
    old = make.heard(county, channel=Channel.IMPORT)
    Case.objects.filter(pk=old.pk).update(due_at=None, stage_due_at=None)

    assert open_now() == 2


def test_published_months_are_this_one_and_twelve_before_it() -> None:
    months = published_months(date(2026, 2, 28))

    assert (len(months), months[0], months[1], months[-1]) == (
        13, date(2026, 2, 1), date(2026, 1, 1), date(2025, 2, 1)
    )  # fmt: skip
    assert [following(month) for month in months[1:]] == months[:-1]


def test_by_category_follows_the_list_and_names_what_is_not_sorted(county: County) -> None:
    for category in ("0102", "0301", "0101", ""):
        make.heard(county, category=category)
    make.heard(county, category="0101", at=NOON - timedelta(days=40))

    found = [(one.category.code if one.category else "", one.received) for one in by_category(NOVEMBER)]

    assert found == [("01", 2), ("03", 1), ("", 1)]
