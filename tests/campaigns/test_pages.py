"""The pages of campaigns: planned, looked at, reported and followed, and at which price."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from docx import Document
from pytest_django import DjangoAssertNumQueries

from lianying.campaigns.actions import ProposalCard, change_campaign, end_campaign, hold_campaign, propose
from lianying.campaigns.forms import ALL
from lianying.campaigns.models import Campaign, Proposal
from lianying.orgs.kinds import UnitKind
from lianying.rules.powers import Role
from lianying.rules.visits import Outcome
from lianying.visits.actions import Raised
from tests.campaigns.conftest import TODAY, Held, asked
from tests.campaigns.test_actions import WEEK, card
from tests.cast import NOON, PHONE, STEP, County, person, unit

ClientOf = Callable[[Any], Client]
LIST = "/desk/campaigns/"


@pytest.fixture(autouse=True)
def _at(at_noon: None) -> None:
    """The program's clock stands at noon."""


def plan(**changed: object) -> dict[str, object]:
    return {
        "name": "春季大走访",
        "from_on": str(TODAY),
        "to_on": str(TODAY + WEEK),
        "unit": "root",
        "units": ["management"],
        "places": ["village"],
        **changed,
    }


def url(held: Held, then: str = "") -> str:
    return f"{LIST}{held.campaign.uuid}/{then}"


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_without_any_the_list_says_what_one_is(county: County, client_of: ClientOf) -> None:
    page = words(client_of(county.supervisor).get(LIST))

    assert "目前没有您要参加的大走访。" in page
    assert f"{LIST}new/" in page
    assert f"{LIST}new/" not in words(client_of(county.handler).get(LIST))


def test_a_campaign_is_planned_and_what_is_wrong_keeps_what_was_typed(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.supervisor)

    form = browser.get(f"{LIST}new/")
    empty = browser.post(f"{LIST}new/", plan(units=[], name="打 13812348263"))
    span = browser.post(f"{LIST}new/", plan(to_on=str(TODAY - WEEK)))
    number = browser.post(f"{LIST}new/", plan(name=f"找 {PHONE}"))
    sent = browser.post(f"{LIST}new/", plan())

    assert (form.status_code, empty.status_code, span.status_code, number.status_code) == (200, 422, 422, 422)
    assert "打 13812348263" in words(empty)
    assert "一年" in words(span)
    page = browser.get(sent["Location"])
    assert (sent.status_code, page.status_code, "春季大走访" in words(page)) == (303, 200, True)
    assert "春季大走访" in words(browser.get(LIST))


def test_a_town_is_chosen_with_one_tick(county: County, client_of: ClientOf) -> None:
    unit("second", "下柳村", UnitKind.VILLAGE, county.town)

    client_of(county.supervisor).post(f"{LIST}new/", plan(places=[f"{ALL}town"]))

    assert {place.code for place in Campaign.objects.get().places.all()} == {"village", "second"}


def test_a_plan_is_changed_and_whoever_came_second_reads_it_again(held: Held, client_of: ClientOf) -> None:
    browser = client_of(held.county.supervisor)
    form = browser.get(url(held, "change/")).context["form"]
    change_campaign(held.campaign, card(held.county), version=1, by=held.county.supervisor, at=NOON)

    stale = browser.post(url(held, "change/"), plan(version="1"))
    sent = browser.post(url(held, "change/"), plan(version="2"))

    assert (form.initial["units"], form.initial["places"]) == (["management"], ["village"])
    assert (stale.status_code, "春季大走访" in words(stale)) == (409, True)
    assert (sent.status_code, Campaign.objects.get().name) == (303, "春季大走访")


def test_the_page_says_how_far_one_has_come(held: Held, client_of: ClientOf) -> None:
    before = client_of(held.county.supervisor).get(url(held))
    held.visited(1, asked("路灯不亮"), Raised("问医保", Outcome.SOLVED))
    after = client_of(held.county.supervisor).get(url(held))
    taking_part = client_of(held.linked.leader).get(url(held))

    assert "上柳村" in words(before)
    assert [line.place.code for line in before.context["few"]] == ["village"]
    assert [unit.code for unit in before.context["idle"]] == ["management"]
    assert (after.context["few"], after.context["idle"], after.context["found"].problems) == ([], [], 2)
    assert "路灯不亮" not in words(after)
    assert taking_part.context["forms"] == {}
    assert "问医保" not in words(taking_part)


