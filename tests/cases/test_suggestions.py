"""Proposals on the sorting page: said with their reason, taken with one key or link, and taken back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.queries.sorting import Habits
from lianying.cases.queries.suggest import Ground, proposals
from lianying.cases.views.suggesting import SURE
from lianying.common.clock import standing_at
from lianying.orgs.actions import set_duty
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind
from lianying.triage.actions import make_version
from lianying.triage.queries import folder
from lianying.triage.weights import Sure
from tests import make
from tests.cast import NOON, STEP, County
from tests.triage.words import decisions

Browser = Callable[[Actor], Client]
LAMP = "和平街口的路灯又不亮了，老人出门不方便"
LIKE = "和平街口路灯不亮，请来修"
NO_HABITS = Habits((), {})


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    cache.clear()
    with standing_at(NOON + timedelta(hours=5)):
        yield
    cache.clear()
    for path in folder().glob("*.npz"):
        path.unlink()


def shown(browser: Client, ref: str, *take: str) -> str:
    return browser.get("/desk/sort/", {"at": ref, "take": list(take)}).content.decode()


def proposed(html: str) -> list[tuple[str, str, str]]:
    """(key, what is filled in, reason) of each proposal."""
    part = html.split('id="proposals"')[1].split("</section>", maxsplit=1)[0] if 'id="proposals"' in html else ""
    row = r'data-key="(\w)" data-take.*?data-value="([^"]*)".*?<small>([^<]*)</small></span>'
    found = re.findall(row, part, re.DOTALL)
    return [(key, unescape(value), unescape(reason)) for key, value, reason in found]


def test_learned_proposals_say_their_reason(county: County, client_of: Browser) -> None:
    make_version(decisions(), source="", at=NOON)
    case = make.heard(county, text="西门的路灯坏了，晚上看不清")

    html = shown(client_of(county.clerk), case.ref)

    category, unit = proposed(html)
    assert (category[:2], unit[:2]) == (("c", "0109"), ("u", "management"))
    assert "过去提到“路灯”的 32 件里，32 件归这一类" in category[2]
    assert "过去提到“路灯”的 32 件里，32 件由它办" in unit[2]
    assert str(SURE[Sure.VERY]) in html


def test_nothing_is_filled_in_before_it_is_taken(county: County, client_of: Browser) -> None:
    make_version(decisions(), source="", at=NOON)
    case = make.heard(county, text=LAMP)
    browser = client_of(county.clerk)

    before, after = shown(browser, case.ref), shown(browser, case.ref, "category", "unit")

    chosen = [re.findall(r'value="(0109|management)" selected', html) for html in (before, after)]
    hidden = [re.search(r'id="taken"[^>]*', html) for html in (before, after)]
    assert chosen == [[], ["0109", "management"]]
    assert [one is not None and "hidden" in one[0] for one in hidden] == [True, False]


def test_similar_request_and_earlier_answer_are_filled_in(county: County, client_of: Browser) -> None:
    main = make.assigned(county, text=LIKE, phone="")
    make.released(county, text=LIKE, phone="13900001111")
    case = make.heard(county, text=LAMP, phone="")
    browser = client_of(county.clerk)

    rows = {key: (value, reason) for key, value, reason in proposed(shown(browser, case.ref))}
    html = shown(browser, case.ref, "merge", "answer")

    assert rows["s"] == (main.ref, "都提到“和平街口”、“路灯”、“不亮”")
    assert rows["e"][0] == make.ANSWER
    assert f'value="{main.ref}"' in html.split('id="merging" open')[1].split("</details>")[0]
    assert make.ANSWER in html.split('id="decide"')[1].split("</form>")[0].split("<textarea")[1]


def test_words_of_the_list_propose_before_anything_was_learned(county: County, client_of: Browser) -> None:
    case = make.heard(county, text=LAMP)

    assert proposed(shown(client_of(county.clerk), case.ref)) == [
        ("c", "0109", "因为提到“路灯”、“不亮”，是这一类的常用词")
    ]


def test_unit_of_the_category_is_proposed_by_habit(county: County) -> None:
    case = make.heard(county, text=LAMP)
    known = Habits((), {"0109": ("housing", "management"), "": ("town",)})

    found = proposals(case, list(county.units.values()), known)

    assert [(one.question, one.guess.label, one.ground) for one in found] == [
        ("category", "0109", Ground.LISTED),
        ("unit", "housing", Ground.HABIT),
    ]


def test_duty_list_leads_before_anything_was_learned(county: County, client_of: Browser) -> None:
    set_duty("0109", place=county.root, unit=county.housing, source="", by=county.operator, at=NOON)
    case = make.heard(county, text=LAMP)
    browser = client_of(county.clerk)

    rows = [proposed(shown(browser, case.ref)) for _ in range(2)]

    assert rows[0] == rows[1]
    assert rows[0][1] == ("u", "housing", "按权责清单")


def test_nothing_is_proposed_without_words_of_any_list(county: County) -> None:
    assert proposals(make.heard(county, text="有件事想说一下"), list(county.units.values()), NO_HABITS) == []


def test_nothing_is_proposed_for_a_report(county: County) -> None:
    make_version(decisions(), source="", at=NOON)
    case = make.heard(county, text=LAMP, kind=CaseKind.REPORT)

    assert proposals(case, list(county.units.values()), NO_HABITS) == []


def test_unit_that_is_gone_is_not_proposed(county: County) -> None:
    make_version(decisions(), source="", at=NOON)

    found = proposals(make.heard(county, text=LAMP), [county.town], NO_HABITS)

    assert [one.guess.label for one in found] == ["0109"]


def test_words_taken_together_are_said_so(county: County, client_of: Browser) -> None:
    make_version(decisions(), source="", at=NOON)
    case = make.heard(county, text="灯，灯")

    reasons = [reason for key, _, reason in proposed(shown(client_of(county.clerk), case.ref)) if key == "c"]

    assert reasons == ["用词整体上与过去这样办的相近"]


def test_typed_words_are_not_overwritten(county: County, client_of: Browser) -> None:
    make_version(decisions(), source="", at=NOON)
    case = make.heard(county, text=LAMP)
    browser = client_of(county.clerk)

    data = {"version": case.version, "kind": "help", "urgency": "ordinary", "category": "0501", "to": ""}
    response = browser.post(f"/desk/sort/{case.ref}/assign/?take=category", data)

    html = response.content.decode()
    assert response.status_code == 422
    assert re.findall(r'value="(0109|0501)" selected', html) == ["0501"]


def test_same_place_and_words_are_both_said(county: County, client_of: Browser) -> None:
    make.assigned(county, text=LIKE, phone="", address="和平街")
    case = make.heard(county, text=LAMP, phone="", address="和平街")

    html = shown(client_of(county.clerk), case.ref)

    assert "同一地点，都提到“和平街口”、“路灯”、“不亮”" in html


def test_sorted_by_habit_reads_as_such(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    actions.assign(
        case, version=case.version, to=county.housing, sorting=Sorting(category="0109"), by=county.clerk, at=NOON + STEP
    )
    fresh = make.heard(county, text=LAMP)

    rows = proposed(shown(client_of(county.clerk), fresh.ref))

    assert rows[1] == ("u", "housing", "近 90 天这一类多由它办")
