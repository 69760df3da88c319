"""Somebody is away, and somebody else stands in; somebody leaves, and colleagues take over."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianying.cases import actions as cases
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.orgs.actions import end_absence, set_absence
from lianying.orgs.models import Absence, User
from lianying.orgs.queries import actor_of, colleagues
from lianying.orgs.scope import Actor
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County, user_of

ClientOf = Callable[[User | Actor], Client]
TODAY = NOON.date()
DAY = timedelta(days=1)


def away(person: Actor, substitute: Actor, from_on: date = TODAY, to_on: date = TODAY + 7 * DAY) -> Absence:
    return set_absence(
        user_of(person), substitute=user_of(substitute), from_on=from_on, to_on=to_on, by=person, at=NOON
    )


def roles(person: Actor, on: date) -> list[tuple[str, str]]:
    return [(post.role, post.unit_name) for post in actor_of(user_of(person), on).posts]


def test_who_stands_in_has_both_posts_on_these_days_alone(county: County) -> None:
    away(county.neighbour, county.handler)
    own, lent = (Role.HANDLER, "城市管理局"), (Role.HANDLER, "住房和城乡建设局")

    seen = [roles(county.handler, TODAY + days * DAY) for days in (-1, 0, 7, 8)]

    assert [sorted(one) for one in seen] == [[own], sorted([own, lent]), sorted([own, lent]), [own]]


def test_an_operator_s_post_is_lent_to_nobody(county: County) -> None:
    away(county.operator, county.clerk)

    assert [role for role, _unit in roles(county.clerk, TODAY)] == [Role.CLERK]


def test_work_is_handed_to_the_substitute_instead(county: County) -> None:
    away(county.colleague, county.neighbour)

    names = {user.name for user in colleagues(county.management.pk, TODAY)}
    case = make.handling(county)
    with pytest.raises(Refused) as refused:
        cases.hand_to(case, version=case.version, to=user_of(county.colleague), by=county.head, at=NOON + 4 * STEP)

    assert (county.colleague.name in names, county.neighbour.name in names) == (False, True)
    assert refused.value.code == "no_colleague"


@pytest.mark.parametrize(("first", "last"), [(-2, -1), (3, 1), (0, 400)])
def test_a_span_that_cannot_be_is_refused(county: County, first: int, last: int) -> None:
    with pytest.raises(Refused) as refused:
        away(county.handler, county.colleague, TODAY + first * DAY, TODAY + last * DAY)

    assert refused.value.code == "absence_span"


def test_nobody_who_is_away_stands_in_and_nobody_who_stands_in_goes_away(county: County) -> None:
    away(county.handler, county.colleague)

    found = []
    for person, substitute in (
        (county.handler, county.neighbour),
        (county.neighbour, county.handler),
        (county.colleague, county.neighbour),
    ):
        with pytest.raises(Refused) as refused:
            away(person, substitute)
        found.append(refused.value.code)

    assert found == ["absence_overlaps"] * 3
    # For two at once somebody may.
    assert away(county.neighbour, county.colleague).pk


def test_who_is_back_early_has_the_post_alone_again(county: County) -> None:
    begun, coming = away(county.handler, county.colleague), away(county.neighbour, county.head, TODAY + DAY)

    end_absence(begun, by=county.handler, at=NOON + 2 * DAY)
    end_absence(coming, by=county.neighbour, at=NOON)

    assert list(Absence.objects.values_list("user__name", "to_on")) == [(county.handler.name, TODAY + DAY)]


def test_a_person_says_who_stands_in(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.handler)
    today = timezone.localdate()
    given: dict[str, Any] = {"do": "set", "substitute": "colleague", "from_on": today, "to_on": today + DAY}

    kept = browser.post("/desk/absence/", given)
    twice = browser.post("/desk/absence/", given)
    shown = browser.get("/desk/absence/").content.decode()
    stands_in = client_of(county.colleague).get("/desk/").content.decode()
    ended = browser.post("/desk/absence/", {"do": "end", "from_on": today.isoformat()})

    assert (kept.status_code, twice.status_code, ended.status_code) == (303, 409, 303)
    assert "提前回岗" in shown
    assert f"您正替 {county.handler.name} 代办" in stands_in
    assert not Absence.objects.exists()
    assert browser.post("/desk/absence/", {"do": "dance"}).status_code == 404


def test_the_operator_says_it_for_somebody(county: County, client_of: ClientOf) -> None:
    today = timezone.localdate()
    given: dict[str, Any] = {"do": "set", "substitute": "colleague", "from_on": today, "to_on": today}
    browser = client_of(county.operator)

    assert browser.post("/desk/settings/people/handler/absence/", given).status_code == 303
    assert browser.post("/desk/settings/people/handler/absence/", {**given, "substitute": ""}).status_code == 422


def test_open_work_is_handed_over_and_what_has_ended_stays(county: County, client_of: ClientOf) -> None:
    open_ones = [make.handling(county), make.waiting(county), make.answered(county)]
    ended = make.closed(county)
    browser = client_of(county.operator)
    address = "/desk/settings/people/handler/hand-over/"

    with standing_at(NOON + 9 * STEP):
        before = browser.get(address).content.decode()
        sent = browser.post(address, {"unit": "management", "to": "colleague"})
        after = browser.get(sent.headers["Location"]).content.decode()

    colleague = county.colleague.user_id
    assert "全部交接（3 件）" in before
    assert ("已交接 3 件" in after, "手上没有在办诉求" in after) == (True, True)
    assert {Case.objects.get(pk=case.pk).handler_id for case in open_ones} == {colleague}
    assert Case.objects.get(pk=ended.pk).handler_id == county.handler.user_id


def test_what_has_ended_or_goes_to_a_stranger_is_not_handed_over(county: County) -> None:
    to, by, at = user_of(county.colleague), county.operator, NOON + 9 * STEP

    with pytest.raises(Refused) as ended:
        cases.hand_over(make.closed(county), to=to, by=by, at=at)
    with pytest.raises(Refused) as stranger:
        cases.hand_over(make.handling(county), to=user_of(county.neighbour), by=by, at=at)
    with pytest.raises(Refused) as powerless:
        cases.hand_over(make.handling(county), to=to, by=county.head, at=at)

    assert [one.value.code for one in (ended, stranger, powerless)] == ["not_from_here", "no_colleague", "not_yours"]


def test_one_without_colleagues_is_told_so(county: County, client_of: ClientOf) -> None:
    make.handling(county, to=county.housing, by=county.neighbour)

    html = client_of(county.operator).get("/desk/settings/people/neighbour/hand-over/").content.decode()

    assert "没有别的承办人" in html
