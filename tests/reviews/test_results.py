"""Results that somebody enters: what is kept, what is refused, what a correction does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.models import Case
from lianying.reviews.actions import correct, enter, link_rows, take_back
from lianying.reviews.models import GoalRow, Result
from lianying.rules.refusals import Refused
from lianying.rules.results import Detail, ResultKind
from tests import make
from tests.cast import NOON, STEP, County
from tests.reviews.conftest import ESTATE, POWER, Reviewed, entered, goal, job, noted, solved

pytestmark = pytest.mark.postgresql


def refusal(action: Callable[..., object], *arguments: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*arguments, **given)
    return caught.value.code


def events(result: Result) -> list[tuple[str, dict[str, Any]]]:
    rows = Event.objects.filter(stream=f"result:{result.uuid}").order_by("seq")
    return [(row.kind.partition(".")[2], row.data) for row in rows]


def test_a_result_is_kept_with_codes_alone_in_the_ledger(county: County) -> None:
    result = enter(job(county, text=" 到园区上班 "), by=county.handler, at=NOON)

    assert (result.text, result.kind, result.detail, result.case) == ("到园区上班", "job", "employer", None)
    facts = {"result_kind": "job", "detail": "employer", "unit": county.management.path, "on": "2026-11-12"}
    assert events(result) == [("entered", facts)]
    assert list(chain_faults()) == []


def test_it_may_name_a_request_instead_of_a_document(county: County) -> None:
    case = make.closed(county, category="0807")

    assert entered(county, case=case, source="").case == case


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": " "}, "no_words"),
        ({"text": "请打 13812348263"}, "numbers_in_words"),
        ({"on": -1}, "result_day"),
        ({"source": " "}, "result_without_source"),
        ({"detail": Detail.POWER}, "result_detail"),
        ({"kind": ResultKind.HOUSEHOLD, "detail": None}, "result_derived"),
        ({"kind": ResultKind.PETITION, "detail": None}, "result_not_petition"),
    ],
)
def test_what_is_wrong_is_refused(county: County, changed: dict[str, Any], code: str) -> None:
    assert refusal(enter, job(county, **changed), by=county.handler, at=NOON) == code
    assert not Result.objects.exists()


def test_a_result_is_at_a_place_and_of_ones_own_unit(county: County) -> None:
    assert refusal(enter, job(county, place=county.housing), by=county.handler, at=NOON) == "result_place"
    assert [
        refusal(enter, job(county), by=person, at=NOON)
        for person in (county.neighbour, county.clerk, county.supervisor, county.section_handler)
    ] == ["not_yours"] * 4


def test_one_request_is_one_result(county: County) -> None:
    lamp, petition = solved(county), noted(county)
    report = make.report(county)
    works: dict[str, Any] = {"kind": ResultKind.INFRASTRUCTURE, "detail": Detail.POWER, "source": ""}

    assert refusal(enter, job(county, case=lamp, **works), by=county.handler, at=NOON) == "result_counts_itself"
    assert refusal(enter, job(county, case=report), by=county.handler, at=NOON) == "result_of_report"
    assert entered(county, kind=ResultKind.PETITION, detail=None, case=petition).case == petition
    assert refusal(enter, job(county, case=petition), by=county.handler, at=NOON) == "result_case_used"
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.create(
            kind="job", unit=county.town, place=county.town, on=NOON, text="x", case=petition, by_id=1, at=NOON
        )


def test_a_request_of_another_kind_may_be_named(county: County) -> None:
    assert entered(county, case=solved(county, ESTATE), source="").kind == "job"


def test_a_correction_takes_the_place_of_what_it_corrects(county: County) -> None:
    case = make.closed(county, category="0807")
    wrong = entered(county, case=case)

    right = correct(wrong, job(county, case=case, text="到粮油厂上班"), by=county.head, at=NOON + STEP)

    wrong.refresh_from_db()
    assert (wrong.ended_at, wrong.ended_why, right.replaces, right.ended_at) == (NOON + STEP, "", wrong, None)
    assert events(wrong)[1:] == [("corrected", {"to": str(right.uuid)})]
    assert refusal(correct, wrong, job(county), by=county.head, at=NOON + 2 * STEP) == "result_ended"


def test_a_correction_that_is_refused_leaves_all_as_it_was(county: County) -> None:
    result = entered(county)

    assert refusal(correct, result, job(county, text=""), by=county.handler, at=NOON + STEP) == "no_words"
    assert refusal(correct, result, job(county), by=county.neighbour, at=NOON + STEP) == "not_yours"
    result.refresh_from_db()
    assert (result.ended_at, Result.objects.count()) == (None, 1)


def test_goals_go_on_with_the_correction_where_it_is_still_theirs(reviewed: Reviewed) -> None:
    county = reviewed.county
    own = goal(reviewed)
    villages = goal(reviewed, unit=county.village)
    result = entered(county)
    for one, by in ((own, county.handler), (villages, reviewed.governor)):
        link_rows(one, [result], by=by, at=NOON)

    right = correct(result, job(county, place=county.root), by=county.handler, at=NOON + STEP)

    assert dict(GoalRow.objects.values_list("goal_id", "result_id")) == {own.pk: right.pk, villages.pk: result.pk}


def test_what_was_entered_in_error_is_taken_back_with_a_reason(county: County) -> None:
    case = make.closed(county, category="0807")
    result = entered(county, case=case)

    gone = take_back(result, why=" 重复登记 ", by=county.handler, at=NOON + STEP)

    assert (gone.ended_at, gone.ended_why) == (NOON + STEP, "重复登记")
    assert events(result)[1:] == [("taken_back", {})]
    assert refusal(take_back, result, why="再来", by=county.handler, at=NOON + STEP) == "result_ended"
    assert entered(county, case=case).case == case


def test_taking_back_needs_a_reason(county: County) -> None:
    assert refusal(take_back, entered(county), why="", by=county.handler, at=NOON) == "no_words"


def test_the_day_may_lie_a_year_back(county: County) -> None:
    assert entered(county, on=366).on == NOON.date() - timedelta(days=366)
    assert refusal(enter, job(county, on=367), by=county.handler, at=NOON) == "result_day"


def test_a_category_corrected_later_counts_once(county: County) -> None:
    """The same request is then of the family and named by a result: see the tally."""
    case = make.closed(county, category="0807")
    result = entered(county, case=case, kind=ResultKind.INFRASTRUCTURE, detail=Detail.POWER)

    Case.objects.filter(pk=case.pk).update(category=POWER)

    assert Result.objects.get(case=case) == result
