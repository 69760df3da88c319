"""What visitors are spared: only a day is demanded, nobody is followed or ranked, and who complains is not known."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

import lianying
from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.desk.actions import write_digests
from lianying.desk.labels import Task
from lianying.desk.queries import waiting
from lianying.notices.models import Letter
from lianying.orgs.models import User
from lianying.rules.checklists import MOST
from lianying.rules.notices import StaffWish
from lianying.rules.powers import Role
from lianying.visits.actions import VisitCard, complain, open_terms, record_visit
from lianying.visits.forms.visit import Around, VisitForm
from lianying.visits.models import Link, Visit
from lianying.visits.queries.checklists import checklist_now
from lianying.visits.queries.due import people_of
from lianying.visits.queries.links import people
from tests.cast import NOON, County, person
from tests.visits.links import Linked
from tests.visits.test_actions import refusal

ClientOf = Callable[[Any], Client]
TODAY = NOON.date()
WORDS = "同一张表一个月要填三次。"


def form_of(link: Link, corrects: Visit | None = None) -> VisitForm:
    crowd = list(people_of(link.unit_id, TODAY))
    around = Around(link, TODAY, writer=1, people=crowd, for_others=True, checklist=checklist_now(), corrects=corrects)
    return VisitForm(around=around)


def test_nothing_is_demanded_but_the_day_which_is_filled_in(linked: Linked) -> None:
    form = form_of(linked.home)

    demanded = {name for name, field in form.fields.items() if field.required}
    assert demanded - {"uuid", "checklist"} == {"on"}
    assert form["on"].value() == TODAY


def test_neither_a_place_nor_a_track_is_ever_asked_or_kept(linked: Linked) -> None:
    names = {field.name for field in Visit._meta.get_fields()} | set(form_of(linked.home).fields)

    assert [name for name in names if re.fullmatch("lat|lng|place|track|position|accuracy|address", name)] == []
    scripts = (Path(lianying.__file__).parent / "static").glob("*.js")
    asking = [path.name for path in scripts if "geolocation" in path.read_text()]
    assert asking == ["place.js"]


@pytest.mark.django_db
def test_no_list_asks_more_than_fifteen_questions() -> None:
    assert MOST == 15
    assert len(checklist_now()[1]) <= 15


def test_what_was_written_is_there_when_it_is_corrected(linked: Linked) -> None:
    card = VisitCard(UUID(int=1), TODAY - timedelta(days=3), "精神不错", answers={"ask1": "还好"})
    kept = record_visit(card, link=linked.home, by=linked.leader, at=NOON)

    form = form_of(linked.home, kept)
    assert (form["on"].value(), form["note"].value(), form["answer_ask1"].value()) == (card.on, "精神不错", "还好")


def test_people_stand_by_name_whoever_went_more_often(linked: Linked) -> None:
    record_visit(VisitCard(UUID(int=1), TODAY), link=linked.home, by=linked.leader, at=NOON)

    shown = [one.user.name for one in people(linked.county.management, TODAY)]
    assert shown == sorted(shown)


@pytest.mark.parametrize("holiday", [False, True])
def test_of_visits_a_letter_speaks_on_the_first_working_day_of_a_week_alone(
    linked: Linked, monkeypatch: pytest.MonkeyPatch, holiday: bool
) -> None:
    monkeypatch.setitem(settings.ENV, "SMTP_URL", "smtp://127.0.0.1:25")
    User.objects.filter(username="leader").update(email="leader@ninghe.example", wish=StaffWish.DAILY.value)
    # The Monday of the last week but one of a year; the holiday of 2026-10 ends on Wednesday the 7th.
    monday = date(2026, 10, 5) if holiday else date(2026, 12, 21)
    told = {}
    for day in range(5):
        at = NOON.replace(year=monday.year, month=monday.month, day=monday.day, hour=9) + timedelta(days=day)
        with standing_at(at):
            open_terms(at=at)
            assert (Task.VISITS in waiting(linked.leader, at)) is True
            told[day] = write_digests(at=at)

    assert list(told.values()) == ([0] * 5 if holiday else [1, 0, 0, 0, 0])
    assert Letter.objects.count() == sum(told.values())


@pytest.mark.postgresql
def test_who_says_that_it_is_too_much_is_nowhere_to_be_read(county: County) -> None:
    keeper = person("keeper", "丁香", county.village, Role.GRID_KEEPER)
    case = complain(WORDS, uuid4(), by=keeper, at=NOON)

    again = complain(WORDS, case.client_id or uuid4(), by=keeper, at=NOON)
    event = Event.objects.get(kind="case.heard")
    assert (again, case.kind, case.unit, case.contact) == (case, "complaint", county.desk, None)
    assert (event.actor, WORDS in case.text) == ("resident", True)
    assert refusal(complain, WORDS, uuid4(), by=county.clerk, at=NOON) == "not_yours"


def test_the_complaint_comes_with_a_number_and_a_code(linked: Linked, client_of: ClientOf) -> None:
    browser = client_of(linked.leader)
    sent = {"words": WORDS, "client_id": str(uuid4())}

    assert "向上一级反映" in browser.get("/desk/visits/").content.decode()
    assert browser.post("/desk/visits/burden/", {**sent, "words": " "}).status_code == 422
    receipt = browser.post("/desk/visits/burden/", sent, follow=True).content.decode()
    case = Case.objects.get()
    assert case.ref in receipt
    assert case_code(case.uuid)[:5] in receipt
