import pytest

from lianying.rules.events import KIND_OF, EventKind
from lianying.rules.lifecycle import OPEN, RUNNING, TABLE, UNANSWERED, Move, Need, State, Step, step
from lianying.rules.powers import POWERS, Power
from lianying.rules.refusals import Refused

ENDED = frozenset(State) - OPEN


def test_the_table_is_that_of_the_rules() -> None:
    expected = """
        heard: note correct assign answer_now decline merge withdraw hand_up transfer
        assigned: note correct merge withdraw sign recall pass dispute transfer
        handling: note correct merge withdraw recall pass hand_to dispute ask answer propose_answer approve
            refuse_answer propose_extension extend refuse_extension propose_end terminate refuse_end transfer
        waiting: note correct merge withdraw reply resume answer propose_answer transfer
        disputed: note correct merge withdraw uphold dismiss take_back transfer
        answered: note correct correct_answer check_satisfied check_unsatisfied end_unsolved close_unreached
            close_silent transfer
        petition: note correct petition_step conclude return
        declined: object
        merged: unmerge
        withdrawn:
        closed: reopen complete fall_due
    """
    words = " ".join(expected.split()).split(" ")
    moves: dict[State, set[Move]] = {}
    for word in words:
        if word.endswith(":"):
            current = moves.setdefault(State(word[:-1]), set())
        else:
            current.add(Move(word))

    assert {state: {move for origin, move in TABLE if origin == state} for state in State} == moves


@pytest.mark.parametrize(
    ("state", "move", "expected"),
    [
        (State.HEARD, Move.ASSIGN, Step(State.ASSIGNED, Power.SORT, (Need.LEAD_UNIT,))),
        (State.DISPUTED, Move.UPHOLD, Step(State.HEARD, Power.SORT, (Need.REASON,))),
        (State.DISPUTED, Move.DISMISS, Step(State.HANDLING, Power.SORT, (Need.REASON,))),
        (State.HANDLING, Move.TERMINATE, Step(State.CLOSED, Power.SORT)),
        (State.WAITING, Move.ANSWER, Step(State.ANSWERED, Power.HANDLE, (Need.PUBLIC_ANSWER, Need.OUTCOME))),
        (State.ANSWERED, Move.CHECK_UNSATISFIED, Step(State.HANDLING, Power.CHECK, (Need.REASON,))),
        (State.CLOSED, Move.FALL_DUE, Step(State.HANDLING, Power.FALL_DUE)),
        (State.ANSWERED, Move.NOTE, Step(State.ANSWERED, Power.SPEAK, (Need.WORDS,))),
    ],
)
def test_step_is_the_row(state: State, move: Move, expected: Step) -> None:
    assert step(state, move) == expected


def test_step_outside_the_table_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        step(State.CLOSED, Move.ASSIGN)

    assert (caught.value.code, caught.value.facts) == ("not_from_here", {"state": State.CLOSED, "move": Move.ASSIGN})


def test_every_move_stands_in_the_table() -> None:
    assert {move for _, move in TABLE} == set(Move) - {Move.HEAR}


def test_every_state_can_be_reached_from_heard() -> None:
    reached = {State.HEARD}
    while onward := {row.to for (origin, _), row in TABLE.items() if origin in reached} - reached:
        reached |= onward

    assert reached == set(State)


def test_from_every_open_state_there_is_a_way_to_an_end() -> None:
    ending = set(ENDED)
    while more := {origin for (origin, _), row in TABLE.items() if row.to in ending} - ending:
        ending |= more

    assert ending == set(State)


def test_only_objecting_unmerging_reopening_and_a_planned_day_lead_back_from_an_end() -> None:
    back = {move for (origin, move), row in TABLE.items() if origin in ENDED and row.to in OPEN}

    assert back == {Move.OBJECT, Move.UNMERGE, Move.REOPEN, Move.FALL_DUE}


def test_the_promise_runs_until_answered_but_stands_still_while_asked() -> None:
    assert {State.WAITING} == UNANSWERED - RUNNING
    assert {State.ANSWERED, State.PETITION} == OPEN - UNANSWERED


def test_every_power_that_the_table_asks_is_held_by_somebody() -> None:
    held = frozenset().union(*POWERS.values())

    assert {row.power for row in TABLE.values()} <= held


def test_every_move_is_told_by_an_event_of_its_own() -> None:
    assert set(KIND_OF) == set(Move)
    assert len(set(KIND_OF.values())) == len(Move)
    assert set(KIND_OF.values()) <= set(EventKind)
