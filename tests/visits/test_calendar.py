"""The calendar feed: counts by village at a secret address, which can be taken back."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from icalendar import Calendar as Parsed

from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT
from lianying.visits.actions import VisitCard, make_address, open_terms, record_visit, take_address_back
from lianying.visits.models import Calendar
from lianying.visits.views.calendar import NAMED
from tests import make
from tests.cast import NOON, STEP
from tests.visits.links import Linked
from tests.visits.test_actions import refusal

ClientOf = Callable[[Any], Client]
pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def noon(linked: Linked) -> Iterator[None]:
    open_terms(at=NOON)
    with standing_at(NOON):
        yield


def events(content: bytes) -> list[tuple[str, date, date]]:
    parsed = Parsed.from_ical(content)
    found = parsed.walk("VEVENT")
    return [(str(one["summary"]), one.decoded("dtstart"), one.decoded("dtend")) for one in found]


def test_what_is_owed_stands_in_the_last_weeks_of_its_term(linked: Linked) -> None:
    path = f"/calendar/{make_address(by=linked.leader, at=NOON)}.ics"
    response = Client().get(path)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert events(response.content) == [("上柳村：还有 2 处要走访", date(2026, 12, 18), date(2027, 1, 1))]
    assert "周大爷" not in response.content.decode()
    assert Client().get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_feed_is_what_rfc_5545_asks_for(linked: Linked) -> None:
    """Read here line by line: who wrote it with a library cannot judge it with the same one."""
    path = f"/calendar/{make_address(by=linked.leader, at=NOON)}.ics"
    sent = Client().get(path).content
    with standing_at(NOON + timedelta(days=1)):
        next_day = Client().get(path).content

    assert all(len(line) <= 75 and b"\n" not in line for line in sent.split(b"\r\n"))
    lines = sent.decode().replace("\r\n ", "").split("\r\n")
    assert lines[:2] + lines[-3:] == ["BEGIN:VCALENDAR", "VERSION:2.0", "END:VEVENT", "END:VCALENDAR", ""]
    event = dict(line.split(":", 1) for line in lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")])
    days = {name: value for name, value in event.items() if name.startswith(("DTSTART", "DTEND"))}
    assert days == {"DTSTART;VALUE=DATE": "20261218", "DTEND;VALUE=DATE": "20270101"}
    assert event["DTSTAMP"].endswith("Z")
    assert event["UID"].encode() in next_day.replace(b"\r\n ", b"")


def test_what_is_due_in_ones_units_stands_on_its_day(linked: Linked) -> None:
    """In numbers: neither words nor place of a request leave with a calendar."""
    county = linked.county
    cases = [make.handling(county, at=NOON - number * STEP) for number in range(3)]
    make.answered(county, at=NOON - 9 * STEP)
    path = f"/calendar/{make_address(by=county.handler, at=NOON)}.ics"

    response = Client().get(path)
    (event,) = [one for one in Parsed.from_ical(response.content).walk("VEVENT") if "件" in str(one["summary"])]

    due = Case.objects.values_list("stage_due_at__date", flat=True).get(pk=cases[0].pk)
    assert (str(event["summary"]), event.decoded("dtstart")) == ("3 件诉求到期", due)
    assert set(str(event["description"]).split("\n")) == {case.ref for case in cases}
    assert str(event["url"]) == "http://testserver/desk/work/?tab=handling"
    assert cases[0].title not in response.content.decode()


def test_a_day_names_only_so_many_numbers(linked: Linked) -> None:
    cases = [make.handling(linked.county, at=NOON - timedelta(minutes=number)) for number in range(NAMED + 1)]
    Case.objects.update(stage_due_at=NOON + timedelta(hours=2))
    path = f"/calendar/{make_address(by=linked.county.handler, at=NOON)}.ics"

    (event,) = [
        one for one in Parsed.from_ical(Client().get(path).content).walk("VEVENT") if "件" in str(one["summary"])
    ]

    lines = str(event["description"]).split("\n")
    assert (len(cases), len(lines), lines[-1]) == (NAMED + 1, NAMED + 1, "…")


def test_what_was_made_is_gone_from_it(linked: Linked) -> None:
    path = f"/calendar/{make_address(by=linked.successor, at=NOON)}.ics"
    record_visit(VisitCard(UUID(int=1), NOON.date()), link=linked.office, by=linked.successor, at=NOON)

    assert events(Client().get(path).content) == []


def test_an_address_ends_when_it_is_taken_back_or_made_anew(linked: Linked) -> None:
    first = make_address(by=linked.leader, at=NOON)
    second = make_address(by=linked.leader, at=NOON)

    statuses = [Client().get(f"/calendar/{token}.ics").status_code for token in (first, second)]
    assert (statuses, second in str(Calendar.objects.values())) == ([404, 200], False)
    take_address_back(by=linked.leader, at=NOON)
    take_address_back(by=linked.leader, at=NOON)
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    kinds = ["visit.calendar_made", "visit.calendar_made", "visit.calendar_ended"]
    assert list(Event.objects.filter(kind__startswith="visit.calendar").values_list("kind", flat=True)) == kinds
    assert refusal(make_address, by=RESIDENT, at=NOON) == "not_yours"


def test_who_has_no_account_any_more_has_no_calendar(linked: Linked) -> None:
    token = make_address(by=linked.leader, at=NOON)
    User.objects.filter(username="leader").update(is_active=False)

    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_the_address_is_shown_once(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.leader)

    assert "calendar/" in browser.get("/desk/visits/").content.decode()
    shown = browser.post("/desk/calendar/", {"do": "make"})
    assert Client().get(shown.context["url"].removeprefix("http://testserver")).status_code == 200
    assert "已经有一个订阅地址" in browser.get("/desk/calendar/").content.decode()
    assert "已收回" in browser.post("/desk/calendar/", {"do": "end"}).content.decode()
    assert browser.post("/desk/calendar/", {"do": "x"}).status_code == 404
