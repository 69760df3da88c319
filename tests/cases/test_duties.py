"""Why a request is with the unit that has it, and the rule that no office pushes its own work down."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.common.clock import standing_at
from lianying.orgs.actions import set_duty
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.powers import Role
from tests import make
from tests.cast import NOON, STEP, County, person
from tests.look import refusal

ClientOf = Callable[[User | Actor], Client]
LATER = NOON + 3 * STEP


def duty(county: County, category: str, unit: Unit, *, place: Unit | None = None, source: str = "") -> None:
    set_duty(category, place=place or county.root, unit=unit, source=source, by=county.operator, at=NOON)


def why(browser: Client, ref: str) -> str:
    return browser.get(f"/desk/cases/{ref}/why/").content.decode()


def test_the_list_says_why_here_with_its_source(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    duty(county, "01", county.management, source="县政发〔2026〕3号")
    case = make.handling(county, category="0101")
    browser = client_of(county.handler)
    why(browser, case.ref)

    with django_assert_num_queries(8):
        html = why(browser, case.ref)

    assert all(words in html for words in ("城市管理局", "在这里", "全县 · 县政发〔2026〕3号", "不能把它推给乡镇"))
    assert "另外的安排" not in html


def test_the_nearer_place_is_named_first_and_the_decision_of_the_desk_is_said(
    county: County, client_of: ClientOf
) -> None:
    duty(county, "01", county.management)
    duty(county, "01", county.town, place=county.town)
    case = make.handling(county, address="柳溪镇南街12号", category="0101")

    html = why(client_of(county.handler), case.ref)

    assert html.index("柳溪镇</b>") < html.index("城市管理局</b>")
    assert "接诉中心作了另外的安排" in html
    assert "不能把它推给乡镇" not in html


@pytest.mark.parametrize(
    ("category", "said"), [("", "还没有定类别"), ("0201", "权责清单没有写到那里的"), ("0101", "现在还没有交办")]
)
def test_what_the_list_cannot_say_is_said(county: County, client_of: ClientOf, category: str, said: str) -> None:
    duty(county, "01", county.management)
    case = make.heard(county, category=category)

    assert said in why(client_of(county.clerk), case.ref)


def test_htmx_fetches_the_words_alone(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)

    response = client_of(county.handler).get(f"/desk/cases/{case.ref}/why/", headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith("<p>")
    assert response["Vary"] == "HX-Request, Cookie"


def test_an_office_cannot_push_its_own_duty_down(county: County, client_of: ClientOf) -> None:
    duty(county, "01", county.management)
    case = make.assigned(county, address="柳溪镇南街12号", category="0101")

    for unit in (county.town, county.village):
        with refusal("own_duty", case):
            actions.dispute(case, version=2, reason="属地管理", proposed=unit, by=county.handler, at=LATER)

    browser = client_of(county.handler)
    with standing_at(LATER):
        typed = {"version": 2, "reason": "属地管理", "proposed": "town"}
        sent = browser.post(f"/desk/cases/{case.ref}/move/dispute/", typed)
    html = sent.content.decode()
    assert sent.status_code == 422
    assert "由您单位负责，不能推给乡镇、村或社区" in html
    assert "属地管理" in html


def test_a_section_cannot_push_down_what_its_office_owes(county: County) -> None:
    duty(county, "0101", county.management)
    case = make.assigned(county, category="0101")
    case = actions.pass_down(case, version=2, to=county.section, by=county.head, at=LATER)

    with refusal("own_duty", case):
        actions.dispute(
            case, version=3, reason="属", proposed=county.village, by=county.section_handler, at=LATER + STEP
        )


@pytest.mark.parametrize("given", ["nothing", "another office", "the town", "the county"])
def test_what_the_list_does_not_give_to_the_office_may_be_disputed(county: County, given: str) -> None:
    unit, place = {
        "nothing": (None, None),
        "another office": (county.housing, None),
        "the town": (county.town, county.town),
        "the county": (county.root, None),
    }[given]
    if unit is not None:
        duty(county, "01", unit, place=place)
        if place is not None:
            duty(county, "01", county.management)
    case = make.assigned(county, address="柳溪镇南街12号", category="0101")

    after = actions.dispute(case, version=2, reason="属地", proposed=county.town, by=county.handler, at=LATER)

    assert after.state == "disputed"


def test_an_office_may_name_another_office_against_the_list(county: County) -> None:
    duty(county, "01", county.management)
    case = make.assigned(county, category="0101")

    after = actions.dispute(case, version=2, reason="属", proposed=county.housing, by=county.handler, at=LATER)

    assert after.state == "disputed"


def test_a_town_may_name_a_village(county: County) -> None:
    handler = person("town", "林涛", county.town, Role.HANDLER)
    duty(county, "01", county.town, place=county.town)
    case = make.heard(county, address="柳溪镇南街12号")
    sorting = actions.Sorting(category="0101")
    case = actions.assign(case, version=1, to=county.town, sorting=sorting, by=county.clerk, at=NOON + STEP)

    after = actions.dispute(case, version=2, reason="属村里", proposed=county.village, by=handler, at=LATER)

    assert after.state == "disputed"
