"""Centres of three levels: each desk has its own queue, hands over what it serves, and hands up the rest."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.models import Case
from lianying.cases.queries.sorting import Queue, queue_rows
from lianying.cases.verify import case_faults
from lianying.desk.labels import Task
from lianying.desk.queries import rail_counts, waiting
from lianying.notices.models import Notice
from lianying.orgs.actions import UnitCard, change_unit, give_post, make_unit, make_user
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.queries import actor_of, desk, desk_serving
from lianying.orgs.scope import CLOCK, Actor, HeldPost
from lianying.rules.kinds import CaseKind, DeclineReason
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import FOUNDED, FOUNDED_ON, HASHED, NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
pytestmark = pytest.mark.postgresql
LATER = NOON + 2 * STEP


def hand_up(case: Case, by: Actor) -> Case:
    return actions.hand_up(case, version=case.version, reason="镇里办不了", by=by, at=LATER)


def village_desk(county: County) -> Unit:
    card = UnitCard("village-desk", "村便民服务站", UnitKind.DESK)
    return make_unit(card, parent=county.village, by=CLOCK, at=FOUNDED)


def test_the_nearest_desk_serves(county: County) -> None:
    make.town_clerk(county)
    near = village_desk(county)

    served = [desk_serving(unit.path).code for unit in (county.village, county.town, county.management, near)]

    assert served == ["village-desk", "town-desk", county.desk.code, "village-desk"]
    assert desk() == county.desk


def test_what_is_told_at_a_counter_lies_in_the_queue_of_that_desk(county: County) -> None:
    clerk = make.town_clerk(county)
    here, there = make.at_town(county), make.heard(county)

    queues = [list(queue_rows(Queue.NEW, one)) for one in (clerk, county.clerk)]
    counted = [(rail_counts(one)["sort"], waiting(one, NOON)[Task.SORT]) for one in (clerk, county.clerk)]

    assert queues == [[here], [there]]
    assert counted == [(1, 1), (1, 1)]
    # The county's clerk serves the town as well, and finds it.
    assert county.clerk.may(Power.SORT, here.path)


def test_a_town_hands_over_to_its_own_units_alone(county: County) -> None:
    clerk, case = make.town_clerk(county), make.at_town(county)
    sorting = Sorting(kind=CaseKind.HELP)

    with pytest.raises(Refused, match="other_desks_unit"):
        actions.assign(case, version=1, to=county.management, sorting=sorting, by=clerk, at=LATER)
    case.refresh_from_db()
    case = actions.assign(case, version=1, to=county.village, sorting=sorting, by=clerk, at=LATER)

    assert case.path == county.village.path


def test_what_comes_back_comes_back_to_the_desk_that_sorted_it(county: County) -> None:
    clerk, case = make.town_clerk(county), make.at_town(county)
    case = actions.assign(case, version=1, to=county.village, sorting=Sorting(kind=CaseKind.HELP), by=clerk, at=LATER)

    case = actions.recall(case, version=2, reason="交错了", by=county.clerk, at=LATER + STEP)

    assert case.unit.code == "town-desk"


def test_it_goes_up_step_by_step_and_keeps_its_dates(county: County) -> None:
    clerk = make.town_clerk(county)
    near = village_desk(county)
    post = HeldPost(Role.CLERK, near.pk, near.name, near.path, county.village.path)
    case = make.heard(county, by=Actor(user_id=county.clerk.user_id, posts=(post,)))
    before = (case.due_at, case.stage_due_at)

    town = hand_up(case, county.clerk)
    county_desk = hand_up(town, clerk)

    assert (town.unit.code, county_desk.unit, county_desk.state) == ("town-desk", county.desk, "heard")
    assert (county_desk.due_at, county_desk.stage_due_at) == before
    with pytest.raises(Refused, match="no_desk_above"):
        hand_up(county_desk, county.clerk)
    assert list(case_faults()) == []


def test_its_own_desk_rings_the_resident(county: County) -> None:
    clerk, case = make.town_clerk(county), make.at_town(county)

    actions.decline(case, version=1, reason=DeclineReason.OUTSIDE_DUTY, text="请找物业", told=False, by=clerk, at=LATER)

    assert Notice.objects.get().path == clerk.posts[0].path


def test_a_report_on_the_town_leaves_the_desk_of_the_town(county: County) -> None:
    clerk, case = make.town_clerk(county), make.at_town(county)

    case = actions.correct(
        case, version=1, sorting=Sorting(kind=CaseKind.REPORT, accused=county.town), by=clerk, at=LATER
    )

    assert case.unit == county.desk


def test_the_desk_of_a_town_may_close_and_that_of_the_county_may_not(county: County) -> None:
    make.town_clerk(county)
    town_desk = Unit.objects.get(code="town-desk")

    change_unit(town_desk, name=town_desk.name, phone="", active=False, by=county.operator, at=NOON)
    with pytest.raises(Refused, match="unit_needed"):
        change_unit(county.desk, name=county.desk.name, phone="", active=False, by=county.operator, at=NOON)

    assert desk_serving(county.town.path) == county.desk


def test_a_clerk_of_the_town_sorts_on_the_page_and_is_offered_its_units(
    county: County, client_of: ClientOf, at_noon: None
) -> None:
    make.town_clerk(county)
    user = make_user(username="zhen", name="镇受理员", hashed=HASHED, by=CLOCK, at=FOUNDED)
    unit = Unit.objects.get(code="town-desk")
    give_post(user, unit=unit, role=Role.CLERK, from_on=FOUNDED_ON, by=CLOCK, at=FOUNDED)
    case = make.heard(county, by=actor_of(user, NOON.date()))

    html = client_of(user).get(f"/desk/sort/?at={case.ref}").content.decode()

    assert (case.unit, case.ref in html) == (unit, True)
    assert f'value="{county.village.code}"' in html
    assert f'value="{county.management.code}"' not in html


def test_residents_read_where_they_can_come(county: County, client: Client, client_of: ClientOf) -> None:
    make.town_clerk(county)
    sent = {"name": "柳溪镇便民服务中心", "phone": "0552-3333333", "address": "柳溪街 1 号", "active": "on"}
    about = {"hours": "周一至周五 8:30–17:30", "services": "诉求代办\n医保查询"}

    saved = client_of(county.operator).post("/desk/settings/units/town-desk/", sent | about)
    of_another = client_of(county.operator).get("/desk/settings/units/management/").content.decode()

    html = client.get("/centres/").content.decode()
    assert saved.status_code == 303
    assert all(words in html for words in ("柳溪镇便民服务中心", "柳溪街 1 号", "周一至周五", "医保查询"))
    assert "开放时间" not in of_another


def test_a_town_desk_waits_its_own_term(county: County) -> None:
    case = make.at_town(county)

    found = waiting(make.town_clerk(county), NOON + timedelta(days=5))

    assert (case.stage_due_at is not None, found[Task.SORT_LATE]) == (True, 1)
