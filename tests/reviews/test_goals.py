"""Goals: who sets them, what counts towards them, and their tasks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.models import Case
from lianying.orgs.scope import Actor
from lianying.reviews import actions
from lianying.reviews.actions import TaskCard
from lianying.reviews.models import Figure, Goal, GoalRow, Programme, Task
from lianying.reviews.queries.lines import linked_line
from lianying.reviews.queries.programmes import (
    LineCount,
    Named,
    Narrowed,
    goals_page,
    history_of,
    line_counts,
    lines,
    linked_keys,
    linked_page,
    linked_thing,
    progress_of,
    readable,
    things_of,
)
from lianying.rules.kinds import CaseKind, Solved
from lianying.rules.programmes import Counting, Field, Progress, TaskStanding
from lianying.rules.refusals import Refused
from lianying.visits.actions import correct_visit
from tests import make
from tests.cast import NOON, STEP
from tests.reviews.conftest import (
    TODAY,
    Linked,
    Reviewed,
    entered,
    goal,
    note,
    noted,
    silent,
    solved,
    visited,
)
from tests.visits.test_actions import visit as visit_card

pytestmark = pytest.mark.postgresql
DAY = timedelta(days=1)


def refusal(action: Callable[..., object], *arguments: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*arguments, **given)
    return caught.value.code


def progress(one: Goal) -> int:
    return progress_of([one])[one.pk].done


def happened(one: Goal) -> list[str]:
    rows = Event.objects.filter(stream=f"goal:{one.uuid}").order_by("seq").values_list("kind", flat=True)
    return [kind.partition(".")[2] for kind in rows]


def figure(one: Goal, value: int, *, by: Actor, on: date = TODAY, version: int | None = None) -> Figure:
    return actions.enter_figure(
        one, version=version or one.version, value=value, on=on, source="台账第 3 页", by=by, at=NOON
    )


def whys(one: Goal) -> list[str]:
    return [linked_line(row, linked).why for row, linked in linked_page(one, "").rows]


def test_whoever_stands_above_sets_a_goal(reviewed: Reviewed) -> None:
    county = reviewed.county

    assert goal(reviewed).by_id == reviewed.governor.user_id
    assert actions.set_goal(card(county.village), by=reviewed.mayor, at=NOON).unit == county.village
    assert actions.set_goal(card(county.root), by=county.supervisor, at=NOON).unit == county.root
    refused = [(county.head, county.management), (reviewed.mayor, county.town), (county.handler, county.section)]
    assert [refusal(actions.set_goal, card(unit), by=by, at=NOON) for by, unit in refused] == ["not_yours"] * 3


def card(unit: Any, **changed: object) -> actions.GoalCard:
    given = {"line": "grids", "field": Field.VILLAGE, "year": 2026, "words": "修好三座泵站", "target": 3}
    return actions.GoalCard(**({"unit": unit, "counting": Counting.ROWS} | given | changed))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"line": "sixth"}, "goal_line"),
        ({"year": 2025}, "goal_year"),
        ({"target": 0}, "goal_target"),
        ({"words": " "}, "no_words"),
    ],
)
def test_what_is_no_goal_is_refused(reviewed: Reviewed, changed: dict[str, Any], code: str) -> None:
    found = refusal(actions.set_goal, card(reviewed.county.town, **changed), by=reviewed.governor, at=NOON)

    assert (found, Goal.objects.count()) == (code, 0)


def test_words_and_number_change_and_the_ledger_keeps_both(reviewed: Reviewed) -> None:
    one = goal(reviewed)
    given = {"words": "帮十二个人找到工作", "target": 12, "noun": "人"}

    changed = actions.change_goal(one, version=1, **given, by=reviewed.governor, at=NOON)  # type: ignore[arg-type]

    assert (changed.words, changed.target, changed.version) == ("帮十二个人找到工作", 12, 2)
    newest = history_of(one)[0]
    assert (newest.data, newest.by) == ({"target": 12, "target_before": 10}, "邓远")
    assert refusal(actions.change_goal, one, version=1, **given, by=reviewed.governor, at=NOON) == "goal_stale"
    assert refusal(actions.change_goal, one, version=2, **given, by=reviewed.county.head, at=NOON) == "not_yours"
    assert list(chain_faults()) == []


def test_a_goal_that_was_given_up_stays_as_it_is(reviewed: Reviewed) -> None:
    one, by = goal(reviewed), reviewed.governor
    task = actions.set_task(one, TaskCard(reviewed.county.section, "办招聘会", TODAY), by=by, at=NOON)

    gone = actions.give_up(one, version=1, why="并入另一个目标", by=by, at=NOON)

    assert (gone.ended_why, happened(one)) == ("并入另一个目标", ["set", "task_set", "given_up"])
    assert not readable(by).filter(ended_at__isnull=True).exists()
    assert refusal(actions.give_up, one, version=2, why="再来", by=by, at=NOON) == "goal_ended"
    assert refusal(actions.link_rows, one, [], by=by, at=NOON) == "goal_ended"
    assert refusal(actions.drop_task, task, by=by, at=NOON) == "goal_ended"


def test_the_figure_that_was_entered_last_stands(reviewed: Reviewed) -> None:
    one, handler = goal(reviewed, counting=Counting.FIGURE), reviewed.county.handler

    figure(one, 4, by=handler, on=TODAY - 40 * DAY)
    figure(one, 3, by=handler, version=2)

    assert progress(one) == 3
    assert list(Figure.objects.order_by("id").values_list("value", "ended_at")) == [(4, NOON), (3, None)]


@pytest.mark.parametrize(("on", "code"), [(TODAY + DAY, "figure_day"), (date(2025, 12, 31), "figure_day")])
def test_a_figure_is_of_a_day_of_the_year(reviewed: Reviewed, on: date, code: str) -> None:
    one = goal(reviewed, counting=Counting.FIGURE)

    assert refusal(figure, one, 4, by=reviewed.county.handler, on=on) == code


def test_figures_are_refused_where_rows_are_counted_and_to_others(reviewed: Reviewed) -> None:
    county, rows, one = reviewed.county, goal(reviewed), goal(reviewed, counting=Counting.FIGURE)

    assert refusal(figure, rows, 4, by=county.handler) == "goal_counts_rows"
    assert refusal(figure, one, 4, by=county.neighbour) == "not_yours"
    assert refusal(figure, one, 4, by=county.supervisor) == "not_yours"
    assert refusal(figure, one, 4, by=county.handler, version=7) == "goal_stale"
    given = {"version": 1, "value": 4, "on": TODAY, "source": " ", "by": county.handler, "at": NOON}
    assert refusal(actions.enter_figure, one, **given) == "no_words"
    assert refusal(actions.link_rows, one, [entered(county)], by=county.handler, at=NOON) == "goal_counts_figure"


def test_linked_rows_count_while_they_stand(reviewed: Reviewed, linked: Linked) -> None:
    county, one = reviewed.county, goal(reviewed)
    result, visit, lamp = entered(county), visited(linked), solved(county)
    unheard, still_open, petition = silent(county), make.handling(county), noted(county)
    things: list[actions.Thing] = [result, visit, lamp, unheard, still_open]

    made = actions.link_rows(one, [*things, result], by=county.handler, at=NOON)
    actions.link_rows(goal(reviewed, unit=county.root), [petition], by=county.supervisor, at=NOON)

    assert (made, progress(one)) == (5, 3)
    assert whys(one) == ["还没办结", "群众没有表态", "", "", ""]
    assert [count.done for count in progress_of(list(Goal.objects.order_by("id"))).values()] == [3, 1]
    assert happened(one) == ["set", *["row_linked"] * 5]


def test_what_stands_no_more_counts_no_more(reviewed: Reviewed, linked: Linked) -> None:
    county, one = reviewed.county, goal(reviewed)
    result, visit, lamp = entered(county), visited(linked), solved(county)
    actions.link_rows(one, [result, visit, lamp], by=county.handler, at=NOON)

    actions.take_back(result, why="填错了", by=county.handler, at=NOON)
    correct_visit(visit, visit_card(TODAY - DAY, number=9), by=linked.leader, at=NOON + STEP)
    Case.objects.filter(pk=lamp.pk).update(kind=CaseKind.REPORT)

    assert progress(one) == 0
    assert whys(one) == ["举报件不作成效", "已被另一条记录更正", "已更正或撤回"]
    assert lamp.ref not in str([linked_line(*row).what for row in linked_page(one, "").rows])


def test_rows_of_another_year_or_unit_are_not_linked(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed)
    next_year = goal(reviewed, year=2027)
    elsewhere = make.heard(county)

    assert refusal(actions.link_rows, next_year, [entered(county)], by=county.handler, at=NOON) == "goal_row_year"
    assert refusal(actions.link_rows, one, [elsewhere], by=county.handler, at=NOON) == "goal_row_elsewhere"
    report = make.report(county)
    assert refusal(actions.link_rows, one, [report], by=county.handler, at=NOON) == "result_of_report"
    assert refusal(actions.link_rows, one, [], by=county.neighbour, at=NOON) == "not_yours"


def test_a_request_that_ends_in_the_next_year_does_not_count(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed)
    case = make.answered(county, at=NOON, category="0304")
    actions.link_rows(one, [case], by=county.handler, at=NOON)
    solved_case = solved(county)
    actions.link_rows(one, [solved_case], by=county.handler, at=NOON)
    Case.objects.filter(pk=solved_case.pk).update(closed_at=NOON + timedelta(days=60))

    assert progress(one) == 0
    assert whys(one) == ["日期不在目标年度", "还没办结"]


def test_a_petition_counts_by_the_year_of_its_note(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed, unit=reviewed.county.root)
    petition = make.petition(county)
    actions.link_rows(one, [petition], by=county.supervisor, at=NOON)
    before = (progress(one), whys(one))

    note(county, petition, at=NOON + STEP)

    assert (before, progress(one), whys(one)) == ((0, ["还没有领导批示"]), 1, [""])


def test_what_ended_without_an_answer_does_not_count(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed, unit=reviewed.county.root)
    case = make.declined(county)
    unsolved = solved(county, verdict=Solved.PARTLY)

    actions.link_rows(one, [case, unsolved], by=county.supervisor, at=NOON)

    assert progress(one) == 0
    assert whys(one) == ["单位或群众说没有解决，或只解决了一部分", "没有答复就结束了"]


def test_a_row_is_taken_out_and_the_ledger_says_so(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed)
    result = entered(county)
    actions.link_rows(one, [result], by=county.head, at=NOON)

    for _ in range(2):
        actions.unlink_row(one, result, by=county.handler, at=NOON)

    assert (GoalRow.objects.count(), happened(one)) == (0, ["set", "row_linked", "row_unlinked"])


def test_a_task_is_planned_done_and_opened_again(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed)
    task = actions.set_task(one, TaskCard(county.section, " 办招聘会 ", TODAY), by=county.head, at=NOON)
    task = actions.change_task(task, TaskCard(county.section, "办两场招聘会", TODAY + DAY), by=county.head, at=NOON)
    done = {"done_on": TODAY, "evidence": "签到表", "at": NOON}

    task = actions.finish_task(task, **done, by=county.section_handler)  # type: ignore[arg-type]

    assert (task.words, task.done_on, task.evidence) == ("办两场招聘会", TODAY, "签到表")
    later = TaskCard(county.section, "x", TODAY)
    assert refusal(actions.change_task, task, later, by=county.head, at=NOON) == "task_ended"
    assert refusal(actions.finish_task, task, **done, by=county.section_handler) == "task_ended"
    actions.reopen_task(task, by=county.section_handler, at=NOON)
    assert refusal(actions.reopen_task, task, by=county.section_handler, at=NOON) == "task_ended"
    actions.drop_task(task, by=county.head, at=NOON)
    assert refusal(actions.drop_task, task, by=county.head, at=NOON) == "task_ended"
    steps = ["task_set", "task_changed", "task_done", "task_reopened", "task_dropped"]
    assert happened(one) == ["set", *steps]


def test_tasks_belong_to_the_unit_and_those_below(reviewed: Reviewed) -> None:
    county, one = reviewed.county, goal(reviewed)
    task = actions.set_task(one, TaskCard(county.section, "办招聘会", TODAY), by=county.head, at=NOON)
    elsewhere, here = TaskCard(county.housing, "x", TODAY), TaskCard(county.section, "x", TODAY)

    assert refusal(actions.set_task, one, elsewhere, by=county.head, at=NOON) == "task_unit"
    assert refusal(actions.change_task, task, elsewhere, by=county.head, at=NOON) == "task_unit"
    assert refusal(actions.set_task, one, here, by=county.handler, at=NOON) == "not_yours"
    given = {"done_on": TODAY, "evidence": "签到表", "at": NOON}
    assert refusal(actions.finish_task, task, **given, by=county.neighbour) == "not_yours"
    tomorrow = given | {"done_on": TODAY + DAY}
    assert refusal(actions.finish_task, task, **tomorrow, by=county.handler) == "task_day"
    assert refusal(actions.finish_task, task, **(given | {"evidence": ""}), by=county.handler) == "no_words"
    assert Task.objects.get().done_on is None


def test_a_place_names_its_lines_and_keeps_the_names(reviewed: Reviewed) -> None:
    operator = reviewed.county.operator
    before = lines()["grids"]

    for name in ("红色楼栋", " 红色邻里 "):
        actions.name_line("grids", name=name, purpose="楼上楼下", by=operator, at=NOON)

    assert (before.name, lines()["grids"]) == ("红色网格", Named("grids", "红色邻里", "楼上楼下"))
    assert (list(lines()), Programme.objects.count()) == (
        ["branches", "members", "income", "grids", "classrooms"],
        1,
    )
    assert refusal(actions.name_line, "sixth", name="x", purpose="", by=operator, at=NOON) == "goal_line"
    assert refusal(actions.name_line, "grids", name=" ", purpose="", by=operator, at=NOON) == "no_name"
    assert refusal(actions.name_line, "grids", name="x", purpose="", by=reviewed.governor, at=NOON) == "not_yours"


def test_a_goal_is_read_below_and_above_and_by_nobody_else(reviewed: Reviewed) -> None:
    county = reviewed.county
    goal(reviewed)
    goal(reviewed, unit=county.root)

    people = (county.supervisor, county.handler, county.section_handler, county.neighbour, county.village_handler)
    assert [readable(person).count() for person in people] == [2, 2, 2, 1, 1]


def test_goals_are_narrowed_and_lines_counted(reviewed: Reviewed) -> None:
    county = reviewed.county
    one = goal(reviewed, target=1)
    goal(reviewed, line="grids", field=Field.VILLAGE, unit=county.town)
    actions.link_rows(one, [entered(county)], by=county.handler, at=NOON)
    actor = county.supervisor

    def counted(by: Narrowed) -> dict[str, tuple[int, int]]:
        found: list[LineCount] = line_counts(actor, by)
        return {row.line.code: (row.goals, row.met) for row in found if row.goals}

    assert counted(Narrowed(2026)) == {"income": (1, 1), "grids": (1, 0)}
    assert counted(Narrowed(2026, "village")) == {"grids": (1, 0)}
    assert counted(Narrowed(2026, unit=county.management)) == {"income": (1, 1)}
    assert counted(Narrowed(2027)) == {}


@pytest.mark.parametrize("count", [1, 20])
def test_a_page_of_goals_costs_three_queries(
    reviewed: Reviewed, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    county = reviewed.county
    for number in range(count):
        one = goal(reviewed)
        actions.link_rows(one, [entered(county)], by=county.handler, at=NOON)
        due_on = TODAY + timedelta(days=number - 1)
        actions.set_task(one, TaskCard(county.section, "办招聘会", due_on), by=county.head, at=NOON)

    with django_assert_num_queries(3):
        page = goals_page(county.supervisor, "income", Narrowed(2026), after="", today=TODAY)

    assert len(page.rows) == count
    assert (page.rows[0].progress, page.rows[0].tasks) == (Progress(1, 10), {TaskStanding.LATE: 1})


def test_rows_are_named_by_what_is_public(reviewed: Reviewed, linked: Linked) -> None:
    county, one = reviewed.county, goal(reviewed)
    result, visit, case = entered(county), visited(linked), solved(county)
    keys = [f"result:{result.uuid}", f"visit:{visit.uuid}", f"case:{case.ref}"]
    wrong = ["case:NH-1", "visit:x", "result:", "household:1", "", "case:\x00"]

    assert things_of(county.handler, [*keys, *wrong]) == [result, visit, case]
    assert things_of(county.neighbour, keys) == []
    actions.link_rows(one, [result, case], by=county.handler, at=NOON)
    assert linked_keys(one, keys) == {keys[0], keys[2]}
    assert [linked_thing(one, key) for key in (keys[0], keys[2])] == [result, case]
    for key in (keys[1], *wrong):
        with pytest.raises(Http404):
            linked_thing(one, key)
