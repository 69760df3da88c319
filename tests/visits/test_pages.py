"""The due list, writing a visit down, and the history of a link, as a visitor uses them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.cases import actions as cases
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.households.actions import HouseholdCard, add_household, decide_hardship, propose_hardship
from lianying.households.models import Opening
from lianying.rules.hardship import Hardship
from lianying.rules.kinds import Outcome as Ending
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind
from lianying.rules.visits import Outcome
from lianying.visits.actions import LinkCard, Raised, VisitCard, end_link, make_link, open_terms, record_visit
from lianying.visits.models import Link, Visit
from lianying.visits.queries.due import to_visit_soon
from tests import make
from tests.cast import NOON, PHONE, STEP, County, person, user_of
from tests.visits.links import Linked

ClientOf = Callable[[Any], Client]
TODAY = NOON.date()
DUE = "/desk/visits/"


@pytest.fixture(autouse=True)
def today(linked: Linked) -> Iterator[None]:
    """The worker has begun the terms, and it is noon."""
    open_terms(at=NOON)
    with standing_at(NOON):
        yield


def told(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def home_of(linked: Linked, called: str, *, level: Hardship = Hardship.NONE, walk: int = 0) -> Link:
    county = linked.county
    card = HouseholdCard(called, walk=walk)
    household = add_household(card, place=county.village, by=county.village_handler, at=NOON)
    if level:
        propose_hardship(household, level, source="名册", by=county.village_handler, at=NOON)
        decide_hardship(
            household, True, by=person(f"k{household.pk}", "丁香", county.village, Role.GRID_KEEPER), at=NOON
        )
    link = LinkCard(LinkKind.LEADER_HOUSEHOLD, county.management, TODAY, user=linked.leader_user, household=household)
    return make_link(link, by=county.head, at=NOON)


def typed(**fields: str) -> dict[str, str]:
    return {"uuid": str(uuid4()), "checklist": "0", "on": TODAY.isoformat(), "note": "", **fields}


def url(link: Link, then: str = "") -> str:
    return f"{DUE}{link.uuid}/{then}"


def asked(linked: Linked, text: str = "路灯不亮") -> Case:
    card = VisitCard(uuid4(), TODAY, problems=[Raised(text, Outcome.REQUEST)])
    case = record_visit(card, link=linked.home, by=linked.leader, at=NOON).problems.get().case
    assert case is not None
    return case


def test_the_list_says_how_it_stands_and_names_the_term(linked: Linked, client_of: ClientOf) -> None:
    page = told(client_of(linked.leader), DUE)

    assert "周大爷家" in page
    assert "今年内，该走 2 次，还没去，还剩 49 天" in page
    assert "本季度内，该走 1 次" in page


def test_hardship_comes_first_then_the_order_on_the_way(linked: Linked, client_of: ClientOf) -> None:
    for called, level, walk in (
        ("后一户", Hardship.NONE, 9),
        ("先一户", Hardship.NONE, 3),
        ("特困户", Hardship.EXTREME, 99),
        ("低保户", Hardship.ALLOWANCE, 1),
    ):
        home_of(linked, called, level=level, walk=walk)

    page = client_of(linked.leader).get(f"{DUE}?of=all")

    names = [line.called for _, lines in page.context["places"] for line in lines]
    assert names == ["特困户", "低保户", "周大爷家", "先一户", "后一户", "上柳村"]


def test_what_is_met_leaves_the_list_and_stands_under_all(linked: Linked, client_of: ClientOf) -> None:
    record_visit(VisitCard(UUID(int=1), TODAY), link=linked.office, by=linked.successor, at=NOON)
    browser = client_of(linked.successor)

    assert "该走的都走到了" in told(browser, DUE)
    assert "上柳村" in told(browser, f"{DUE}?of=all")


def test_who_is_linked_with_nobody_is_told_so(linked: Linked, client_of: ClientOf) -> None:
    end_link(linked.office, to_on=TODAY - timedelta(days=1), by=linked.county.head, at=NOON)

    assert "还没有" in told(client_of(linked.successor), DUE)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_many(
    linked: Linked, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count - 1):
        home_of(linked, f"{number}号家")
    browser = client_of(linked.leader)
    browser.get(f"{DUE}?of=all")

    with django_assert_num_queries(10):
        page = browser.get(f"{DUE}?of=all")

    assert len(page.context["page"].rows) == count + 1


def test_a_visit_is_written_down_with_a_request_for_what_was_raised(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.leader)
    sent = typed(note="精神不错", problem0="路灯不亮", outcome0="request", problem1="问过医保", outcome1="solved")
    kept = browser.post(url(linked.home, "record/"), sent, follow=True)

    page = re.sub(r"<[^>]+>", "", kept.content.decode())
    visit = Visit.objects.get()
    case = visit.problems.get(outcome="request").case
    assert case is not None
    assert (str(visit.uuid), visit.note, case.channel) == (sent["uuid"], "精神不错", "visit")
    assert case.ref in page
    assert "今年内，该走 2 次，走了 1 次" in page
    again = browser.post(url(linked.home, "record/"), sent, follow=True)
    assert (again.redirect_chain, Visit.objects.count(), Case.objects.count()) == (kept.redirect_chain, 1, 1)


def test_the_answers_to_the_checklist_stand_in_the_history(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.leader)
    sent = typed(answer_ask1="还好", answer_look1="inconvenient", answer_leave1="left", companions="successor")
    browser.post(url(linked.home, "record/"), sent)

    page = told(browser, url(linked.home))
    assert "还好" in page
    assert "未看：住户不便" in page
    assert "方向、沈静" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "这一天还没到"),
        ({"on": "昨天"}, "日期"),
        ({"answer_look1": "yes"}, "yes"),
        ({"uuid": "x"}, "还没"),
    ],
)
def test_what_cannot_be_kept_is_shown_again(
    linked: Linked, client_of: ClientOf, wrong: dict[str, str], says: str
) -> None:
    page = client_of(linked.leader).post(url(linked.home, "record/"), typed(note="精神不错", **wrong))

    assert (page.status_code, Visit.objects.count()) == (422, 0)
    assert "精神不错" in page.content.decode()
    assert says in page.content.decode()


def test_answers_to_a_list_long_gone_are_refused_with_what_was_typed(linked: Linked, client_of: ClientOf) -> None:
    page = client_of(linked.leader).post(url(linked.home, "record/"), typed(note="精神不错", checklist="77"))

    assert page.status_code == 422
    assert "精神不错" in page.content.decode()


def test_a_correction_takes_the_place_of_a_record(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.leader)
    first = record_visit(VisitCard(UUID(int=1), TODAY, "写错了"), link=linked.home, by=linked.leader, at=NOON)
    form = f"{DUE}made/{first.uuid}/correct/"

    assert "写错了" in browser.get(form).content.decode()
    assert browser.post(form, typed(note="改过来了")).status_code == 303
    assert browser.get(form).status_code == 404
    assert browser.post(form, typed(note="又一次")).status_code == 409
    page = told(browser, url(linked.home))
    assert "已更正" in page
    assert linked.home.obligations.get().done == 1


def test_a_colleague_writes_for_who_went(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.county.handler)

    assert "方向" in told(browser, url(linked.home, "record/"))
    browser.post(url(linked.office, "record/"), typed(visitor="successor", companions="leader"))
    browser.post(url(linked.home, "record/"), typed())

    assert [(visit.user.username, visit.recorded_by.username) for visit in Visit.objects.order_by("pk")] == [
        ("successor", "handler"),
        ("leader", "handler"),
    ]


def test_another_visitor_does_not_know_the_link(linked: Linked, client_of: ClientOf) -> None:
    visit = record_visit(VisitCard(UUID(int=1), TODAY), link=linked.home, by=linked.leader, at=NOON)
    browser = client_of(linked.successor)

    paths = [
        url(linked.home),
        url(linked.home, "record/"),
        f"{DUE}made/{visit.uuid}/",
        f"{DUE}made/{visit.uuid}/correct/",
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * 4
    assert browser.get(url(linked.office)).status_code == 200
    assert [browser.get(path.replace(str(linked.home.uuid), str(uuid4()))).status_code for path in paths[:2]] == [
        404
    ] * 2
    assert "周大爷家" not in told(browser, f"{DUE}?of=all")


def test_the_contact_opens_with_a_reason_and_is_recorded(county: County, client_of: ClientOf) -> None:
    visitor = person("visitor", "赵明", county.management, Role.VISITOR)
    card = HouseholdCard("周大爷家", name="周建国", phone=PHONE, address="三组 12 号")
    household = add_household(card, place=county.village, by=county.village_handler, at=NOON)
    card_of = LinkCard(LinkKind.MEMBER_HOUSEHOLD, county.management, TODAY, user=user_of(visitor), household=household)
    link = make_link(card_of, by=county.head, at=NOON)
    browser = client_of(visitor)

    assert PHONE not in told(browser, url(link))
    assert browser.post(url(link), {"reason": "nothing"}).status_code == 422
    assert browser.post(url(link), {"reason": "other"}).status_code == 422
    shown = browser.post(url(link), {"reason": "visit"}).content.decode()

    assert [word in shown for word in ("周建国", PHONE, "三组 12 号")] == [True] * 3
    assert (Opening.objects.get().user.username, Opening.objects.get().subject) == (
        "visitor",
        f"household:{household.uuid}",
    )
    assert Event.objects.filter(kind="access.contact_opened").count() == 1


def test_a_village_has_no_contact_to_open(linked: Linked, client_of: ClientOf) -> None:
    assert client_of(linked.leader).post(url(linked.office), {"reason": "visit"}).status_code == 404


def test_what_was_raised_and_answered_is_shown_at_the_next_visit(linked: Linked, client_of: ClientOf) -> None:
    case = asked(linked)
    county, browser = linked.county, client_of(linked.leader)
    before = told(browser, url(linked.home, "record/"))

    case = cases.assign(case, version=case.version, to=county.management, by=county.clerk, at=NOON + STEP)
    case = cases.sign(case, version=case.version, by=county.handler, at=NOON + 2 * STEP)
    answer = cases.Answer(make.ANSWER, Ending.SOLVED)
    cases.answer(case, version=case.version, answer=answer, by=county.handler, at=NOON + 3 * STEP)
    after = told(browser, url(linked.home))

    assert "路灯不亮" in before
    assert make.ANSWER in after


def test_today_says_what_is_due_soon(linked: Linked, client_of: ClientOf) -> None:
    assert to_visit_soon(linked.leader, TODAY).count() == 0
    soon = TODAY.replace(month=12, day=20)

    assert [link.kind for link in to_visit_soon(linked.leader, soon).order_by("kind")] == [
        "leader_household",
        "unit_village",
    ]


def test_of_a_report_of_wrongdoing_nothing_is_told(linked: Linked, client_of: ClientOf) -> None:
    case = asked(linked, "有人乱收费")
    Case.objects.filter(pk=case.pk).update(kind="report")

    page = told(client_of(linked.leader), url(linked.home))
    assert case.ref not in page


@pytest.mark.parametrize("count", [1, 30])
def test_a_history_costs_the_same_for_many(
    linked: Linked, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        raised = [Raised("问过医保", Outcome.SOLVED)]
        card = VisitCard(UUID(int=number + 1), TODAY - timedelta(days=number), problems=raised)
        record_visit(card, link=linked.home, by=linked.leader, at=NOON)
    browser = client_of(linked.leader)
    browser.get(url(linked.home))

    with django_assert_num_queries(14):
        page = browser.get(url(linked.home))

    assert len(page.context["page"].rows) == min(count, 20)
