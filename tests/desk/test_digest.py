from datetime import datetime, timedelta

import pytest
from django.conf import settings

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.desk import actions as desk
from lianying.desk.actions import write_digests
from lianying.notices.models import Letter
from lianying.orgs.actions import set_absence
from lianying.orgs.models import User
from lianying.rules.kinds import Urgency
from lianying.rules.notices import StaffWish
from tests import make
from tests.cast import NOON, STEP, County, user_of

MORNING = NOON.replace(hour=8, minute=30)


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are written; nothing here posts them."""
    monkeypatch.setitem(settings.ENV, "SMTP_URL", "smtp://127.0.0.1:25")
    monkeypatch.setitem(settings.ENV, "SITE_URL", "https://ninghe.example/")


def wants(username: str, wish: StaffWish = StaffWish.DAILY) -> None:
    User.objects.filter(username=username).update(email=f"{username}@ninghe.example", wish=wish.value)


def letters() -> list[tuple[str, str]]:
    rows = Letter.objects.order_by("pk").select_related("user")
    return [(row.user.username, row.kind) for row in rows]


def test_who_wishes_it_is_written_to_once_a_day(county: County, mail: None) -> None:
    make.assigned(county, at=NOON - timedelta(days=1))
    for name in ("handler", "clerk"):
        wants(name)
    wants("colleague", StaffWish.URGENT)

    written = [write_digests(at=MORNING + timedelta(minutes=minutes)) for minutes in (-1, 0, 10, 300)]

    text = Letter.objects.get().text
    assert (written, letters()) == ([0, 1, 0, 0], [("handler", "digest")])
    assert "待签收: 1  https://ninghe.example/desk/work/?tab=assigned" in text
    assert "路灯" not in text


def test_the_next_working_day_has_its_own(county: County, mail: None) -> None:
    make.assigned(county, at=NOON - timedelta(days=1))
    wants("handler")

    days = [write_digests(at=MORNING + timedelta(days=days)) for days in range(5)]

    # Thursday, Friday, Saturday, Sunday, Monday.
    assert days == [1, 1, 0, 0, 1]


def test_nobody_is_written_to_where_no_server_is_set_up(county: County) -> None:
    make.assigned(county, at=NOON - timedelta(days=1))
    wants("handler")

    assert (write_digests(at=MORNING), letters()) == (0, [])


def test_of_two_workers_one_writes(county: County, mail: None) -> None:
    make.assigned(county, at=NOON - timedelta(days=1))
    wants("handler")

    assert [desk._write("digest:20261112", [(user_of(county.handler), "一件")], MORNING) for _ in range(2)] == [1, 0]


def test_who_is_away_is_not_written_to_and_who_stands_in_is(county: County, mail: None) -> None:
    for name in ("handler", "colleague"):
        wants(name)
    handler = User.objects.get(username="handler")
    substitute = User.objects.get(username="colleague")
    today = NOON.date()
    set_absence(handler, substitute=substitute, from_on=today, to_on=today, by=county.operator, at=NOON)

    hand_over(county, Urgency.URGENT)

    assert letters() == [("colleague", "urgent")]


def hand_over(county: County, urgency: Urgency, at: datetime = NOON) -> None:
    case = make.heard(county, at=at)
    actions.assign(
        case,
        version=case.version,
        to=county.management,
        sorting=Sorting(urgency=urgency),
        by=county.clerk,
        at=at + STEP,
    )


def test_what_is_urgent_is_told_to_the_unit_at_once(county: County, mail: None) -> None:
    wants("handler")
    wants("colleague", StaffWish.URGENT)
    wants("neighbour")
    User.objects.filter(username="section").update(email="s@ninghe.example", wish=StaffWish.NOTHING)

    hand_over(county, Urgency.ORDINARY)
    hand_over(county, Urgency.URGENT)

    assert sorted(letters()) == [("colleague", "urgent"), ("handler", "urgent")]
    assert all("https://ninghe.example/desk/cases/NH-20261112-0002/" in letter.text for letter in Letter.objects.all())


def test_what_becomes_urgent_or_is_passed_down_is_told_as_well(county: County, mail: None) -> None:
    for name in ("handler", "section"):
        wants(name)
    case = make.assigned(county)
    urgent = Sorting(urgency=Urgency.URGENT)
    case = actions.correct(case, version=case.version, sorting=urgent, by=county.clerk, at=NOON + 2 * STEP)
    actions.pass_down(case, version=case.version, to=county.section, by=county.handler, at=NOON + 3 * STEP)

    assert letters() == [("handler", "urgent"), ("section", "urgent")]
