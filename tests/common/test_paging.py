from datetime import timedelta

import pytest

from lianying.cases.models import Case
from lianying.common.paging import Among, Page, page_of
from lianying.orgs.models import User
from lianying.rules.powers import Role
from tests import make
from tests.cast import NOON, County, person

ORDERS = [("stage_due_at", "id"), ("-received_at", "-id"), ("channel", "stage_due_at", "id"), ("id",)]
MIXED = ("-received_at", "id")


def cases(county: County, count: int) -> list[Case]:
    """Two at a time have the same times."""
    return [make.heard(county, at=NOON + timedelta(days=number // 2)) for number in range(count)]


@pytest.mark.parametrize("order", [*ORDERS, MIXED])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_every_row_stands_on_one_page(county: County, order: tuple[str, ...], size: int) -> None:
    cases(county, 7)
    rows = Case.objects.all()
    pages: list[Page[Case]] = [page_of(rows, order, size=size)]

    while pages[-1].next:
        pages.append(page_of(rows, order, pages[-1].next, size))

    assert [row for page in pages for row in page.rows] == list(rows.order_by(*order))
    assert [page.is_first for page in pages] == [True] + [False] * (len(pages) - 1)
    assert len(pages) == -(-7 // size)


@pytest.mark.postgresql
@pytest.mark.parametrize("order", [*ORDERS, MIXED])
@pytest.mark.parametrize(("size", "most"), [(1, 1), (2, 1), (1, 3), (2, 3), (2, 7), (9, 2), (9, 8)])
def test_a_page_looks_through_a_stretch_and_loses_no_row(
    county: County, order: tuple[str, ...], size: int, most: int
) -> None:
    made = cases(county, 7)
    whole = Case.objects.all()
    rows = whole.filter(pk__in=[case.pk for case in made[::3]])
    among = Among(whole, most)
    pages: list[Page[Case]] = [page_of(rows, order, size=size, among=among)]

    while pages[-1].next:
        pages.append(page_of(rows, order, pages[-1].next, size, among=among))

    assert [row for page in pages for row in page.rows] == list(rows.order_by(*order))
    assert len(pages) <= 1 + 3 / size + 7 / most
    assert all(len(page.rows) == size for page in pages if page.next and page.reached is None)


def test_a_page_says_how_far_it_looked(county: County) -> None:
    made = cases(county, 7)
    rows = Case.objects.filter(pk=made[6].pk)

    first = page_of(rows, ("received_at", "id"), among=Among(Case.objects.all(), 3))
    last = page_of(rows, ("received_at", "id"), among=Among(Case.objects.all(), 9))

    assert (first.rows, first.reached, first.next != "") == ([], made[2].received_at, True)
    assert (last.rows, last.reached, last.next) == ([made[6]], None, "")


def test_a_row_that_comes_in_between_doubles_nothing(county: County) -> None:
    cases(county, 4)
    first = page_of(Case.objects.all(), ("-received_at", "-id"), size=2)
    make.heard(county, at=NOON + timedelta(days=9))

    second = page_of(Case.objects.all(), ("-received_at", "-id"), first.next, 2)

    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)
    assert (len(second.rows), second.next) == (2, "")


def test_an_empty_list_has_one_page(county: County) -> None:
    assert page_of(Case.objects.none(), ("id",)) == Page([], "", is_first=True)


@pytest.mark.parametrize("token", ["x", "==", "WzFd", "ÿ", "WzFd:1abc:sig", "\x00", "9" * 5000])
def test_a_token_that_we_did_not_make_begins_at_the_start(county: County, token: str) -> None:
    made = cases(county, 2)

    assert page_of(Case.objects.all(), ("id",), token) == Page(made, "", is_first=True)


def test_a_token_of_another_list_begins_at_the_start(county: County) -> None:
    made = cases(county, 3)
    token = page_of(Case.objects.all(), ("-id",), size=1).next

    assert page_of(Case.objects.all(), ("id",), token) == Page(made, "", is_first=True)


@pytest.mark.postgresql
def test_a_page_costs_one_query(county: County, django_assert_num_queries: object) -> None:
    cases(county, 6)
    token = page_of(Case.objects.all(), ("stage_due_at", "id"), size=2).next

    with django_assert_num_queries(1):  # type: ignore[operator]
        page_of(Case.objects.all(), ("stage_due_at", "id"), token, 2)


@pytest.mark.postgresql
def test_a_name_of_digits_is_no_day(county: County) -> None:
    for name in ("20261111", "20261112", "20261113"):
        person(name, name, county.housing, Role.HANDLER)
    rows = User.objects.filter(username__startswith="2026")

    first = page_of(rows, ("name", "username"), size=2)

    assert page_of(rows, ("name", "username"), first.next).rows == [User.objects.get(username="20261113")]
