"""Pages for everybody: start, ledger, privacy, display, and what machines ask."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from lianying.audit.log import make_roots
from lianying.audit.models import DayRoot, Event
from lianying.cases.models import Case
from lianying.common.clock import now
from lianying.rules.ledger import short
from tests import make
from tests.cast import County

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def roots() -> list[DayRoot]:
    """What was recorded until today is settled tomorrow."""
    make_roots(at=now() + timedelta(days=1, hours=1))
    return list(DayRoot.objects.order_by("id"))


def first_hash(case: Case) -> str:
    return Event.objects.get(stream=f"case:{case.ref}", seq=1).hash


def test_home_shows_this_months_figures(county: County, client: Client, at_noon: None) -> None:
    make.heard(county)
    make.answered(county)

    html = client.get("/").content.decode()

    for shown in ("有求必应", "截至", "11月12日 12:00", "<dd>2</dd>", "<dd>100.0<small>%</small></dd>", "119"):
        assert shown in html


def test_home_counts_once_a_minute(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/")

    with django_assert_num_queries(1):
        client.get("/")


def test_home_before_the_county_is_set_up(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/tell/", "/track/", "/board/", "/ledger/", "/privacy/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_has_both_languages_and_larger_type(
    county: County, client: Client, path: str, language: str
) -> None:
    client.post("/display/", {"language": language})
    client.post("/display/", {"elder": "1"})

    response = client.get(path)

    html = response.content.decode()
    assert (response.status_code, "data-elder" in html, response["Content-Language"]) == (200, True, language)


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/track/?ref=A&code=B", "/track/?ref=A&code=B"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_display_leads_back_to_this_site_alone(db: None, client: Client, target: str, shown: str) -> None:
    response = client.post("/display/", {"elder": "1", "next": target})

    assert (response.status_code, response["Location"]) == (303, shown)
    assert response.cookies["lianying_elder"].value == "1"


def test_display_keeps_only_what_it_knows(db: None, client: Client) -> None:
    response = client.post("/display/", {"elder": "2", "language": "xx"})

    assert (response.status_code, len(response.cookies), client.get("/display/").status_code) == (303, 0, 405)


def test_the_ledger_lists_the_days(county: County, client: Client) -> None:
    assert "第一个校验码" in client.get("/ledger/").content.decode()

    days = roots()

    html = client.get("/ledger/").content.decode()
    assert days
    assert all(root.root in html for root in days)


def test_the_ledger_as_feed_and_table(county: County, client: Client) -> None:
    days = roots()

    feed = ET.fromstring(client.get("/ledger/feed/").content)  # noqa: S314 - our own feed
    table = client.get("/ledger.csv")

    lines = b"".join(table).decode().splitlines()
    assert [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")] == [
        f"urn:sha256:{root.root}" for root in reversed(days)
    ]
    assert (table["Content-Type"], lines[0]) == (
        "text/csv; charset=utf-8",
        "day,events,previous,root,events_recorded_before",
    )
    assert [line.split(",")[3] for line in lines[1:]] == [root.root for root in days]


def test_a_receipt_is_checked(county: County, client: Client) -> None:
    case = make.heard(county)
    right = short(first_hash(case))

    def checked(ref: str, digits: str) -> tuple[bool, bool]:
        html = client.get("/ledger/", {"ref": ref, "hash": digits}).content.decode()
        return "对得上：" in html, "对不上。" in html

    assert checked(case.ref.lower(), right.upper()) == (True, False)
    for ref, digits in (
        (case.ref, "0000 0000 0000"),
        (case.ref, right[:4]),
        ("NH-1", right),
        ("", right),
    ):
        assert checked(ref, digits) == (False, True)


def test_receipts_are_not_guessed(county: County, client: Client, settings: Settings) -> None:
    settings.ENV = settings.ENV | {"TRACK_PER_HOUR": 1}

    statuses = [client.get("/ledger/", {"ref": "NH-1", "hash": "0" * 12}).status_code for _ in range(2)]

    assert statuses == [200, 429]


def test_the_privacy_page_says_the_term_after_which_the_worker_erases(county: County, client: Client) -> None:
    page = client.get("/privacy/").content.decode()

    assert "办结后再留 3 年" in page


def test_healthz_asks_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_readyz_is_ready(db: None, client: Client) -> None:
    assert client.get("/readyz").content == b"ok\n"


def test_readyz_says_that_the_database_is_gone(db: None, client: Client) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"database not reachable\n")


@pytest.mark.parametrize("path", ["/", "/tell/", "/track/", "/board/", "/ledger/", "/privacy/"])
def test_a_page_sets_no_cookie_but_the_forms_token(county: County, client: Client, path: str) -> None:
    assert set(client.get(path).cookies) <= {"lianying_csrf"}


@pytest.mark.parametrize("path", ["/tell/", "/track/", "/receipt/"])
def test_only_get_and_post_are_answered(county: County, client: Client, path: str) -> None:
    assert client.put(path).status_code == 405


def test_a_private_page_is_not_stored(county: County, client: Client) -> None:
    assert client.get("/track/", {"ref": "A", "code": "B"})["Cache-Control"] == "private, no-store"
