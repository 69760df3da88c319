"""The pages of supervision: what stands there, for whom, at which price."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.common.spreadsheets import sheets_of
from lianying.oversight import actions
from lianying.oversight.models import Circular, Step
from lianying.rules.supervision import Ground, Measure
from tests import make
from tests.cast import NOON, STEP, County

ClientOf = Callable[[Any], Client]
LATE = NOON + timedelta(days=40)


def late(county: County, count: int = 1) -> list[Case]:
    found = [make.handling(county, at=NOON + number * STEP) for number in range(count)]
    actions.find_grounds(at=LATE)
    return found


def supervised(county: County, case: Case) -> Step:
    return actions.take(
        case, measure=Measure.SUPERVISE, ground=Ground.STAGE_LATE, text="请说明", by=county.supervisor, at=LATE
    )


def url(case: Case) -> str:
    return f"/desk/cases/{case.ref}/supervision/"


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_many(
    county: County, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    late(county, count)
    browser = client_of(county.supervisor)
    with standing_at(LATE):
        browser.get("/desk/watch/")

        with django_assert_num_queries(11):
            page = browser.get("/desk/watch/")

    assert len(page.context["lines"]) == count


def test_it_is_narrowed_by_ground_and_empty_says_so(county: County, client_of: ClientOf) -> None:
    late(county)
    browser = client_of(county.clerk)

    with standing_at(LATE):
        found = browser.get("/desk/watch/?ground=stage_late").content.decode()
        empty = browser.get("/desk/watch/?ground=repeated").content.decode()
        other = browser.get("/desk/watch/?ground=nonsense")

    assert "超期 " in found
    assert "没有需要督办的诉求" in empty
    assert len(other.context["lines"]) == 1


def test_several_are_reminded_of_and_those_that_wait_are_named(county: County, client_of: ClientOf) -> None:
    first, second = late(county, 2)
    supervised(county, second)
    browser = client_of(county.clerk)
    given = {"ref": [first.ref, second.ref, "NH-20200101-0001"]}

    with standing_at(LATE + STEP):
        preview = browser.get("/desk/watch/remind/", given)
        empty = browser.post("/desk/watch/remind/", given | {"text": " "})
        sent = browser.post("/desk/watch/remind/", given | {"text": "请今天处理"})

    assert [bool(problem) for _one, problem in preview.context["ready"]] == [False, True]
    assert empty.status_code == 422
    assert sent["Location"] == "/desk/watch/?reminded=1"
    assert list(Step.objects.order_by("id").values_list("case__ref", "measure")) == [
        (second.ref, "supervise"),
        (first.ref, "remind"),
    ]


def test_the_unit_answers_and_the_supervisor_decides(county: County, client_of: ClientOf) -> None:
    case = late(county)[0]
    step = supervised(county, case)
    unit, supervisor = client_of(county.handler), client_of(county.supervisor)
    place = f"/desk/watch/step/{step.uuid}/"

    with standing_at(LATE + STEP):
        owed = unit.get("/desk/watch/owed/").content.decode()
        empty = unit.post(place, {"do": "answer", "text": ""})
        answered = unit.post(place, {"do": "answer", "text": "灯杆明天到货"})
        again = unit.post(place, {"do": "answer", "text": "又写了一遍"})
        to_decide = supervisor.get("/desk/watch/owed/?of=answered").content.decode()
        decided = supervisor.post(place, {"do": "accept", "text": "可以"})

    assert case.ref in owed
    assert (empty.status_code, answered.status_code, again.status_code, decided.status_code) == (422, 303, 409, 303)
    assert "又写了一遍" in again.content.decode()
    assert case.ref in to_decide
    assert Step.objects.get().accepted is True


def test_a_step_that_is_too_early_keeps_the_words(county: County, client_of: ClientOf) -> None:
    case = late(county)[0]
    browser = client_of(county.supervisor)
    with standing_at(LATE):
        browser.get(url(case))
        supervised(county, case)

        sent = browser.post(
            url(case), {"measure": "note", "ground": "noted", "text": "写好的话", "answer_on": "2020-01-01"}
        )

    assert sent.status_code == 422
    assert "写好的话" in sent.content.decode()


@pytest.mark.parametrize(("person", "offered"), [("supervisor", True), ("clerk", True), ("handler", False)])
def test_steps_are_offered_to_whom_they_belong(
    county: County,
    client_of: ClientOf,
    person: str,
    offered: bool,
) -> None:
    case = late(county)[0]

    with standing_at(LATE):
        page = client_of(getattr(county, person)).get(url(case))

    assert (page.context["form"] is not None) is offered


def test_who_may_take_no_step_cannot_send_one(county: County, client_of: ClientOf) -> None:
    case = late(county)[0]

    sent = client_of(county.handler).post(url(case), {"measure": "remind", "ground": "stage_late", "text": "x"})

    assert sent.status_code == 404


def test_an_unknown_deed_or_step_is_not_found(county: County, client_of: ClientOf) -> None:
    step = supervised(county, late(county)[0])
    browser = client_of(county.supervisor)

    assert browser.post(f"/desk/watch/step/{step.uuid}/", {"do": "burn"}).status_code == 404
    assert browser.post("/desk/watch/step/00000000-0000-4000-8000-000000000000/", {"do": "accept"}).status_code == 404
    assert client_of(county.handler).get("/desk/watch/owed/?of=answered").status_code == 404


def test_a_circular_is_issued_printed_and_says_nothing_of_residents(county: County, client_of: ClientOf) -> None:
    case = late(county)[0]
    for number, measure in enumerate((Measure.SUPERVISE, Measure.LIST, Measure.TALK)):
        actions.take(
            case,
            measure=measure,
            ground=Ground.STAGE_LATE,
            text="请整改",
            by=county.supervisor,
            at=LATE + timedelta(days=9 * number),
        )
    browser = client_of(county.supervisor)
    with standing_at(LATE + timedelta(days=30)):
        chosen = browser.get("/desk/watch/circular/", {"ref": case.ref})
        empty = browser.post("/desk/watch/circular/", {"ref": case.ref, "title": "", "text": ""})
        sent = browser.post("/desk/watch/circular/", {"ref": case.ref, "title": "关于超期件的通报", "text": "请整改"})
        again = browser.post("/desk/watch/circular/", {"ref": case.ref, "title": "再发一次", "text": "请整改"})
        letter = browser.get(sent["Location"]).content.decode()

    assert (chosen.status_code, empty.status_code, again.status_code) == (200, 422, 409)
    assert Circular.objects.count() == 1
    assert ("通报〔2027〕1号" in letter, case.ref in letter) == (True, True)
    assert make.TEXT[:8] not in letter
    assert browser.get("/desk/watch/circular/2026/99/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_sheet_costs_the_same_for_many(
    county: County, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make.answered(county, at=NOON + number * STEP)
    browser = client_of(county.supervisor)
    with standing_at(NOON + timedelta(hours=8)):
        browser.get("/desk/watch/sheet/")

        with django_assert_num_queries(10):
            page = browser.get("/desk/watch/sheet/")

    assert page.context["all"].cells[:3] == (str(count), str(count), "0")


def test_the_sheet_is_the_same_on_the_page_and_in_the_workbook(county: County, client_of: ClientOf) -> None:
    with standing_at(NOON + 9 * STEP):
        make.closed(county)
        make.handling(county)
        make.reworked(county)
    browser = client_of(county.supervisor)

    with standing_at(NOON + timedelta(days=1)):
        page = browser.get("/desk/watch/sheet/?of=week&on=2026-11-12")
        file = browser.get("/desk/watch/sheet.xlsx?of=week&on=2026-11-12")

    rows = [list(row) for row in sheets_of(file.getvalue(), bool)[0].rows]
    whole = page.context["all"]
    assert rows[1] == ["合计", *whole.cells]
    assert whole.cells[:5] == ("3", "2", "1", "0", "1")
    assert len(rows) == 2 + len(page.context["units"]) + len(page.context["categories"])


@pytest.mark.parametrize("on", ["", "2026-02-31", "yesterday", "1000-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_today(county: County, client_of: ClientOf, on: str) -> None:
    with standing_at(NOON):
        page = client_of(county.clerk).get("/desk/watch/sheet/", {"on": on})

    assert page.status_code == 200


def test_today_says_what_is_owed(county: County, client_of: ClientOf) -> None:
    step = supervised(county, late(county)[0])
    with standing_at(LATE + STEP):
        unit = client_of(county.handler).get("/desk/").content.decode()
        actions.answer(step, text="已办", by=county.handler, at=LATE + STEP)
        supervisor = client_of(county.supervisor).get("/desk/").content.decode()

    assert "督办待回复" in unit
    assert "督办回复待认定" in supervisor


def test_the_resident_reads_nothing_of_it(county: County) -> None:
    case = late(county)[0]
    supervised(county, case)

    page = Client().get("/track/", {"ref": case.ref, "code": case_code(case.uuid)}).content.decode()

    assert "请说明" not in page
