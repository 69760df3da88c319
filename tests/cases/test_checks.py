import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.actions import Verdict
from lianying.cases.models import Attempt, Case, Entry, Pause
from lianying.cases.queries.checks import SIZE, queue
from lianying.common.clock import standing_at
from lianying.households.models import Opening
from lianying.notices.models import Notice
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind
from lianying.rules.kinds import Solved
from tests import make
from tests.cast import NOON, PHONE, STEP, County

ClientOf = Callable[[User | Actor], Client]
RUNG = NOON + timedelta(hours=3)


@pytest.fixture
def browser(county: County, client_of: ClientOf) -> Client:
    return client_of(county.clerk)


def record(browser: Client, case: Case, at: datetime = RUNG, **given: Any) -> tuple[int, str]:
    """What the form of the call answers: the status, and the address or the page."""
    fresh = Case.objects.get(pk=case.pk)
    with standing_at(at):
        answer = browser.post(f"/desk/checks/{case.ref}/", {"version": fresh.version} | given)
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def test_who_is_to_be_told_and_who_is_to_be_asked_stand_in_one_queue(county: County) -> None:
    answered = make.answered(county)
    asked = make.waiting(county, told_now=False)
    make.waiting(county)
    declined = make.declined(county)
    make.heard(county)
    make.closed(county)
    make.answered(county, phone="")

    found = queue(county.clerk)

    assert [(call.case.ref, call.is_check, [notice.kind for notice in call.notices]) for call in found.calls] == [
        (declined.ref, False, ["declined"]),
        (asked.ref, False, ["asked"]),
        (answered.ref, True, ["answered"]),
    ]


def test_the_script_says_what_was_answered_and_hides_the_number(county: County, browser: Client) -> None:
    case = make.answered(county, name="王小明")

    page = browser.get("/desk/checks/").content.decode()

    assert [words in page for words in (case.ref, make.ANSWER, "138****8263", "王**")] == [True] * 4
    assert PHONE not in page


def test_the_script_says_why_it_takes_longer(county: County, browser: Client) -> None:
    case = make.handling(county)
    case = actions.propose_extension(
        case, version=3, days=3, reason="内部的理由", by=county.handler, at=NOON + 3 * STEP
    )
    actions.extend(case, version=4, words="配件下周才到", by=county.head, at=NOON + 4 * STEP)

    page = browser.get("/desk/checks/").content.decode()

    assert [words in page for words in ("12月1日", "配件下周才到", "内部的理由")] == [True, True, False]


def test_opening_the_number_is_recorded(county: County, browser: Client) -> None:
    case = make.answered(county, name="王小明")

    page = browser.post(f"/desk/checks/{case.ref}/open/").content.decode()

    openings = Opening.objects.values_list("subject", "reason", "user_id")
    assert (PHONE in page, "王小明" in page) == (True, True)
    assert list(openings) == [(case.ref, "call_back", county.clerk.user_id)]
    assert Event.objects.filter(kind=EventKind.CONTACT_OPENED, stream=f"access:{case.ref}").count() == 1


def test_a_content_resident_closes_the_request(county: County, browser: Client) -> None:
    case = make.answered(county)

    recorded = record(browser, case, solved="yes", satisfaction="5")

    case.refresh_from_db()
    assert recorded == (303, f"/desk/checks/?done={case.ref}")
    assert (case.state, case.ending, case.solved, case.satisfaction) == ("closed", "satisfied", "yes", 5)
    assert not Notice.objects.filter(told_at=None, dropped_at=None).exists()
    assert queue(county.clerk).calls == []


def test_a_resident_who_is_not_content_sends_it_back_with_their_words(county: County, browser: Client) -> None:
    case = make.answered(county)

    silent = record(browser, case, solved="no", satisfaction="2", words="")
    said = record(browser, case, solved="no", satisfaction="2", words="还是没有亮。")

    case.refresh_from_db()
    assert (silent[0], 'aria-invalid="true"' in silent[1]) == (422, True)
    assert (said[0], case.state, case.reworks) == (303, "handling", 1)
    assert Entry.objects.filter(case=case, kind=EntryKind.RATING, text="还是没有亮。").exists()


def test_after_the_last_rework_a_low_verdict_waits_for_the_supervisor(county: County, browser: Client) -> None:
    case = make.reworked(county, times=2)

    said = record(browser, case, at=NOON + timedelta(hours=5), solved="no", satisfaction="1", words="还是没有亮。")

    case.refresh_from_db()
    assert (said[0], case.state, case.satisfaction) == (303, "answered", 1)
    assert queue(county.clerk).calls == []


def test_without_a_mark_nothing_is_recorded_and_the_words_stay(county: County, browser: Client) -> None:
    case = make.answered(county)

    refused = record(browser, case, solved="yes", words="灯亮了，谢谢。")

    assert (refused[0], "灯亮了，谢谢。" in refused[1], "请选一项" in refused[1]) == (422, True, True)


@pytest.mark.parametrize("result", ["no_answer", "wrong_number", "call_later"])
def test_who_was_not_reached_stays_in_the_queue(county: County, browser: Client, result: str) -> None:
    case = make.answered(county)

    recorded = record(browser, case, do=result)

    assert recorded[0] == 303
    assert list(Attempt.objects.values_list("result", "user_id")) == [(result, county.clerk.user_id)]
    assert [call.case.ref for call in queue(county.clerk).calls] == [case.ref]


