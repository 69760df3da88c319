"""The petition track: its steps, terms and letters, and what the resident and the desk read of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions, clocks
from lianying.cases.actions import Taking
from lianying.cases.models import Case, PetitionStep
from lianying.cases.queries.petitions import due_petitions, petition_of
from lianying.cases.verify import case_faults
from lianying.common.clock import local_day
from lianying.common.crypto import case_code
from lianying.notices.models import Notice
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.petitions import Stage, Step
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import words

ClientOf = Callable[[User | Actor], Client]
pytestmark = pytest.mark.postgresql
LIST = "/desk/petitions/"
#: Far enough for every term of the longest way.
LATER = NOON + timedelta(days=200)


def take(county: County, case: Case, step: Step, on: date, *, days: int = 0, at: datetime = LATER) -> Case:
    taking = Taking(step, on, "按规定办理。", "宁信〔2026〕7号", county.housing, days)
    return actions.petition_step(case, version=case.version, taking=taking, by=county.clerk, at=at)


def until(case: Case) -> date:
    assert case.stage_due_at is not None
    return local_day(case.stage_due_at)


def progress(client: Client, case: Case) -> str:
    return client.get("/track/", {"ref": case.ref, "code": case_code(case.uuid)}).content.decode()


def test_the_longest_way_with_the_days_of_the_law(county: County) -> None:
    case = make.petition(county)
    ends = [until(case)]
    for step, on, days in (
        (Step.SEND, date(2026, 11, 20), 0),
        (Step.EXTEND, date(2026, 12, 1), 30),
        (Step.DECIDE, date(2027, 1, 4), 0),
        (Step.APPLY, date(2027, 2, 3), 0),
        (Step.REVIEW, date(2027, 3, 1), 0),
        (Step.APPLY_AGAIN, date(2027, 3, 2), 0),
        (Step.HEAR, date(2027, 3, 10), 6),
        (Step.REVIEW_AGAIN, date(2027, 4, 1), 0),
    ):
        case = take(county, case, step, on, days=days)
        ends.append(until(case))

    assert ends == [
        date(2026, 11, 27),
        date(2027, 1, 19),
        date(2027, 2, 18),
        date(2027, 2, 3),
        date(2027, 3, 5),
        date(2027, 3, 31),
        date(2027, 4, 1),
        date(2027, 4, 7),
        date(2027, 4, 9),
    ]
    assert clocks.petition(case).stage == Stage.FINAL
    assert PetitionStep.objects.count() == 8
    assert list(case_faults()) == []


def test_a_unit_objects_within_five_working_days(county: County) -> None:
    sent = take(county, make.petition(county), Step.SEND, date(2026, 11, 12))

    with pytest.raises(Refused, match="petition_objection_late"):
        take(county, sent, Step.OBJECT, date(2026, 11, 20))
    sent.refresh_from_db()
    back = take(county, sent, Step.OBJECT, date(2026, 11, 19))

    assert (clocks.petition(back).stage, until(back)) == (Stage.RECEIVED, date(2026, 12, 4))
    assert words(back)[-1][0] == "inner"


def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(county: County) -> None:
    case = make.petition(county)

    with pytest.raises(Refused, match="petition_not_now"):
        take(county, case, Step.DECIDE, date(2026, 11, 12))
    with pytest.raises(Refused, match="no_words"):
        actions.petition_step(
            case,
            version=2,
            taking=Taking(Step.SEND, date(2026, 11, 12), " ", unit=county.housing),
            by=county.clerk,
            at=LATER,
        )
    with pytest.raises(Refused, match="no_unit"):
        actions.petition_step(
            case, version=2, taking=Taking(Step.SEND, date(2026, 11, 12), "已转"), by=county.clerk, at=LATER
        )

    assert (PetitionStep.objects.count(), Case.objects.get().version, Notice.objects.count()) == (0, 2, 1)


def test_a_step_of_the_resident_needs_no_words(county: County) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND, Step.DECIDE)
    said = len(words(case))

    taking = Taking(Step.ACCEPT, date(2026, 11, 12))
    case = actions.petition_step(case, version=case.version, taking=taking, by=county.clerk, at=LATER)

    assert (clocks.petition(case).stage, len(words(case))) == (Stage.FINAL, said)


def test_it_is_not_sent_to_the_unit_that_a_report_accuses(county: County) -> None:
    case = make.report(county, accused=county.housing)
    case = actions.transfer(case, version=case.version, text="已转", by=county.clerk, at=NOON + 3 * STEP)

    with pytest.raises(Refused, match="accused_line"):
        take(county, case, Step.SEND, date(2026, 11, 12))


def test_the_resident_is_told_of_what_was_decided_and_not_of_every_step(county: County) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND, Step.OBJECT, Step.SEND, Step.DECIDE, Step.ACCEPT)
    actions.conclude(case, version=case.version, text="已办结", by=county.clerk, at=NOON + 10 * STEP)

    # The transfer, twice sent, decided, concluded.
    assert [notice.kind for notice in Notice.objects.all()] == ["petition"] * 5


def test_it_is_concluded_when_the_term_for_applying_is_over(county: County) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND, Step.DECIDE)

    with pytest.raises(Refused, match="petition_open"):
        actions.conclude(case, version=case.version, text="已办结", by=county.clerk, at=NOON + timedelta(days=30))
    case.refresh_from_db()
    case = actions.conclude(case, version=case.version, text="已办结", by=county.clerk, at=NOON + timedelta(days=31))

    assert (case.state, case.ending) == ("closed", "concluded")


def test_what_was_given_back_and_handed_over_again_begins_anew(county: County) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND)
    case = actions.give_back(case, version=case.version, reason="不属信访", by=county.clerk, at=NOON + 10 * STEP)
    case = actions.transfer(case, version=case.version, text="还是属信访", by=county.clerk, at=NOON + timedelta(days=3))

    found = petition_of(case, NOON + timedelta(days=3))

    assert (found.stage, found.unit, len(found.steps), until(case)) == (Stage.RECEIVED, None, 1, date(2026, 11, 30))


def test_the_resident_reads_where_it_stands_and_until_when_they_may_apply(
    county: County, client: Client, at_noon: None
) -> None:
    case = make.petition(county)
    received = progress(client, case)
    case = make.stepped(county, case, Step.SEND)
    sent = progress(client, case)
    case = make.stepped(county, case, Step.DECIDE)
    decided = progress(client, case)
    case = make.stepped(county, case, Step.APPLY, Step.REVIEW)
    reviewed = progress(client, case)
    case = make.stepped(county, case, Step.APPLY_AGAIN)
    last = progress(client, case)
    final = progress(client, make.stepped(county, case, Step.REVIEW_AGAIN))

    assert "转送有权处理的单位，并书面告知您" in received
    assert f"{county.housing.name} 最迟" in sent
    assert "向该单位的上一级机关申请复查" in decided
    assert "申请复核" in reviewed
    assert "正在重新审查" in last
    assert "程序已经终结" in final
    assert "信访工作条例（2022）" in decided
    assert "宁信〔2026〕7号" not in decided


def test_the_desk_reads_term_source_and_letters(county: County, client_of: ClientOf, at_noon: None) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND, Step.EXTEND)

    html = client_of(county.clerk).get(f"/desk/cases/{case.ref}/").content.decode()

    assert ("有权处理单位办理中" in html, "其中延长 7 天" in html, "宁信〔2026〕7号" in html) == (True, True, True)
    assert "登记信访办理步骤" in html


def test_days_are_asked_for_where_they_are_added_and_words_where_they_are_read(
    county: County, client_of: ClientOf, at_noon: None
) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND)
    url = f"/desk/cases/{case.ref}/move/petition_step/"
    sent = {"version": case.version, "on": "2026-11-12"}

    missing = client_of(county.clerk).post(url, sent | {"step": "extend"})
    none = client_of(county.clerk).post(url, sent)
    again = client_of(county.clerk).post(url, sent | {"step": "send", "text": "已转"})

    html = missing.content.decode()
    assert ([answer.status_code for answer in (missing, none, again)], "1 到 30 天" in html, "请写几句" in html) == (
        [422, 422, 422],
        True,
        True,
    )


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_for_every_length(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _ in range(many):
        make.stepped(county, make.petition(county), Step.SEND)
    browser = client_of(county.clerk)
    browser.get(LIST)

    with django_assert_num_queries(7):
        html = browser.get(LIST).content.decode()

    assert html.count("有权处理单位办理中") == many


def test_an_empty_list_says_how_something_comes_to_it(county: County, client_of: ClientOf) -> None:
    assert "没有正在走信访渠道的事项" in client_of(county.clerk).get(LIST).content.decode()


def test_what_is_due_within_five_days_waits_today(county: County) -> None:
    make.petition(county)

    found = [due_petitions(county.clerk, NOON + timedelta(days=days)).count() for days in (9, 11, 20)]

    assert found == [0, 1, 1]


def test_a_term_that_the_resident_let_pass_makes_nobody_late(
    county: County, client_of: ClientOf, at_noon: None
) -> None:
    case = make.stepped(county, make.petition(county, at=NOON - timedelta(days=40)), Step.SEND, Step.DECIDE)
    PetitionStep.objects.update(on=date(2026, 10, 10))
    Case.objects.update(stage_due_at=NOON - timedelta(days=2))

    html = client_of(county.clerk).get(LIST).content.decode()

    assert ("申请期限已过" in html, petition_of(Case.objects.get(pk=case.pk), NOON).is_late) == (True, False)
