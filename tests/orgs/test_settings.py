import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianying.audit.models import Event
from lianying.common.paging import SIZE
from lianying.orgs.actions import count_failure, end_post, give_post, make_user
from lianying.orgs.models import Post, Site, Unit, User
from lianying.orgs.queries import actor_of, people
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.powers import Role
from tests.cast import FOUNDED, FOUNDED_ON, HASHED, INSTALLER, NOON, County, user_of

ClientOf = Callable[[User | Actor], Client]


@pytest.fixture
def browser(county: County, client_of: ClientOf) -> Client:
    return client_of(county.operator)


def town_operator(county: County) -> User:
    user = make_user(username="townop", name="镇管理员", hashed=HASHED, by=INSTALLER, at=FOUNDED)
    give_post(user, unit=county.town, role=Role.OPERATOR, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)
    return user


def test_only_an_operator_sets_up(county: County, client_of: ClientOf) -> None:
    pages = ["", "site/", "units/", "units/town/", "people/", "people/clerk/"]
    people = {"clerk": county.clerk, "head": county.head, "operator": county.operator}

    seen = {
        name: [client_of(person).get(f"/desk/settings/{page}").status_code for page in pages]
        for name, person in people.items()
    }

    assert seen == {"clerk": [403] * 6, "head": [403] * 6, "operator": [200] * 6}


def test_the_place_can_be_renamed(browser: Client) -> None:
    refused = browser.post("/desk/settings/site/", {"name": "宁和", "phone": "12345", "prefix": "n1"})
    kept = browser.post("/desk/settings/site/", {"name": "宁和", "phone": "12345", "prefix": "NH"})

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert list(Site.objects.values_list("name", "phone", "prefix")) == [("宁和", "12345", "NH")]


def test_filing_numbers_stand_at_the_foot_of_public_pages(browser: Client, client: Client) -> None:
    before = client.get("/").content.decode()
    given = {
        "name": "宁和",
        "prefix": "NH",
        "icp_number": "皖ICP备12345678号-1",
        "police_number": "皖公网安备34030002000001号",
    }
    saved = browser.post("/desk/settings/site/", given)
    after = client.get("/").content.decode()

    assert saved.status_code == 303
    assert "beian" not in before
    for number, address in (
        ("皖ICP备12345678号-1", "beian.miit.gov.cn"),
        ("皖公网安备34030002000001号", "beian.mps.gov.cn"),
    ):
        assert f'<a href="https://{address}/" rel="noreferrer">{number}</a>' in after


