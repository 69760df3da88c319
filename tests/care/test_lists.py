"""What waits first, for whom, at which price."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.care import actions
from lianying.care.models import Care
from lianying.care.queries import Tab, care_page, tab_counts
from lianying.common.clock import standing_at
from lianying.common.db import explain
from lianying.desk.queries import waiting
from lianying.orgs.scope import Actor
from lianying.rules.care import Exit
from tests.care.pages import many, text
from tests.care.records import (
    DAY,
    LATER,
    TODAY,
    Place,
    admitted,
    checked,
    checking,
    exited,
    household,
    leaving,
    measure,
    noted,
    refused,
)
from tests.cast import NOON

ClientOf = Callable[[Any], Client]
NOBODYS = "00000000-0000-4000-8000-000000000000"
pytestmark = pytest.mark.usefixtures("later")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for care in many(place, count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get("/desk/care/")

    with django_assert_num_queries(9):
        page = browser.get("/desk/care/")

    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_measures_cost_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for care in many(place, count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get("/desk/care/measures/")

    with django_assert_num_queries(7):
        page = browser.get("/desk/care/measures/")

    assert len(page.context["rows"]) == count


@pytest.mark.postgresql
def test_ten_thousand_records_cost_two_queries(place: Place, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = admitted(place)
    same = {name: getattr(first, name) for name in ("place_id", "stage", "source", "clue_on", "decide_by")}
    days = {name: getattr(first, name) for name in ("decided_on", "review_on")}
    Care.objects.bulk_create(
        Care(**same, **days, due_on=TODAY + number % 300 * DAY, key_id="none") for number in range(10_000)
    )

    with django_assert_num_queries(2):
        page = care_page(place.head, Tab.OPEN, TODAY)
    with django_assert_num_queries(1):
        counted = tab_counts(place.head, TODAY)
    following = care_page(place.head, Tab.OPEN, TODAY, after=page.next)

    shown = [line.care.pk for line in page.rows + following.rows]
    assert shown == list(Care.objects.order_by("due_on", "id").values_list("pk", flat=True)[:100])
    assert (len(page.rows), counted["open"], counted["reviews"]) == (50, 1000, 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE care_care")
    rows = Care.objects.filter(ended_on__isnull=True).order_by("due_on", "id")[:50]
    assert "care_due" in explain(rows)


def test_what_is_due_first_stands_first(place: Place) -> None:
    late = noted(place, at=NOON - 20 * DAY)
    near = noted(place, of=household(place.county, "吴师傅家"), at=NOON - 13 * DAY)
    under = admitted(place, of=household(place.county, "何大姐家"))

    with_one = care_page(place.head, Tab.OPEN, TODAY)
    measure(place, under, days=1)
    with_measure = care_page(place.head, Tab.OPEN, TODAY)

    assert [(line.care, line.waits, line.left) for line in with_one.rows] == [
        (late, "decide", -5),
        (near, "decide", 2),
        (under, "review", 365),
    ]
    assert [(line.waits, line.left) for line in with_measure.rows] == [("decide", -5), ("measure", 1), ("decide", 2)]


def test_lateness_is_said_as_it_is(place: Place, client_of: ClientOf) -> None:
    noted(place, at=NOON - 20 * DAY)
    noted(place, of=household(place.county, "吴师傅家"), at=NOON - 15 * DAY)
    noted(place, of=household(place.county, "何大姐家"), at=NOON - 10 * DAY)

    page = text(client_of(place.keeper), "/desk/care/?tab=check")

    assert re.findall(r'chip (?:late|near|plain)">(认定[^<]+)', page) == [
        "认定已超期 5 天",
        "认定今天到期",
        "认定还剩 5 天",
    ]


@pytest.mark.parametrize(
    ("tab", "builder"),
    [("check", noted), ("check", checking), ("decide", checked), ("decide", leaving), ("care", admitted)],
)
def test_every_stage_has_its_tab(place: Place, client_of: ClientOf, tab: str, builder: Callable[[Place], Care]) -> None:
    builder(place)
    browser = client_of(place.keeper)

    pages = {one: text(browser, f"/desk/care/?tab={one}") for one in ("check", "decide", "care", "reviews", "ended")}

    assert [one for one, page in pages.items() if "周大爷家" in page] == [tab]


@pytest.mark.parametrize("builder", [refused, exited])
def test_what_has_ended_has_its_tab(place: Place, client_of: ClientOf, builder: Callable[[Place], Care]) -> None:
    builder(place)
    browser = client_of(place.keeper)

    assert "周大爷家" in text(browser, "/desk/care/?tab=ended")
    assert "现在没有帮扶中的住户" in text(browser, "/desk/care/?tab=nonsense")


def test_a_review_is_announced_a_month_before(place: Place) -> None:
    admitted(place)

    found = [len(care_page(place.head, Tab.REVIEWS, TODAY + days * DAY).rows) for days in (334, 335, 400)]

    assert found == [0, 1, 1]


def tasks(actor: Actor, days: int = 0) -> dict[str, int]:
    found = waiting(actor, LATER + days * DAY)
    return {task.value: count for task, count in found.items() if count and task.value.startswith("care")}


def test_today_counts_what_waits(place: Place) -> None:
    noted(place)
    checked(place, of=household(place.county, "吴师傅家"))
    under = admitted(place, of=household(place.county, "何大姐家"))
    measure(place, under, unit=place.county.management, days=10)

    assert tasks(place.keeper) == {"care_check": 1}
    assert tasks(place.head) == {"care_check": 1, "care_decide": 1}
    assert tasks(place.county.handler) == {"care_measures": 1}
    assert tasks(place.county.handler, days=11) == {"care_measures_late": 1}
    assert tasks(place.keeper, days=340) == {"care_measures_late": 1, "care_check": 1, "care_reviews": 1}
    assert tasks(place.county.neighbour, days=340) == {}


def test_today_does_not_offer_what_one_found_oneself(place: Place) -> None:
    care = admitted(place)
    actions.propose_exit(care, version=care.version, reason=Exit.MOVED, words="已迁走", by=place.head, at=LATER)

    assert tasks(place.head) == {}


def test_supervisors_see_counts_by_place_and_no_names(place: Place, client_of: ClientOf) -> None:
    noted(place, at=NOON - 30 * DAY)
    care = admitted(place, of=household(place.county, "吴师傅家"))
    measure(place, care, days=0)
    measure(place, care, days=0)
    refused(place, of=household(place.county, "何大姐家"))
    supervisor = client_of(place.county.supervisor)

    led = supervisor.get("/desk/care/")
    with standing_at(NOON + 2 * DAY):
        page = text(supervisor, led["Location"])
        town = text(client_of(place.head), "/desk/care/counts/")

    def rows(page: str) -> list[list[str]]:
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        found = [re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row) for row in body.split("</tr>")]
        return [row for row in found if row]

    assert rows(page) == [["柳溪镇", "1", "—", "1", "1", "2", "—"]]
    assert rows(town) == [["上柳村", "1", "—", "1", "1", "2", "—"]]
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["2", "2", "1", "0"]
    assert "家</a>" not in page + town
    assert "吴师傅" not in page + town


@pytest.mark.parametrize("count", [1, 30])
def test_counts_cost_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(place, count)
    browser = client_of(place.county.supervisor)
    browser.get("/desk/care/counts/")

    with django_assert_num_queries(8):
        browser.get("/desk/care/counts/")


def test_nothing_open_says_so(place: Place, client_of: ClientOf) -> None:
    assert "现在没有在办的" in text(client_of(place.county.supervisor), "/desk/care/counts/")
    assert "没有待核实的线索" in text(client_of(place.keeper), "/desk/care/?tab=check")
