"""One record: the steps that the table allows, what a form keeps, whom it exists for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.care import actions
from lianying.care.models import Care, Measure
from lianying.cases.models import Case
from lianying.households.actions import propose_hardship, say_wish
from lianying.households.models import Household
from lianying.rules.care import Risk
from lianying.rules.hardship import Hardship, Wish
from lianying.rules.powers import Role
from tests.care.pages import buttons, text, url
from tests.care.records import (
    FOUND,
    LATER,
    PLAN,
    SEEN,
    Place,
    admitted,
    checked,
    checking,
    exited,
    leaving,
    measure,
    noted,
    refused,
)
from tests.cast import NOON, person, user_of

ClientOf = Callable[[Any], Client]
NOBODYS = "00000000-0000-4000-8000-000000000000"
pytestmark = pytest.mark.usefixtures("later")


@pytest.mark.parametrize("count", [1, 8])
def test_a_record_costs_the_same_however_long_its_story(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    care = admitted(place)
    for _ in range(count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get(url(care))

    with django_assert_num_queries(11):
        page = browser.get(url(care))

    assert len(page.context["measures"]) == count


def test_another_towns_record_does_not_exist(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    row = measure(place, care)
    stranger = client_of(person("stranger", "方圆", place.county.management, Role.HEAD))

    for path in (url(care), url(care, "review"), f"/desk/care/measures/{row.uuid}/"):
        assert stranger.get(path).status_code == stranger.get(path.replace(str(care.uuid), NOBODYS)).status_code == 404
        assert stranger.post(path).status_code in {404, 405}
    assert stranger.get(f"/desk/care/new/?household={place.household.uuid}").status_code == 404


@pytest.mark.parametrize(
    ("builder", "keeper", "head"),
    [
        (noted, ["take_up"], ["take_up"]),
        (checking, ["check"], ["check"]),
        (checked, ["check"], ["admit", "check", "refuse", "send_back"]),
        (admitted, ["measure", "review", "propose_exit"], ["measure", "review", "propose_exit", "publish"]),
        (leaving, ["propose_exit"], ["exit", "propose_exit", "keep", "publish"]),
        (refused, [], []),
        (exited, [], ["publish"]),
    ],
)
def test_the_buttons_are_the_steps_of_the_table(
    place: Place, client_of: ClientOf, builder: Callable[[Place], Care], keeper: list[str], head: list[str]
) -> None:
    care = builder(place)

    shown = [buttons(text(client_of(one), url(care))) for one in (place.keeper, place.head)]

    assert shown == [keeper, head]


def test_who_checked_reads_why_nothing_is_to_be_done(place: Place, client_of: ClientOf) -> None:
    care = checked(place)
    both = person("both", "高静", place.county.town, Role.HEAD)
    actions.check(care, version=care.version, risk=Risk.WORK, words=FOUND, by=both, at=LATER)

    assert buttons(text(client_of(both), url(care))) == ["check"]
    assert text(client_of(both), url(care, "admit"), 404)


STEPS: list[tuple[Callable[[Place], Care], str, str, dict[str, str], str]] = [
    (noted, "take_up", "keeper", {}, "checking"),
    (checking, "check", "keeper", {"risk": "work", "words": FOUND}, "checked"),
    (checked, "admit", "head", {"words": "同意"}, "under_care"),
    (checked, "refuse", "head", {"reason": "supported", "words": "已有低保"}, "not_admitted"),
    (checked, "send_back", "head", {"words": "再看看"}, "checking"),
    (admitted, "measure", "keeper", {"words": PLAN, "owner": "village", "due_on": "2026-12-01"}, "under_care"),
    (admitted, "review", "keeper", {"words": "还在还款"}, "under_care"),
    (admitted, "propose_exit", "keeper", {"reason": "moved", "words": "已迁走"}, "leaving"),
    (admitted, "publish", "head", {"told": "on"}, "under_care"),
    (leaving, "exit", "head", {}, "exited"),
    (leaving, "keep", "head", {"words": "再看一年"}, "under_care"),
]


@pytest.mark.parametrize(("builder", "step", "who", "sent", "stage"), STEPS)
def test_every_step_is_taken_on_its_page(
    place: Place,
    client_of: ClientOf,
    builder: Callable[[Place], Care],
    step: str,
    who: str,
    sent: dict[str, str],
    stage: str,
) -> None:
    care = builder(place)
    browser = client_of(getattr(place, who))
    text(browser, url(care, step))

    response = browser.post(url(care, step), {"version": str(care.version), **sent})

    care.refresh_from_db()
    assert (response.status_code, care.stage) == (303, stage)
    assert "已记录" in text(browser, response["Location"])


@pytest.mark.parametrize(
    ("builder", "step", "who"), [row[:3] for row in STEPS if row[1] not in {"take_up", "admit", "exit"}]
)
def test_an_empty_form_says_what_is_missing(
    place: Place, client_of: ClientOf, builder: Callable[[Place], Care], step: str, who: str
) -> None:
    care = builder(place)

    response = client_of(getattr(place, who)).post(url(care, step), {"version": str(care.version)})

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()


def test_a_stale_form_keeps_what_was_typed(place: Place, client_of: ClientOf) -> None:
    care = checking(place)
    old = care.version
    actions.check(care, version=old, risk=Risk.WORK, words=FOUND, by=place.head, at=LATER)

    response = client_of(place.keeper).post(
        url(care, "check"), {"version": str(old), "risk": "illness", "words": "写了很久的话"}
    )

    assert response.status_code == 409
    assert "写了很久的话" in response.content.decode()
    assert "有同事更新了这份记录" in response.content.decode()


def test_a_step_that_is_none_or_has_its_own_page_is_not_found(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    browser = client_of(place.head)

    assert [browser.get(url(care, step)).status_code for step in ("nonsense", "finish", "note", "take_up")] == [404] * 4


def test_the_clock_says_why_this_day(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.keeper), url(noted(place)))

    assert "11月27日" in page
    assert "双联双应：防致贫监测，从线索到认定不超过 15 天" in page


def test_a_record_shows_the_household_masked_and_its_story(place: Place, client_of: ClientOf) -> None:
    propose_hardship(place.household, Hardship.MARGINAL, source="名单", by=place.keeper, at=NOON)
    Household.objects.filter(pk=place.household.pk).update(hardship=Hardship.MARGINAL)
    say_wish(place.household, Wish.DECLINES, by=place.keeper, at=NOON)
    page = text(client_of(place.head), url(refused(place)))

    assert "周建国" not in page
    for words in ("周大爷家", "周**", SEEN, FOUND, "没有返贫风险", "疾病", "谢绝走访", "低保边缘"):
        assert words in page, words


def test_an_exit_names_its_reason(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.head), url(exited(place)))

    assert "风险稳定消除" in page


def test_an_erased_record_says_so(place: Place, client_of: ClientOf) -> None:
    care = actions.erase(refused(place), by=place.head, at=LATER)

    page = text(client_of(place.head), url(care))

    assert "只留下日期和地点供统计" in page
    assert "周大爷家" not in page
    assert "（已清除）" in text(client_of(place.head), "/desk/care/?tab=ended")


def test_owners_are_the_line_of_the_village_and_the_offices(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.keeper), url(admitted(place), "measure"))
    values = re.findall(r'<option value="([^"]+)">', page.partition('name="owner"')[2].partition("</select>")[0])

    assert values == [
        "village/village",
        "town/townhead",
        "root",
        "oversight",
        "management",
        "housing",
        "section",
        "town",
        "village",
    ]


def test_a_measure_is_given_to_a_person_with_a_request(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    sent = {"words": PLAN, "owner": "town/townhead", "due_on": "2026-12-01", "request": "请办理临时救助。"}

    client_of(place.keeper).post(url(care, "measure"), {"version": str(care.version), **sent})

    row = Measure.objects.get()
    assert (row.user, row.unit, row.case) == (user_of(place.head), place.county.town, Case.objects.get())
    page = text(client_of(place.keeper), url(care))
    assert Case.objects.get().ref in page
    assert "向楠" in page


@pytest.mark.parametrize("due_on", ["2026-11-11", "2028-01-01"])
def test_a_measure_of_an_impossible_day_is_not_kept(place: Place, client_of: ClientOf, due_on: str) -> None:
    care = admitted(place)
    sent = {"version": str(care.version), "words": PLAN, "owner": "village", "due_on": due_on}

    response = client_of(place.keeper).post(url(care, "measure"), sent)

    assert (response.status_code, Measure.objects.count()) == (422, 0)
    assert PLAN in response.content.decode()


def test_an_office_sees_its_measure_and_nothing_of_what_was_found(place: Place, client_of: ClientOf) -> None:
    row = measure(place, admitted(place), unit=place.county.management)
    measure(place, row.care)
    office = client_of(place.county.handler)
    path = f"/desk/care/measures/{row.uuid}/"

    led = office.get("/desk/care/")
    listed, shown = text(office, led["Location"]), text(office, path)
    empty = office.post(path, {"is_done": "done", "words": ""})
    ended = office.post(path, {"is_done": "done", "words": "钱已到账"})
    again = office.post(path, {"is_done": "done", "words": "又写一遍"})

    assert led["Location"] == "/desk/care/measures/"
    assert listed.count("周大爷家") == 1
    assert (PLAN in shown, FOUND in shown, SEEN in shown) == (True, False, False)
    assert (empty.status_code, ended.status_code, again.status_code) == (422, 303, 409)
    assert ended["Location"] == "/desk/care/measures/"
    assert "又写一遍" in again.content.decode()
    assert "已落实" in text(office, path)
    assert "没有要落实的措施" in text(office, "/desk/care/measures/")


def test_who_looks_after_the_place_ends_a_measure_and_sees_whose_it_is(place: Place, client_of: ClientOf) -> None:
    row = measure(place, admitted(place), unit=place.county.management)
    browser = client_of(place.keeper)

    mine = text(browser, "/desk/care/measures/?of=own")
    every = text(browser, "/desk/care/measures/")
    sent = browser.post(f"/desk/care/measures/{row.uuid}/", {"is_done": "dropped", "words": "已自己解决"})

    assert (PLAN in mine, PLAN in every) == (False, True)
    assert sent["Location"] == f"{url(row.care)}?done=finish"
    page = text(browser, sent["Location"])
    assert "不再需要" in page
    assert "已自己解决" in page
