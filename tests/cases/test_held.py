"""What is held of a resident: seen, corrected, taken away; who looked at it; a lost code read out."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.queries.held import held_of
from lianying.common.crypto import case_code
from lianying.files.images import Photo
from lianying.files.models import Blob
from lianying.files.queries import path_of
from lianying.households.models import Contact, Opening
from lianying.households.queries import revealed
from lianying.notices.models import Notice
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.openings import OpenReason
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, PHONE, STEP, County

ClientOf = Callable[[User | Actor], Client]
pytestmark = pytest.mark.postgresql
HELD, FILE, LOG = "/track/held/", "/track/held/file/", "/desk/access/"


def key(case: Case) -> dict[str, str]:
    return {"ref": case.ref, "code": case_code(case.uuid)}


def look(case: Case, by: Actor, *, reason: OpenReason = OpenReason.ASK, note: str = "") -> None:
    actions.reveal(case, reason=reason, note=note, by=by, at=NOON + 5 * STEP)


def test_a_resident_sees_what_is_held_and_who_looked(county: County, client: Client, at_noon: None) -> None:
    case = make.handling(county, name="王秀英")
    look(case, county.handler, note="问门牌")

    html = client.get(HELD, key(case)).content.decode()

    assert all(words in html for words in (make.TEXT, "王秀英", PHONE, county.management.name, "询问"))
    # Whoever looked is named in the log of the staff, and why in their own words.
    assert ("陈" in html, "问门牌" in html) == (False, False)


def test_what_nobody_looked_at_says_so(county: County, client: Client) -> None:
    assert "还没有人看过" in client.get(HELD, key(make.heard(county))).content.decode()


@pytest.mark.parametrize("url", [HELD, FILE])
def test_a_wrong_code_shows_nothing(county: County, client: Client, url: str) -> None:
    case = make.heard(county)

    answer = client.get(url, {"ref": case.ref, "code": "AAAA-AAAA"})

    assert (answer.status_code, make.TEXT in answer.content.decode()) == (404, False)


def test_it_is_corrected(county: County, client: Client) -> None:
    case = make.heard(county, name="王秀英")

    wrong = client.post(HELD, {**key(case), "name": "王秀英", "phone": "12345"})
    right = client.post(HELD, {**key(case), "name": "王秀", "phone": "13900001111"})

    person = revealed(Contact.objects.get())
    assert (wrong.status_code, "12345" in wrong.content.decode()) == (422, True)
    assert (right.status_code, person.name, person.phone) == (303, "王秀", "13900001111")
    assert "已经改好了" in client.get(right["Location"]).content.decode()
    assert Event.objects.filter(kind="case.contact_corrected").count() == 1


def test_a_number_that_is_taken_back_is_rung_no_more(county: County) -> None:
    case = make.waiting(county, told_now=False)

    actions.correct_contact(case, name="", phone="", by=RESIDENT, at=NOON + 9 * STEP)

    assert Notice.objects.get().dropped_at == NOON + 9 * STEP
    assert revealed(Contact.objects.get()).phone == ""


def test_who_left_nothing_may_leave_a_number_later(county: County) -> None:
    case = actions.correct_contact(
        make.heard(county, phone=""), name="王", phone="13900001111", by=RESIDENT, at=NOON + STEP
    )

    assert case.contact is not None
    assert revealed(case.contact).phone == "13900001111"


def test_what_was_erased_is_not_filled_again(county: County, client: Client) -> None:
    case = actions.erase(make.withdrawn(county), by=RESIDENT, at=NOON + 9 * STEP)

    html = client.get(HELD, key(case)).content.decode()
    answer = client.post(HELD, {**key(case), "name": "王", "phone": ""})

    assert ("只留下有过这件诉求" in html, answer.status_code) == (True, 409)


def test_it_is_taken_away_with_the_photos(county: County, client: Client) -> None:
    photos = [Photo(mark.encode(), mark * 64, 1, 1) for mark in "ab"]
    case = actions.note(make.heard(county), text="照片", photos=photos, by=RESIDENT, at=NOON + STEP)
    path_of(Blob.objects.order_by("pk")[0].sha256).unlink()

    answer = client.get(FILE, key(case))

    pack = ZipFile(BytesIO(answer.content))
    data = json.loads(pack.read(f"{case.ref}.json"))
    assert (data["text"], data["phone"], len(data["photos"])) == (make.TEXT, PHONE, 2)
    # The disk lost one; its name is still said.
    assert [name for name in pack.namelist() if name.startswith("photos/")] == data["photos"][1:]
    assert answer["Content-Disposition"] == f'attachment; filename="{case.ref}.zip"'


def test_the_day_of_erasing_is_said_once_it_has_ended(county: County) -> None:
    running, ended = make.heard(county), make.withdrawn(county)
    leap = make.withdrawn(county)
    Case.objects.filter(pk=leap.pk).update(closed_at=NOON.replace(year=2028, month=2, day=29))
    leap.refresh_from_db()

    days = [held_of(case, at=NOON).until for case in (running, ended, leap)]

    assert [str(day) for day in days] == ["None", "2029-11-12", "2031-02-28"]


def test_a_lost_code_is_read_out_after_ringing_back(county: County, client_of: ClientOf) -> None:
    case = make.heard(county)
    url = f"/desk/cases/{case.ref}/contact/"

    html = client_of(county.clerk).post(url, {"do": "code"}).content.decode()

    assert case_code(case.uuid) in html
    assert Opening.objects.get().reason == "code"
    assert "回电后告知查询码" in Client().get(HELD, key(case)).content.decode()
    assert client_of(county.handler).post(url, {"do": "code"}).status_code in {403, 404}


def test_a_code_is_not_read_out_without_a_number(county: County) -> None:
    with pytest.raises(Refused, match="no_contact_kept"):
        actions.read_code(make.heard(county, phone=""), by=county.clerk, at=NOON)


def test_the_log_shows_looks_by_person_and_by_request(county: County, client_of: ClientOf) -> None:
    one, other = make.handling(county), make.handling(county)
    look(one, county.handler)
    look(other, county.clerk, note="核对门牌")
    supervisor = client_of(county.supervisor)

    everything = supervisor.get(LOG).content.decode()
    by_person = supervisor.get(LOG, {"person": "handler"}).content.decode()
    by_request = supervisor.get(LOG, {"ref": other.ref.lower()}).content.decode()
    none = supervisor.get(LOG, {"person": "nobody"}).content.decode()

    refs = [[ref in html for ref in (one.ref, other.ref)] for html in (everything, by_person, by_request, none)]
    assert refs == [[True, True], [True, False], [False, True], [False, False]]
    assert ("核对门牌" in everything, PHONE in everything, "没有人查看过" in none) == (True, False, True)


def test_the_log_of_a_part_of_the_county_is_nobodys(county: County, client_of: ClientOf) -> None:
    assert client_of(county.handler).get(LOG).status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_the_log_costs_the_same_for_every_length(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    case = make.handling(county)
    for _ in range(many):
        look(case, county.handler)
    browser = client_of(county.operator)
    browser.get(LOG)

    with django_assert_num_queries(5):
        browser.get(LOG)


def test_a_unit_of_then_is_named_and_not_of_today(county: County) -> None:
    case = make.handling(county)
    look(case, county.handler)
    Opening.objects.update(at=NOON - timedelta(days=4000))

    assert [one.unit for one in held_of(case, at=NOON).looks] == [""]
