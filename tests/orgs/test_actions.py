from datetime import date, datetime, timedelta

import pytest

from lianying.audit.models import Event
from lianying.orgs import actions
from lianying.orgs.actions import UnitCard
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Post, Site, Unit, User
from lianying.orgs.paths import LEVELS, depth
from lianying.orgs.queries import locks
from lianying.orgs.scope import Actor
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused
from tests.cast import FOUNDED, HASHED, INSTALLER, NOON, County, user_of

#: Until when a name is locked that was tried at noon.
LOCKED = NOON + timedelta(minutes=15)


def last(stream: str) -> tuple[str, str, dict[str, object]]:
    event = Event.objects.filter(stream=stream).latest("seq")
    return event.kind, event.actor, event.data


def card(code: str, kind: UnitKind = UnitKind.DEPARTMENT) -> UnitCard:
    return UnitCard(code, f"单位 {code}", kind, "0552-1", "Unit")


@pytest.mark.django_db
def test_make_unit_numbers_the_path() -> None:
    root = actions.make_unit(card("a", UnitKind.GOVERNMENT), parent=None, by=INSTALLER, at=NOON)
    below = actions.make_unit(card("b"), parent=root, by=INSTALLER, at=NOON)

    assert (root.path, below.path) == ("/0001/", "/0001/0002/")
    assert (below.name, below.name_en, below.phone, below.kind, below.parent, below.active, below.depth) == (
        "单位 b",
        "Unit",
        "0552-1",
        "department",
        root,
        True,
        2,
    )
    assert last(f"unit:{below.pk}") == (
        "orgs.unit_made",
        "anyone",
        {"path": "/0001/0002/", "unit_kind": "department"},
    )


def test_make_unit_of_a_second_root_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="second_root"):
        actions.make_unit(card("x", UnitKind.GOVERNMENT), parent=None, by=INSTALLER, at=NOON)


def test_make_unit_below_the_last_level_is_refused(county: County) -> None:
    unit = county.root
    while depth(unit.path) < LEVELS:
        unit = actions.make_unit(card(f"level{depth(unit.path)}"), parent=unit, by=INSTALLER, at=NOON)

    with pytest.raises(Refused, match="too_deep"):
        actions.make_unit(card("deep"), parent=unit, by=INSTALLER, at=NOON)


def test_change_unit_renames_it(county: County, operator: Actor) -> None:
    unit = actions.change_unit(county.town, name="新柳镇", phone="", active=False, by=operator, at=NOON)

    unit.refresh_from_db()
    assert (unit.name, unit.phone, unit.active, unit.path) == ("新柳镇", "", False, county.town.path)
    assert last(f"unit:{unit.pk}") == ("orgs.unit_changed", operator.label, {"active": False})


def test_change_unit_keeps_the_root_and_the_only_desk(county: County, operator: Actor) -> None:
    for unit in (county.root, county.desk):
        with pytest.raises(Refused, match="unit_needed"):
            actions.change_unit(unit, name=unit.name, phone="", active=False, by=operator, at=NOON)

    actions.make_unit(card("desk2", UnitKind.DESK), parent=county.root, by=operator, at=NOON)
    assert actions.change_unit(county.desk, name="旧", phone="", active=False, by=operator, at=NOON).active is False


def test_make_user_waits_for_a_link(county: County, operator: Actor) -> None:
    user = actions.make_user(username="new", name="新人", by=operator, at=NOON)

    assert (user.username, user.name, user.must_change_password, user.has_usable_password(), user.made_at) == (
        "new",
        "新人",
        True,
        False,
        NOON,
    )
    assert last(f"user:{user.pk}") == ("orgs.user_made", operator.label, {})


def test_make_user_with_a_password_need_not_change_it(county: County) -> None:
    user = actions.make_user(username="demo", name="演示", hashed=HASHED, by=INSTALLER, at=NOON)

    assert (user.must_change_password, user.check_password("lianying-2026")) == (False, True)


