"""The public list: what it says, and for how long."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.care import actions
from lianying.care.models import Care
from lianying.common.clock import standing_at
from tests.care.pages import buttons, text, url
from tests.care.records import (
    DAY,
    FOUND,
    LATER,
    SEEN,
    Place,
    admitted,
    exited,
    household,
)
from tests.cast import NOON

ClientOf = Callable[[Any], Client]
NOBODYS = "00000000-0000-4000-8000-000000000000"
pytestmark = pytest.mark.usefixtures("later")


def published(place: Place, builder: Callable[..., Care], called: str = "周大爷家", name: str = "周建国") -> Care:
    care = builder(place, of=household(place.county, called, name, phone="13812348263"))
    return actions.publish(care, version=care.version, by=place.head, at=LATER)


def test_the_public_list_names_village_masked_name_and_day_alone(place: Place, client_of: ClientOf) -> None:
    published(place, admitted)
    published(place, exited, "吴师傅家", "")
    admitted(place, of=household(place.county, "何大姐家", "何小满"))

    page = text(Client(), "/care/")

    assert "11月12日" in page
    assert ("上柳村" in page, "周**" in page, "吴**" in page) == (True, True, True)
    assert ("纳入帮扶" in page, "退出帮扶" in page) == (True, True)
    for word in ("周建国", "周大爷", "吴师傅", "何", "138", "8263", SEEN, FOUND, "疾病", "风险稳定消除"):
        assert word not in page, word


def test_the_public_list_is_narrowed_to_a_village_and_lapses(place: Place) -> None:
    published(place, admitted)

    here, elsewhere = text(Client(), "/care/?place=village"), text(Client(), "/care/?place=town")
    with standing_at(NOON + 6 * DAY):
        last = text(Client(), "/care/")
    with standing_at(NOON + 7 * DAY):
        after = text(Client(), "/care/")

    assert ["周**" in page for page in (here, elsewhere, last, after)] == [True, False, True, False]
    assert "目前没有公示的住户" in after


@pytest.mark.parametrize("count", [1, 30])
def test_the_public_list_costs_the_same_for_many(
    place: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        published(place, admitted, f"{number}号家")

    with django_assert_num_queries(2):
        Client().get("/care/")


def test_the_record_says_that_it_stands_on_the_list(place: Place, client_of: ClientOf) -> None:
    care = published(place, admitted)
    page = text(client_of(place.head), url(care))

    response = client_of(place.head).post(url(care, "unpublish"), {"version": str(care.version)})

    assert "/care/?place=village" in page
    assert "unpublish" in buttons(page)
    assert response.status_code == 303
    assert "周**" not in text(Client(), "/care/")
