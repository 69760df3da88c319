"""Anybody tries anything at any time: only what the table, the powers and the guards allow happens, and the ledger
replays to what is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases import actions, clocks
from lianying.cases.actions import Draft
from lianying.cases.actions.timers import fire_due
from lianying.cases.facts import facts_of
from lianying.cases.models import Case, Timer
from lianying.cases.queries.reports import is_said
from lianying.cases.queries.scope import RELATIONS, may_see, visible
from lianying.cases.verify import case_faults
from lianying.common.refusals import WORDS
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.entries import HoldingRole
from lianying.rules.guards import hindrance, in_line
from lianying.rules.kinds import CallResult, CaseKind, Outcome, Solved
from lianying.rules.lifecycle import OPEN, TABLE, Move, State, step
from lianying.rules.refusals import Refused
from tests import make
from tests.cases.moves import MAKE, SORTINGS, WITHOUT_VERSION, Turn
from tests.cast import NOON, PHONE, County

WALKS = 500
LENGTH = 8
T = TypeVar("T")
#: The only moves by which the resident's promise can come to another time.
MOVE_PROMISE = frozenset(
    {
        Move.CORRECT, Move.ASSIGN,  # counted again from the receipt, for another kind or urgency
        Move.REPLY, Move.RESUME, Move.ANSWER, Move.PROPOSE_ANSWER, Move.MERGE, Move.TRANSFER,  # a pause ends
        Move.EXTEND, Move.CHECK_UNSATISFIED, Move.REOPEN, Move.FALL_DUE,
    }
)  # fmt: skip
TIMERS = {State.WAITING: {Move.RESUME}, State.ANSWERED: {Move.CLOSE_SILENT}}
ALWAYS = {Move.NOTE, Move.CORRECT, Move.WITHDRAW, Move.TRANSFER}
#: The way from hearing to the end, which a walk should come far on.
ONWARD = {Move.ASSIGN, Move.SIGN, Move.ASK, Move.REPLY, Move.ANSWER, Move.CHECK_UNSATISFIED, Move.REOPEN, Move.OBJECT}
AT_WORK = {State.HANDLING, State.WAITING, State.DISPUTED}


@dataclass
class Walk:
    """Two cases, so that one can join the other, and the people who try."""

    county: County
    people: list[Actor]
    cases: list[Case]
    at: datetime = NOON
    done: list[str] = field(default_factory=list)

    def pick(self, dice: Random) -> Turn:
        number, county = dice.choice((0, 1)), self.county
        rows = Case.objects.in_bulk([case.pk for case in self.cases])
        sorting = dice.choice(SORTINGS)
        if sorting.kind == CaseKind.REPORT:
            accused = dice.choice((county.section, county.housing, county.town, None))
            sorting = replace(sorting, accused=accused, accused_none=accused is None and dice.choice((True, False)))
        return Turn(
            county=county,
            case=rows[self.cases[number].pk],
            by=RESIDENT,
            at=self.at,
            other=rows[self.cases[1 - number].pk],
            unit=dice.choice((county.management, county.housing, county.village)),
            sorting=sorting,
            outcome=dice.choice(list(Outcome)),
            stars=dice.choice((0, 1, 2, 3, 4, 5)),
            told=dice.choice((True, False)),
            extra=dice.choice((0, 3, 10, 11)),
            version=dice.choice([None] * 12 + [0]),
        )


def able(walk: Walk, case: Case, move: Move) -> list[Actor]:
    row = TABLE.get((State(case.state), move))
    return [one for one in walk.people if row and one.may(row.power, case.path)]


def try_move(walk: Walk, dice: Random) -> None:
    """Mostly a move of the table by somebody with its power, at times anything by anybody."""
    turn = walk.pick(dice)
    here = [move for state, move in TABLE if state == turn.case.state and move not in ALWAYS] or list(MAKE)
    onward = [move for move in here if move in ONWARD]
    move = dice.choice(here + 3 * onward if dice.random() < 0.85 else list(MAKE))
    by = dice.choice((dice.random() < 0.85 and able(walk, turn.case, move)) or walk.people)
    turn = replace(turn, by=by)
    allowed = is_allowed(turn, move)

    case, code = outcome_of(lambda: MAKE[move](turn))

    walk.done.append(f"{by.label} {move} {code}")
    if case is None:
        assert whole(Case.objects.get(pk=turn.case.pk)) == whole(turn.case)
        return
    assert allowed, (turn.case.state, move, by.label)
    assert case.state == expected_state(turn, move, case)
    assert move in MOVE_PROMISE or turn.case.due_at == case.due_at


def outcome_of(act: Callable[[], T]) -> tuple[T | None, str]:
    """What the action returned, or the code with which it refused; every code has its words."""
    try:
        return act(), ""
    except Refused as refused:
        code = refused.code
    assert code in WORDS
    return None, code


def is_allowed(turn: Turn, move: Move) -> bool:
    case = turn.case
    row = TABLE.get((State(case.state), move))
    if row is None or not turn.by.may(row.power, case.path):
        return False
    if turn.version is not None and move not in WITHOUT_VERSION:
        return False
    return hindrance(move, facts_of(case, move, by=turn.by, at=turn.at)) is None


def expected_state(turn: Turn, move: Move, case: Case) -> State:
    """What the table says; but the desk handles nothing, a report leaves those whom it accuses, and without a head no
    answer waits for one."""
    to = step(State(turn.case.state), move).to
    if move == Move.PROPOSE_ANSWER and not turn.case.path.startswith(turn.county.management.path):
        return State.ANSWERED
    left_the_accused = move == Move.CORRECT and case.path != turn.case.path and to != State.PETITION
    handled_by_desk = to == State.HANDLING and case.path == turn.county.desk.path
    return State.HEARD if left_the_accused or handled_by_desk else to


def whole(case: Case) -> dict[str, object]:
    return {name: value for name, value in case.__dict__.items() if not name.startswith("_")}


def try_deed(walk: Walk, dice: Random) -> None:
    """What stands beside the table: calls, questions without a pause, the board, a second verdict."""
    turn = walk.pick(dice)
    by = dice.choice(walk.people)
    at = walk.at
    deeds: list[Callable[[], object]] = [
        lambda: actions.rang(turn.case, result=dice.choice(list(CallResult)), by=by, at=at),
        lambda: actions.rang(turn.case, result=CallResult.NO_ANSWER, by=walk.county.clerk, at=at),
        lambda: actions.ask_openly(turn.case, version=turn.seen, text="哪一栋？", by=by, at=at),
        lambda: actions.rate_again(
            turn.case, version=turn.seen, verdict=actions.Verdict(Solved.NO, 1, "不行"), by=RESIDENT, at=at
        ),
        lambda: actions.release(turn.case, version=turn.seen, draft=Draft("题", "问", "答"), by=by, at=at),
        lambda: actions.unrelease(turn.case, by=by, at=at),
        lambda: fire_due(at=at),
    ]
    state = turn.case.state
    outcome_of(dice.choice(deeds))
    if Timer.objects.filter(case=turn.case, at__lte=at).exists():
        return
    after = Case.objects.get(pk=turn.case.pk).state
    assert after == state or Event.objects.filter(stream=f"case:{turn.case.ref}", actor="clock").exists()


def check(walk: Walk) -> None:
    rows = Case.objects.select_related("accused").prefetch_related(*RELATIONS, "timers")
    for case in rows.filter(pk__in=[one.pk for one in walk.cases]):
        state = State(case.state)
        leads = [row for row in case.holdings.all() if row.role == HoldingRole.LEAD and row.to_at is None]
        assert [row.path for row in leads] == [case.path]
        planned = {Move.FALL_DUE} if state == State.CLOSED and case.outcome == Outcome.PLANNED else set()
        assert {timer.move for timer in case.timers.all()} <= TIMERS.get(state, planned)
        assert [pause for pause in case.pauses.all() if pause.replied_at is None] == [] or state == State.WAITING
        assert [row for row in case.proposals.all() if row.decided_at is None] == [] or state in AT_WORK
        promised = clocks.promise(case, case.pauses.all())
        assert promised is not None
        assert promised.at == case.due_at
        assert (case.main_id is not None) == (state == State.MERGED)
        if case.kind == CaseKind.REPORT:
            check_report(walk, case)


def check_report(walk: Walk, case: Case) -> None:
    accused = case.accused.path if case.accused else ""
    held = [row.path for row in case.holdings.all() if row.to_at is None]
    assert is_said(case) or case.path == walk.county.desk.path
    assert not any(in_line(accused, path) for path in held)
    assert not case.merged.exists()
    assert not hasattr(case, "public_version") or case.public_version.withdrawn_at is not None
    for one in walk.people:
        if accused and any(in_line(accused, post.path) for post in one.posts):
            assert not may_see(one, case)
            assert not visible(Case.objects.filter(pk=case.pk), one).exists()


@pytest.mark.slow
@given(st.randoms(use_true_random=True))
@settings(
    max_examples=WALKS,
    deadline=None,
    database=None,
    # All follows from one seed: nothing about it can be made simpler.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_a_random_walk_keeps_every_rule(county: County, dice: Random) -> None:
    with transaction.atomic():
        people = [*county.people.values(), RESIDENT, CLOCK, Actor()]
        phone = dice.choice((PHONE, PHONE, ""))
        begun = dice.choice((make.heard, make.heard, make.handling, make.answered))
        walk = Walk(county, people, [make.heard(county, may_publish=True), begun(county, phone=phone)])
        for count in range(LENGTH):
            walk.at += timedelta(minutes=dice.choice((1, 30, 300, 1440, 5000)))
            dice.choice([try_move] * 6 + [try_deed])(walk, dice)
            if count in {LENGTH // 2, LENGTH - 1}:
                check(walk)
        assert [*chain_faults(), *case_faults()] == [], walk.done
        transaction.set_rollback(True)


def test_every_move_of_the_table_can_be_made() -> None:
    assert set(MAKE) == set(Move) - {Move.HEAR}


@pytest.mark.parametrize("state", State)
def test_no_move_outside_the_table_succeeds(county: County, state: State) -> None:
    case = make.IN_STATE[state](county)
    other = make.heard(county)
    outside = [move for move in MAKE if (state, move) not in TABLE]
    codes = set()

    for move in outside:
        for by in [*county.people.values(), RESIDENT, CLOCK]:
            with pytest.raises(Refused) as caught:
                MAKE[move](Turn(county, case, by, NOON + timedelta(days=1), other=other))
            codes.add(caught.value.code)

    assert codes == {"not_from_here"}
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize(("state", "move"), TABLE)
def test_nobody_without_the_power_makes_a_move(county: County, state: State, move: Move) -> None:
    case = make.IN_STATE[state](county)
    power = TABLE[state, move].power
    others = [one for one in [*county.people.values(), RESIDENT, CLOCK, Actor()] if not one.may(power, case.path)]
    codes = set()

    for by in others:
        with pytest.raises(Refused) as caught:
            MAKE[move](Turn(county, case, by, NOON + timedelta(days=1), other=case))
        codes.add(caught.value.code)

    assert codes == {"not_yours"}
    assert state in OPEN or Case.objects.get(pk=case.pk).closed_at is not None