def test_posts_begin_and_end(county: County, operator: Actor) -> None:
    user = user_of(county.handler)

    post = actions.give_post(user, unit=county.town, role=Role.HEAD, from_on=date(2026, 11, 1), by=operator, at=NOON)
    given = last(f"user:{user.pk}")
    actions.end_post(post, to_on=date(2026, 11, 30), by=operator, at=NOON)

    assert given == (
        "orgs.post_given",
        operator.label,
        {"post": post.pk, "unit": county.town.pk, "role": "head"},
    )
    assert (Post.objects.get(pk=post.pk).to_on, last(f"user:{user.pk}")) == (
        date(2026, 11, 30),
        ("orgs.post_ended", operator.label, {"post": post.pk}),
    )


def test_a_post_does_not_end_before_it_begins(county: County, operator: Actor) -> None:
    post = Post.objects.get(user_id=county.handler.staff_id)

    with pytest.raises(Refused, match="ends_before"):
        actions.end_post(post, to_on=date(2026, 1, 4), by=operator, at=NOON)


def test_the_last_operators_post_does_not_end(county: County, operator: Actor) -> None:
    post = Post.objects.get(user_id=operator.staff_id)

    with pytest.raises(Refused, match="last_operator"):
        actions.end_post(post, to_on=NOON.date(), by=operator, at=NOON)

    other = user_of(county.clerk)
    actions.give_post(other, unit=county.root, role=Role.OPERATOR, from_on=NOON.date(), by=operator, at=NOON)
    assert actions.end_post(post, to_on=NOON.date(), by=operator, at=NOON).to_on == NOON.date()


def test_set_site_keeps_one_row(county: County, operator: Actor) -> None:
    actions.set_site(actions.SiteCard("新县", "12345", "XX"), by=operator, at=NOON)

    assert list(Site.objects.values_list("name", "phone", "prefix", "is_demo")) == [("新县", "12345", "XX", False)]
    assert last("site")[:2] == ("orgs.site_changed", operator.label)


def failures(username: str, user: User | None, count: int) -> list[datetime | None]:
    return [actions.count_failure(username, user=user, by=Actor(), at=NOON) for _ in range(count)]


def test_set_password_ends_the_first_one_and_a_lock(county: County) -> None:
    user = actions.make_user(username="new", name="新人", by=INSTALLER, at=NOON)
    failures("new", user, 5)

    actions.set_password(user, "a good long one", by=Actor(user.pk), at=NOON)

    user.refresh_from_db()
    assert (user.check_password("a good long one"), user.must_change_password) == (True, False)
    assert locks(["new"], NOON) == {}
    assert last(f"user:{user.pk}") == ("access.password_set", f"user:{user.pk}", {})


def test_wrong_passwords_lock_at_the_limit(county: County) -> None:
    user = user_of(county.clerk)

    answers = failures("clerk", user, 6)

    assert answers == [None] * 4 + [LOCKED] * 2
    assert (locks(["clerk", "head"], NOON), locks(["clerk"], LOCKED)) == ({"clerk": LOCKED}, {})
    assert last(f"user:{user.pk}") == ("access.locked_out", "anyone", {})


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_every_name_is_locked_and_forgotten_alike(county: County, username: str) -> None:
    """Tries hours apart never lock; those within a quarter do, for a whole quarter from the last one."""
    user = User.objects.filter(username=username).first()
    minutes = [0, 5, 10, 14, 16, 20, 21, 22, 23, 24, 38, 39]

    answers = [
        actions.count_failure(username, user=user, by=Actor(), at=NOON + timedelta(minutes=minute))
        for minute in minutes
    ]

    until = NOON + timedelta(minutes=38)
    assert answers == [None] * 8 + [until] * 2 + [None] * 2


def test_signing_in_forgets_the_wrong_tries(county: County) -> None:
    user = user_of(county.clerk)
    failures("clerk", user, 4)

    actions.note_sign_in(user, by=county.clerk, at=NOON)

    user.refresh_from_db()
    assert (failures("clerk", user, 1), user.last_login) == ([None], NOON)
    assert last(f"user:{user.pk}") == ("access.signed_in", county.clerk.label, {})


def test_a_link_is_written_down(county: County, operator: Actor) -> None:
    user = user_of(county.clerk)

    link = actions.sign_in_link(user, by=operator, at=FOUNDED)

    assert link.startswith("/welcome/")
    assert last(f"user:{user.pk}") == ("orgs.sign_in_link_made", operator.label, {})
    assert Unit.objects.count() == 8
