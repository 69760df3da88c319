from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.common.db import counts, explain, next_number, take_turns
from lianying.common.models import Counter
from lianying.orgs.models import Unit
from tests import make
from tests.cast import NOON, County

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_next_number_counts_each_name_by_itself() -> None:
    numbers = [next_number("a"), next_number("b"), next_number("a", count=3), next_number("a")]

    assert numbers == [1, 1, 2, 5]
    assert dict(Counter.objects.values_list("name", "value")) == {"a": 5, "b": 1}


def test_next_number_keeps_until_when_it_began() -> None:
    next_number("a", until=NOON)

    next_number("a", until=None)

    assert Counter.objects.get().until == NOON


def test_a_number_that_was_rolled_back_is_given_again() -> None:
    with transaction.atomic():
        next_number("a")
        transaction.set_rollback(True)

    assert next_number("a") == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_are_all_different() -> None:
    def take(_: int) -> int:
        try:
            return next_number("a")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(take, range(20)))

    assert sorted(numbers) == list(range(1, 21))


def test_take_turns_passes_whoever_is_alone() -> None:
    with transaction.atomic():
        take_turns("user:1")
        take_turns("user:1")


def test_counts_come_in_one_query(county: County, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        make.heard(county)
    rows = {
        "all": Case.objects.order_by("ref"),
        "at the desk": Case.objects.filter(unit=county.desk),
        "none": Case.objects.none(),
        "units": Unit.objects.filter(path__startswith=county.town.path),
    }

    with django_assert_num_queries(1):
        found = counts(rows, cap=2)

    assert found == {"all": 2, "at the desk": 2, "none": 0, "units": 2}


def test_counts_of_nothing_ask_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert counts({"none": Case.objects.none()}, cap=9) == {"none": 0}


def test_explain_shows_the_plan() -> None:
    assert "case" in explain(Case.objects.filter(ref="x")).lower()
