"""Forbids a member of a closed list that a person would see as its code."""

import ast
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from lianying.care import labels as care
from lianying.care.queries import Tab as CareTab
from lianying.care.views import lists as care_lists
from lianying.cases import labels as cases
from lianying.cases.columns import COLUMNS, Column
from lianying.common.refusals import WORDS
from lianying.households import labels as households
from lianying.notices import labels as notices
from lianying.orgs import labels as orgs
from lianying.orgs.kinds import UnitKind
from lianying.reviews import labels as reviews
from lianying.rules import care as care_rules
from lianying.rules.kinds import CallResult, CaseKind, Channel, DeclineReason, Ending, Outcome, Solved, Urgency
from lianying.rules.lifecycle import Move, State
from lianying.rules.notices import NoticeChannel, NoticeKind
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Role
from lianying.rules.programmes import Counting, Field, GoalStanding, TaskStanding
from lianying.rules.results import Detail, Left, Part, Period, ResultKind
from tests.house.tree import files, parsed

TABLES: dict[type[StrEnum], Mapping[Any, object]] = {
    Column: COLUMNS,
    State: cases.STATES,
    Move: cases.MOVES,
    CaseKind: cases.KINDS,
    Urgency: cases.URGENCIES,
    Channel: cases.CHANNELS,
    Outcome: cases.OUTCOMES,
    Solved: cases.SOLVED,
    Ending: cases.ENDINGS,
    DeclineReason: cases.DECLINE_REASONS,
    CallResult: cases.CALL_RESULTS,
    NoticeKind: notices.NOTICE_KINDS,
    NoticeChannel: notices.NOTICE_CHANNELS,
    OpenReason: households.OPEN_REASONS,
    ResultKind: reviews.RESULT_KINDS,
    Detail: reviews.DETAILS,
    Part: reviews.PARTS,
    Left: reviews.LEFTS,
    Period: reviews.PERIODS,
    Field: reviews.FIELDS,
    Counting: reviews.COUNTINGS,
    GoalStanding: reviews.GOAL_STANDINGS,
    TaskStanding: reviews.TASK_STANDINGS,
    UnitKind: orgs.UNIT_KINDS,
    Role: orgs.ROLES,
    care_rules.Stage: care.STAGES,
    care_rules.Move: care.MOVES,
    care_rules.Source: care.SOURCES,
    care_rules.Risk: care.RISKS,
    care_rules.Refusal: care.REFUSALS,
    care_rules.Exit: care.EXITS,
    care_rules.Shown: care.SHOWN,
    CareTab: care_lists.TABS,
}


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_every_member_has_a_label(kind: type[StrEnum]) -> None:
    assert set(TABLES[kind]) == set(kind)


def test_a_number_says_of_what_it_is() -> None:
    assert set(reviews.RESULT_NOUNS) == set(reviews.RESULT_WORDS) == set(ResultKind)


def test_every_refusal_has_its_words() -> None:
    raised = {
        node.args[0].value
        for path in files(".py", under="lianying")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert raised - set(WORDS) == set()
