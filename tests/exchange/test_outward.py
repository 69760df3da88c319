"""Requests that are handed to another system as well: what goes, what comes back, and when nobody answers there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.actions.hear import Telling
from lianying.cases.models import Case, Entry
from lianying.common.clock import standing_at
from lianying.common.sealing import opened
from lianying.exchange import outside
from lianying.exchange.actions import outward as actions
from lianying.exchange.actions.clients import make_client, put_in
from lianying.exchange.actions.outward import Access
from lianying.exchange.delivery import refer_due
from lianying.exchange.models import Endpoint, Referral
from lianying.notices.actions import LEASE, lease
from lianying.orgs.scope import Actor
from lianying.rules.notices import Delivery
from lianying.rules.open311 import ASKED_FOR
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County
from tests.exchange.elsewhere import Elsewhere, elsewhere

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("at_noon")]
WORDS = "路灯不亮，请打 13812348263"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outward:
    """A request in hand, and another system that takes lamps in."""

    county: County
    there: Elsewhere
    endpoint: Endpoint
    case: Case

    def refer(self, *, with_place: bool = True, at: datetime = NOON) -> Referral:
        return actions.refer(
            self.case, self.endpoint, "12", WORDS, with_place=with_place, by=self.county.handler, at=at
        )

    def story(self) -> list[str]:
        """Words of the staff in the story, the oldest first."""
        rows = Entry.objects.filter(case=self.case, kind="inner").order_by("event_seq")
        return list(rows.values_list("text", flat=True))


@pytest.fixture
def out(county: County) -> Iterator[Outward]:
    with elsewhere() as there:
        access = Access("市政平台", f"{there.url}/", "k-1", takes_once=True)
        endpoint = actions.set_endpoint(None, access, by=county.operator, at=NOON)
        services = outside.services(endpoint)
        endpoint = actions.keep_services(endpoint, services, by=county.operator, at=NOON)
        yield Outward(county, there, endpoint, make.handling(county, address="柳江路18号"))


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=code)


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def test_what_is_referred_arrives_with_what_was_meant_to_go(out: Outward) -> None:
    Case.objects.filter(pk=out.case.pk).update(lat=30.5, lng=114.25)
    referral = out.refer()

    assert refer_due(at=NOON) == 2

    (sent,) = out.there.put_in
    assert sent == {
        "api_key": "k-1",
        "service_code": "12",
        "description": "路灯不亮，请打 138********",
        "address_string": "柳江路18号",
        "lat": "30.5",
        "long": "114.25",
        "client_request_id": str(referral.uuid),
    }
    row = fresh(referral)
    assert (row.request_id, row.next_at, row.status) == ("E-7", None, "open")
    assert out.story()[-2:] == ["路灯不亮，请打 138********", "市政平台：对方已收下，编号 E-7。\n三天内办"]
    kinds = Event.objects.filter(stream=f"case:{out.case.ref}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["case.referred", "case.referral_heard"]
    assert Case.objects.get(pk=out.case.pk).state == "handling"
    assert list(chain_faults()) == []


def test_without_the_place_only_the_county_is_named(out: Outward) -> None:
    out.refer(with_place=False)
    refer_due(at=NOON)

    assert out.there.put_in[0]["address_string"] == "宁和县"


def test_a_request_without_a_place_names_the_county_too(out: Outward) -> None:
    Case.objects.filter(pk=out.case.pk).update(address="")
    out.refer()
    refer_due(at=NOON)

    assert out.there.put_in[0]["address_string"] == "宁和县"


def test_nothing_is_lost_while_nobody_answers_there(out: Outward) -> None:
    out.there.posts = [(503, []), (429, [])]
    referral = out.refer()

    for at in (NOON, NOON + MINUTE, NOON + 3 * MINUTE):
        refer_due(at=at)

    assert len(out.there.put_in) == 3
    assert {one["client_request_id"] for one in out.there.put_in} == {str(referral.uuid)}
    assert fresh(referral).request_id == "E-7"


def test_a_system_that_is_down_holds_up_no_other_and_is_given_up_after_a_week(out: Outward) -> None:
    gone = Access("停机平台", "http://127.0.0.1:1/open311", "k", takes_once=True)
    down = actions.set_endpoint(None, gone, by=out.county.operator, at=NOON)
    down = actions.keep_services(down, [("1", "事")], by=out.county.operator, at=NOON)
    cases = [out.case, make.handling(out.county, at=NOON - STEP)]
    lost = [actions.refer(one, down, "1", "事", with_place=False, by=out.county.handler, at=NOON) for one in cases]
    kept = out.refer()

    refer_due(at=NOON)
    assert sorted(fresh(one).tries for one in lost) == [0, 1]
    assert fresh(kept).request_id == "E-7"
    refer_due(at=NOON + timedelta(days=8))

    assert sorted(fresh(one).error for one in lost) == ["", "unreachable"]
    assert Entry.objects.filter(text__startswith="停机平台：没有转出去").count() == 1


def test_they_say_no_and_why(out: Outward) -> None:
    out.there.posts = [(400, [{"code": 400, "description": "地址不在市区"}])]
    referral = out.refer()
    refer_due(at=NOON)

    assert (fresh(referral).error, out.story()[-1]) == ("refused", "市政平台：对方没有收下。\n地址不在市区")
    actions.send_again(referral, by=out.county.handler, at=NOON + STEP)
    refer_due(at=NOON + STEP)
    assert (fresh(referral).error, fresh(referral).request_id) == ("", "E-7")


@pytest.mark.parametrize("answer", [(0, []), (500, []), (200, b"<html>"), (200, {"a": 1}), (200, [{"x": None}])])
def test_what_is_uncertain_is_sent_again_only_to_whom_it_is_known_by_its_id(
    out: Outward, answer: tuple[int, object]
) -> None:
    out.there.posts = [answer, answer]
    referral = out.refer()
    refer_due(at=NOON)
    assert fresh(referral).error == ""

    Endpoint.objects.update(takes_once=False)
    refer_due(at=NOON + MINUTE)

    assert (fresh(referral).error, len(out.there.put_in)) == ("unknown", 2)
    assert "请先问清楚再重发" in out.story()[-1]
    actions.found_there(referral, " E-7 ", by=out.county.handler, at=NOON + STEP)
    assert (fresh(referral).request_id, fresh(referral).error) == ("E-7", "")


def test_a_worker_that_died_with_it_in_hand_leaves_it_to_the_next(out: Outward) -> None:
    referral = out.refer()
    assert lease(Referral, referral.pk, at=NOON) is not None

    refer_due(at=NOON + LEASE / 2)
    assert out.there.put_in == []
    refer_due(at=NOON + 2 * LEASE)
    assert fresh(referral).request_id == "E-7"


def test_one_that_may_not_be_sent_twice_is_given_up_then(out: Outward) -> None:
    Endpoint.objects.update(takes_once=False)
    referral = out.refer()
    lease(Referral, referral.pk, at=NOON)

    refer_due(at=NOON + 2 * LEASE)

    assert (fresh(referral).error, out.there.put_in) == ("unknown", [])
    assert "不知道对方是否收到" in out.story()[-1]


def test_an_answer_that_comes_twice_is_written_once(out: Outward) -> None:
    referral = out.refer()
    for _again in range(2):
        actions.arrived(referral, outside.Taken(Delivery.SENT, "E-7"), at=NOON)

    assert len(out.story()) == 2


def test_a_number_that_comes_later_is_found_by_its_token(out: Outward) -> None:
    out.there.posts = [(202, [{"token": "T-1"}])]
    referral = out.refer()
    refer_due(at=NOON)
    assert (fresh(referral).request_id, fresh(referral).token) == ("", "T-1")

    out.there.answers["tokens/T-1"] = [{"service_request_id": "E-7", "token": "T-1"}]
    refer_due(at=NOON + timedelta(hours=1))

    assert fresh(referral).request_id == "E-7"


def test_what_they_say_comes_back_once(out: Outward) -> None:
    referral = out.refer()
    out.there.stands("open", "已派单")
    out.there.says(("U-1", "in_progress", "师傅在路上"))
    for at in (NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)):
        refer_due(at=at)

    assert out.story()[2:] == ["市政平台：正在办理\n师傅在路上", "市政平台：已受理\n已派单"]
    out.there.says(("U-1", "in_progress", "师傅在路上"), ("U-2", "FIXED", "修好了"))
    out.there.stands("closed", "已完成")
    refer_due(at=NOON + timedelta(hours=3))
    refer_due(at=NOON + timedelta(hours=9))

    assert out.story()[4:] == ["市政平台：已落实\n修好了"]
    row = fresh(referral)
    assert (row.status, row.ended_at, row.follow_at) == ("fixed", NOON + timedelta(hours=3), None)
    asked = len(out.there.asked)
    refer_due(at=NOON + timedelta(days=2))
    assert len(out.there.asked) == asked


def test_a_system_without_updates_is_followed_by_its_requests(out: Outward) -> None:
    referral = out.refer()
    out.there.stands("closed", "不属于我们的职责")
    refer_due(at=NOON)

    assert out.story()[-1] == "市政平台：已办结\n不属于我们的职责"
    assert fresh(referral).status == "closed"


def test_what_is_odd_in_their_answers_is_passed_over(out: Outward) -> None:
    referral = out.refer()
    odd = {"service_request_id": "E-7", "update_id": 5, "status": "gone fishing", "updated_datetime": "yesterday"}
    early = {**odd, "update_id": 6, "updated_datetime": "2020-01-01T00:00:00Z"}
    others = {**odd, "service_request_id": "E-8"}
    out.there.answers["servicerequestupdates"] = [odd, early, others, {"service_request_id": "E-7"}, "text"]
    out.there.answers["requests/E-7"] = [{"service_request_id": "E-9"}]
    refer_due(at=NOON)

    assert out.story()[2:] == ["市政平台：没有变化"]
    actions.hear_back(referral, None, [], at=NOON)
    assert fresh(referral).follow_at is not None


def test_who_does_not_answer_is_asked_again_later_and_not_for_ever(out: Outward) -> None:
    other = make.handling(out.county, at=NOON - STEP)
    second = actions.refer(other, out.endpoint, "12", WORDS, with_place=False, by=out.county.handler, at=NOON)
    referrals = [out.refer(), second]
    for one in referrals:
        actions.arrived(one, outside.Taken(Delivery.SENT, "E-7"), at=NOON)
    Endpoint.objects.update(url="http://127.0.0.1:1/open311")

    refer_due(at=NOON)
    assert {fresh(one).follow_at for one in referrals} == {NOON + timedelta(minutes=30)}
    refer_due(at=NOON + timedelta(days=8))
    assert {fresh(one).follow_at for one in referrals} == {NOON + timedelta(days=8, hours=6)}
    refer_due(at=NOON + ASKED_FOR + timedelta(days=1))
    assert {fresh(one).follow_at for one in referrals} == {None}
    assert fresh(referrals[0]).ended_at is None


def test_it_is_taken_back_before_it_goes(out: Outward) -> None:
    referral = actions.take_back(out.refer(), by=out.county.handler, at=NOON)

    refer_due(at=NOON)
    assert (out.there.put_in, referral.next_at, out.story()[-1]) == ([], None, "市政平台：发出前已收回。")
    with refused("referral_sent"):
        actions.take_back(referral, by=out.county.handler, at=NOON)
    second = out.refer(at=NOON + STEP)
    refer_due(at=NOON + STEP)
    with refused("referral_sent"):
        actions.take_back(second, by=out.county.handler, at=NOON + STEP)
    actions.hear_back(referral, None, [], at=NOON)
    assert fresh(referral).follow_at is None


def test_what_was_erased_before_it_went_does_not_go(out: Outward) -> None:
    referral = out.refer()
    Entry.objects.filter(case=out.case).delete()

    refer_due(at=NOON)
    assert (out.there.put_in, fresh(referral).ended_at) == ([], NOON)


def test_when_nothing_is_referred(out: Outward) -> None:
    county = out.county
    report = make.handling(county, at=NOON - STEP)
    Case.objects.filter(pk=report.pk).update(kind="report")
    client, _key = make_client("市政平台", county.root, by=county.operator, at=NOON)
    theirs = put_in(client, Telling("树倒了", address="柳江路"), at=NOON).case
    Endpoint.objects.update(client=client)

    def try_it(case: Case, code: str = "12", words: str = "话", by: Actor = county.handler) -> None:
        actions.refer(case, out.endpoint, code, words, with_place=True, by=by, at=NOON)

    with refused("report_stays"):
        try_it(report)
    with refused("not_from_here"):
        try_it(make.closed(county, at=NOON - 9 * STEP))
    with refused("came_from_there"):
        try_it(theirs, by=county.clerk)
    with refused("no_service"):
        try_it(out.case, code="99")
    with refused("no_words"):
        try_it(out.case, words=" ")
    with refused("not_yours"):
        try_it(out.case, by=county.supervisor)
    out.refer()
    with refused("referred_already"):
        out.refer()


def test_what_is_on_its_way_is_neither_sent_again_nor_given_a_number(out: Outward) -> None:
    county, first = out.county, out.refer()
    with refused("nothing_to_send"):
        actions.send_again(first, by=county.handler, at=NOON)
    with refused("nothing_to_send"):
        actions.found_there(first, "E-7", by=county.handler, at=NOON)

    Referral.objects.update(error="unknown")
    with refused("no_words"):
        actions.found_there(first, " ", by=county.handler, at=NOON)
    with refused("not_yours"):
        actions.send_again(first, by=county.supervisor, at=NOON)
    out.refer(at=NOON + STEP)
    with refused("referred_already"):
        actions.send_again(first, by=county.handler, at=NOON)


def test_who_sets_other_systems_up(out: Outward) -> None:
    county, access = out.county, Access("市政平台", out.there.url, "k-1")

    with refused("not_yours"):
        actions.set_endpoint(None, access, by=county.clerk, at=NOON)
    with refused("no_name"):
        actions.set_endpoint(None, Access(" ", "http://x"), by=county.operator, at=NOON)
    with refused("not_yours"):
        actions.keep_services(out.endpoint, [], by=county.clerk, at=NOON)
    with refused("not_yours"):
        actions.end_endpoint(out.endpoint, by=county.clerk, at=NOON)
    changed = actions.set_endpoint(out.endpoint, Access("市政", out.there.url), by=county.operator, at=NOON)
    assert (changed.name, opened(changed, "key")) == ("市政", "k-1")
    assert "k-1" not in str(Endpoint.objects.values())
    actions.end_endpoint(out.endpoint, by=county.operator, at=NOON)
    with refused("endpoint_ended"):
        actions.end_endpoint(out.endpoint, by=county.operator, at=NOON)
    with refused("endpoint_ended"):
        out.refer()


def test_a_service_list_that_is_none_is_no_answer(out: Outward) -> None:
    out.there.answers["services"] = {"error": "x"}

    with pytest.raises(outside.Unreachable), standing_at(NOON):
        outside.services(out.endpoint)
