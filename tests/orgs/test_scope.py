from datetime import date

import pytest

from lianying.orgs.actions import end_post, give_post
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Post
from lianying.orgs.queries import actor_of, colleagues, desk, has_operator, lead_units, site, units_below
from lianying.orgs.scope import CLOCK, RESIDENT, Actor, HeldPost, scope_of
from lianying.rules.powers import POWERS, Power, Role
from lianying.rules.refusals import Refused
from tests.cast import FOUNDED, FOUNDED_ON, INSTALLER, NOON, County, user_of

TODAY = NOON.date()


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [
        (Role.CLERK, UnitKind.DESK, "/0001/"),
        (Role.SUPERVISOR, UnitKind.OVERSIGHT, "/0001/"),
        (Role.HANDLER, UnitKind.OVERSIGHT, "/0001/0002/"),
        (Role.HEAD, UnitKind.DESK, "/0001/0002/"),
        (Role.HANDLER, UnitKind.DEPARTMENT, "/0001/0002/"),
        (Role.CLERK, UnitKind.TOWN, "/0001/0002/"),
    ],
)
def test_scope_of(role: Role, kind: UnitKind, scope: str) -> None:
    assert scope_of(role, kind.value, "/0001/0002/") == scope


def held(role: Role, path: str, scope: str = "") -> HeldPost:
    return HeldPost(role, 1, "单位", path, scope or path)


def test_a_person_may_what_a_post_carries_where_it_covers() -> None:
    actor = Actor(1, posts=(held(Role.HANDLER, "/0001/0002/"), held(Role.HEAD, "/0001/0003/")))

    assert actor.powers == POWERS[Role.HANDLER] | POWERS[Role.HEAD]
    assert [actor.may(Power.HANDLE, path) for path in ("/0001/0002/", "/0001/0002/0009/", "/0001/0003/", "/0001/")] == [
        True,
        True,
        False,
        False,
    ]
    assert (actor.has(Role.HEAD), actor.has(Role.CLERK)) == (True, False)


def test_require_refuses_what_is_not_theirs() -> None:
    with pytest.raises(Refused, match="not_yours"):
        Actor(1, posts=(held(Role.HANDLER, "/0001/0002/"),)).require(Power.HANDLE, "/0001/0003/")


def test_scopes_leave_out_what_lies_inside_another() -> None:
    posts = [held(Role.HANDLER, path) for path in ("/0001/0002/0007/", "/0001/0002/", "/0001/0003/", "/0001/0002/")]
    actor = Actor(1, posts=(*posts, held(Role.SUPERVISOR, "/0001/0004/", "/0001/")))

    assert actor.scopes(Power.HANDLE) == ("/0001/0002/", "/0001/0003/")
    assert actor.scopes(Power.SEE) == ("/0001/",)
    assert actor.scopes(Power.SORT) == ()


def test_a_resident_and_the_clock_act_on_a_case_wherever_it_is() -> None:
    assert (RESIDENT.may(Power.REPLY, "/0001/0002/"), RESIDENT.may(Power.SORT, "/0001/0002/")) == (True, False)
    assert (CLOCK.may(Power.RESUME, "/0001/"), CLOCK.may(Power.REPLY, "/0001/")) == (True, False)
    assert [one.scopes(Power.SEE) for one in (RESIDENT, CLOCK)] == [(), ()]


def test_labels_are_codes() -> None:
    everybody = (Actor(7, name="陈立"), RESIDENT, CLOCK, Actor())

    assert [one.label for one in everybody] == ["user:7", "resident", "clock", "anyone"]
    assert [one.is_staff for one in everybody] == [True, False, False, False]
    assert Actor(7).staff_id == 7


def test_a_code_of_staff_is_asked_of_staff_alone() -> None:
    with pytest.raises(Refused, match="not_yours"):
        _ = RESIDENT.staff_id


def test_the_people_of_the_county_cover_what_they_should(county: County) -> None:
    covered = {
        name: [unit for unit, row in county.units.items() if one.may(Power.SEE, row.path)]
        for name, one in county.people.items()
    }

    everywhere = list(county.units)
    assert covered == {
        "clerk": everywhere,
        "second_clerk": everywhere,
        "handler": ["management", "section"],
        "colleague": ["management", "section"],
        "head": ["management", "section"],
        "section_handler": ["section"],
        "neighbour": ["housing"],
        "village_handler": ["village"],
        "supervisor": everywhere,
        "operator": [],
    }


def test_actor_of_holds_the_posts_in_force(county: County) -> None:
    user = user_of(county.handler)
    later = give_post(user, unit=county.town, role=Role.HEAD, from_on=date(2026, 12, 1), by=INSTALLER, at=FOUNDED)
    end_post(Post.objects.filter(user=user).earliest("pk"), to_on=date(2026, 11, 30), by=INSTALLER, at=FOUNDED)

    days = [FOUNDED_ON, date(2026, 11, 30), date(2026, 12, 1)]
    held_on = [[post.unit_id for post in actor_of(user, on).posts] for on in days]

    assert held_on == [[county.management.pk], [county.management.pk], [later.unit_id]]
    assert actor_of(user, date(2026, 1, 4)).posts == ()


def test_where_a_case_can_go(county: County) -> None:
    assert (desk(), site() is None, has_operator()) == (county.desk, False, True)
    assert [unit.code for unit in lead_units()] == [
        "root",
        "oversight",
        "management",
        "section",
        "housing",
        "town",
        "village",
    ]
    assert [unit.code for unit in units_below(county.town.path)] == ["village"]
    assert {user.username for user in colleagues(county.management.pk, TODAY)} == {"handler", "colleague"}


@pytest.mark.django_db
def test_an_empty_installation_has_nobody() -> None:
    assert (site(), has_operator()) == (None, False)
