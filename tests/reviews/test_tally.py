"""The six numbers: what is in them, for whom, and that each is what its list holds."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from lianying.cases.actions import Sorting, correct, transfer
from lianying.cases.models import Case
from lianying.common.db import explain
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reviews.actions import take_back
from lianying.reviews.queries.lines import Line, line_of
from lianying.reviews.queries.tally import Asked, rows, rows_page, tally, visits
from lianying.reviews.queries.tally import entered as standing
from lianying.rules.kinds import CaseKind, Solved
from lianying.rules.quotas import Term
from lianying.rules.results import PARTS, Count, Detail, Part, Period, ResultKind, span_of
from lianying.visits.actions import VisitCard, record_visit
from tests import make
from tests.cast import NOON, STEP, County
from tests.reviews.conftest import (
    ESTATE,
    POWER,
    TODAY,
    Linked,
    entered,
    note,
    noted,
    silent,
    solved,
    visited,
)

pytestmark = pytest.mark.postgresql
YEAR = span_of(Period.YEAR, TODAY)


def numbers(actor: Actor, span: Term = YEAR, unit: Unit | None = None) -> dict[str, int]:
    """Without the zeros."""
    return {kind.value: count.total for kind, count in tally(Asked(actor, span, unit)).items() if count.total}


def listed(kind: ResultKind, part: Part, actor: Actor, unit: Unit | None = None) -> list[Line]:
    return [line_of(row) for row in rows(kind, part, Asked(actor, YEAR, unit))]


def everything(county: County, linked: Linked) -> None:
    visited(linked)
    visited(linked, number=2, at=NOON + STEP)
    noted(county)
    entered(county)
    solved(county)
    solved(county, ESTATE)
    silent(county)
    entered(county, kind=ResultKind.INFRASTRUCTURE, detail=Detail.PUMP)


def test_the_six_numbers(county: County, linked: Linked) -> None:
    everything(county, linked)

    counted = tally(Asked(county.supervisor, YEAR))

    assert counted == {
        ResultKind.HOUSEHOLD: Count(1, 0, {"same_day": 1}),
        ResultKind.PETITION: Count(1),
        ResultKind.INDUSTRY: Count(),
        ResultKind.JOB: Count(0, 1),
        ResultKind.SERVICE: Count(1),
        ResultKind.INFRASTRUCTURE: Count(1, 1, {"unheard": 1}),
    }


@pytest.mark.parametrize("person", ["supervisor", "handler", "head", "neighbour", "village_handler", "clerk"])
def test_a_number_is_what_its_list_holds(county: County, linked: Linked, person: str) -> None:
    everything(county, linked)
    actor = county.people[person]
    units = [None, county.management, county.town, county.village, county.housing]
    spans = [YEAR, span_of(Period.MONTH, TODAY), span_of(Period.QUARTER, TODAY - timedelta(days=180))]

    for asked in (Asked(actor, span, unit) for unit in units for span in spans):
        for kind, count in tally(asked).items():
            held = {part: rows(kind, part, asked).count() for part in PARTS[kind]}
            assert held == {part: count.of(part) for part in PARTS[kind]}
            assert tally(asked, [kind]) == {kind: count}


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("supervisor", {"household": 1, "petition": 1, "job": 1, "service": 1, "infrastructure": 2}),
        ("handler", {"household": 1, "job": 1, "service": 1, "infrastructure": 2}),
        # Done by others, in the village.
        ("village_handler", {"household": 1, "job": 1, "infrastructure": 1}),
        ("neighbour", {}),
    ],
)
def test_who_sees_what(county: County, linked: Linked, person: str, expected: Mapping[str, int]) -> None:
    everything(county, linked)

    assert numbers(county.people[person]) == expected


def test_a_unit_stands_for_all_below_it_and_for_what_was_done_there(county: County, linked: Linked) -> None:
    everything(county, linked)

    assert numbers(county.supervisor, unit=county.town) == {"household": 1, "job": 1, "infrastructure": 1}
    assert numbers(county.supervisor, unit=county.management) == numbers(county.handler)
    assert numbers(county.handler, unit=county.housing) == {}


def test_days_are_those_of_the_span(county: County, linked: Linked) -> None:
    visited(linked, days=60)
    entered(county, on=31)
    solved(county)
    quarter = span_of(Period.QUARTER, TODAY)

    assert numbers(county.supervisor, quarter) == {"job": 1, "infrastructure": 1}
    assert numbers(county.supervisor, Term(TODAY - timedelta(days=60), TODAY - timedelta(days=60))) == {"household": 1}
    assert numbers(county.supervisor, span_of(Period.YEAR, date(2025, 5, 5))) == {}


def test_a_request_says_why_it_does_not_count(county: County) -> None:
    silent(county)
    solved(county, verdict=Solved.PARTLY)
    planned = make.closed(county, category=POWER)
    Case.objects.filter(pk=planned.pk).update(outcome="planned")
    make.closed(county, category=POWER, kind=CaseKind.CONSULT)
    make.declined(county, category=POWER)
    make.merged(county, category=POWER)

    left = tally(Asked(county.supervisor, YEAR))[ResultKind.INFRASTRUCTURE]

    assert left == Count(0, 0, {"unheard": 1, "not_solved": 1, "planned": 1, "advice": 1})
    whys = {line.why for line in listed(ResultKind.INFRASTRUCTURE, Part.LEFT, county.supervisor)}
    assert (len(whys), "" in whys) == (4, False)


def test_a_report_of_wrongdoing_is_nobodys_result(county: County) -> None:
    case, petition = solved(county), noted(county)
    Case.objects.filter(pk__in=[case.pk, petition.pk]).update(kind=CaseKind.REPORT)

    assert numbers(county.supervisor) == {}


def test_a_petition_counts_once_by_its_first_note(county: County) -> None:
    case = noted(county)
    note(county, case, at=NOON + timedelta(days=60))
    make.petition(county)

    assert numbers(county.supervisor) == {"petition": 1}
    assert numbers(county.supervisor, span_of(Period.YEAR, date(2027, 1, 1))) == {}


def test_a_note_that_came_before_the_petition_office_counts(county: County) -> None:
    case = make.handling(county)
    note(county, case, at=NOON + 3 * STEP)
    assert numbers(county.supervisor) == {}
    case.refresh_from_db()

    transfer(case, version=case.version, text="转信访局", by=county.clerk, at=NOON + 4 * STEP)

    assert numbers(county.supervisor) == {"petition": 1}


def test_what_an_entered_result_names_is_not_counted_twice(county: County) -> None:
    petition = noted(county)
    entered(county, kind=ResultKind.PETITION, detail=None, case=petition, text="王副县长包案")
    lamp = make.closed(county, category="0807")
    result = entered(county, case=lamp)
    sorting = Sorting(category=POWER)
    Case.objects.filter(pk=lamp.pk).update(category=sorting.category)

    assert numbers(county.supervisor) == {"petition": 1, "job": 1}
    assert tally(Asked(county.supervisor, YEAR))[ResultKind.INFRASTRUCTURE].left == {"entered": 1}

    take_back(result, why="填错了", by=county.handler, at=NOON + STEP)

    assert numbers(county.supervisor) == {"petition": 1, "infrastructure": 1}


def test_a_category_that_is_corrected_changes_the_number(county: County) -> None:
    case = make.answered(county, category="0501")
    correct(case, version=case.version, sorting=Sorting(category=ESTATE), by=county.clerk, at=NOON + 5 * STEP)
    assert numbers(county.supervisor) == {}

    solved(county, ESTATE)

    assert numbers(county.supervisor) == {"service": 1}


def test_a_line_of_a_visit_says_nothing_of_the_household(county: County, linked: Linked) -> None:
    visit = visited(linked)

    line = listed(ResultKind.HOUSEHOLD, Part.LEDGER, county.supervisor)[0]

    assert line == Line(
        TODAY, "城市管理局", "上柳村", "到上柳村走访", "干部联系户", source="走访记录", key=f"visit:{visit.uuid}"
    )


def test_lines_of_requests_and_results(county: County) -> None:
    case, result, petition = solved(county), entered(county), noted(county)

    works = listed(ResultKind.INFRASTRUCTURE, Part.LEDGER, county.supervisor)[0]
    jobs = listed(ResultKind.JOB, Part.ENTERED, county.supervisor)[0]
    notes = listed(ResultKind.PETITION, Part.LEDGER, county.supervisor)[0]

    assert (notes.on, notes.more, notes.case) == (TODAY, "领导批示", petition.ref)
    assert (works.what, works.source, works.case, works.key) == (case.title, case.ref, case.ref, f"case:{case.ref}")
    assert (jobs.what, jobs.more, jobs.source, jobs.result) == (
        "到园区上班",
        "单位用工",
        "用工登记表",
        str(result.uuid),
    )


def test_pages_follow_each_other_newest_first(county: County) -> None:
    for number in range(32):
        entered(county, on=number)
    asked = Asked(county.supervisor, YEAR)

    first = rows_page(ResultKind.JOB, Part.ENTERED, asked, "")
    second = rows_page(ResultKind.JOB, Part.ENTERED, asked, first.next)

    assert [row.on for row in (*first.rows, *second.rows)] == [TODAY - timedelta(days=number) for number in range(32)]
    assert (len(first.rows), second.next) == (30, "")


@pytest.mark.parametrize("count", [1, 30])
def test_the_tally_costs_four_queries(
    county: County, linked: Linked, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        record_visit(VisitCard(UUID(int=number), TODAY), link=linked.home, by=linked.leader, at=NOON)
        entered(county)
    noted(county)
    solved(county)

    with django_assert_num_queries(4):
        tally(Asked(county.supervisor, YEAR))


def test_the_lists_run_over_indexes(county: County) -> None:
    asked = Asked(county.supervisor, YEAR)

    plans = [explain(visits(asked)), explain(standing(asked).filter(kind="job"))]

    assert [plan for plan in plans if "SCAN visits_visit" in plan or "SCAN reviews_result" in plan] == []
