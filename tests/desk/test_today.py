import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.actions import Sorting, Verdict
from lianying.cases.models import Case
from lianying.cases.queries.lists import running
from lianying.cases.queries.scope import visible
from lianying.common.db import explain
from lianying.desk.labels import TASKS, Task
from lianying.desk.queries import rail_counts, waiting
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import Solved, Urgency
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import NOON, County

ClientOf = Callable[[User | Actor], Client]
SOON = NOON + timedelta(hours=1)


def tasks(actor: Actor, at: datetime = SOON) -> dict[str, int]:
    """What waits, without the zeros."""
    return {task.value: count for task, count in waiting(actor, at).items() if count}


def test_each_post_has_its_own_work(county: County) -> None:
    make.heard(county)
    make.assigned(county)
    make.handling(county)
    make.disputed(county)
    make.answered(county)

    seen = {name: tasks(person) for name, person in county.people.items()}

    clerk = {"sort": 1, "decide_disputes": 1, "check": 1}
    handler = {"sign": 1}
    assert {name: work for name, work in seen.items() if work} == {
        "clerk": clerk,
        "second_clerk": clerk,
        "handler": handler,
        "colleague": handler,
    }


def test_what_is_late_is_named_apart(county: County) -> None:
    make.heard(county)
    make.assigned(county)
    make.handling(county)
    later = NOON + timedelta(days=60)

    seen = {name: tasks(getattr(county, name), later) for name in ("clerk", "handler", "head", "supervisor")}

    assert seen == {
        "clerk": {"sort_late": 1},
        "handler": {"sign": 1, "late": 2},
        "head": {"late": 2},
        "supervisor": {"late": 2},
    }


def test_near_is_two_working_days_or_four_hours(county: County) -> None:
    ordinary = make.handling(county)
    urgent = make.handling(county, urgency=Urgency.URGENT)
    assert ordinary.due_at is not None
    assert urgent.due_at is not None

    near = [
        tasks(county.handler, moment).get("due_soon", 0)
        for moment in (
            urgent.due_at - timedelta(hours=5),
            urgent.due_at - timedelta(hours=3),
            ordinary.due_at - timedelta(days=5),
            ordinary.due_at - timedelta(days=2),
        )
    ]

    assert near == [0, 1, 0, 1]


def test_proposals_wait_for_whoever_decides(county: County) -> None:
    extension = make.handling(county)
    actions.propose_extension(
        extension,
        version=extension.version,
        days=5,
        reason="要等配件。",
        by=county.handler,
        at=NOON + timedelta(minutes=40),
    )
    end = make.handling(county)
    actions.propose_end(
        end, version=end.version, reason="已进入诉讼。", by=county.head, at=NOON + timedelta(minutes=40)
    )

    assert (tasks(county.head), tasks(county.clerk)) == ({"decide_extensions": 1}, {"decide_ends": 1})


def test_a_supervisor_ends_what_two_reworks_did_not_solve(county: County) -> None:
    case = make.reworked(county, times=2)
    before = tasks(county.supervisor)
    verdict = Verdict(Solved.NO, 1, "还是没有亮。")
    actions.rate_again(case, version=case.version, verdict=verdict, by=RESIDENT, at=NOON + timedelta(hours=5))

    assert (before, tasks(county.supervisor)) == ({}, {"end_reworks": 1})
    assert "check" not in tasks(county.clerk)


def test_what_was_imported_long_ago_presses_nobody(county: County) -> None:
    case = make.heard(county)
    Case.objects.filter(pk=case.pk).update(stage_due_at=None)

    assert (tasks(county.clerk), rail_counts(county.clerk)["sort"], rail_counts(county.clerk)["work"]) == ({}, 0, 0)


def test_the_page_links_each_count_to_its_list(county: County, client_of: ClientOf, at_noon: None) -> None:
    make.heard(county)
    make.disputed(county)

    page = client_of(county.clerk).get("/desk/").content.decode()

    lines = re.findall(r'<li><a href="([^"]+)"[^>]*><b>(\d+)</b>', page)
    assert lines == [("/desk/sort/", "1"), ("/desk/work/?tab=disputed", "1")]


@pytest.mark.parametrize(
    ("name", "next_step"), [("clerk", "/desk/new/"), ("handler", "/desk/work/"), ("operator", "/desk/settings/")]
)
def test_an_empty_page_says_what_next(county: County, client_of: ClientOf, name: str, next_step: str) -> None:
    page = client_of(getattr(county, name)).get("/desk/").content.decode()

    assert "辛苦了" in page
    assert 'class="button' in page.split("辛苦了")[1]
    assert next_step in page.split("辛苦了")[1]


@pytest.mark.parametrize("rows", [1, 30])
def test_today_costs_seven_queries(
    county: County, client_of: ClientOf, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make.heard(county)
    browser = client_of(county.clerk)
    browser.get("/desk/")

    with django_assert_num_queries(7):
        browser.get("/desk/")


def test_the_rail_shows_what_the_post_opens(county: County, client_of: ClientOf) -> None:
    make.heard(county)
    make.assigned(county)

    shown = {
        name: re.findall(r'class="item" href="([^"]+)"(?: aria-current="page")?>[^<]+(?:<b>(\d+)</b>)?', page)
        for name in ("clerk", "handler", "operator")
        if (page := client_of(getattr(county, name)).get("/desk/rail/?at=desk").content.decode())
    }

    assert shown == {
        "clerk": [
            ("/desk/", ""),
            ("/desk/new/", ""),
            ("/desk/sort/", "1"),
            ("/desk/work/", "2"),
            ("/desk/checks/", "0"),
            ("/desk/petitions/", ""),
            ("/desk/watch/", ""),
            ("/numbers/", ""),
        ],
        "handler": [
            ("/desk/", ""),
            ("/desk/work/", "1"),
            ("/desk/visits/", "0"),
            ("/desk/care/", ""),
            ("/desk/tally/", ""),
            ("/numbers/", ""),
        ],
        "operator": [("/desk/", ""), ("/numbers/", ""), ("/desk/settings/", "")],
    }


def test_the_rail_keeps_the_place_while_it_refreshes(county: County, client_of: ClientOf) -> None:
    rail = client_of(county.clerk).get("/desk/rail/?at=checks").content.decode()

    assert re.findall(r'href="([^"]+)" aria-current="page"', rail) == ["/desk/checks/"]
    assert "?at=checks" in rail


def test_counts_stop_at_a_hundred(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianying.desk.queries.CAP", 3)
    for _ in range(5):
        make.heard(county)

    assert rail_counts(county.clerk)["sort"] == 3


@pytest.mark.parametrize("name", ["clerk", "handler"])
def test_a_count_runs_over_an_index(county: County, name: str) -> None:
    plan = explain(visible(running(), getattr(county, name)).filter(state=State.HEARD))

    assert "SCAN cases_case" not in plan


def test_a_report_on_ones_own_unit_is_not_counted(county: County) -> None:
    case = make.report(county, accused=county.housing)
    actions.assign(
        case,
        version=case.version,
        to=county.management,
        sorting=Sorting(),
        by=county.clerk,
        at=NOON + timedelta(hours=1),
    )

    assert (tasks(county.handler), tasks(county.neighbour)) == ({"sign": 1}, {})


def test_every_task_has_words() -> None:
    assert set(TASKS) == set(Task)
