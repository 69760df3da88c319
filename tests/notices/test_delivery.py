"""Text messages to residents: nothing is lost while the gateway is dead or hangs, and nothing is shown twice."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from lianying.audit.models import Event
from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.queries.messages import filled
from lianying.cases.verify import case_faults
from lianying.notices.actions import LEASE, lease, send_again, set_text
from lianying.notices.delivery import deliver_due
from lianying.notices.models import Notice
from lianying.notices.queries import open_notices
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import CallResult
from lianying.rules.notices import NoticeKind
from tests import make
from tests.cast import NOON, STEP, County
from tests.notices.gateways import Gateway, gateway
from tests.services import free_port

pytestmark = pytest.mark.postgresql
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway() as sink:
        monkeypatch.setitem(settings.ENV, "SMS_URL", sink.url)
        monkeypatch.setitem(settings.ENV, "SMS_KEY", "secret")
        monkeypatch.setitem(settings.ENV, "SMS_SECONDS", 0.2)
        yield sink


def go_on(at: datetime) -> int:
    return deliver_due(fill=filled, sent=actions.told_by_message, at=at)


def hour(start: datetime) -> datetime:
    """Every minute of it a round of the worker; returns its end."""
    for minute in range(60):
        go_on(start + minute * MINUTE)
    return start + 60 * MINUTE


def calls(county: County) -> list[Notice]:
    return list(open_notices([county.desk.path]))


def test_an_answer_is_sent_once_and_signed(county: County, sms: Gateway) -> None:
    case = make.answered(county)
    at = NOON + 5 * STEP

    rounds = [go_on(at), go_on(at + MINUTE)]

    notice = Notice.objects.get()
    text = f"【宁和县】您反映的事项 {case.ref}，城市管理局已答复，请在查进度页面查看，稍后会有工作人员回访。"
    assert sms.handed == [{"phone": "13812348263", "text": text, "id": str(notice.uuid)}]
    said = sms.headers[0]
    signed = hmac.new(b"secret", f"{said['X-Timestamp']}.{said['body']}".encode(), hashlib.sha256).hexdigest()
    assert (said["X-Signature"], said["X-Message-Id"]) == (signed, str(notice.uuid))
    assert (rounds, notice.told_at, calls(county)) == ([1, 0], at, [])
    assert Event.objects.filter(stream=f"case:{case.ref}").latest("seq").data == {
        "channel": "sms",
        "notice": "answered",
    }
    assert list(case_faults()) == []


def test_a_question_that_was_sent_stops_the_promise(county: County, sms: Gateway) -> None:
    case = make.waiting(county, told_now=False)

    go_on(NOON + 5 * STEP)

    assert case.pauses.get().told_at == NOON + 5 * STEP


def test_without_a_gateway_the_desk_rings(county: County) -> None:
    make.answered(county)

    assert [one.channel for one in calls(county)] == ["call"]
    assert go_on(NOON + STEP) == 0


def test_a_dead_gateway_loses_nothing(county: County, sms: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [make.answered(county) for _ in range(3)]
    monkeypatch.setitem(settings.ENV, "SMS_URL", f"http://127.0.0.1:{free_port()}/")

    at = hour(NOON + 5 * STEP)
    waiting = Notice.objects.filter(next_at__isnull=False).count()
    monkeypatch.setitem(settings.ENV, "SMS_URL", sms.url)
    hour(at)

    assert waiting == 3
    assert len(sms.handed) == len(sms.shown) == 3
    assert Notice.objects.filter(told_at__isnull=False).count() == len(cases)


@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_that_asks_to_wait_is_asked_again(county: County, sms: Gateway, status: int) -> None:
    make.answered(county)
    sms.answers = [status, status]

    hour(NOON + 5 * STEP)

    assert len(sms.handed) == 1
    assert Notice.objects.get().tries == 3


def test_a_gateway_that_hangs_leaves_calls(county: County, sms: Gateway) -> None:
    for _ in range(3):
        make.answered(county)
    sms.answers = [0, 0, 0]

    hour(NOON + 5 * STEP)

    assert [one.error for one in calls(county)] == ["unknown"] * 3
    assert len(sms.handed) == len(sms.shown) == 3


def test_a_gateway_that_knows_ids_gets_them_again_and_shows_them_once(
    county: County, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.ENV, "SMS_IDEMPOTENT", True)
    for _ in range(3):
        make.answered(county)
    sms.answers = [0, 0, 0, 0]

    hour(NOON + 5 * STEP)

    assert calls(county) == []
    assert Notice.objects.filter(told_at__isnull=False).count() == 3
    assert (len(sms.handed), len(sms.shown)) == (7, 3)


@pytest.mark.parametrize(("status", "error"), [(400, "refused"), (500, "unknown")])
def test_what_the_gateway_refuses_becomes_a_call(county: County, sms: Gateway, status: int, error: str) -> None:
    case = make.answered(county)
    sms.answers = [status]

    go_on(NOON + 5 * STEP)

    assert [(one.subject, one.error) for one in calls(county)] == [(case.ref, error)]


def test_a_landline_gets_a_call(county: County, sms: Gateway) -> None:
    make.answered(county, phone="0552-3012345")

    go_on(NOON + 5 * STEP)

    assert ([one.error for one in calls(county)], sms.handed) == (["refused"], [])


def test_after_a_day_it_becomes_a_call(county: County, sms: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    make.answered(county)
    monkeypatch.setitem(settings.ENV, "SMS_URL", f"http://127.0.0.1:{free_port()}/")

    for hours in range(26):
        go_on(NOON + 5 * STEP + hours * timedelta(hours=1))

    assert [one.error for one in calls(county)] == ["unreachable"]


@pytest.mark.parametrize(("knows_ids", "becomes"), [(False, "call"), (True, "sms")])
def test_what_a_killed_worker_was_sending_is_found(
    county: County, sms: Gateway, monkeypatch: pytest.MonkeyPatch, knows_ids: bool, becomes: str
) -> None:
    monkeypatch.setitem(settings.ENV, "SMS_IDEMPOTENT", knows_ids)
    make.answered(county)
    at = NOON + 5 * STEP
    taken = lease(Notice, Notice.objects.get().pk, at=at)

    before, after = go_on(at + MINUTE), go_on(at + LEASE)

    notice = Notice.objects.get()
    assert taken is not None
    assert (before, after, notice.channel) == (0, 1, becomes)
    assert (len(sms.handed) == 1, notice.told_at is not None) == (knows_ids, knows_ids)


def test_a_call_made_while_it_was_on_its_way_counts_once(county: County, sms: Gateway) -> None:
    case = make.answered(county)
    notice = lease(Notice, Notice.objects.get().pk, at=NOON + 5 * STEP)
    assert notice is not None
    actions.told(notice, case, result=CallResult.REACHED, by=county.clerk, at=NOON + 6 * STEP)

    actions.told_by_message(notice, at=NOON + 7 * STEP)

    assert Notice.objects.get().told_at == NOON + 6 * STEP
    assert Event.objects.filter(stream=f"case:{case.ref}", kind="case.told").count() == 1


def test_an_overtaken_message_is_not_sent(county: County, sms: Gateway) -> None:
    case = make.declined(county)
    actions.object_to(case, version=case.version, text="请再看看", by=RESIDENT, at=NOON + 6 * STEP)

    assert go_on(NOON + 7 * STEP) == 0
    assert Case.objects.get(pk=case.pk).state == "heard"


def test_what_failed_is_tried_again_by_hand(county: County, sms: Gateway) -> None:
    make.answered(county)
    sms.answers = [400]
    go_on(NOON + 5 * STEP)

    again = send_again(at=NOON + 6 * STEP)
    go_on(NOON + 6 * STEP)

    assert (again, len(sms.handed), calls(county)) == (1, 1, [])


def test_the_operator_s_own_text_is_sent(county: County, sms: Gateway) -> None:
    set_text(NoticeKind.DECLINED, "{ref} 由{unit}看过，电话 {phone}")
    first = make.declined(county)
    go_on(NOON + 9 * STEP)
    set_text(NoticeKind.DECLINED, "")
    make.declined(county)
    go_on(NOON + 9 * STEP)

    said = [one["text"] for one in sms.handed]

    assert said[0] == f"{first.ref} 由群众诉求服务中心看过，电话 0552-12345"
    assert said[1].startswith("【宁和县】您反映的事项")
