"""Records in every stage, made through the actions: each builder goes one step further than the one before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianying.care import actions
from lianying.care.actions import Clue, Plan
from lianying.care.models import Care, Measure
from lianying.households.actions import HouseholdCard, add_household
from lianying.households.models import Household
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.care import Exit, Refusal, Risk, Source
from lianying.rules.powers import Role
from tests.cast import FOUNDED, NOON, STEP, County, person

DAY = timedelta(days=1)
TODAY = NOON.date()
#: After every step of the builders.
LATER = NOON + 9 * STEP
SEEN, FOUND, PLAN = "男主人住院一周，没有别的劳动力", "核对了出院单，借款两万元", "帮助申请困难补助"


@dataclass(frozen=True, slots=True)
class Place:
    """A household of the village; keeper handles there, head leads the town."""

    county: County
    household: Household
    keeper: Actor
    head: Actor


def place_of(county: County) -> Place:
    """With the head of the town, who decides."""
    head = person("townhead", "向楠", county.town, Role.HEAD)
    return Place(county, household(county), county.village_handler, head)


def household(county: County, called: str = "周大爷家", name: str = "周建国", phone: str = "") -> Household:
    card = HouseholdCard(called, name=name, phone=phone)
    return add_household(card, place=county.village, by=county.village_handler, at=FOUNDED)


def clue(at: datetime = NOON, words: str = SEEN) -> Clue:
    return Clue(Source.VISIT, at.date(), Risk.ILLNESS, words)


def noted(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    return actions.note(of or place.household, clue(at), by=place.keeper, at=at)


def checking(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = noted(place, of=of, at=at)
    return actions.take_up(care, version=care.version, by=place.keeper, at=at + STEP)


def checked(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = checking(place, of=of, at=at)
    return actions.check(care, version=care.version, risk=Risk.ILLNESS, words=FOUND, by=place.keeper, at=at + 2 * STEP)


def admitted(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = checked(place, of=of, at=at)
    return actions.admit(care, version=care.version, by=place.head, at=at + 3 * STEP)


def refused(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = checked(place, of=of, at=at)
    return actions.refuse(
        care, version=care.version, reason=Refusal.NO_RISK, words="收入稳定", by=place.head, at=at + 3 * STEP
    )


def leaving(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = admitted(place, of=of, at=at)
    return actions.propose_exit(
        care, version=care.version, reason=Exit.STABLE, words="收入稳定", by=place.keeper, at=at + 4 * STEP
    )


def exited(place: Place, *, of: Household | None = None, at: datetime = NOON) -> Care:
    care = leaving(place, of=of, at=at)
    return actions.exit_care(care, version=care.version, by=place.head, at=at + 5 * STEP)


def measure(
    place: Place, care: Care, *, unit: Unit | None = None, user: User | None = None, days: int = 10, request: str = ""
) -> Measure:
    """Due so many days after NOON."""
    care.refresh_from_db()
    plan = Plan(PLAN, unit or place.county.village, TODAY + days * DAY, user, request)
    return actions.take_measure(care, plan, version=care.version, by=place.keeper, at=NOON + 4 * STEP)
