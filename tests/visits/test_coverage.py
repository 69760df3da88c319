"""What heads and supervisors see of visits: counts by unit, in the order of the units."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.common.clock import standing_at
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind, needs_help
from lianying.visits.actions import LinkCard, VisitCard, make_link, open_terms, record_visit
from lianying.visits.queries.coverage import Coverage, _owing, _sums, coverage_of, coverage_together
from tests.cast import FOUNDED, FOUNDED_ON, NOON, County, person, unit
from tests.visits.links import Linked

ClientOf = Callable[[Any], Client]
TODAY = NOON.date()
PAGE = "/desk/visits/units/"
pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def noon(linked: Linked) -> Iterator[None]:
    open_terms(at=NOON)
    with standing_at(NOON):
        yield


def test_counts_are_of_the_terms_of_the_day_and_what_was_left_before(linked: Linked) -> None:
    county = linked.county
    for number, on in enumerate((TODAY, TODAY - timedelta(days=1), date(2026, 2, 3))):
        record_visit(VisitCard(UUID(int=number + 1), on), link=linked.office, by=linked.leader, at=NOON)

    # Of the quarters before nothing counts that is written down now: three are left undone. The year still runs.
    expected = Coverage(links=2, owed=3, made=1, overdue=3)
    assert coverage_of([county.management, county.housing], TODAY) == {county.management.pk: expected}
    assert coverage_together(Unit.objects.all(), TODAY) == expected
    assert coverage_together(Unit.objects.filter(code="housing"), TODAY) == Coverage()
    assert expected.missing == 2


def test_help_is_needed_where_a_term_ends_soon_and_little_is_done(linked: Linked) -> None:
    soon = coverage_together(Unit.objects.all(), date(2026, 12, 20))

    assert (soon.pressing, soon.pressed, soon.needs_help) == (3, 0, True)
    assert not coverage_together(Unit.objects.all(), TODAY).needs_help
    assert [needs_help(*figures) for figures in ((0, 0), (2, 1), (3, 1), (1, 0))] == [False, False, True, True]


def test_units_stand_in_their_own_order_whatever_they_made(linked: Linked, client_of: ClientOf) -> None:
    county = linked.county
    record_visit(VisitCard(UUID(int=1), TODAY), link=linked.office, by=linked.leader, at=NOON)
    person("other", "于海", county.housing, Role.VISITOR)

    page = client_of(county.supervisor).get(PAGE)

    paths = [one.path for one, _ in page.context["lines"]]
    assert paths == sorted(paths)
    assert "需要支援" not in page.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    with standing_at(NOON.replace(month=12, day=30)):
        late = client_of(county.supervisor).get(PAGE)
    assert "需要支援" in late.content.decode().split("<tbody>")[1].split("</tbody>")[0]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_many(
    county: County, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        office = unit(f"office{number}", f"{number}局", UnitKind.DEPARTMENT, county.root)
        person(f"p{number}", "方园", office, Role.VISITOR)
        card = LinkCard(LinkKind.UNIT_VILLAGE, office, FOUNDED_ON, place=county.village)
        make_link(card, by=county.supervisor, at=FOUNDED)
    open_terms(at=NOON)
    browser = client_of(county.supervisor)
    browser.get(PAGE)

    with django_assert_num_queries(8):
        page = browser.get(PAGE)

    assert sum(one.links for _, one in page.context["lines"]) == count + 2


def test_sums_of_a_unit_come_from_one_index(linked: Linked) -> None:
    rows = _owing(TODAY).filter(unit__in=[linked.county.management]).order_by().values_list("unit")

    if connection.vendor == "sqlite":
        assert "COVERING INDEX obligation_unit" in rows.annotate(**_sums(TODAY)).explain()
