"""Who may put requests in: keys, limits, the record of use; made in Settings and by the command."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries, Settings

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.actions import withdraw
from lianying.cases.actions.hear import Telling
from lianying.cases.models import Case, Entry
from lianying.common.clock import standing_at
from lianying.exchange.actions.clients import Sent, end_client, make_client, put_in, take_update
from lianying.exchange.models import Client, Posted, Told, Use
from lianying.exchange.queries.clients import client_of
from lianying.orgs.scope import RESIDENT
from lianying.rules.open311 import Update
from lianying.rules.refusals import Refused
from tests.cast import INSTALLER, NOON, STEP, County
from tests.exchange.conftest import Neighbour, codes

ClientOf = Callable[[Any], Browser]
SETTINGS = "/desk/settings/clients/"
SENT = Sent("U-1", Update.FIXED, "换好了", NOON)


def test_of_a_key_only_its_hash_is_kept(county: County) -> None:
    client, key = make_client(" 市热线 ", county.root, by=county.operator, at=NOON)

    assert (client.name, len(key), client.digest) != ("市热线", 32, key)
    assert client_of(key) == client
    assert client_of(key[:-1]) is None
    assert key not in str(list(Event.objects.values_list("data", flat=True)))
    assert list(chain_faults()) == []


def test_an_ended_key_opens_nothing_and_ends_once(county: County) -> None:
    client, key = make_client("市热线", county.root, by=county.operator, at=NOON)

    end_client(client, by=county.operator, at=NOON)

    assert client_of(key) is None
    with pytest.raises(Refused, match="client_ended"):
        end_client(client, by=county.operator, at=NOON)


def test_who_gives_keys(county: County) -> None:
    client, _key = make_client("市热线", county.root, by=INSTALLER, at=NOON)

    for act in (
        lambda: make_client("市热线", county.root, by=county.clerk, at=NOON),
        lambda: end_client(client, by=county.head, at=NOON),
    ):
        with pytest.raises(Refused, match="not_yours"):
            act()
    with pytest.raises(Refused, match="no_words"):
        make_client(" ", county.root, by=county.operator, at=NOON)


def test_more_calls_than_allowed_are_refused_until_the_next_hour(neighbour: Neighbour, settings: Settings) -> None:
    settings.ENV = {**settings.ENV, "RATE_LIMITS": True}
    Client.objects.update(per_hour=2)
    fields = {"service_code": "0304", "address_string": "柳江路18号"}

    answers = [neighbour.post(fields), neighbour.post(fields), neighbour.post(fields, gives=429)]
    with standing_at(NOON + timedelta(hours=1)):
        neighbour.post(fields)

    assert codes(answers[2]) == [429]
    use = Use.objects.get()
    assert (use.on, use.call, use.count, use.refused) == (NOON.date(), "request", 3, 1)


def test_an_update_of_another_client_is_not_taken(neighbour: Neighbour, county: County) -> None:
    case = neighbour.put_in()
    other, _key = make_client("别处", county.root, by=county.operator, at=NOON)

    with pytest.raises(Refused, match="not_yours"):
        take_update(other, case, SENT, at=NOON)


def test_an_update_of_what_has_ended_is_kept_without_words(neighbour: Neighbour) -> None:
    case = neighbour.put_in()
    withdraw(case, version=1, by=RESIDENT, at=NOON)

    take_update(neighbour.client, case, SENT, at=NOON + STEP)

    assert Told.objects.count() == 1
    assert not Entry.objects.filter(text="换好了").exists()


def test_an_update_that_comes_between_is_the_same(neighbour: Neighbour) -> None:
    case = neighbour.put_in()
    others: list[Told] = []

    def other_comes_between(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found = execute(sql, *rest)
        if "exchange_told" in sql and not others:
            others.append(Told())
            others[0] = take_update(neighbour.client, case, SENT, at=NOON)
        return found

    with connection.execute_wrapper(other_comes_between):
        kept = take_update(neighbour.client, case, SENT, at=NOON)

    assert ([kept], Told.objects.count()) == (others, 1)


def test_the_operator_makes_a_key_and_ends_it(county: County, client_of: ClientOf, at_noon: None) -> None:
    browser = client_of(county.operator)

    empty = browser.get(SETTINGS).content.decode()
    wrong = browser.post(SETTINGS, {"name": "", "unit": "nowhere", "per_hour": "0"})
    made = browser.post(SETTINGS, {"name": "市热线", "unit": "root", "per_hour": "60"})
    row = Client.objects.get()
    key = made.context["made"][1]
    ended = browser.post(f"{SETTINGS}{row.uuid}/end/")
    after = browser.get(ended["Location"]).content.decode()

    assert "还没有接入其他系统。" in empty
    assert (wrong.status_code, made.status_code, ended.status_code) == (422, 201, 303)
    assert key in made.content.decode()
    assert key not in browser.get(SETTINGS).content.decode()
    assert "密钥已停用" in after
    assert browser.post(f"{SETTINGS}{row.uuid}/end/").status_code == 409
    assert browser.post(SETTINGS, {"name": "　", "unit": "root", "per_hour": "6"}).status_code == 422


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_costs_the_same_for_many(
    county: County, client_of: ClientOf, at_noon: None, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        client, _key = make_client(f"系统{number}", county.root, by=county.operator, at=NOON)
        Use.objects.create(client=client, on=NOON.date(), call="request", count=3)
    browser = client_of(county.operator)
    browser.get(SETTINGS)

    with django_assert_num_queries(7):
        page = browser.get(SETTINGS)

    assert len(page.context["page"].rows) == count


def test_the_command_prints_a_key_once(county: County) -> None:
    out = StringIO()
    call_command("open311_client", "市热线", unit="root", per_hour=60, stdout=out)

    key = out.getvalue().splitlines()[-1].strip()
    found = client_of(key)
    assert found is not None
    assert (found.name, found.unit, found.per_hour) == ("市热线", county.root, 60)


@pytest.mark.parametrize(
    ("name", "unit", "per_hour", "words"),
    [("市热线", "nowhere", 60, "no unit"), ("市热线", "root", 0, "at least once"), (" ", "root", 60, "words|几句话")],
)
def test_what_the_command_does_not_take(county: County, name: str, unit: str, per_hour: int, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("open311_client", name, unit=unit, per_hour=per_hour)
    assert Client.objects.count() == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_copies_that_arrive_at_once_are_one_request(county: County) -> None:
    client, _key = make_client("市热线", county.root, by=county.operator, at=NOON)
    start = Barrier(4)

    def send(_number: int) -> int:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return put_in(client, Telling("路灯不亮"), request_id="A-1", at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        rows = set(threads.map(send, range(4)))

    assert (len(rows), Case.objects.count(), Posted.objects.count()) == (1, 1, 1)
    assert list(chain_faults()) == []
