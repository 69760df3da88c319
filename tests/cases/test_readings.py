"""Who else has a case open, and what was typed and not sent."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lianying.cases.actions.reading import KEPT, keep_typed, note_open, sweep_readings
from lianying.cases.models import Case, Reading
from lianying.common.clock import standing_at
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
LATER = NOON + 5 * STEP
WORDS = "已联系施工方，明天上午"


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return SimpleUploadedFile("后.png", out.getvalue())


def address(case: Case, step: str = "") -> str:
    return f"/desk/cases/{case.ref}/{step}"


def write(browser: Client, case: Case, text: str = WORDS) -> str:
    typed = {"form": "answer", "text": text, "outcome": "planned", "planned_on": "2026-12-01"}
    with standing_at(LATER):
        return browser.post(address(case, "opened/"), typed).content.decode()


def test_what_is_typed_comes_back(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)
    browser = client_of(county.handler)

    said = write(browser, case)
    again = browser.get(address(case)).content.decode()
    colleague = client_of(county.colleague).get(address(case)).content.decode()

    assert "已存为草稿" in said
    assert WORDS in again
    assert 'value="2026-12-01"' in again
    assert "还没有提交" in again
    assert WORDS not in colleague


def test_looking_replaces_no_draft(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)
    browser = client_of(county.handler)
    write(browser, case)

    browser.post(address(case, "opened/"))
    browser.post(address(case, "opened/"), {"form": "dance", "text": "别的"})

    assert Reading.objects.get().typed["text"] == WORDS


def test_a_draft_goes_when_it_is_sent_or_thrown_away(county: County, client_of: ClientOf) -> None:
    sent, thrown = make.handling(county), make.handling(county)
    browser = client_of(county.handler)
    write(browser, sent)
    write(browser, thrown)

    with standing_at(LATER):
        answered = browser.post(
            address(sent, "move/answer/"), {"version": sent.version, "text": "已修好", "outcome": "solved"}
        )
        dropped = browser.post(address(thrown, "opened/"), {"drop": "1"})

    assert (answered.status_code, dropped.status_code) == (303, 303)
    assert list(Reading.objects.values_list("form", "typed")) == [("", {}), ("", {})]


def test_colleagues_see_who_else_looks(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)
    mine, theirs = client_of(county.handler), client_of(county.colleague)

    with standing_at(LATER):
        alone = mine.post(address(case, "opened/")).content.decode()
        second = theirs.post(address(case, "opened/")).content.decode()
    with standing_at(LATER + timedelta(minutes=2)):
        later = theirs.post(address(case, "opened/")).content.decode()

    assert (county.handler.name in second, county.handler.name in later, "正在看" in alone) == (True, False, False)


def test_the_neighbour_learns_nothing(county: County, client_of: ClientOf) -> None:
    case = make.handling(county)

    assert client_of(county.neighbour).post(address(case, "opened/")).status_code == 404


def test_drafts_of_long_ago_are_swept(county: County) -> None:
    case = make.handling(county)
    keep_typed(case, form="answer", typed={"text": WORDS}, by=county.handler, at=NOON - KEPT - STEP)
    note_open(case, by=county.colleague, at=NOON)

    assert sweep_readings(at=NOON) == 1
    assert Reading.objects.get().user_id == county.colleague.user_id


@pytest.mark.parametrize("move", ["answer", "correct_answer"])
def test_an_answer_carries_photos_that_the_resident_sees(county: County, client_of: ClientOf, move: str) -> None:
    case = make.handling(county) if move == "answer" else make.answered(county)
    data = {"version": case.version, "text": "已修好", "outcome": "solved", "photos": photo()}

    with standing_at(LATER):
        sent = client_of(county.handler).post(address(case, f"move/{move}/"), data)

    assert sent.status_code == 303
    assert list(case.attachments.values_list("inner", "event_seq")) == [(False, case.version + 1)]
