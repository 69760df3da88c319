"""The pages of goals: who sets them, links rows, enters figures, plans tasks, and at which price."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.common.clock import standing_at
from lianying.reviews import actions
from lianying.reviews.actions import TaskCard
from lianying.reviews.models import Figure, Goal, GoalRow, Task
from lianying.reviews.queries.lines import key_of
from lianying.rules.programmes import Counting, RowKind
from tests import make
from tests.cast import NOON, STEP, County
from tests.reviews.conftest import TODAY, Linked, Reviewed, entered, goal, solved, visited

ClientOf = Callable[[Any], Client]
LATER = NOON + 20 * STEP


@pytest.fixture(autouse=True)
def _at(at_noon: None) -> None:
    """The program's clock stands at noon where a test does not say otherwise."""


GOAL = {
    "line": "grids",
    "field": "village",
    "unit": "town",
    "year": "2026",
    "words": "修好三座泵站",
    "target": "3",
    "noun": "座",
    "counting": "rows",
}


def test_a_goal_is_set_by_whoever_stands_above(reviewed: Reviewed, client_of: ClientOf) -> None:
    browser = client_of(reviewed.county.supervisor)

    form = browser.get("/desk/programmes/goals/new/?line=grids").context["form"]
    empty = browser.post("/desk/programmes/goals/new/", GOAL | {"words": "", "target": "0"})
    number = browser.post("/desk/programmes/goals/new/", GOAL | {"words": "打 13812348263"})
    sent = browser.post("/desk/programmes/goals/new/", GOAL)

    assert form.initial == {"line": "grids", "year": "2026"}
    assert (empty.status_code, number.status_code, sent.status_code) == (422, 422, 303)
    assert "13812348263" in number.content.decode()
    assert "3 座" in browser.get(sent["Location"]).content.decode()
    assert client_of(reviewed.mayor).post("/desk/programmes/goals/new/", GOAL).status_code == 422


