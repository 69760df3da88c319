from dataclasses import dataclass

from lianying.households.actions import HouseholdCard, add_household
from lianying.households.models import Household
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind
from lianying.visits.actions import LinkCard, make_link
from lianying.visits.models import Link
from tests.cast import FOUNDED, FOUNDED_ON, County, person, user_of


@dataclass(frozen=True, slots=True)
class Linked:
    """A leader of `management` with a household of the village, and the unit with the village itself."""

    county: County
    leader: Actor
    successor: Actor
    household: Household
    home: Link
    office: Link

    @property
    def leader_user(self) -> User:
        return user_of(self.leader)


def linked_of(county: County) -> Linked:
    leader = person("leader", "方向", county.management, Role.VISITOR)
    successor = person("successor", "沈静", county.management, Role.VISITOR)
    card = HouseholdCard("周大爷家", name="周建国")
    household = add_household(card, place=county.village, by=county.village_handler, at=FOUNDED)
    home = make_link(
        LinkCard(LinkKind.LEADER_HOUSEHOLD, county.management, FOUNDED_ON, user=user_of(leader), household=household),
        by=county.head,
        at=FOUNDED,
    )
    office = make_link(
        LinkCard(LinkKind.UNIT_VILLAGE, county.management, FOUNDED_ON, place=county.village), by=county.head, at=FOUNDED
    )
    return Linked(county, leader, successor, household, home, office)
