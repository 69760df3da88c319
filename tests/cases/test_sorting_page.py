"""Sorting: the queue, the request, the decision."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.models import Case
from lianying.cases.queries.sorting import Habits, habits
from lianying.common.clock import standing_at
from lianying.common.refusals import WORDS
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind, Urgency
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import NOON, STEP, County

Browser = Callable[[Actor], Client]
AT = NOON + timedelta(hours=5)
SORTED = {"kind": "help", "urgency": "ordinary"}


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    cache.clear()
    with standing_at(AT):
        yield
    cache.clear()


def queue_of(html: str) -> list[str]:
    listed = html.split('class="queue"')[1].split("</ul>", maxsplit=1)[0]
    return re.findall(r'at=([A-Z]+-\d+-\d+)(?:&amp;after=[^"]*)?"', listed)


def current(html: str) -> str:
    found = re.search(r'at=([A-Z]+-\d+-\d+)[^>]*aria-current="true"', html)
    return found[1] if found else ""


def send(browser: Client, case: Case, move: str, queue: str = "", **data: Any) -> HttpResponse:
    return browser.post(f"/desk/sort/{case.ref}/{move}/?queue={queue}", {"version": case.version, **data})  # type: ignore[return-value]


def test_queue_is_ordered_by_what_is_due(county: County, client_of: Browser) -> None:
    ordinary = make.heard(county, at=NOON - timedelta(minutes=5))
    urgent = make.heard(county, urgency=Urgency.URGENT)
    make.assigned(county)

    html = client_of(county.clerk).get("/desk/sort/").content.decode()

    assert (queue_of(html), current(html)) == ([urgent.ref, ordinary.ref], urgent.ref)


def test_assign_goes_on_to_the_next(county: County, client_of: Browser) -> None:
    first, second, third = (make.heard(county, at=NOON + n * STEP) for n in range(3))
    browser = client_of(county.clerk)

    response = send(browser, second, "assign", **SORTED, category="0109", to="management", assisting=["housing"])
    html = browser.get(response["Location"]).content.decode()

    second.refresh_from_db()
    assert (response.status_code, second.state, second.unit, second.category) == (
        303,
        State.ASSIGNED,
        county.management,
        "0109",
    )
    assert (queue_of(html), current(html), second.ref in html) == ([first.ref, third.ref], third.ref, True)


def test_answer_beside_it_is_not_asked_for_when_assigning(county: County, client_of: Browser) -> None:
    make.heard(county)

    html = client_of(county.clerk).get("/desk/sort/").content.decode()
    decide = html.split('id="decide"')[1].split("</form>", maxsplit=1)[0]

    assert ('name="text"' in decide, " required" in decide) == (True, False)


def test_what_is_chosen_from_the_whole_list_counts(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    data = SORTED | {"category": "0109", "category_all": "0201", "to": "management", "to_all": "housing"}

    send(client_of(county.clerk), case, "assign", **data)

    case.refresh_from_db()
    assert (case.category, case.unit) == ("0201", county.housing)


@pytest.mark.parametrize(
    ("move", "data", "state"),
    [
        ("answer_now", SORTED | {"text": "请到一楼办理", "told": "on"}, State.ANSWERED),
        ("decline", {"reason": "outside_duty", "text": "请找消费者协会"}, State.DECLINED),
    ],
)
def test_the_other_decisions_are_made_here_too(
    county: County, client_of: Browser, move: str, data: dict[str, str], state: State
) -> None:
    case = make.heard(county)

    response = send(client_of(county.clerk), case, move, **data)

    case.refresh_from_db()
    assert (response.status_code, case.state) == (303, state)
    assert response["Location"] == f"/desk/sort/?done={move}&did={case.ref}"


def test_earlier_requests_of_the_telephone_and_the_place_are_shown(county: County, client_of: Browser) -> None:
    closed = make.closed(county, at=NOON - timedelta(days=30))
    near = make.assigned(county, phone="", address="人民路 8 号")
    make.assigned(county, phone="13900001111", address="别处", text="幼儿园何时报名？")
    make.report(county, address="人民路 8 号")
    case = make.heard(county, address="人民路 8 号")

    html = client_of(county.clerk).get(f"/desk/sort/?at={case.ref}").content.decode()
    told = html.split('id="request"')[1].split("</table>")[0]

    assert [ref for ref in (closed.ref, near.ref) if ref in told] == [closed.ref, near.ref]
    assert len(re.findall(r"<tr>\s*<td>", told)) == 2
    assert re.findall(r'name="main" value="([^"]+)"', told) == [near.ref]


def test_merge_with_one_button(county: County, client_of: Browser) -> None:
    main, case = make.assigned(county), make.heard(county)

    response = send(client_of(county.clerk), case, "merge", main=main.ref)

    case.refresh_from_db()
    assert (response.status_code, case.main) == (303, main)


def test_dispute_is_decided_in_its_queue(county: County, client_of: Browser) -> None:
    first, second = make.disputed(county), make.disputed(county, at=NOON + STEP)
    browser = client_of(county.clerk)

    shown = browser.get("/desk/sort/?queue=disputed").content.decode()
    response = send(browser, first, "uphold", queue="disputed", reason="有道理")
    wordless = send(browser, second, "dismiss", queue="disputed", reason="")

    first.refresh_from_db()
    assert ("住房和城乡建设局" in shown, "属住建局职责" in shown) == (True, True)
    assert (first.state, response["Location"]) == (
        State.HEARD,
        f"/desk/sort/?queue=disputed&at={second.ref}&done=uphold&did={first.ref}",
    )
    assert wordless.status_code == 422


def test_old_requests_have_a_queue_of_their_own(county: County, client_of: Browser) -> None:
    old, new = make.heard(county), make.heard(county)
    Case.objects.filter(pk=old.pk).update(stage_due_at=None, due_at=None, promise={}, clock_from=None)
    browser = client_of(county.clerk)

    pages = [browser.get(url).content.decode() for url in ("/desk/sort/", "/desk/sort/?queue=old")]
    send(browser, old, "assign", queue="old", **SORTED, to="management")

    assert [queue_of(html) for html in pages] == [[new.ref], [old.ref]]
    old.refresh_from_db()
    assert (old.state, old.due_at is not None) == (State.ASSIGNED, True)


def test_stale_decision_shows_what_is_new(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    actions.note(case, text="群众补充：是三号楼", by=county.second_clerk, at=NOON + STEP)

    response = send(client_of(county.clerk), case, "assign", **SORTED, to="housing", category="0109")

    html = response.content.decode()
    assert response.status_code == 409
    assert html.count("群众补充：是三号楼") == 2  # among what is new, and beside the request
    assert re.search(r'value="housing" selected', html)
    assert re.search(r'value="0109" selected', html)


def test_decision_without_a_unit_keeps_what_was_chosen(county: County, client_of: Browser) -> None:
    case = make.heard(county)

    response = send(client_of(county.clerk), case, "assign", kind="help", urgency="urgent", category="0109", to="")

    html = response.content.decode()
    assert (response.status_code, 'value="urgent" selected' in html) == (422, True)


def test_colleague_was_quicker(county: County, client_of: Browser) -> None:
    case = make.assigned(county)
    waiting = make.heard(county)
    browser = client_of(county.clerk)

    shown = browser.get(f"/desk/sort/?at={case.ref}")
    sent = send(browser, case, "decline", reason="outside_duty", text="写好的说明")

    assert (shown.status_code, sent.status_code, "写好的说明" in sent.content.decode()) == (200, 409, True)
    assert queue_of(shown.content.decode()) == [waiting.ref]


def test_new_ones_arrive_in_the_queue_alone(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    browser = client_of(county.clerk)
    browser.get(f"/desk/sort/?at={case.ref}")
    newer = make.heard(county, urgency=Urgency.URGENT)

    html = browser.get(f"/desk/sort/queue/?queue=new&at={case.ref}").content.decode()

    assert (queue_of(html), current(html), "<form" in html) == ([newer.ref, case.ref], case.ref, False)


def test_habits_are_the_countys_own(county: County) -> None:
    for category, unit, times in (
        ("0109", county.management, 2),
        ("0201", county.housing, 1),
        ("0109", county.housing, 1),
    ):
        for _ in range(times):
            case = make.heard(county)
            sorting = Sorting(category=category)
            actions.assign(case, version=case.version, to=unit, sorting=sorting, by=county.clerk, at=NOON + STEP)
    make.heard(county, category="0301")  # counted, but no unit has it yet

    found = habits(AT)

    assert found == Habits(
        categories=(("0109", 3), ("0201", 1), ("0301", 1)),
        units={
            "": ("housing", "management"),
            "01": ("management", "housing"),
            "0109": ("management", "housing"),
            "02": ("housing",),
            "0201": ("housing",),
        },
    )
    assert found.unit_codes("0201") == ["housing", "management"]


def test_promise_follows_kind_and_urgency(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    browser = client_of(county.clerk)
    ways = [("help", "ordinary"), ("consult", "ordinary"), ("help", "urgent")]

    pages = [
        browser.get(f"/desk/sort/{case.ref}/choices/?category=0109&kind={kind}&urgency={urgency}&to=housing")
        for kind, urgency in ways
    ]

    days = [re.search(r'datetime="([^"]+)"', response.content.decode()) for response in pages]
    assert [found and found[1] for found in days] == [
        "2026-11-26T17:30:00+08:00",
        "2026-11-17T17:30:00+08:00",
        "2026-11-13T12:00:00+08:00",
    ]
    assert all('value="housing" selected' in response.content.decode() for response in pages)
    assert timezone.localtime(Case.objects.get(pk=case.pk).due_at).day == 26


@pytest.mark.parametrize("accused", ["", "section", "*none"])
def test_report_asks_who_is_reported_first(county: County, client_of: Browser, accused: str) -> None:
    case = make.heard(county)
    query = f"kind=report&accused={accused}"

    html = client_of(county.clerk).get(f"/desk/sort/{case.ref}/choices/?{query}").content.decode()

    offered = html.split('name="accused"')[1].split("</select>")[0]
    assert re.findall(r'value="([^"]*)" selected', offered) == [accused]
    assert 'value="*none"' in offered


def test_other_kinds_are_not_asked_who_is_reported(county: County, client_of: Browser) -> None:
    case = make.heard(county)

    html = client_of(county.clerk).get(f"/desk/sort/{case.ref}/choices/?kind=help").content.decode()

    assert 'name="accused"' not in html


def test_report_is_sorted_in_one_step(county: County, client_of: Browser) -> None:
    case = make.heard(county)
    browser = client_of(county.clerk)
    data = {"kind": "report", "urgency": "ordinary", "to": "housing"}

    unsaid = send(browser, case, "assign", **data)
    said = send(browser, case, "assign", **data, accused="section")

    case.refresh_from_db()
    html = unsaid.content.decode()
    assert (unsaid.status_code, said.status_code, case.accused) == (422, 303, county.section)
    assert 'aria-describedby="accused-hint accused-error"' in html
    assert str(WORDS["accused_unsaid"].text) in html


@pytest.mark.parametrize("rest", ["", "queue/", "REF/choices/", "REF/assign/"])
def test_sorting_is_for_the_desk(county: County, client_of: Browser, rest: str) -> None:
    case = make.heard(county)

    response = client_of(county.handler).get(f"/desk/sort/{rest.replace('REF', case.ref)}")

    assert response.status_code == 403


@pytest.mark.parametrize("url", ["/desk/sort/?at=NH-1", "/desk/sort/NH-1/choices/", "/desk/sort/NH-1/assign/"])
def test_sorting_of_nothing_is_not_found(county: County, client_of: Browser, url: str) -> None:
    browser = client_of(county.clerk)

    response = browser.post(url) if url.endswith("assign/") else browser.get(url)

    assert response.status_code == 404


@pytest.mark.parametrize("many", [1, 19])
def test_sorting_costs_the_same_with_one_and_with_many(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        make.heard(county, at=NOON + number * STEP, address="人民路 8 号")
    browser = client_of(county.clerk)
    browser.get("/desk/sort/")

    with django_assert_num_queries(12):
        browser.get("/desk/sort/")


def test_report_stays_alone(county: County, client_of: Browser) -> None:
    case = make.report(county)
    main = make.assigned(county)

    response = send(client_of(county.clerk), case, "merge", main=main.ref)

    assert (response.status_code, Case.objects.get(pk=case.pk).kind) == (409, CaseKind.REPORT)