def test_a_unit_is_added_and_taken_out_of_use(county: County, browser: Client) -> None:
    given = {"name": "下柳村", "kind": "village", "parent": "town", "phone": "", "code": "lower"}

    added = browser.post("/desk/settings/units/", given)
    twice = browser.post("/desk/settings/units/", given)
    changed = browser.post("/desk/settings/units/lower/", {"name": "下柳社区", "phone": "0552-1111111"})

    unit = Unit.objects.get(code="lower")
    assert (added.status_code, twice.status_code, changed.status_code) == (303, 422, 303)
    assert (unit.name, unit.phone, unit.active, unit.parent) == ("下柳社区", "0552-1111111", False, county.town)
    kinds = Event.objects.filter(stream=f"unit:{unit.pk}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.UNIT_MADE, EventKind.UNIT_CHANGED]


@pytest.mark.parametrize("code", ["root", "desk"])
def test_a_unit_that_everything_needs_stays_in_use(browser: Client, code: str) -> None:
    refused = browser.post(f"/desk/settings/units/{code}/", {"name": "名称", "phone": ""})

    assert (refused.status_code, "不能停用" in refused.content.decode()) == (409, True)
    assert Unit.objects.get(code=code).active


def test_a_person_is_added_with_a_post_and_a_link_that_works(county: County, browser: Client) -> None:
    given = {"name": "李新", "username": "lixin", "unit": "housing", "role": "head", "from_on": "2026-11-12"}

    added = browser.post("/desk/settings/people/", given)
    twice = browser.post("/desk/settings/people/", given)

    link = re.search(r"http://testserver(/welcome/[^<\s]+)", added.content.decode())
    posts = Post.objects.filter(user__username="lixin").values_list("unit__code", "role", "from_on")
    assert (added.status_code, twice.status_code) == (200, 422)
    assert [(code, role, str(day)) for code, role, day in posts] == [("housing", "head", "2026-11-12")]
    assert link is not None
    assert Client().get(link[1]).status_code == 200


def test_everybody_stands_on_one_page_of_the_people(county: County, browser: Client) -> None:
    for number in range(SIZE):
        user = make_user(username=f"many{number}", name="同名", hashed=HASHED, by=INSTALLER, at=FOUNDED)
        give_post(user, unit=county.housing, role=Role.HANDLER, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)

    shown, url = [], "/desk/settings/people/"
    while url:
        html = browser.get(url).content.decode()
        shown.append(re.findall(r'href="/desk/settings/people/(\w+)/"', html))
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = f"/desk/settings/people/{following[1]}" if following else ""

    everybody = [name for page in shown for name in page]
    assert [len(page) for page in shown] == [SIZE, len(county.people)]
    assert sorted(everybody) == sorted(User.objects.values_list("username", flat=True))


def test_a_locked_name_is_marked(county: County, browser: Client, at_noon: None) -> None:
    for _ in range(5):
        count_failure("handler", user=user_of(county.handler), by=INSTALLER, at=NOON)

    html = browser.get("/desk/settings/people/").content.decode()

    assert re.findall(r">(\w+)</a>(?:(?!</tr>).)*锁定", html, re.DOTALL) == ["陈立"]


def test_posts_are_given_and_ended(county: County, browser: Client) -> None:
    page = "/desk/settings/people/handler/"

    given = browser.post(page, {"do": "give", "unit": "town", "role": "clerk", "from_on": "2026-11-12"})
    early = browser.post(page, {"do": "end", "unit": "management", "role": "handler", "to_on": "2020-01-01"})
    ended = browser.post(page, {"do": "end", "unit": "management", "role": "handler", "to_on": "2026-11-11"})

    actor = actor_of(user_of(county.handler), NOON.date())
    assert (given.status_code, early.status_code, ended.status_code) == (303, 422, 303)
    assert [(post.unit_name, post.role) for post in actor.posts] == [("柳溪镇", Role.CLERK)]


def test_the_last_operator_stays(browser: Client) -> None:
    ending = {"do": "end", "unit": "root", "role": "operator", "to_on": "2026-11-11"}

    refused = browser.post("/desk/settings/people/operator/", ending)

    assert (refused.status_code, "唯一的管理员" in refused.content.decode()) == (409, True)


def test_a_new_link_is_shown_once(browser: Client) -> None:
    made = browser.post("/desk/settings/people/clerk/", {"do": "link"})
    later = browser.get("/desk/settings/people/clerk/")

    assert ("/welcome/" in made.content.decode(), "/welcome/" in later.content.decode()) == (True, False)


def test_who_holds_a_post_above_until_next_week_is_out_of_reach(county: County) -> None:
    user = make_user(username="both", name="两处", hashed=HASHED, by=INSTALLER, at=FOUNDED)
    give_post(user, unit=county.town, role=Role.HANDLER, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)
    above = give_post(user, unit=county.root, role=Role.OPERATOR, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)
    end_post(above, to_on=NOON.date(), by=INSTALLER, at=FOUNDED)
    actor = actor_of(town_operator(county), NOON.date())

    reached = [user in people(actor, NOON.date() + timedelta(days=days)) for days in (-1, 0, 1)]

    assert reached == [False, False, True]


def test_an_operator_of_a_town_sets_up_the_town_alone(county: County, client_of: ClientOf) -> None:
    browser = client_of(town_operator(county))
    outside = {"name": "新科室", "kind": "department", "parent": "management", "phone": "", "code": "new"}

    seen = {
        "own unit": browser.get("/desk/settings/units/village/").status_code,
        "another unit": browser.get("/desk/settings/units/management/").status_code,
        "own person": browser.get("/desk/settings/people/village/").status_code,
        "another person": browser.get("/desk/settings/people/operator/").status_code,
        "the place": browser.get("/desk/settings/site/").status_code,
        "a unit elsewhere": browser.post("/desk/settings/units/", outside).status_code,
        "a link for somebody above": browser.post("/desk/settings/people/operator/", {"do": "link"}).status_code,
    }

    assert seen == {
        "own unit": 200,
        "another unit": 404,
        "own person": 200,
        "another person": 404,
        "the place": 403,
        "a unit elsewhere": 422,
        "a link for somebody above": 404,
    }


def test_an_address_for_letters_is_given_by_the_operator_or_by_oneself(county: County, client_of: ClientOf) -> None:
    sent = {"do": "address", "email": "chen@ninghe.example", "wish": "urgent"}

    by_operator = client_of(county.operator).post("/desk/settings/people/handler/", sent)
    mine = client_of(county.colleague).post("/password/", sent | {"wish": "nothing"})

    kept = dict(User.objects.filter(email="chen@ninghe.example").values_list("username", "wish"))
    assert (by_operator.status_code, mine.status_code) == (303, 303)
    assert kept == {"handler": "urgent", "colleague": "nothing"}


def test_what_is_no_address_is_said(county: County, client_of: ClientOf) -> None:
    sent = {"do": "address", "email": "chen at home", "wish": "daily"}

    for client, path in ((county.operator, "/desk/settings/people/handler/"), (county.colleague, "/password/")):
        answer = client_of(client).post(path, sent)
        assert (answer.status_code, "chen at home" in answer.content.decode()) == (422, True)


def test_a_place_has_a_statistic_code_and_no_two_have_the_same(browser: Client) -> None:
    card = {"name": "柳溪镇", "phone": "", "active": "on"}

    statuses = [
        browser.post("/desk/settings/units/town/", card | {"area_code": "34030410"}).status_code,
        browser.post("/desk/settings/units/town/", card | {"area_code": "340304100000"}).status_code,
        browser.post("/desk/settings/units/village/", card | {"area_code": "340304100000"}).status_code,
        browser.post("/desk/settings/units/housing/", card | {"area_code": "340304100001"}).status_code,
    ]

    page = browser.get("/desk/settings/units/town/").content.decode()
    office = browser.get("/desk/settings/units/housing/").content.decode()
    assert ('value="340304100000"' in page, "area_code" in office) == (True, False)
    assert statuses == [422, 303, 422, 303]
    assert dict(Unit.objects.exclude(area_code="").values_list("code", "area_code")) == {"town": "340304100000"}


def test_a_place_is_added_with_its_statistic_code(browser: Client) -> None:
    card = {"name": "第一网格", "parent": "village", "code": "grid1", "phone": ""}

    statuses = [
        browser.post("/desk/settings/units/", card | {"kind": kind, "area_code": code}).status_code
        for kind, code in (("department", "340304100201001"), ("grid", "3403"), ("grid", "340304100201001"))
    ]

    assert statuses == [422, 422, 303]
    assert list(Unit.objects.filter(code="grid1").values_list("kind", "area_code")) == [("grid", "340304100201001")]
