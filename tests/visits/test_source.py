"""The numbers of the source: 82 offices with a village and a community each, leaders with two households."""

from datetime import date

import pytest

from lianying.households.actions import HouseholdCard, add_household
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.rules.powers import Role
from lianying.rules.quotas import AT_LEAST, LinkKind
from lianying.visits.actions import LinkCard, make_link, open_terms
from lianying.visits.models import Obligation
from lianying.visits.queries.coverage import coverage_together
from lianying.visits.queries.links import links_of, missing_places, people
from lianying.visits.verify import obligation_faults
from tests.cast import FOUNDED, FOUNDED_ON, NOON, County, person, unit, user_of

OFFICES = 82
TODAY = NOON.date()


@pytest.fixture
def offices(county: County) -> list[Unit]:
    """Each with its village, its community and a leader, who has two households of the village."""
    community = unit("lake", "丽湖社区", UnitKind.COMMUNITY, county.town)
    found = []
    for number in range(OFFICES):
        office = unit(f"office{number}", f"{number}局", UnitKind.DEPARTMENT, county.root)
        leader = user_of(person(f"leader{number}", "方园", office, Role.HEAD))
        cards = [
            LinkCard(LinkKind.UNIT_VILLAGE, office, FOUNDED_ON, place=county.village),
            LinkCard(LinkKind.UNIT_COMMUNITY, office, FOUNDED_ON, place=community),
        ]
        for door in range(2):
            card = HouseholdCard(f"{number}组{door}户")
            household = add_household(card, place=county.village, by=county.village_handler, at=FOUNDED)
            cards.append(LinkCard(LinkKind.LEADER_HOUSEHOLD, office, FOUNDED_ON, user=leader, household=household))
        for link in cards:
            make_link(link, by=county.supervisor, at=FOUNDED)
        found.append(office)
    while open_terms(at=NOON):
        pass
    return found


def test_every_office_owes_what_the_source_says(offices: list[Unit]) -> None:
    quarter = Obligation.objects.filter(starts_on=date(2026, 10, 1), required=1)
    year = Obligation.objects.filter(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), required=2)

    assert (quarter.count(), year.count()) == (2 * OFFICES, 2 * OFFICES)
    assert Obligation.objects.count() == OFFICES * (2 * 4 + 2)
    together = coverage_together(Unit.objects.all(), TODAY)
    assert (together.links, together.owed, together.made, together.overdue) == (
        4 * OFFICES,
        2 * OFFICES + 4 * OFFICES,
        0,
        2 * 3 * OFFICES,
    )
    assert list(obligation_faults(TODAY)) == []


def test_no_office_and_no_leader_is_short_of_any(offices: list[Unit]) -> None:
    assert AT_LEAST == {LinkKind.UNIT_VILLAGE: 1, LinkKind.UNIT_COMMUNITY: 1, LinkKind.LEADER_HOUSEHOLD: 2}
    office = offices[40]

    assert missing_places(office, list(links_of(office, TODAY))) == {}
    assert [(one.kind, one.links, one.missing) for one in people(office, TODAY)] == [(LinkKind.LEADER_HOUSEHOLD, 2, 0)]
