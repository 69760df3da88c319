"""Several requests at once: what the preview says, what is done, what stays, and how it is taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.notices.models import Notice
from tests import make
from tests.cast import NOON, STEP, County
from tests.forms_of import forms_of

URL = "/desk/sort/several/"
LATER = NOON + 6 * STEP
ClientOf = Callable[[Any], Client]


@pytest.fixture
def desk(county: County, client_of: ClientOf) -> Client:
    return client_of(county.clerk)


def burst(county: County, count: int = 3) -> list[Case]:
    """The same burst pipe, told by several people."""
    return [
        make.heard(county, at=NOON + number * STEP, text=f"滨河路水管爆了，第{number}户", phone=f"1380000{number:04}")
        for number in range(count)
    ]


def seen(*cases: Case) -> list[str]:
    return [f"{case.ref}@{case.version}" for case in cases]


def states(*cases: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).state for case in cases]


def test_nothing_chosen_says_how_to_choose(desk: Client) -> None:
    page = desk.get(URL)

    assert page.status_code == 200
    assert "还没有选" in page.content.decode()


def test_preview_names_those_that_are_left_out(county: County, desk: Client) -> None:
    one, gone, report = make.heard(county), make.assigned(county), make.report(county)

    page = desk.get(URL, {"ref": [one.ref, gone.ref, report.ref], "do": "assign", "to": "management"})

    text = page.content.decode()
    assert [line.problem != "" for line in page.context["lines"]] == [False, True, True]
    assert "1 件诉求交给城市管理局" in text
    assert states(one, gone) == ["heard", "assigned"]
    ready = next(form for form in forms_of(text) if form.method == "post" and "seen" in form.controls)
    assert ready.filled()["to"] == "management"


def test_several_are_handed_over_and_taken_back(county: County, desk: Client) -> None:
    cases = burst(county)

    with standing_at(LATER):
        sent = desk.post(URL, {"do": "assign", "to": "management", "category": "0101", "seen": seen(*cases)})
        handed = states(*cases)
        token = desk.get(sent["location"]).context["token"]
        back = desk.post(URL, {"did": token, "reason": "点错了单位"})

    assert handed == ["assigned"] * 3
    assert [Case.objects.get(pk=case.pk).category for case in cases] == ["0101"] * 3
    assert states(*cases) == ["heard"] * 3
    assert "已收回" in desk.get(back["location"]).content.decode()


def test_one_that_moved_on_is_left_and_named(county: County, desk: Client) -> None:
    first, second = burst(county, 2)
    marks = seen(first, second)
    actions.note(second, text="补充一句", by=county.clerk, at=LATER)

    sent = desk.post(URL, {"do": "assign", "to": "management", "seen": marks})

    page = desk.get(sent["location"])
    assert states(first, second) == ["assigned", "heard"]
    assert [case for case, _why in page.context["bad"]] == [second]


def test_several_join_one_and_are_taken_apart(county: County, desk: Client) -> None:
    main, *others = burst(county)

    sent = desk.post(URL, {"do": "merge", "main": main.ref, "seen": seen(main, *others)})
    joined = states(main, *others)
    mains = [Case.objects.get(pk=case.pk).main for case in others]
    token = desk.get(sent["location"]).context["token"]
    desk.post(URL, {"did": token})

    assert joined == ["heard", "merged", "merged"]
    assert mains == [main, main]
    assert states(main, *others) == ["heard"] * 3


def test_one_that_moved_on_is_not_taken_apart(county: County, desk: Client) -> None:
    main, other = burst(county, 2)
    sent = desk.post(URL, {"do": "merge", "main": main.ref, "seen": seen(main, other)})
    token = desk.get(sent["location"]).context["token"]
    actions.unmerge(Case.objects.get(pk=other.pk), version=2, by=county.clerk, at=LATER)

    done = desk.post(URL, {"did": token})

    assert [why for _case, why in desk.get(done["location"]).context["bad"]] != []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "assign", "to": "nobody"}, 422),
        ({"do": "assign"}, 422),
        ({"do": "merge"}, 422),
        ({"do": "merge", "main": "NH-20200101-0001"}, 422),
        ({"do": "close"}, 404),
        ({}, 404),
        ({"did": "no token of ours"}, 404),
    ],
)
def test_what_cannot_be_done_is_said(county: County, desk: Client, fields: dict[str, str], status: int) -> None:
    case = make.heard(county)

    sent = desk.post(URL, fields | {"seen": f"{case.ref}@1"})

    assert sent.status_code == status
    assert states(case) == ["heard"]


def test_a_reason_is_asked_for_before_they_come_back(county: County, desk: Client) -> None:
    case = make.heard(county)
    sent = desk.post(URL, {"do": "assign", "to": "management", "seen": seen(case)})

    refused = desk.post(URL, {"did": desk.get(sent["location"]).context["token"], "reason": " "})

    assert refused.status_code == 422
    assert states(case) == ["assigned"]


def test_taking_back_is_not_taken_back(county: County, desk: Client) -> None:
    main, other = burst(county, 2)
    sent = desk.post(URL, {"do": "merge", "main": main.ref, "seen": seen(main, other)})
    done = desk.post(URL, {"did": desk.get(sent["location"]).context["token"]})

    again = desk.post(URL, {"did": desk.get(done["location"]).context["token"]})

    assert again.status_code == 404


def test_numbers_of_others_do_not_exist(county: County, client_of: ClientOf) -> None:
    case = make.heard(county)
    stranger = client_of(county.handler)

    assert stranger.get(URL, {"ref": case.ref}).status_code == 403


def test_an_unknown_number_is_named(county: County, desk: Client) -> None:
    page = desk.get(URL, {"ref": [make.heard(county).ref, "nh-20200101-0007", ""]})

    assert page.context["missing"] == ["NH-20200101-0007"]


def test_no_more_than_fifty_are_taken(county: County, desk: Client) -> None:
    page = desk.get(URL, {"ref": [f"NH-20200101-{number:04}" for number in range(51)]})

    assert page.context["most"] == 50


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_many(
    county: County, desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    refs = [case.ref for case in burst(county, count)]
    desk.get(URL, {"ref": refs})

    with django_assert_num_queries(7):
        desk.get(URL, {"ref": refs, "do": "assign", "to": "management"})


def test_ticks_stay_while_the_queue_is_fetched_anew(county: County, desk: Client) -> None:
    one, other = burst(county, 2)

    text = desk.get("/desk/sort/queue/", {"ref": one.ref}).content.decode()

    assert f'value="{one.ref}" form="several" checked' in text
    assert f'value="{other.ref}" form="several">' in text


def test_who_told_it_too_is_told_of_the_answer(county: County) -> None:
    main, other = burst(county, 2)
    main = actions.assign(main, version=1, to=county.management, by=county.clerk, at=LATER)
    actions.merge(other, version=1, main=main, by=county.clerk, at=LATER)
    main = actions.sign(main, version=2, by=county.handler, at=LATER)

    actions.answer(main, version=3, answer=actions.Answer(make.ANSWER), by=county.handler, at=LATER)

    told = list(Notice.objects.order_by("id").values_list("subject", "kind"))
    assert told == [(main.ref, "answered"), (other.ref, "main_answered")]


def test_joining_and_parting_are_told_by_message_alone(county: County) -> None:
    main, other = burst(county, 2)

    with override_settings(ENV={**settings.ENV, "SMS_URL": "http://127.0.0.1:1/"}):
        joined = actions.merge(other, version=1, main=main, by=county.clerk, at=LATER)
        actions.unmerge(joined, version=2, by=county.clerk, at=LATER)

    rows = Notice.objects.order_by("id").values_list("kind", "channel", "dropped_at")
    assert list(rows) == [("joined", "sms", LATER), ("parted", "sms", None)]
