"""A case as staff see it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.forms.sorting import category_name
from lianying.cases.models import Case, Entry, Holding
from lianying.common.clock import standing_at
from lianying.households.models import Opening
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import NOON, PHONE, STEP, County

Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with standing_at(NOON + timedelta(hours=5)):
        yield


#: Pages that only show: a POST is turned away before any case is looked for.
POSTLESS = {("", "post"), ("print/", "post"), ("why/", "post")}


def buttons(html: str) -> set[str]:
    """The moves that the page offers, by the end of their address."""
    return set(re.findall(r'(?:action|href)="/desk/cases/[^/]+/move/(\w+)/', html))


def page(browser: Client, case: Case) -> str:
    response = browser.get(f"/desk/cases/{case.ref}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("state", "person", "offered"),
    [
        (State.HEARD, "clerk", {"note", "correct", "assign", "answer_now", "decline", "merge", "transfer"}),
        (State.HEARD, "supervisor", {"note"}),
        (State.ASSIGNED, "handler", {"note", "sign", "pass", "dispute"}),
        (State.ASSIGNED, "clerk", {"note", "correct", "merge", "recall", "transfer"}),
        (
            State.HANDLING,
            "handler",
            {"note", "pass", "hand_to", "dispute", "ask", "answer", "propose_extension"},
        ),
        (State.HANDLING, "head", {"note", "pass", "hand_to", "propose_end"}),
        (State.WAITING, "handler", {"note", "resume", "answer"}),
        (State.WAITING, "clerk", {"note", "correct", "merge", "reply", "transfer"}),
        (State.DISPUTED, "clerk", {"note", "correct", "merge", "uphold", "dismiss", "transfer"}),
        (State.DISPUTED, "handler", {"note", "take_back"}),
        (State.ANSWERED, "clerk", {"note", "correct", "check_satisfied", "check_unsatisfied", "transfer"}),
        (State.ANSWERED, "handler", {"note", "correct_answer"}),
        (State.PETITION, "clerk", {"note", "correct", "petition_step", "return"}),
        (State.MERGED, "clerk", {"unmerge"}),
        (State.DECLINED, "clerk", set()),
        (State.CLOSED, "clerk", {"reopen"}),
        (State.CLOSED, "handler", set()),
    ],
)
def test_case_offers_the_moves_of_the_table(
    county: County, client_of: Browser, state: State, person: str, offered: set[str]
) -> None:
    case = make.IN_STATE[state](county)

    html = page(client_of(county.people[person]), case)

    assert buttons(html) == offered


def test_case_costs_twelve_queries_when_the_resident_was_asked(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make.waiting(county)
    case = actions.reply(case, version=case.version, text="最里面三盏。", by=RESIDENT, at=NOON + 4 * STEP)
    browser = client_of(county.handler)
    page(browser, case)

    with django_assert_num_queries(12):
        page(browser, case)


def test_case_costs_thirteen_queries_when_others_follow_it(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make.waiting(county)
    case = actions.reply(case, version=case.version, text="最里面三盏。", by=RESIDENT, at=NOON + 4 * STEP)
    make.merged(county, main=case)
    browser = client_of(county.handler)
    page(browser, case)

    with django_assert_num_queries(13):
        page(browser, case)


def test_case_costs_ten_queries_when_it_is_new(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make.heard(county)
    browser = client_of(county.clerk)
    page(browser, case)

    with django_assert_num_queries(10):
        page(browser, case)


@pytest.mark.parametrize("person", ["neighbour", "village_handler"])
@pytest.mark.parametrize(
    "rest",
    ["", "print/", "why/", "contact/", "move/note/", "move/sign/", "move/answer/preview/", "release/", "unrelease/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_case_does_not_exist_for_the_neighbour(
    county: County, client_of: Browser, person: str, rest: str, method: str
) -> None:
    case = make.assigned(county)
    before = Event.objects.count()

    response = getattr(client_of(county.people[person]), method)(f"/desk/cases/{case.ref}/{rest}", {"reason": "visit"})

    # The posts of these two never publish, whatever the case.
    closed = rest in {"release/", "unrelease/"}
    assert response.status_code == (403 if closed else 405 if (rest, method) in POSTLESS else 404)
    assert case.title not in response.content.decode()
    assert Event.objects.count() == before


def test_case_of_a_report_does_not_exist_for_the_unit_reported(county: County, client_of: Browser) -> None:
    case = make.report(county, accused=county.section)
    case = actions.assign(case, version=case.version, to=county.housing, by=county.clerk, at=NOON + 2 * STEP)

    statuses = {
        name: client_of(county.people[name]).get(f"/desk/cases/{case.ref}/").status_code
        for name in ("neighbour", "handler", "section_handler", "clerk")
    }

    assert statuses == {"neighbour": 200, "handler": 404, "section_handler": 404, "clerk": 200}


def test_case_of_a_report_keeps_who_reported_from_the_unit(county: County, client_of: Browser) -> None:
    case = make.report(county, name="王小明")
    case = actions.assign(case, version=case.version, to=county.housing, by=county.clerk, at=NOON + 2 * STEP)

    desk, unit = (page(client_of(one), case) for one in (county.clerk, county.neighbour))
    opened = client_of(county.neighbour).post(f"/desk/cases/{case.ref}/contact/", {"reason": "visit"})

    assert ("8263" in desk, "8263" in unit, "王" in unit.split("<main")[1]) == (True, False, False)
    assert opened.status_code == 404


def test_contact_is_shown_once_and_recorded(county: County, client_of: Browser) -> None:
    case = make.handling(county, name="王小明")
    browser = client_of(county.handler)

    masked = page(browser, case)
    opened = browser.post(f"/desk/cases/{case.ref}/contact/", {"reason": "visit", "note": ""})
    again = page(browser, case)

    assert PHONE not in masked
    assert "138****8263" in masked
    assert (PHONE in opened.content.decode(), opened["Cache-Control"]) == (True, "private, no-store")
    assert PHONE not in again
    assert list(Opening.objects.values_list("subject", "reason", "user_id")) == [
        (case.ref, "visit", county.handler.user_id)
    ]


def test_contact_stays_closed_without_a_reason(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    browser = client_of(county.handler)

    answers = [
        browser.post(f"/desk/cases/{case.ref}/contact/", data) for data in ({}, {"reason": "other", "note": " "})
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(PHONE not in answer.content.decode() for answer in answers)
    assert not Opening.objects.exists()


def test_contact_is_not_opened_by_whoever_only_reads(county: County, client_of: Browser) -> None:
    case = make.handling(county)

    response = client_of(county.head).post(f"/desk/cases/{case.ref}/contact/", {"reason": "visit"})

    assert response.status_code == 403
    assert not Opening.objects.exists()


def test_case_explains_its_day(county: County, client_of: Browser) -> None:
    case = make.handling(county)

    html = page(client_of(county.handler), case)

    assert "11月26日 17:30" in html
    assert "<progress" in html
    assert "安徽省" in html


def test_former_holder_reads_up_to_the_end_of_its_holding(county: County, client_of: Browser) -> None:
    case = make.assigned(county)
    case = actions.recall(case, version=case.version, reason="交错了", by=county.clerk, at=NOON + 2 * STEP)
    case = actions.assign(case, version=case.version, to=county.housing, by=county.clerk, at=NOON + 3 * STEP)
    case = actions.sign(case, version=case.version, by=county.neighbour, at=NOON + 4 * STEP)
    case = actions.note(case, text="现场看过了", inner=True, by=county.neighbour, at=NOON + 5 * STEP)

    html = page(client_of(county.handler), case)

    assert ("交错了" in html, "现场看过了" in html, buttons(html)) == (True, False, set())


def test_case_shows_who_follows_it(county: County, client_of: Browser) -> None:
    main = make.handling(county)
    joined = make.merged(county, main=main, text="王芳家门口的路灯", category="0101")

    desk, unit = (page(client_of(one), main) for one in (county.clerk, county.handler))

    assert f'href="/desk/cases/{joined.ref}/"' in desk
    assert (joined.ref in unit, f'href="/desk/cases/{joined.ref}/"' in unit) == (True, False)
    assert ("王芳" in desk, "王芳" in unit, category_name("0101") in unit) == (True, False, True)


def test_assisting_unit_writes_a_note_for_staff(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    Holding.objects.create(case=case, unit=county.housing, path=county.housing.path, role="assist", from_at=NOON)
    browser, address = client_of(county.neighbour), f"/desk/cases/{case.ref}/move/note/"

    form = browser.get(address).content.decode()
    sent = browser.post(address, {"text": "已派人配合", "inner": ""})

    assert (buttons(page(browser, case)), 'name="text"' in form, 'name="inner"' in form) == ({"note"}, True, False)
    assert "只有工作人员看得到" in form
    assert (sent.status_code, list(Entry.objects.values_list("kind", "text"))) == (303, [("inner", "已派人配合")])
    assert "已派人配合" in page(client_of(county.handler), case)


def test_print_holds_what_the_paper_needs(county: County, client_of: Browser) -> None:
    case = make.handling(county, address="人民路 8 号", name="王小明")

    html = client_of(county.handler).get(f"/desk/cases/{case.ref}/print/").content.decode()

    assert all(words in html for words in (case.ref, "人民路 8 号", "城市管理局", "138****8263", "11月26日 17:30"))
    assert PHONE not in html


def test_html_in_words_stays_text(county: County, client_of: Browser) -> None:
    case = make.handling(county, text="<script>alert(1)</script>坏了", address="<b>路</b>")

    html = page(client_of(county.handler), case)

    assert "<script>alert" not in html
    assert "<b>路</b>" not in html


def test_htmx_fetches_a_form_alone(county: County, client_of: Browser) -> None:
    case = make.handling(county)

    response = client_of(county.handler).get(f"/desk/cases/{case.ref}/move/dispute/", headers={"HX-Request": "true"})

    html = response.content.decode()
    assert html.strip().startswith('<section class="card" id="doing">')
    assert 'name="proposed"' in html


def test_place_in_the_list_is_kept(county: County, client_of: Browser) -> None:
    first, second = make.assigned(county), make.assigned(county, at=NOON + timedelta(days=1))
    browser = client_of(county.handler)

    html = browser.get(f"/desk/cases/{first.ref}/?tab=assigned&mine=").content.decode()
    onward = browser.get(f"/desk/work/{first.ref}/next/?tab=assigned")
    back = browser.get(f"/desk/work/{second.ref}/previous/?tab=assigned")
    end = browser.get(f"/desk/work/{second.ref}/next/?tab=assigned")

    assert f'href="/desk/work/{first.ref}/next/?tab=assigned' in html
    assert [answer["Location"] for answer in (onward, back, end)] == [
        f"/desk/cases/{second.ref}/?tab=assigned",
        f"/desk/cases/{first.ref}/?tab=assigned",
        "/desk/work/?tab=assigned",
    ]


def test_unit_of_a_case_recognised_as_a_report_on_an_assistant_loses_it(county: County, client_of: Browser) -> None:
    case = make.assigned(county, to=county.housing, assisting=(county.section,))
    sorting = Sorting(kind=CaseKind.REPORT, accused=county.section)
    actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=NOON + 2 * STEP)

    browser = client_of(county.section_handler)

    assert browser.get(f"/desk/cases/{case.ref}/").status_code == 404
    assert case.ref not in browser.get("/desk/work/?tab=assisting").content.decode()
