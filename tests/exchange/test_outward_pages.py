"""The pages on which a request is handed to another system, and on which the operator sets those up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.exchange.actions import outward as actions
from lianying.exchange.delivery import refer_due
from lianying.exchange.models import Endpoint, Referral
from tests import make
from tests.cast import NOON, STEP, County
from tests.exchange.elsewhere import Elsewhere, elsewhere

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("at_noon")]
ClientOf = Callable[[Any], Browser]
SETTINGS = "/desk/settings/endpoints/"


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as found:
        yield found


def add(operator: Browser, there: Elsewhere) -> Endpoint:
    given = {"name": "市政平台", "url": there.url, "key": "k-1", "takes_once": "on"}
    sent = operator.post(SETTINGS, given)
    endpoint = Endpoint.objects.get()
    assert sent["Location"] == f"{SETTINGS}{endpoint.uuid}/?done=asked"
    return endpoint


def test_the_operator_adds_a_system_and_sees_what_it_takes_in(
    county: County, client_of: ClientOf, there: Elsewhere
) -> None:
    operator = client_of(county.operator)

    assert "还没有向别的平台转过诉求" in operator.get(SETTINGS).content.decode()
    endpoint = add(operator, there)
    page = operator.get(f"{SETTINGS}{endpoint.uuid}/?done=asked").content.decode()
    assert [word in page for word in ("路灯", "对方已应答", "k-1")] == [True, True, False]
    assert "2 项服务" in operator.get(SETTINGS).content.decode()

    change = {"do": "change", "name": "市政热线", "url": there.url, "key": ""}
    assert operator.post(f"{SETTINGS}{endpoint.uuid}/", change).status_code == 303
    there.answers["services"] = []
    assert operator.post(f"{SETTINGS}{endpoint.uuid}/", {"do": "ask"})["Location"].endswith("?done=silent")
    assert "没有读到对方的受理事项" in operator.get(f"{SETTINGS}{endpoint.uuid}/?done=silent").content.decode()
    assert operator.post(f"{SETTINGS}{endpoint.uuid}/", {"do": "end"}).status_code == 303
    assert operator.post(f"{SETTINGS}{endpoint.uuid}/", {"do": "end"}).status_code == 409
    assert operator.post(f"{SETTINGS}{endpoint.uuid}/", {"do": "fly"}).status_code == 404
    assert "不再向它转诉求" in operator.get(f"{SETTINGS}{endpoint.uuid}/").content.decode()
    assert operator.get(f"{SETTINGS}00000000-0000-4000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["", "对方", "ftp://host/x", "https://", "https://host:0/", "https://host/a?b=c", "http://a:b@host", "http://[x"],
)
def test_an_address_that_is_none_is_said_and_kept(county: County, client_of: ClientOf, url: str) -> None:
    answer = client_of(county.operator).post(SETTINGS, {"name": "市政平台", "url": url})

    html = answer.content.decode()
    assert (answer.status_code, 'value="市政平台"' in html, Endpoint.objects.count()) == (422, True, 0)


def test_a_request_goes_and_comes_back_over_the_pages(county: County, client_of: ClientOf, there: Elsewhere) -> None:
    case = make.handling(county, address="柳江路18号")
    handler, url = client_of(county.handler), f"/desk/cases/{case.ref}/referrals/"
    assert "其他平台" not in handler.get(f"/desk/cases/{case.ref}/").content.decode()
    assert "还没有设置别的平台" in handler.get(url).content.decode()
    endpoint = add(client_of(county.operator), there)

    assert url in handler.get(f"/desk/cases/{case.ref}/").content.decode()
    assert "柳江路18号" in handler.get(url).content.decode()
    given = {"service": f"{endpoint.uuid}:12", "text": "路灯不亮", "with_place": "on"}
    empty = handler.post(url, {**given, "service": "", "text": "写了的话"})
    assert (empty.status_code, "写了的话" in empty.content.decode()) == (422, True)
    assert handler.post(url, given)["Location"] == f"{url}?done=1"
    again = handler.post(url, given)
    assert (again.status_code, "这件事已经转给该平台了" in again.content.decode()) == (409, True)
    assert "发出前收回" in handler.get(url).content.decode()
    refer_due(at=NOON)
    page = handler.get(url).content.decode()
    assert ("E-7" in page, "定时查询对方进展" in page, "发出前收回" in page) == (True, True, False)
    assert "对方平台的进展" in handler.get(f"/desk/cases/{case.ref}/").content.decode()


def test_what_can_be_done_with_a_referral(county: County, client_of: ClientOf, there: Elsewhere) -> None:
    case, endpoint = make.handling(county), add(client_of(county.operator), there)
    handler, url = client_of(county.handler), f"/desk/cases/{case.ref}/referrals/"
    there.posts = [(400, []), (400, [])]
    handler.post(url, {"service": f"{endpoint.uuid}:12", "text": "路灯不亮"})
    refer_due(at=NOON)
    own = f"/desk/referrals/{Referral.objects.get().uuid}/"

    assert "对方没有收下，原因写在" in handler.get(url).content.decode()
    assert handler.post(own, {"do": "again"}).status_code == 303
    assert handler.post(own, {"do": "again"}).status_code == 409
    refer_due(at=NOON + STEP)
    assert handler.post(own, {"do": "found", "number": ""}).status_code == 422
    assert handler.post(own, {"do": "found", "number": "E-9"}).status_code == 303
    assert handler.post(own, {"do": "back"}).status_code == 409
    assert handler.post(own, {"do": "fly"}).status_code == 404
    assert handler.post("/desk/referrals/00000000-0000-4000-8000-000000000000/", {"do": "back"}).status_code == 404
    assert client_of(county.neighbour).post(own, {"do": "back"}).status_code == 404


def test_a_report_is_offered_to_nobody(county: County, client_of: ClientOf, there: Elsewhere) -> None:
    case = make.handling(county)
    Case.objects.update(kind="report")
    add(client_of(county.operator), there)

    page = client_of(county.supervisor).get(f"/desk/cases/{case.ref}/").content.decode()
    own = client_of(county.handler).get(f"/desk/cases/{case.ref}/referrals/").content.decode()
    assert ("/referrals/" in page, "没有转给别的平台" in own) == (False, True)


@pytest.mark.parametrize("many", [1, 20])
def test_the_lists_cost_the_same_with_one_and_with_many(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries, there: Elsewhere, many: int
) -> None:
    operator, case = client_of(county.operator), make.handling(county)
    for number in range(many):
        access = actions.Access(f"平台{number}", there.url)
        endpoint = actions.set_endpoint(None, access, by=county.operator, at=NOON)
        actions.keep_services(endpoint, [("12", "路灯")], by=county.operator, at=NOON)
        actions.refer(case, endpoint, "12", "话", with_place=False, by=county.handler, at=NOON)
    handler = client_of(county.handler)
    for browser, url in ((operator, SETTINGS), (handler, f"/desk/cases/{case.ref}/referrals/")):
        browser.get(url)

    with django_assert_num_queries(6):
        operator.get(SETTINGS)
    with django_assert_num_queries(8):
        handler.get(f"/desk/cases/{case.ref}/referrals/")