def test_who_reads_what_was_raised(held: Held, client_of: ClientOf) -> None:
    held.visited(1, asked("路灯不亮"), Raised("问医保", Outcome.SOLVED))
    leader, head = client_of(held.linked.leader), client_of(held.county.head)
    clerk = client_of(person("both", "兼职", held.county.oversight, Role.SUPERVISOR))

    mine, heads, above = (browser.get(url(held, "found/")) for browser in (leader, head, clerk))

    assert [one.text for one, *_ in mine.context["shown"]] == ["问医保", "路灯不亮"]
    assert {one.text for one, *_ in heads.context["shown"]} == {"问医保", "路灯不亮"}
    # A supervisor reads requests, not what was settled in somebody's home.
    assert "问医保" not in words(above)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("came=solved", ["问医保"]),
        ("came=open", ["路灯不亮"]),
        ("came=nothing", ["问医保", "路灯不亮"]),
        ("sort=none", ["问医保", "路灯不亮"]),
        ("sort=03", []),
        ("place=village", ["问医保", "路灯不亮"]),
        ("place=housing", ["问医保", "路灯不亮"]),
    ],
)
def test_what_was_raised_is_narrowed(held: Held, client_of: ClientOf, query: str, texts: list[str]) -> None:
    held.visited(1, asked("路灯不亮"), Raised("问医保", Outcome.SOLVED))

    page = client_of(held.linked.leader).get(url(held, f"found/?{query}"))

    assert [one.text for one, *_ in page.context["shown"]] == texts


def test_places_are_listed_by_whether_somebody_was_there(held: Held, client_of: ClientOf) -> None:
    held.campaign.places.add(unit("second", "下柳村", UnitKind.VILLAGE, held.county.town))
    held.visited(1, asked())
    browser = client_of(held.county.supervisor)

    to_go, covered = browser.get(url(held, "places/")), browser.get(url(held, "places/?of=covered"))

    assert [place.code for place, *_ in to_go.context["lines"]] == ["second"]
    assert [(place.code, line.visits) for place, line, *_ in covered.context["lines"]] == [("village", 1)]


def test_a_campaign_ends_for_a_reason(held: Held, client_of: ClientOf) -> None:
    browser = client_of(held.county.supervisor)

    bare = browser.post(url(held), {"do": "end", "version": "1", "why": ""})
    stale = browser.post(url(held), {"do": "end", "version": "7", "why": "走完了"})
    sent = browser.post(url(held), {"do": "end", "version": "1", "why": "走完了"})

    assert (bare.status_code, stale.status_code, sent.status_code) == (422, 409, 303)
    assert "走完了" in words(stale)
    page = browser.get(url(held))
    assert (page.context["standing"], "走完了" in words(page), "end" in page.context["forms"]) == ("ended", True, False)
    assert browser.post(url(held), {"do": "nothing"}).status_code == 404


def test_what_one_takes_no_part_in_does_not_exist(held: Held, client_of: ClientOf) -> None:
    browser = client_of(held.county.neighbour)

    assert browser.get(url(held)).status_code == 404
    assert "冬季大走访" not in words(browser.get(LIST))
    assert client_of(held.county.supervisor).get(f"{LIST}{uuid4()}/").status_code == 404


def test_the_report_is_written_over_its_draft(held: Held, client_of: ClientOf) -> None:
    held.visited(1, asked())
    browser = client_of(held.county.supervisor)
    form = browser.get(url(held, "report/")).context["form"]
    sections = {bound.html_name: bound.initial for pair in form.sections() for bound in pair}

    number = browser.post(url(held, "report/"), {**sections, "opening": f"找 {PHONE}", "version": "1"})
    sent = browser.post(url(held, "report/"), {**sections, "opening": "走得很好。", "version": "1"})
    stale = browser.post(url(held, "report/"), {**sections, "opening": "再写一遍。", "version": "1"})

    assert (number.status_code, sent.status_code, stale.status_code) == (422, 303, 409)
    assert "再写一遍。" in words(stale)
    row = Campaign.objects.get()
    # What was left as drafted is drafted again from the figures of its day.
    assert (row.opening, row.found, row.ahead) == ("走得很好。", "", "")


