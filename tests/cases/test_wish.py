"""A resident who does not wish to be rung is not, and is asked and told on the progress page."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.queries.checks import to_check
from lianying.common.crypto import case_code
from lianying.notices.actions import lease, note_delivery
from lianying.notices.models import Notice
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import Outcome
from lianying.rules.notices import Delivery, NoticeChannel
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
pytestmark = pytest.mark.postgresql


def no_calls(case: Case, by: Actor = RESIDENT) -> Case:
    return actions.set_wish(case, may_be_called=False, by=by, at=NOON + 9 * STEP)


def give_answer(county: County, case: Case) -> Case:
    answer = actions.Answer(make.ANSWER, Outcome.SOLVED)
    return actions.answer(case, version=case.version, answer=answer, by=county.handler, at=NOON + 11 * STEP)


def test_it_is_said_with_the_request(county: County, client: Client) -> None:
    for said in ({"no_calls": "on"}, {}):
        told = client.post("/tell/", {"text": make.TEXT, "phone": "13812348263", **said})

    kept = [
        case.contact.may_be_called for case in Case.objects.order_by("pk").select_related("contact") if case.contact
    ]
    assert (told.status_code, kept) == (303, [False, True])


def test_the_receipt_says_that_nobody_rings(county: County, client: Client) -> None:
    told = client.post("/tell/", {"text": make.TEXT, "phone": "13812348263", "no_calls": "on"})

    assert "照您的意思，我们不打电话" in client.get(told["Location"]).content.decode()


def test_calls_that_are_owed_are_dropped_and_none_are_made(county: County) -> None:
    case = make.waiting(county, told_now=False)

    case = no_calls(case)
    case = actions.reply(case, version=case.version, text="三号楼。", by=RESIDENT, at=NOON + 10 * STEP)
    give_answer(county, case)

    assert [notice.dropped_at for notice in Notice.objects.all()] == [NOON + 9 * STEP]
    assert list(to_check(county.clerk)) == []


def test_a_call_is_replaced_by_a_text_message_where_there_is_a_gateway(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.ENV, "SMS_URL", "http://127.0.0.1:9/")
    case = no_calls(make.handling(county))
    give_answer(county, case)

    notice = Notice.objects.get()
    assert (notice.channel, notice.dropped_at) == (NoticeChannel.SMS.value, None)
    taken = lease(Notice, notice.pk, at=NOON + 12 * STEP)
    assert taken is not None
    note_delivery(taken, Delivery.REFUSED, at=NOON + 12 * STEP)

    assert Notice.objects.get().dropped_at == NOON + 12 * STEP


def test_a_question_stands_on_the_progress_page_and_the_promise_goes_on(county: County) -> None:
    case = no_calls(make.handling(county))

    with pytest.raises(Refused, match="no_contact"):
        actions.ask(case, version=case.version, text="几号楼？", told=False, by=county.handler, at=NOON + 10 * STEP)

    case.refresh_from_db()
    case = actions.ask_openly(case, version=case.version, text="几号楼？", by=county.handler, at=NOON + 10 * STEP)
    assert case.state == "handling"


def test_the_resident_changes_it_on_the_progress_page(county: County, client: Client, at_noon: None) -> None:
    case = make.heard(county)
    key = {"ref": case.ref, "code": case_code(case.uuid)}

    done = client.post("/track/", {**key, "do": "no_calls"})
    after = client.get(done["Location"]).content.decode()
    client.post("/track/", {**key, "do": "calls"})

    assert ("今后不再给您打电话" in after, "可以给我打电话" in after) == (True, True)
    assert Case.objects.select_related("contact").get().contact.may_be_called is True  # type: ignore[union-attr]
    assert Event.objects.filter(kind="case.wish_changed").count() == 2


def test_it_is_noted_once(county: County) -> None:
    case = no_calls(no_calls(make.heard(county)))

    assert Event.objects.filter(stream=f"case:{case.ref}", kind="case.wish_changed").count() == 1


def test_who_left_no_number_is_not_asked(county: County, client: Client) -> None:
    case = make.heard(county, phone="")

    page = client.get("/track/", {"ref": case.ref, "code": case_code(case.uuid)}).content.decode()

    assert "请不要给我打电话" not in page
    with pytest.raises(Refused, match="no_contact_kept"):
        no_calls(case)


def test_who_rings_notes_what_they_are_told(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)

    done = client_of(county.clerk).post(f"/desk/cases/{case.ref}/contact/", {"do": "no_calls"})
    page = client_of(county.handler).get(f"/desk/cases/{case.ref}/").content.decode()

    assert (done.status_code, "不愿接电话" in page) == (303, True)
    with pytest.raises(Refused, match="not_yours"):
        no_calls(case, by=county.handler)
