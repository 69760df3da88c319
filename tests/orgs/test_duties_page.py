"""The duty list: set, removed and put back, its contradictions, and what it would have made of the past."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.orgs.actions import remove_duty, set_duty
from lianying.orgs.models import Duty, Unit, User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
URL = "/desk/settings/duties/"


def duty(county: County, category: str, unit: Unit, *, place: Unit | None = None, source: str = "") -> Duty:
    return set_duty(category, place=place or county.root, unit=unit, source=source, by=county.operator, at=NOON)


def test_a_row_is_set_removed_and_put_back(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)
    given = {"do": "set", "category": "0101", "place": "town", "unit": "housing", "source": "县政发〔2026〕3号"}

    kept = browser.post(URL, given)
    wrong = browser.post(URL, {**given, "unit": "desk"})
    removed = browser.post(URL, {**given, "do": "remove"})
    offered = browser.get(removed.headers["Location"]).content.decode()
    again = browser.post(URL, given)

    assert [one.status_code for one in (kept, wrong, removed, again)] == [303, 422, 303, 303]
    assert "放回去" in offered
    assert "县政发〔2026〕3号" in offered
    assert list(Duty.objects.values_list("category", "place__code", "unit__code")) == [("0101", "town", "housing")]
    assert browser.post(URL, {"do": "dance"}).status_code == 404


def test_contradictions_and_dead_rows_are_marked(county: County, client_of: ClientOf) -> None:
    duty(county, "0101", county.housing)
    duty(county, "0101", county.management)
    duty(county, "0102", county.town, place=county.town)
    Unit.objects.filter(pk=county.town.pk).update(active=False)
    Duty.objects.filter(category="0102").update(category="9998")

    html = client_of(county.operator).get(URL).content.decode()

    assert (html.count("有冲突"), html.count("已停用"), html.count("不是本系统的类别")) == (3, 1, 1)


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_for_every_length(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        duty(county, f"01{number:02}", county.housing)
    browser = client_of(county.operator)

    with django_assert_num_queries(11):
        browser.get(URL)


def test_the_list_is_narrowed_to_a_category(county: County, client_of: ClientOf) -> None:
    duty(county, "0101", county.housing, source="甲文")
    duty(county, "02", county.housing, source="乙文")

    html = client_of(county.operator).get(f"{URL}?of=02").content.decode()

    assert ("甲文" in html, "乙文" in html) == (False, True)


def test_sorting_offers_the_unit_of_the_duty_list_first_and_says_why(county: County, client_of: ClientOf) -> None:
    cache.clear()
    duty(county, "01", county.management)
    duty(county, "0101", county.housing, place=county.town, source="县政发〔2026〕3号")
    case = make.heard(county, address="柳溪镇南街12号")

    with standing_at(NOON + STEP):
        html = client_of(county.clerk).get(f"/desk/sort/{case.ref}/choices/?category=0101").content.decode()

    first, second = html.split('name="to" value="')[1:3]
    assert first.startswith('housing"')
    assert "权责清单：柳溪镇 · 县政发〔2026〕3号" in first
    assert second.startswith('management"')
    assert "按权责清单" in second


def test_the_list_is_tried_on_the_past(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)
    duty(county, "0101", county.housing)
    for unit, category in ((county.housing, "0101"), (county.management, "0101"), (county.section, "0102")):
        case = make.assigned(county, to=unit)
        Case.objects.filter(pk=case.pk).update(category=category)

    with standing_at(NOON + STEP):
        html = browser.get(f"{URL}trial/").content.decode()
        with_workbook = browser.get(f"{URL}trial/{make.workbook_checked(county).uuid}/").content.decode()

    assert "3 件中有 1 件" in html
    assert "住房和城乡建设局" in html
    assert "尚未写入" in with_workbook


def test_a_removed_duty_stands_in_the_ledger(county: County) -> None:
    row = duty(county, "0101", county.housing)

    remove_duty(row, by=county.operator, at=NOON)

    assert not Duty.objects.exists()
