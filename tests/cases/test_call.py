import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case, Entry
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from tests import make
from tests.cast import NOON, PHONE, County

ClientOf = Callable[[User | Actor], Client]
CLIENT_ID = "6f1c0f57-94ab-4a0e-9d0c-5b7a3c1f2d10"
GIVEN = {
    "phone": PHONE,
    "text": "沙洲村自来水停了，老人没水做饭。",
    "address": "沙洲村三组",
    "name": "王小明",
    "kind": "help",
    "urgency": "auto",
    "channel": "phone",
    "client_id": CLIENT_ID,
}


@pytest.fixture
def browser(county: County, client_of: ClientOf) -> Client:
    return client_of(county.clerk)


def test_a_call_is_kept_and_read_out(browser: Client, at_noon: None) -> None:
    kept = browser.post("/desk/new/", GIVEN)

    case = Case.objects.get()
    page = browser.get(kept.headers["Location"]).content.decode()
    code = case_code(case.uuid)
    assert (kept.status_code, kept.headers["Location"]) == (303, f"/desk/new/{case.ref}/")
    assert (case.channel, case.kind, case.urgency, case.address) == ("phone", "help", "urgent", "沙洲村三组")
    assert [words in page for words in (case.ref, f"{code[:5]} {code[5:]}", "11月13日 12:00", "autofocus")] == [
        True
    ] * 4


def test_answered_at_once_it_is_answered_and_told(browser: Client, at_noon: None) -> None:
    kept = browser.post("/desk/new/", GIVEN | {"answer": "水管正在抢修，今晚八点恢复。"})

    case = Case.objects.get()
    words = Entry.objects.filter(case=case, kind=EntryKind.ANSWER).values_list("text", flat=True)
    assert (case.state, case.answered_at, case.answered_at_once) == ("answered", NOON, True)
    assert list(words) == ["水管正在抢修，今晚八点恢复。"]
    assert "刚才已经答复您了" in browser.get(kept.headers["Location"]).content.decode()


def test_sent_twice_it_is_one_request(browser: Client) -> None:
    answers = [browser.post("/desk/new/", GIVEN | {"answer": "已答复。"}) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"/desk/new/{Case.objects.get().ref}/"] * 2


def test_other_words_in_a_page_sent_before_are_not_lost(browser: Client) -> None:
    browser.post("/desk/new/", GIVEN)

    again = browser.post("/desk/new/", GIVEN | {"text": "另一件事：路灯坏了。"})

    page = again.content.decode()
    fresh = re.search(r'name="client_id" value="([^"]+)"', page)
    assert (again.status_code, "另一件事：路灯坏了。" in page) == (409, True)
    assert fresh is not None
    assert fresh[1] != CLIENT_ID


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "请写几句话"),
        ({"phone": "1381234"}, "11 位"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"text": "长" * 5001}, "5000"),
        ({"channel": "web"}, "web"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_what_was_typed(
    browser: Client, wrong: dict[str, str], words: str
) -> None:
    refused = browser.post("/desk/new/", GIVEN | {"address": "沙洲村三组"} | wrong)

    page = refused.content.decode()
    assert (refused.status_code, words in page, "沙洲村三组" in page) == (422, True, True)
    assert not Case.objects.exists()


def test_looking_up_shows_earlier_requests_and_keeps_the_rest(county: County, browser: Client) -> None:
    earlier = make.handling(county, name="王小明")

    whole = browser.post("/desk/new/", GIVEN | {"look_up": "1"})
    part = browser.post("/desk/new/", GIVEN | {"look_up": "1"}, headers={"HX-Request": "true"})

    page = whole.content.decode()
    assert [words in page for words in (earlier.ref, "王**", "138****8263", GIVEN["text"], CLIENT_ID)] == [True] * 5
    assert "王小明" not in part.content.decode()
    assert (part.content.decode().strip().startswith("<aside"), earlier.ref in part.content.decode()) == (True, True)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("phone", ["", "abc", "\x00", "138"])
def test_looking_up_nothing_finds_nothing(county: County, browser: Client, phone: str) -> None:
    make.heard(county, phone="")

    page = browser.post("/desk/new/", {"phone": phone, "look_up": "1"})

    assert (page.status_code, "NH-2026" in page.content.decode()) == (200, False)


def test_the_code_is_read_out_only_by_whoever_took_the_call_and_that_day(county: County, client_of: ClientOf) -> None:
    with standing_at(NOON):
        taken = client_of(county.clerk).post("/desk/new/", GIVEN).headers["Location"]
        seen = {name: client_of(getattr(county, name)).get(taken).status_code for name in ("clerk", "second_clerk")}
    with standing_at(NOON + timedelta(hours=13)):
        seen["clerk later"] = client_of(county.clerk).get(taken).status_code

    assert seen == {"clerk": 200, "second_clerk": 404, "clerk later": 404}


def test_only_who_takes_requests_opens_the_page(county: County, client_of: ClientOf) -> None:
    seen = {name: client_of(person).get("/desk/new/").status_code for name, person in county.people.items()}

    assert {name for name, status in seen.items() if status == 200} == {"clerk", "second_clerk"}
    assert set(seen.values()) == {200, 403}


@pytest.mark.parametrize("rows", [1, 20])
def test_taking_a_call_costs_the_same_however_much_was_told_before(
    county: County, browser: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make.heard(county)
    browser.get("/desk/")
    given: dict[str, Any] = {"phone": PHONE, "look_up": "1"}

    with django_assert_num_queries(6):
        browser.post("/desk/new/", given)