def test_lines_and_their_goals(reviewed: Reviewed, client_of: ClientOf) -> None:
    county = reviewed.county
    one = goal(reviewed, target=1)
    goal(reviewed, line="grids", unit=county.town)
    actions.link_rows(one, [entered(county)], by=county.handler, at=NOON)
    browser = client_of(county.supervisor)

    whole = browser.get("/desk/programmes/")
    none = browser.get("/desk/programmes/?year=2027&field=nothing&unit=nowhere")
    income = browser.get("/desk/programmes/income/?unit=management&field=city")
    empty = browser.get("/desk/programmes/classrooms/?field=village").content.decode()
    bare = browser.get("/desk/programmes/classrooms/").content.decode()

    assert [(one.goals, one.met) for one in whole.context["counts"]] == [(0, 0), (0, 0), (1, 1), (1, 0), (0, 0)]
    assert sum(one.goals for one in none.context["counts"]) == 0
    assert "已达成" in income.content.decode()
    assert ("没有符合这些条件的目标" in empty, "这条线下还没有目标" in bare) == (True, True)
    assert browser.get("/desk/programmes/sixth/").status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_goals_cost_the_same_for_many(
    reviewed: Reviewed, client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    county = reviewed.county
    for _ in range(count):
        one = goal(reviewed)
        actions.link_rows(one, [entered(county)], by=county.handler, at=NOON)
        actions.set_task(one, TaskCard(county.section, "办招聘会", TODAY), by=county.head, at=NOON)
    browser = client_of(county.supervisor)
    browser.get("/desk/programmes/")

    with django_assert_num_queries(9):
        browser.get("/desk/programmes/")
    with django_assert_num_queries(10):
        browser.get("/desk/programmes/income/")


def test_twenty_goals_a_page(reviewed: Reviewed, client_of: ClientOf) -> None:
    for _ in range(21):
        goal(reviewed)
    browser = client_of(reviewed.county.supervisor)

    first = browser.get("/desk/programmes/income/").context["page"]
    second = browser.get(f"/desk/programmes/income/?after={first.next}")

    assert (len(first.rows), len(second.context["shown"]), second.context["page"].next) == (20, 1, "")


def test_a_figure_is_entered_and_a_stale_one_kept(reviewed: Reviewed, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed, counting=Counting.FIGURE)
    browser, place = client_of(county.handler), f"/desk/programmes/goals/{one.uuid}/"
    given = {"do": "figure", "version": "1", "value": "4", "on": "2026-11-12", "source": "台账第 3 页"}

    empty = browser.post(place, given | {"source": ""})
    sent = browser.post(place, given)
    stale = browser.post(place, given | {"source": "我写的出处"})
    page = browser.get(place)

    assert (empty.status_code, sent.status_code, stale.status_code) == (422, 303, 409)
    assert "我写的出处" in stale.content.decode()
    assert ("4 / 10 人" in page.content.decode(), Figure.objects.count()) == (True, 1)
    assert set(page.context["forms"]) == {"figure"}


def test_a_request_is_linked_and_taken_out(reviewed: Reviewed, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed)
    case = solved(county)
    browser, place = client_of(county.handler), f"/desk/programmes/goals/{one.uuid}/"
    with standing_at(LATER):
        wrong = browser.post(place, {"do": "link", "ref": "NH-20200101-0001"})
        sent = browser.post(place, {"do": "link", "ref": f" {case.ref.lower()} "})
        shown = browser.get(place)
        out = browser.post(place, {"do": "unlink", "row": key_of(RowKind.CASE, case.ref)})
        again = browser.post(place, {"do": "unlink", "row": key_of(RowKind.CASE, case.ref)})
        nothing = browser.post(place, {"do": "burn"})

    assert [one.status_code for one in (wrong, sent, out, again, nothing)] == [422, 303, 303, 404, 404]
    assert (case.ref in shown.content.decode(), GoalRow.objects.count()) == (True, 0)


def test_rows_of_the_year_are_chosen(reviewed: Reviewed, linked: Linked, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed)
    result, visit = entered(county), visited(linked)
    browser, place = client_of(county.handler), f"/desk/programmes/goals/{one.uuid}/rows/"

    visits = browser.get(place)
    jobs = browser.get(f"{place}?kind=job&part=ledger")
    keys = [line.key for page in (visits, jobs) for line, _linked in page.context["lines"]]
    sent = browser.post(place, {"row": keys})
    after = browser.get(f"{place}?kind=job")

    assert keys == [key_of(RowKind.VISIT, visit.uuid), key_of(RowKind.RESULT, result.uuid)]
    assert sent["Location"].endswith("?linked=2")
    assert "已关联 2 条" in browser.get(sent["Location"]).content.decode()
    assert [is_linked for _line, is_linked in after.context["lines"]] == [True]
    assert "关联选中的" not in after.content.decode()
    assert browser.get(f"{place}?kind=industry").status_code == 200


def test_rows_are_chosen_only_where_rows_are_counted(reviewed: Reviewed, client_of: ClientOf) -> None:
    county = reviewed.county
    figure, rows = goal(reviewed, counting=Counting.FIGURE), goal(reviewed, unit=county.root)

    assert [
        client_of(county.handler).get(f"/desk/programmes/goals/{one.uuid}/rows/").status_code for one in (figure, rows)
    ] == [404, 404]
    assert client_of(county.supervisor).get(f"/desk/programmes/goals/{rows.uuid}/rows/").status_code == 200


def test_whoever_is_below_sees_how_far_it_is_and_not_what_is_counted(reviewed: Reviewed, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed, unit=reviewed.county.root)
    case = make.handling(county)
    actions.link_rows(one, [case], by=county.supervisor, at=NOON)
    place = f"/desk/programmes/goals/{one.uuid}/"

    below = client_of(county.neighbour).get(place)
    above = client_of(county.supervisor).get(place)

    assert (case.ref in below.content.decode(), case.ref in above.content.decode()) == (False, True)
    assert "计数的记录只给本单位和上级看" in below.content.decode()
    assert (below.context["forms"], client_of(county.neighbour).get(f"{place}history/").status_code) == ({}, 404)
    history = client_of(county.supervisor).get(f"{place}history/").context["history"]
    assert [(one.by, words) for one, words in history] == [("韩正", "关联了一条记录"), ("邓远", "定下目标：10")]


def test_a_goal_is_changed_and_given_up(reviewed: Reviewed, client_of: ClientOf) -> None:
    one = goal(reviewed)
    browser, place = client_of(reviewed.governor), f"/desk/programmes/goals/{one.uuid}/"
    words = {"words": "帮十二个人找到工作", "target": "12", "noun": "人"}

    changed = browser.post(place, {"do": "change", "version": "1", **words})
    stale = browser.post(place, {"do": "change", "version": "1", **words, "target": "13"})
    unsaid = browser.post(place, {"do": "give_up", "version": "2", "why": ""})
    gone = browser.post(place, {"do": "give_up", "version": "2", "why": "并入另一个目标"})
    page = browser.get(place)

    assert [one.status_code for one in (changed, stale, unsaid, gone)] == [303, 409, 422, 303]
    assert 'value="13"' in stale.content.decode()
    assert ("并入另一个目标" in page.content.decode(), page.context["forms"]) == (True, {})
    assert "目标数由 10 改为 12" in browser.get(f"{place}history/").content.decode()


def test_tasks_are_planned_done_and_opened_again(reviewed: Reviewed, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed)
    head, place = client_of(county.head), f"/desk/programmes/goals/{one.uuid}/"
    given = {"words": "办招聘会", "unit": "section", "due_on": "2026-11-20"}
    empty = head.post(place, {"do": "task", **given, "words": ""})
    planned = head.post(place, {"do": "task", **given})
    step = f"/desk/programmes/tasks/{Task.objects.get().uuid}/"
    section = client_of(county.section_handler)
    done = {"do": "done", "done_on": "2026-11-12", "evidence": "签到表"}

    shown = section.get(place)
    unsaid = section.post(step, done | {"evidence": ""})
    ahead = section.post(step, done | {"done_on": "2026-11-13"})
    answers = [
        head.post(step, {"do": "change", **given, "words": "办两场招聘会"}),
        head.post(step, {"do": "change", **given, "unit": ""}),
        section.post(step, done),
        section.post(step, done),
        section.post(step, {"do": "reopen"}),
        section.post(step, {"do": "drop"}),
        head.post(step, {"do": "drop"}),
        head.post(step, {"do": "burn"}),
    ]

    assert (empty.status_code, planned.status_code, unsaid.status_code, ahead.status_code) == (422, 303, 422, 422)
    assert ("记录已办完" in shown.content.decode(), "修改任务" in shown.content.decode()) == (True, False)
    assert "签到表" in ahead.content.decode()
    assert [one.status_code for one in answers] == [303, 422, 303, 409, 303, 403, 303, 404]
    assert client_of(county.neighbour).post(step, {"do": "drop"}).status_code == 404


def test_what_was_typed_is_shown_where_its_form_is_gone(reviewed: Reviewed, client_of: ClientOf) -> None:
    county = reviewed.county
    figure, one = goal(reviewed, counting=Counting.FIGURE), goal(reviewed)
    task = actions.set_task(one, TaskCard(county.management, "办招聘会", TODAY), by=county.head, at=NOON)
    actions.give_up(figure, version=1, why="不办了", by=reviewed.governor, at=NOON)
    actions.drop_task(task, by=county.head, at=NOON)
    browser = client_of(county.handler)
    entered_late = {"do": "figure", "version": "2", "value": "4", "on": "2026-11-12", "source": "台账第 3 页"}
    done_late = {"do": "done", "done_on": "2026-11-12", "evidence": "签到表第 9 页"}

    pages = [
        browser.post(f"/desk/programmes/goals/{figure.uuid}/", entered_late),
        browser.post(f"/desk/programmes/tasks/{task.uuid}/", done_late),
    ]

    assert [page.status_code for page in pages] == [409, 409]
    assert ["这个目标已经撤销" in pages[0].content.decode(), "台账第 3 页" in pages[0].content.decode()] == [True, True]
    assert ["请重新看一眼" in pages[1].content.decode(), "签到表第 9 页" in pages[1].content.decode()] == [True, True]


def test_the_tasks_of_a_neighbour_are_not_shown(reviewed: Reviewed, client_of: ClientOf) -> None:
    county, one = reviewed.county, goal(reviewed, unit=reviewed.county.root)
    for unit in (county.housing, county.management):
        actions.set_task(one, TaskCard(unit, f"办招聘会：{unit.name}", TODAY), by=reviewed.governor, at=NOON)

    shown = client_of(county.handler).get(f"/desk/programmes/goals/{one.uuid}/").context["tasks"]

    assert [task.task.unit for task in shown] == [county.management]


def test_the_page_of_a_goal_costs_the_same_for_many(
    reviewed: Reviewed, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    county, one = reviewed.county, goal(reviewed)
    browser, place = client_of(county.head), f"/desk/programmes/goals/{one.uuid}/"
    for count in (1, 19):
        for _ in range(count):
            actions.link_rows(one, [entered(county)], by=county.handler, at=NOON)
            actions.set_task(one, TaskCard(county.section, "办招聘会", TODAY), by=county.head, at=NOON)
        browser.get(place)

        with django_assert_num_queries(11):
            browser.get(place)


def test_the_operator_names_the_lines(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)

    empty = browser.post("/desk/settings/programmes/", {"line": "grids", "name": "", "purpose": "楼上楼下"})
    sent = browser.post("/desk/settings/programmes/", {"line": "grids", "name": "红色楼栋", "purpose": "楼上楼下"})
    shown = browser.get(sent["Location"]).content.decode()

    assert (empty.status_code, "楼上楼下" in empty.content.decode(), sent.status_code) == (422, True, 303)
    assert "已保存：红色楼栋" in shown
    assert browser.post("/desk/settings/programmes/", {"line": "sixth", "name": "x"}).status_code == 404
    assert "红色楼栋" in client_of(county.supervisor).get("/desk/programmes/").content.decode()


def test_lines_are_english_for_whoever_reads_english(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.supervisor)
    browser.post("/display/", {"language": "en", "next": "/desk/programmes/"})

    html = browser.get("/desk/programmes/").content.decode()

    assert "Shared income" in html


def test_a_goal_elsewhere_is_not_there(reviewed: Reviewed, client_of: ClientOf) -> None:
    one = goal(reviewed)
    browser = client_of(reviewed.county.neighbour)

    assert [
        browser.get(f"/desk/programmes/goals/{one.uuid}/").status_code,
        browser.get(f"/desk/programmes/goals/{one.uuid}/rows/").status_code,
        browser.post(f"/desk/programmes/goals/{one.uuid}/", {"do": "link"}).status_code,
        browser.post(f"/desk/programmes/tasks/{one.uuid}/", {"do": "drop"}).status_code,
    ] == [404] * 4
    assert Goal.objects.count() == 1