def test_after_three_days_without_reaching_it_can_be_closed(county: County, browser: Client) -> None:
    case = make.answered(county)
    early = record(browser, case, do="close")
    for days in range(3):
        record(browser, case, at=RUNG + timedelta(days=days), do="no_answer")
    with standing_at(RUNG + timedelta(days=3)):
        offered = 'value="close"' in browser.get("/desk/checks/").content.decode()

    closed = record(browser, case, at=RUNG + timedelta(days=3), do="close")

    case.refresh_from_db()
    assert (early[0], offered, closed[0], case.state, case.ending) == (409, True, 303, "closed", "unreached")


def test_a_question_told_stops_the_promise_and_its_reply_starts_it_again(county: County, browser: Client) -> None:
    first = make.waiting(county, told_now=False)
    second = make.waiting(county, told_now=False)

    told = record(browser, first, do="told")
    replied = record(browser, second, do="told", words="最西边的三盏。")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (told[0], replied[0], first.state, second.state) == (303, 303, "waiting", "handling")
    assert Pause.objects.get(case=first).told_at == RUNG
    assert Entry.objects.filter(case=second, kind=EntryKind.REPLY, text="最西边的三盏。").exists()
    assert queue(county.clerk).calls == []


def test_a_notice_not_told_is_tried_again(county: County, browser: Client) -> None:
    case = make.declined(county)

    record(browser, case, do="no_answer")

    assert Notice.objects.get(subject=case.ref).tries == 1
    assert [call.case.ref for call in queue(county.clerk).calls] == [case.ref]


def test_the_answer_can_be_told_now_and_asked_about_later(county: County, browser: Client) -> None:
    case = make.answered(county)

    record(browser, case, do="told")

    found = queue(county.clerk).calls
    assert [(call.case.ref, call.notices) for call in found] == [(case.ref, ())]


def test_a_colleague_who_was_quicker_is_named_and_the_words_kept(county: County, browser: Client) -> None:
    case = make.answered(county)
    verdict = Verdict(Solved.YES, 5)
    actions.check_satisfied(case, version=case.version, verdict=verdict, by=RESIDENT, at=NOON + 6 * STEP)

    late = record(browser, case, solved="no", satisfaction="1", words="还是没有亮。")

    assert (late[0], "还是没有亮。" in late[1], "不用再打电话了" in late[1]) == (409, True, True)


def test_a_stale_form_says_so_and_keeps_the_words(county: County, browser: Client) -> None:
    case = make.answered(county)
    with standing_at(RUNG):
        late = browser.post(
            f"/desk/checks/{case.ref}/",
            {"version": case.version - 1, "solved": "yes", "satisfaction": "4", "words": "灯亮了。"},
        )

    page = late.content.decode()
    assert (late.status_code, "灯亮了。" in page, 'value="4"' in page) == (409, True, True)
    assert re.search(r'value="4"[^>]* checked', page)


def test_the_page_names_its_neighbours(county: County, browser: Client) -> None:
    cases = [make.answered(county, at=NOON + number * timedelta(minutes=1)) for number in range(3)]

    page = browser.get("/desk/checks/", {"at": cases[1].ref}).content.decode()

    assert f'at={cases[0].ref}" data-key="k"' in page
    assert f'at={cases[2].ref}" data-key="j"' in page
    assert f'name="at" value="{cases[2].ref}"' in page


def test_pages_follow_each_other_without_gap_or_double(county: County) -> None:
    cases = [make.answered(county, at=NOON + number * timedelta(minutes=1)) for number in range(SIZE + 5)]
    declined = make.declined(county)

    first = queue(county.clerk)
    second = queue(county.clerk, after=first.next)

    seen = [call.case.ref for call in first.calls + second.calls]
    assert (len(first.calls), second.next) == (SIZE, "")
    assert sorted(seen) == sorted([declined.ref, *(case.ref for case in cases)])


@pytest.mark.parametrize("token", ["x", "~", "2026-13-45T00:00~NH", "2026-11-12T12:00~NH"])
def test_a_token_that_is_not_ours_begins_at_the_start(county: County, browser: Client, token: str) -> None:
    case = make.answered(county)

    page = browser.get("/desk/checks/", {"after": token})

    assert (page.status_code, case.ref in page.content.decode()) == (200, True)


def test_only_the_desk_rings(county: County, client_of: ClientOf) -> None:
    case = make.answered(county)
    make.report(county)

    seen = {
        name: (
            client_of(person).get("/desk/checks/").status_code,
            client_of(person).post(f"/desk/checks/{case.ref}/open/").status_code,
        )
        for name, person in county.people.items()
    }

    assert {name: status for name, status in seen.items() if status != (403, 403)} == {
        "clerk": (200, 200),
        "second_clerk": (200, 200),
    }


@pytest.mark.parametrize("deed", [{"do": "nonsense"}, {}, {"solved": "yes", "version": "x"}])
def test_what_the_page_does_not_offer_is_refused(county: County, browser: Client, deed: dict[str, str]) -> None:
    case = make.answered(county)

    answer = browser.post(f"/desk/checks/{case.ref}/", deed)

    assert answer.status_code in {404, 422}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_eleven_queries(
    county: County, browser: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make.answered(county)
    browser.get("/desk/")

    with django_assert_num_queries(11):
        browser.get("/desk/checks/")


def test_recording_leads_to_the_next_call(county: County, browser: Client) -> None:
    first, second = make.answered(county), make.answered(county, at=NOON + timedelta(minutes=1))

    with standing_at(RUNG):
        answer = browser.post(
            f"/desk/checks/{first.ref}/",
            {"version": first.version, "solved": "yes", "satisfaction": "5", "at": second.ref},
        )

    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"at": [second.ref], "done": [first.ref]}
