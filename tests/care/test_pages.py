"""The pages of care: who sees what, what the table allows, what a form keeps, at which price."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianying.care import actions
from lianying.care.models import Care, Measure
from lianying.care.queries import Tab, care_page, tab_counts
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.common.db import explain
from lianying.desk.queries import waiting
from lianying.households.actions import decline_visits, propose_hardship
from lianying.households.models import Household
from lianying.orgs.scope import Actor
from lianying.rules.care import Exit, Risk
from lianying.rules.hardship import Hardship
from lianying.rules.powers import Role
from tests import make
from tests.care.records import (
    DAY,
    FOUND,
    PLAN,
    SEEN,
    TODAY,
    Place,
    admitted,
    checked,
    checking,
    exited,
    household,
    leaving,
    measure,
    noted,
    refused,
)
from tests.cast import NOON, STEP, person, user_of

ClientOf = Callable[[Any], Client]
LATER = NOON + 9 * STEP
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _later() -> Any:
    with standing_at(LATER):
        yield


def url(care: Care, step: str = "") -> str:
    return f"/desk/care/{care.uuid}/" + (f"{step}/" if step else "")


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def buttons(page: str) -> list[str]:
    """The steps offered, by name."""
    doing = page.partition('id="doing"')[2].partition("</section>")[0]
    return re.findall(r'(?:action|href)="/desk/care/[^/]+/([a-z_]+)/', doing)


def many(place: Place, count: int) -> list[Care]:
    return [admitted(place, of=household(place.county, f"{number}号家")) for number in range(count)]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for care in many(place, count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get("/desk/care/")

    with django_assert_num_queries(9):
        page = browser.get("/desk/care/")

    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_measures_cost_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for care in many(place, count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get("/desk/care/measures/")

    with django_assert_num_queries(7):
        page = browser.get("/desk/care/measures/")

    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 8])
def test_a_record_costs_the_same_however_long_its_story(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    care = admitted(place)
    for _ in range(count):
        measure(place, care)
    browser = client_of(place.head)
    browser.get(url(care))

    with django_assert_num_queries(11):
        page = browser.get(url(care))

    assert len(page.context["measures"]) == count


@pytest.mark.postgresql
def test_ten_thousand_records_cost_two_queries(place: Place, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = admitted(place)
    same = {name: getattr(first, name) for name in ("place_id", "stage", "source", "clue_on", "decide_by")}
    days = {name: getattr(first, name) for name in ("decided_on", "review_on")}
    Care.objects.bulk_create(
        Care(**same, **days, due_on=TODAY + number % 300 * DAY, key_id="none") for number in range(10_000)
    )

    with django_assert_num_queries(2):
        page = care_page(place.head, Tab.OPEN, TODAY)
    with django_assert_num_queries(1):
        counted = tab_counts(place.head, TODAY)
    following = care_page(place.head, Tab.OPEN, TODAY, after=page.next)

    shown = [line.care.pk for line in page.rows + following.rows]
    assert shown == list(Care.objects.order_by("due_on", "id").values_list("pk", flat=True)[:100])
    assert (len(page.rows), counted["open"], counted["reviews"]) == (50, 1000, 0)
    rows = Care.objects.filter(ended_on__isnull=True).order_by("due_on", "id")[:50]
    assert "care_due" in explain(rows)


def test_what_is_due_first_stands_first(place: Place) -> None:
    late = noted(place, at=NOON - 20 * DAY)
    near = noted(place, of=household(place.county, "吴师傅家"), at=NOON - 13 * DAY)
    under = admitted(place, of=household(place.county, "何大姐家"))

    with_one = care_page(place.head, Tab.OPEN, TODAY)
    measure(place, under, days=1)
    with_measure = care_page(place.head, Tab.OPEN, TODAY)

    assert [(line.care, line.waits, line.left) for line in with_one.rows] == [
        (late, "decide", -5),
        (near, "decide", 2),
        (under, "review", 365),
    ]
    assert [(line.waits, line.left) for line in with_measure.rows] == [("decide", -5), ("measure", 1), ("decide", 2)]


def test_lateness_is_said_as_it_is(place: Place, client_of: ClientOf) -> None:
    noted(place, at=NOON - 20 * DAY)
    noted(place, of=household(place.county, "吴师傅家"), at=NOON - 15 * DAY)
    noted(place, of=household(place.county, "何大姐家"), at=NOON - 10 * DAY)

    page = text(client_of(place.keeper), "/desk/care/?tab=check")

    assert re.findall(r'chip (?:late|near|plain)">(认定[^<]+)', page) == [
        "认定已超期 5 天",
        "认定今天到期",
        "认定还剩 5 天",
    ]


@pytest.mark.parametrize(
    ("tab", "builder"),
    [("check", noted), ("check", checking), ("decide", checked), ("decide", leaving), ("care", admitted)],
)
def test_every_stage_has_its_tab(place: Place, client_of: ClientOf, tab: str, builder: Callable[[Place], Care]) -> None:
    builder(place)
    browser = client_of(place.keeper)

    pages = {one: text(browser, f"/desk/care/?tab={one}") for one in ("check", "decide", "care", "reviews", "ended")}

    assert [one for one, page in pages.items() if "周大爷家" in page] == [tab]


@pytest.mark.parametrize("builder", [refused, exited])
def test_what_has_ended_has_its_tab(place: Place, client_of: ClientOf, builder: Callable[[Place], Care]) -> None:
    builder(place)
    browser = client_of(place.keeper)

    assert "周大爷家" in text(browser, "/desk/care/?tab=ended")
    assert "现在没有帮扶中的住户" in text(browser, "/desk/care/?tab=nonsense")


def test_a_review_is_announced_a_month_before(place: Place) -> None:
    admitted(place)

    found = [len(care_page(place.head, Tab.REVIEWS, TODAY + days * DAY).rows) for days in (334, 335, 400)]

    assert found == [0, 1, 1]


def test_another_towns_record_does_not_exist(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    row = measure(place, care)
    stranger = client_of(person("stranger", "方圆", place.county.management, Role.HEAD))

    for path in (url(care), url(care, "review"), f"/desk/care/measures/{row.uuid}/"):
        assert stranger.get(path).status_code == stranger.get(path.replace(str(care.uuid), NOBODYS)).status_code == 404
        assert stranger.post(path).status_code in {404, 405}
    assert stranger.get(f"/desk/care/new/?household={place.household.uuid}").status_code == 404


@pytest.mark.parametrize(
    ("builder", "keeper", "head"),
    [
        (noted, ["take_up"], ["take_up"]),
        (checking, ["check"], ["check"]),
        (checked, ["check"], ["check", "admit", "refuse", "send_back"]),
        (admitted, ["measure", "review", "propose_exit"], ["measure", "review", "propose_exit", "publish"]),
        (leaving, ["propose_exit"], ["propose_exit", "exit", "keep", "publish"]),
        (refused, [], []),
        (exited, [], ["publish"]),
    ],
)
def test_the_buttons_are_the_steps_of_the_table(
    place: Place, client_of: ClientOf, builder: Callable[[Place], Care], keeper: list[str], head: list[str]
) -> None:
    care = builder(place)

    shown = [buttons(text(client_of(one), url(care))) for one in (place.keeper, place.head)]

    assert shown == [keeper, head]


def test_who_checked_reads_why_nothing_is_to_be_done(place: Place, client_of: ClientOf) -> None:
    care = checked(place)
    both = person("both", "高静", place.county.town, Role.HEAD)
    actions.check(care, version=care.version, risk=Risk.WORK, words=FOUND, by=both, at=LATER)

    assert buttons(text(client_of(both), url(care))) == ["check"]
    assert text(client_of(both), url(care, "admit"), 404)


STEPS: list[tuple[Callable[[Place], Care], str, str, dict[str, str], str]] = [
    (noted, "take_up", "keeper", {}, "checking"),
    (checking, "check", "keeper", {"risk": "work", "words": FOUND}, "checked"),
    (checked, "admit", "head", {"words": "同意"}, "under_care"),
    (checked, "refuse", "head", {"reason": "supported", "words": "已有低保"}, "not_admitted"),
    (checked, "send_back", "head", {"words": "再看看"}, "checking"),
    (admitted, "measure", "keeper", {"words": PLAN, "owner": "village", "due_on": "2026-12-01"}, "under_care"),
    (admitted, "review", "keeper", {"words": "还在还款"}, "under_care"),
    (admitted, "propose_exit", "keeper", {"reason": "moved", "words": "已迁走"}, "leaving"),
    (admitted, "publish", "head", {"told": "on"}, "under_care"),
    (leaving, "exit", "head", {}, "exited"),
    (leaving, "keep", "head", {"words": "再看一年"}, "under_care"),
]


@pytest.mark.parametrize(("builder", "step", "who", "sent", "stage"), STEPS)
def test_every_step_is_taken_on_its_page(
    place: Place,
    client_of: ClientOf,
    builder: Callable[[Place], Care],
    step: str,
    who: str,
    sent: dict[str, str],
    stage: str,
) -> None:
    care = builder(place)
    browser = client_of(getattr(place, who))
    text(browser, url(care, step))

    response = browser.post(url(care, step), {"version": str(care.version), **sent})

    care.refresh_from_db()
    assert (response.status_code, care.stage) == (303, stage)
    assert "已记录" in text(browser, response["Location"])


@pytest.mark.parametrize(
    ("builder", "step", "who"), [row[:3] for row in STEPS if row[1] not in {"take_up", "admit", "exit"}]
)
def test_an_empty_form_says_what_is_missing(
    place: Place, client_of: ClientOf, builder: Callable[[Place], Care], step: str, who: str
) -> None:
    care = builder(place)

    response = client_of(getattr(place, who)).post(url(care, step), {"version": str(care.version)})

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()


def test_a_stale_form_keeps_what_was_typed(place: Place, client_of: ClientOf) -> None:
    care = checking(place)
    old = care.version
    actions.check(care, version=old, risk=Risk.WORK, words=FOUND, by=place.head, at=LATER)

    response = client_of(place.keeper).post(
        url(care, "check"), {"version": str(old), "risk": "illness", "words": "写了很久的话"}
    )

    assert response.status_code == 409
    assert "写了很久的话" in response.content.decode()
    assert "有同事更新了这份记录" in response.content.decode()


def test_a_step_that_is_none_or_has_its_own_page_is_not_found(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    browser = client_of(place.head)

    assert [browser.get(url(care, step)).status_code for step in ("nonsense", "finish", "note", "take_up")] == [404] * 4


def test_the_clock_says_why_this_day(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.keeper), url(noted(place)))

    assert "11月27日" in page
    assert "双联双应：防致贫监测，从线索到认定不超过 15 天" in page


def test_a_record_shows_the_household_masked_and_its_story(place: Place, client_of: ClientOf) -> None:
    propose_hardship(place.household, Hardship.MARGINAL, source="名单", by=place.keeper, at=NOON)
    Household.objects.filter(pk=place.household.pk).update(hardship=Hardship.MARGINAL)
    decline_visits(place.household, True, by=place.keeper, at=NOON)
    page = text(client_of(place.head), url(refused(place)))

    assert "周建国" not in page
    for words in ("周大爷家", "周**", SEEN, FOUND, "没有返贫风险", "疾病", "谢绝走访", "低保边缘"):
        assert words in page, words


def test_an_exit_names_its_reason(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.head), url(exited(place)))

    assert "风险稳定消除" in page


def test_an_erased_record_says_so(place: Place, client_of: ClientOf) -> None:
    care = actions.erase(refused(place), by=place.head, at=LATER)

    page = text(client_of(place.head), url(care))

    assert "只留下日期和地点供统计" in page
    assert "周大爷家" not in page
    assert "（已清除）" in text(client_of(place.head), "/desk/care/?tab=ended")


def test_the_request_of_a_clue_is_a_link_for_whom_it_exists(place: Place, client_of: ClientOf) -> None:
    case = make.assigned(place.county, to=place.county.village)
    browser = client_of(place.keeper)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": SEEN, "ref": case.ref.lower()}

    response = browser.post(f"/desk/care/new/?household={place.household.uuid}", sent)
    page = text(browser, response["Location"])

    care = Care.objects.get()
    assert (care.source, care.case, care.clue_on) == ("request", case, TODAY - 2 * DAY)
    assert reverse("case", args=[case.ref]) in page
    Case.objects.filter(pk=case.pk).update(path=place.county.housing.path)
    assert reverse("case", args=[case.ref]) not in text(browser, url(care))


def test_a_request_that_is_not_ones_own_is_none(place: Place, client_of: ClientOf) -> None:
    case = make.assigned(place.county)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": SEEN, "ref": case.ref}

    response = client_of(place.keeper).post(f"/desk/care/new/?household={place.household.uuid}", sent)

    assert response.status_code == 422
    assert "没有这件诉求" in response.content.decode()
    assert SEEN in response.content.decode()


@pytest.mark.parametrize("on", ["2026-11-13", "2024-01-01", ""])
def test_a_clue_of_an_impossible_day_is_not_kept(place: Place, client_of: ClientOf, on: str) -> None:
    sent = {"source": "visit", "on": on, "risk": "illness", "words": SEEN, "ref": ""}

    response = client_of(place.keeper).post(f"/desk/care/new/?household={place.household.uuid}", sent)

    assert (response.status_code, Care.objects.count()) == (422, 0)
    assert SEEN in response.content.decode()


def test_a_second_clue_leads_to_the_open_record(place: Place, client_of: ClientOf) -> None:
    browser = client_of(place.keeper)
    path = f"/desk/care/new/?household={place.household.uuid}"
    assert "线索来源" in text(browser, path)
    care = noted(place)
    sent = {"source": "visit", "on": "2026-11-10", "risk": "illness", "words": "又听说了一些", "ref": ""}

    shown, refusal = text(browser, path), browser.post(path, sent)

    assert url(care) in shown
    assert (refusal.status_code, "又听说了一些" in refusal.content.decode()) == (409, True)


def test_a_household_is_chosen_by_village_and_name(place: Place, client_of: ClientOf) -> None:
    other = household(place.county, "吴师傅家", "吴满仓")
    noted(place, of=other)
    browser = client_of(place.keeper)

    only_place = text(browser, "/desk/care/new/")
    found = browser.post("/desk/care/new/?place=village", {"seek": "满仓"}).content.decode()
    none = browser.post("/desk/care/new/?place=village", {"seek": "赵"}).content.decode()
    empty = browser.post("/desk/care/new/?place=village", {"seek": ""})

    assert re.findall(r"<b>([^<]+家)</b>", only_place) == ["周大爷家", "吴师傅家"]
    assert re.findall(r"<b>([^<]+家)</b>", found) == ["吴师傅家"]
    assert "已有在办记录" in found
    assert "没有登记这样称呼的住户" in none
    assert empty.status_code == 422


def test_the_places_to_choose_from_are_ones_own(place: Place, client_of: ClientOf) -> None:
    town = text(client_of(place.head), "/desk/care/new/?place=nonsense")
    office = text(client_of(place.county.handler), "/desk/care/new/")
    wrong = client_of(place.keeper).get("/desk/care/new/?household=nonsense")

    assert '<option value="village" selected>上柳村</option>' in town
    assert "没有负责的村" in office
    assert wrong.status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_choosing_costs_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        household(place.county, f"{number}号家")
    browser = client_of(place.keeper)
    browser.get("/desk/care/new/")

    with django_assert_num_queries(8):
        browser.get("/desk/care/new/?place=village")


def test_owners_are_the_line_of_the_village_and_the_offices(place: Place, client_of: ClientOf) -> None:
    page = text(client_of(place.keeper), url(admitted(place), "measure"))
    values = re.findall(r'<option value="([^"]+)">', page.partition('name="owner"')[2].partition("</select>")[0])

    assert values == [
        "village/village",
        "town/townhead",
        "root",
        "oversight",
        "management",
        "housing",
        "section",
        "town",
        "village",
    ]


def test_a_measure_is_given_to_a_person_with_a_request(place: Place, client_of: ClientOf) -> None:
    care = admitted(place)
    sent = {"words": PLAN, "owner": "town/townhead", "due_on": "2026-12-01", "request": "请办理临时救助。"}

    client_of(place.keeper).post(url(care, "measure"), {"version": str(care.version), **sent})

    row = Measure.objects.get()
    assert (row.user, row.unit, row.case) == (user_of(place.head), place.county.town, Case.objects.get())
    page = text(client_of(place.keeper), url(care))
    assert Case.objects.get().ref in page
    assert "向楠" in page


@pytest.mark.parametrize("due_on", ["2026-11-11", "2028-01-01"])
def test_a_measure_of_an_impossible_day_is_not_kept(place: Place, client_of: ClientOf, due_on: str) -> None:
    care = admitted(place)
    sent = {"version": str(care.version), "words": PLAN, "owner": "village", "due_on": due_on}

    response = client_of(place.keeper).post(url(care, "measure"), sent)

    assert (response.status_code, Measure.objects.count()) == (422, 0)
    assert PLAN in response.content.decode()


def test_an_office_sees_its_measure_and_nothing_of_what_was_found(place: Place, client_of: ClientOf) -> None:
    row = measure(place, admitted(place), unit=place.county.management)
    measure(place, row.care)
    office = client_of(place.county.handler)
    path = f"/desk/care/measures/{row.uuid}/"

    led = office.get("/desk/care/")
    listed, shown = text(office, led["Location"]), text(office, path)
    empty = office.post(path, {"is_done": "done", "words": ""})
    ended = office.post(path, {"is_done": "done", "words": "钱已到账"})
    again = office.post(path, {"is_done": "done", "words": "又写一遍"})

    assert led["Location"] == "/desk/care/measures/"
    assert listed.count("周大爷家") == 1
    assert (PLAN in shown, FOUND in shown, SEEN in shown) == (True, False, False)
    assert (empty.status_code, ended.status_code, again.status_code) == (422, 303, 409)
    assert ended["Location"] == "/desk/care/measures/"
    assert "又写一遍" in again.content.decode()
    assert "已落实" in text(office, path)
    assert "没有要落实的措施" in text(office, "/desk/care/measures/")


def test_who_looks_after_the_place_ends_a_measure_and_sees_whose_it_is(place: Place, client_of: ClientOf) -> None:
    row = measure(place, admitted(place), unit=place.county.management)
    browser = client_of(place.keeper)

    mine = text(browser, "/desk/care/measures/?of=own")
    every = text(browser, "/desk/care/measures/")
    sent = browser.post(f"/desk/care/measures/{row.uuid}/", {"is_done": "dropped", "words": "已自己解决"})

    assert (PLAN in mine, PLAN in every) == (False, True)
    assert sent["Location"] == f"{url(row.care)}?done=finish"
    page = text(browser, sent["Location"])
    assert "不再需要" in page
    assert "已自己解决" in page


def tasks(actor: Actor, days: int = 0) -> dict[str, int]:
    found = waiting(actor, LATER + days * DAY)
    return {task.value: count for task, count in found.items() if count and task.value.startswith("care")}


def test_today_counts_what_waits(place: Place) -> None:
    noted(place)
    checked(place, of=household(place.county, "吴师傅家"))
    under = admitted(place, of=household(place.county, "何大姐家"))
    measure(place, under, unit=place.county.management, days=10)

    assert tasks(place.keeper) == {"care_check": 1}
    assert tasks(place.head) == {"care_check": 1, "care_decide": 1}
    assert tasks(place.county.handler) == {"care_measures": 1}
    assert tasks(place.county.handler, days=11) == {"care_measures_late": 1}
    assert tasks(place.keeper, days=340) == {"care_measures_late": 1, "care_check": 1, "care_reviews": 1}
    assert tasks(place.county.neighbour, days=340) == {}


def test_today_does_not_offer_what_one_found_oneself(place: Place) -> None:
    care = admitted(place)
    actions.propose_exit(care, version=care.version, reason=Exit.MOVED, words="已迁走", by=place.head, at=LATER)

    assert tasks(place.head) == {}


def test_supervisors_see_counts_by_place_and_no_names(place: Place, client_of: ClientOf) -> None:
    noted(place, at=NOON - 30 * DAY)
    care = admitted(place, of=household(place.county, "吴师傅家"))
    measure(place, care, days=0)
    measure(place, care, days=0)
    refused(place, of=household(place.county, "何大姐家"))
    supervisor = client_of(place.county.supervisor)

    led = supervisor.get("/desk/care/")
    with standing_at(NOON + 2 * DAY):
        page = text(supervisor, led["Location"])
        town = text(client_of(place.head), "/desk/care/counts/")

    def rows(page: str) -> list[list[str]]:
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        found = [re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row) for row in body.split("</tr>")]
        return [row for row in found if row]

    assert rows(page) == [["柳溪镇", "1", "—", "1", "1", "2", "—"]]
    assert rows(town) == [["上柳村", "1", "—", "1", "1", "2", "—"]]
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["2", "2", "1", "0"]
    assert "家</a>" not in page + town
    assert "吴师傅" not in page + town


@pytest.mark.parametrize("count", [1, 30])
def test_counts_cost_the_same_for_many(
    place: Place, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(place, count)
    browser = client_of(place.county.supervisor)
    browser.get("/desk/care/counts/")

    with django_assert_num_queries(8):
        browser.get("/desk/care/counts/")


def test_nothing_open_says_so(place: Place, client_of: ClientOf) -> None:
    assert "现在没有在办的" in text(client_of(place.county.supervisor), "/desk/care/counts/")
    assert "没有待核实的线索" in text(client_of(place.keeper), "/desk/care/?tab=check")


def published(place: Place, builder: Callable[..., Care], called: str = "周大爷家", name: str = "周建国") -> Care:
    care = builder(place, of=household(place.county, called, name, phone="13812348263"))
    return actions.publish(care, version=care.version, by=place.head, at=LATER)


def test_the_public_list_names_village_masked_name_and_day_alone(place: Place, client_of: ClientOf) -> None:
    published(place, admitted)
    published(place, exited, "吴师傅家", "")
    admitted(place, of=household(place.county, "何大姐家", "何小满"))

    page = text(Client(), "/care/")

    assert "11月12日" in page
    assert ("上柳村" in page, "周**" in page, "吴**" in page) == (True, True, True)
    assert ("纳入帮扶" in page, "退出帮扶" in page) == (True, True)
    for word in ("周建国", "周大爷", "吴师傅", "何", "138", "8263", SEEN, FOUND, "疾病", "风险稳定消除"):
        assert word not in page, word


def test_the_public_list_is_narrowed_to_a_village_and_lapses(place: Place) -> None:
    published(place, admitted)

    here, elsewhere = text(Client(), "/care/?place=village"), text(Client(), "/care/?place=town")
    with standing_at(NOON + 6 * DAY):
        last = text(Client(), "/care/")
    with standing_at(NOON + 7 * DAY):
        after = text(Client(), "/care/")

    assert ["周**" in page for page in (here, elsewhere, last, after)] == [True, False, True, False]
    assert "目前没有公示的住户" in after


@pytest.mark.parametrize("count", [1, 30])
def test_the_public_list_costs_the_same_for_many(
    place: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        published(place, admitted, f"{number}号家")

    with django_assert_num_queries(2):
        Client().get("/care/")


def test_the_record_says_that_it_stands_on_the_list(place: Place, client_of: ClientOf) -> None:
    care = published(place, admitted)
    page = text(client_of(place.head), url(care))

    response = client_of(place.head).post(url(care, "unpublish"), {"version": str(care.version)})

    assert "/care/?place=village" in page
    assert "unpublish" in buttons(page)
    assert response.status_code == 303
    assert "周**" not in text(Client(), "/care/")