def test_the_letter_is_a_file_that_word_opens(held: Held, client_of: ClientOf) -> None:
    answer = client_of(held.county.supervisor).get(url(held, "report.docx"))

    document = Document(BytesIO(b"".join(answer)))
    assert document.paragraphs[0].text == "冬季大走访调研报告"
    assert "attachment" in answer["Content-Disposition"]


def test_a_proposal_goes_to_a_unit_that_sees_to_it(held: Held, client_of: ClientOf) -> None:
    above, head = client_of(held.county.supervisor), client_of(held.county.head)
    sent = {"do": "propose", "words": "村口装路灯", "unit": "management", "due_on": str(TODAY + WEEK)}

    bad = above.post(url(held), sent | {"due_on": "", "words": "修渠"})
    number = above.post(url(held), sent | {"words": f"找 {PHONE}"})
    above.post(url(held), sent)
    row = Proposal.objects.get()
    address = f"{LIST}proposals/{row.uuid}/"

    assert (bad.status_code, number.status_code, "修渠" in words(bad)) == (422, 422, True)
    assert "村口装路灯" in words(head.get(f"{LIST}proposals/"))
    assert "村口装路灯" in words(head.get(url(held)))
    later = head.post(address, {"do": "done", "done_on": str(TODAY + WEEK), "told": "装好了"})
    assert (later.status_code, "装好了" in words(later)) == (422, True)
    assert head.post(address, {"do": "done", "done_on": str(TODAY), "told": ""}).status_code == 422
    assert head.post(address, {"do": "done", "done_on": str(TODAY), "told": "装好了"}).status_code == 303
    assert "装好了" in words(above.get(address))
    assert head.post(address, {"do": "reopen"}).status_code == 303
    assert above.post(address, sent | {"do": "change", "words": "装三盏路灯"}).status_code == 303
    assert above.post(address, sent | {"do": "change", "words": ""}).status_code == 422
    assert above.post(address, {"do": "drop"})["Location"] == f"{url(held)}?done=1"
    assert head.post(address, {"do": "nothing"}).status_code == 404


def test_what_is_late_is_on_its_list_and_on_todays_page(held: Held, client_of: ClientOf) -> None:
    past = ProposalCard("修渠", held.county.management, TODAY - timedelta(days=1))
    propose(held.campaign, past, by=held.county.supervisor, at=NOON)
    above, head = client_of(held.county.supervisor), client_of(held.county.head)

    assert "修渠" in words(above.get(f"{LIST}proposals/"))
    assert "修渠" in words(head.get(f"{LIST}proposals/?of=late"))
    assert f"{LIST}proposals/?of=late" in words(head.get("/desk/"))
    assert "修渠" not in words(client_of(held.county.neighbour).get(f"{LIST}proposals/?of=late"))


def many(held: Held, count: int) -> None:
    """So many places, visits, things raised and proposals."""
    by = held.county.supervisor
    for number in range(count):
        held.campaign.places.add(unit(f"v{number}", f"第{number}村", UnitKind.VILLAGE, held.county.town))
        held.visited(number + 1, asked(), Raised("问医保", Outcome.SOLVED))
        propose(held.campaign, ProposalCard("修渠", held.county.management, TODAY), by=by, at=NOON)
        row = hold_campaign(held.county.root, card(held.county), by=by, at=NOON)
        end_campaign(row, version=1, why="试一试", by=by, at=NOON + STEP)


@pytest.mark.parametrize("count", [1, 12])
def test_pages_cost_the_same_for_many(
    held: Held, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(held, count)
    browser = client_of(held.county.supervisor)
    browser.get(LIST)

    for path, queries in {
        LIST: 8,
        url(held): 12,
        url(held, "places/"): 11,
        url(held, "found/"): 9,
        url(held, "report/"): 11,
        url(held, "change/"): 13,
        f"{LIST}proposals/?of=late": 6,
    }.items():
        with django_assert_num_queries(queries):
            assert browser.get(path).status_code == 200, path
