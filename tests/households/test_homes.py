"""Households: what of them is readable where, and who says how hard they have it."""

from dataclasses import replace

import pytest
from django.conf import settings as configured
from django.db import connection
from pytest_django import Settings

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.common.actions import reseal
from lianying.config.keys import keys
from lianying.households.actions import (
    HouseholdCard,
    add_household,
    change_household,
    decide_hardship,
    propose_hardship,
    say_wish,
)
from lianying.households.models import Household
from lianying.households.queries import (
    ORDER,
    Home,
    Masked,
    contacts_with_phone,
    home,
    households_at,
    masked,
    revealed,
    to_confirm,
)
from lianying.orgs.scope import Actor
from lianying.rules.hardship import Hardship, Wish
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused
from tests.cast import NOON, PHONE, STEP, County, person

pytestmark = pytest.mark.postgresql
CARD = HouseholdCard("周大爷家", name="周建国", phone=PHONE, address="三组 12 号", needs="腿脚不便", walk=3)


def added(county: County, card: HouseholdCard = CARD) -> Household:
    return add_household(card, place=county.village, by=county.village_handler, at=NOON)


@pytest.fixture
def keeper(county: County) -> Actor:
    return person("keeper", "丁香", county.village, Role.GRID_KEEPER)


def test_nothing_of_a_household_is_readable_in_the_database(county: County) -> None:
    household = added(county)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM households_household, households_contact, audit_event")
        rows = str(cursor.fetchall())
    assert [word for word in ("周", "大爷", "三组", "腿脚", PHONE) if word in rows] == []
    assert (home(household), masked(household.contact)) == (Home("周大爷家", "腿脚不便"), Masked("周**", "138****8263"))
    assert list(chain_faults()) == []


def test_households_stand_hardship_first_and_then_as_one_walks(county: County) -> None:
    far, near, poor = (
        added(county, replace(CARD, called=called, walk=walk)) for called, walk in (("远", 9), ("近", 1), ("困", 5))
    )
    Household.objects.filter(pk=poor.pk).update(hardship=Hardship.ALLOWANCE)

    assert list(households_at(county.village.pk).order_by(*ORDER)) == [poor, near, far]


def test_what_is_written_down_can_be_corrected(county: County) -> None:
    household = added(county)

    changed = change_household(
        household, HouseholdCard("周家", name="周建国", phone="", walk=4), by=county.village_handler, at=NOON + STEP
    )

    assert (home(changed), changed.walk, list(contacts_with_phone(PHONE))) == (Home("周家", ""), 4, [])
    assert revealed(Household.objects.get().contact).address == ""


@pytest.mark.parametrize("who", ["handler", "clerk", "supervisor", "operator"])
def test_only_who_keeps_the_place_writes_there(county: County, who: str) -> None:
    household = added(county)
    stranger: Actor = getattr(county, who)

    with pytest.raises(Refused) as adding:
        add_household(CARD, place=county.village, by=stranger, at=NOON)
    with pytest.raises(Refused) as changing:
        change_household(household, CARD, by=stranger, at=NOON)

    assert (adding.value.code, changing.value.code) == ("not_yours", "not_yours")


@pytest.mark.parametrize(
    ("card", "code"),
    [(replace(CARD, called=" "), "household_unnamed"), (replace(CARD, phone="138"), "phone_mobile_length")],
)
def test_a_card_that_cannot_be_kept_is_refused_whole(county: County, card: HouseholdCard, code: str) -> None:
    with pytest.raises(Refused) as caught:
        added(county, card)

    assert (caught.value.code, Household.objects.count()) == (code, 0)


def test_nobody_lives_in_an_office(county: County) -> None:
    with pytest.raises(Refused) as caught:
        add_household(CARD, place=county.management, by=county.handler, at=NOON)

    assert caught.value.code == "household_place"


def test_a_household_that_wants_no_visits_can_want_them_again(county: County) -> None:
    household = say_wish(added(county), Wish.DECLINES, by=county.village_handler, at=NOON)

    assert household.declined_at == NOON
    assert say_wish(household, Wish.NEITHER, by=county.village_handler, at=NOON).declined_at is None


def test_hardship_takes_two_people(county: County, keeper: Actor) -> None:
    household = propose_hardship(
        added(county), Hardship.ALLOWANCE, source=" 2026 年低保名单 ", by=county.village_handler, at=NOON
    )

    assert (household.hardship, list(to_confirm(county.village_handler)), list(to_confirm(keeper))) == (
        Hardship.NONE,
        [],
        [household],
    )
    with pytest.raises(Refused) as caught:
        decide_hardship(household, True, by=county.village_handler, at=NOON)
    assert caught.value.code == "hardship_same_person"

    decided = decide_hardship(household, True, by=keeper, at=NOON)

    assert (decided.hardship, decided.hardship_source, decided.hardship_on, decided.proposed_by) == (
        Hardship.ALLOWANCE,
        "2026 年低保名单",
        NOON.date(),
        None,
    )
    assert list(Event.objects.filter(kind="household.hardship_set").values_list("data", flat=True)) == [
        {"level": "allowance"}
    ]
    with pytest.raises(Refused) as again:
        decide_hardship(decided, True, by=keeper, at=NOON)
    assert again.value.code == "hardship_not_proposed"


def test_a_proposal_that_is_let_go_changes_nothing(county: County, keeper: Actor) -> None:
    household = propose_hardship(added(county), Hardship.EXTREME, source="走访", by=keeper, at=NOON)

    decided = decide_hardship(household, False, by=county.village_handler, at=NOON)

    assert (decided.hardship, decided.hardship_on, decided.proposed) == (Hardship.NONE, None, None)


def test_hardship_says_where_it_is_written(county: County) -> None:
    with pytest.raises(Refused) as caught:
        propose_hardship(added(county), Hardship.OTHER, source="  ", by=county.village_handler, at=NOON)

    assert caught.value.code == "hardship_unsourced"


def test_a_new_key_seals_households_too(county: County, settings: Settings) -> None:
    household = added(county)
    old = keys(configured.DATA_DIR)
    settings.KEYS = replace(old, data={**old.data, "k2": b"2" * 16}, current="k2")

    assert reseal(Household, after=0, most=9) == [(household.pk, True)]

    household.refresh_from_db()
    assert (household.key_id, home(household)) == ("k2", Home("周大爷家", "腿脚不便"))
