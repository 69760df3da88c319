import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from PIL import Image

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.titles import title_of
from lianying.common.models import Counter
from lianying.files.images import Photo, shrink
from lianying.orgs.actions import SiteCard, set_site
from lianying.orgs.models import Site, Unit
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.ledger import GENESIS
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import FOUNDED, INSTALLER, NOON, PHONE, STEP, County
from tests.look import day, held, iso, kinds, last, words

ID = UUID("5f0f9a52-1111-4222-8333-123456789abc")


def photo() -> Photo:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "JPEG")
    file.seek(0)
    return shrink(file)


def test_hear_promises_an_answer_and_starts_the_ledger(county: County) -> None:
    telling = make.telling(text=" 路灯坏了。老人看不见路。 ", address=" 人民路 ", lat=32.9, lng=117.3, name="王小明")

    heard = actions.hear(telling, by=RESIDENT, at=NOON)

    case = Case.objects.get()
    assert heard == actions.Heard(case, created=True)
    assert (case.ref, case.title, case.text, case.address) == (
        "NH-20261112-0001",
        "路灯坏了",
        "路灯坏了。老人看不见路。",
        "人民路",
    )
    assert (case.state, case.kind, case.urgency, case.channel) == ("heard", "help", "ordinary", "web")
    assert (case.unit, case.path, case.lat, case.lng, case.may_publish) == (
        county.desk,
        county.desk.path,
        32.9,
        117.3,
        False,
    )
    assert (case.received_at, case.stage_at, case.stage_due_at, case.due_at) == (NOON, NOON, day(11, 13), day(11, 26))
    assert (case.clock_from, case.due_provisional, case.closed_at, case.ending) == (NOON, False, None, "")
    assert last(case) == (
        "heard",
        "resident",
        {
            "state": "heard",
            "path": county.desk.path,
            "due_at": iso(day(11, 26)),
            "channel": "web",
            "case_kind": "help",
            "urgency": "ordinary",
            "rule": "anhui/resolve/other",
        },
    )
    assert Event.objects.get(stream=f"case:{case.ref}").previous == GENESIS
    assert (held(case), words(case)) == ([("lead", "desk", True)], [])
    assert case.contact is not None
    assert case.contact.phone_index != ""


def test_hear_keeps_the_row_of_the_profile(county: County) -> None:
    case = make.heard(county, kind=CaseKind.CONSULT)

    assert case.due_at == day(11, 17)
    assert case.promise == {
        "stage": "resolve",
        "rule": "anhui/resolve/consult",
        "source": "安徽省“接热线、办实事”活动实施方案（2022年2月）",
        "count": 3,
        "unit": "working_day",
        "closes_at": "17:30",
        "zone": "Asia/Shanghai",
        "calendar": case.promise["calendar"],
    }


def test_hear_takes_the_urgency_from_the_words(county: County) -> None:
    case = make.heard(county, text="我们小区停水两天了")

    assert (case.urgency, case.due_at, case.stage_due_at) == (
        "urgent",
        NOON + timedelta(hours=24),
        NOON + timedelta(hours=2),
    )


def test_hear_leaves_the_urgency_that_was_said(county: County) -> None:
    case = make.heard(county, text="我们小区停水两天了", urgency=Urgency.ORDINARY)

    assert (case.urgency, case.due_at) == ("ordinary", day(11, 26))


def test_hear_without_a_contact_keeps_none(county: County) -> None:
    assert make.heard(county, phone="").contact is None


def test_hear_of_a_call_names_the_clerk(county: County) -> None:
    case = make.heard(county, by=county.clerk, channel=Channel.PHONE)

    assert (case.channel, last(case)[1]) == ("phone", county.clerk.label)


def test_hear_keeps_photos_with_the_first_event(county: County) -> None:
    telling = actions.Telling(text="看照片", photos=[photo(), photo()])

    case = actions.hear(telling, by=RESIDENT, at=NOON).case

    assert [(row.event_seq, row.inner, row.at) for row in case.attachments.all()] == [(1, False, NOON)] * 2


@pytest.mark.parametrize("text", ["", "  ", "\n　"])
def test_hear_of_nothing_is_refused(county: County, text: str) -> None:
    with pytest.raises(Refused, match="no_words"):
        make.heard(county, text=text)
    assert Case.objects.count() == 0


def test_hear_of_a_number_that_cannot_be_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="phone_mobile_length"):
        make.heard(county, phone="1381234")
    assert Case.objects.count() == 0


def test_hear_by_staff_without_the_power_is_refused(county: County, handler: Actor) -> None:
    with pytest.raises(Refused, match="not_yours"):
        make.heard(county, by=handler)


def test_hear_of_the_same_id_gives_the_same_case(county: County) -> None:
    first = make.heard(county, client_id=ID)

    again = actions.hear(make.telling(text="改了字", client_id=ID), by=RESIDENT, at=NOON + STEP)

    assert again == actions.Heard(first, created=False)
    assert (Case.objects.count(), kinds(first)) == (1, ["heard"])


def test_hear_of_an_id_that_comes_twice_at_once_gives_one_case(county: County) -> None:
    others: list[Case | None] = []

    def other_comes_between(execute: Any, sql: str, *rest: Any) -> Any:
        # Ours has looked and found none; before it writes, the other copy is written.
        if "orgs_unit" in sql and not others:
            others.append(None)
            others[0] = make.heard(county, client_id=ID)
        return execute(sql, *rest)

    with connection.execute_wrapper(other_comes_between):
        heard = actions.hear(make.telling(client_id=ID), by=RESIDENT, at=NOON)

    assert (heard.created, [heard.case]) == (False, others)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("client_id", [None, ID])
def test_hear_does_not_swallow_another_fault_of_the_database(county: County, client_id: UUID | None) -> None:
    make.heard(county)
    Counter.objects.all().delete()

    with pytest.raises(IntegrityError, match="seq"):
        make.heard(county, client_id=client_id)


def test_hear_numbers_each_local_day_from_one(county: County) -> None:
    before_midnight = day(11, 12, 23, 59)

    refs = [make.heard(county, at=at).ref for at in (NOON, before_midnight, before_midnight + STEP)]

    assert refs == ["NH-20261112-0001", "NH-20261112-0002", "NH-20261113-0001"]


def test_hear_begins_the_number_as_the_site_says(county: County) -> None:
    set_site(SiteCard("柳县", prefix="LX"), by=INSTALLER, at=FOUNDED)

    assert make.heard(county).ref == "LX-20261112-0001"


def test_hear_before_the_site_is_named_has_a_number(county: County) -> None:
    Site.objects.all().delete()

    assert make.heard(county).ref == "LY-20261112-0001"


@pytest.mark.django_db
def test_hear_without_a_desk_cannot_be() -> None:
    with pytest.raises(Unit.DoesNotExist):
        actions.hear(actions.Telling(text="有人吗"), by=RESIDENT, at=NOON)


def test_hear_is_open_to_other_programs(county: County) -> None:
    assert last(make.heard(county, by=Actor()))[1] == "anyone"
    assert last(make.heard(county, by=CLOCK))[1] == "clock"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯坏了。没人修", "路灯坏了"),
        ("路灯坏了\n没人修！", "路灯坏了 没人修"),
        ("。。", "。。"),
        ("长" * 40, "长" * 29 + "…"),
        ("长" * 30, "长" * 30),
    ],
)
def test_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


def test_the_number_is_found_again(county: County) -> None:
    case = make.heard(county, phone=PHONE)
    other = make.heard(county, phone="138-1234-8263")

    assert case.contact is not None
    assert other.contact is not None
    assert case.contact.phone_index == other.contact.phone_index
