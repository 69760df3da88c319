"""The lifecycle of a request: one table that guards the actions, draws the buttons and prints the diagram.

Source: rules.md §2.2, 北京市接诉即办工作条例, 蚌政热线〔2019〕1号; numbers come from the profile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


class State(StrEnum):
    HEARD = "heard"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    WAITING = "waiting"
    DISPUTED = "disputed"
    ANSWERED = "answered"
    PETITION = "petition"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


OPEN = frozenset(
    {
        State.HEARD,
        State.ASSIGNED,
        State.HANDLING,
        State.WAITING,
        State.DISPUTED,
        State.ANSWERED,
        State.PETITION,
    }
)
#: The promise runs from receipt until answered, and stands still while the resident is asked or a petition runs.
RUNNING = frozenset({State.HEARD, State.ASSIGNED, State.HANDLING, State.DISPUTED})
UNANSWERED = frozenset({State.HEARD, State.ASSIGNED, State.HANDLING, State.WAITING, State.DISPUTED})


class Move(StrEnum):
    HEAR = "hear"
    NOTE = "note"
    CORRECT = "correct"
    ASSIGN = "assign"
    ANSWER_NOW = "answer_now"
    DECLINE = "decline"
    OBJECT = "object"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"
    SIGN = "sign"
    HAND_UP = "hand_up"
    RECALL = "recall"
    PASS = "pass"
    HAND_TO = "hand_to"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    TAKE_BACK = "take_back"
    ASK = "ask"
    REPLY = "reply"
    RESUME = "resume"
    ANSWER = "answer"
    PROPOSE_ANSWER = "propose_answer"
    APPROVE = "approve"
    REFUSE_ANSWER = "refuse_answer"
    CORRECT_ANSWER = "correct_answer"
    PROPOSE_EXTENSION = "propose_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    PROPOSE_END = "propose_end"
    TERMINATE = "terminate"
    REFUSE_END = "refuse_end"
    CHECK_SATISFIED = "check_satisfied"
    CHECK_UNSATISFIED = "check_unsatisfied"
    END_UNSOLVED = "end_unsolved"
    CLOSE_UNREACHED = "close_unreached"
    CLOSE_SILENT = "close_silent"
    REOPEN = "reopen"
    COMPLETE = "complete"
    FALL_DUE = "fall_due"
    TRANSFER = "transfer"
    PETITION_STEP = "petition_step"
    CONCLUDE = "conclude"
    RETURN = "return"


class Need(StrEnum):
    """What a move asks of the person who makes it; the forms are drawn from these."""

    WORDS = "words"
    REASON = "reason"
    LEAD_UNIT = "lead_unit"
    UNIT_BELOW = "unit_below"
    UNIT_PROPOSED = "unit_proposed"
    COLLEAGUE = "colleague"
    DECLINE_REASON = "decline_reason"
    MAIN_REQUEST = "main_request"
    PUBLIC_ANSWER = "public_answer"
    OUTCOME = "outcome"
    CONTACT = "contact"
    EXTRA_DAYS = "extra_days"
    RATING = "rating"
    ATTEMPTS = "attempts"
    CHANNEL = "channel"
    PETITION_STEP = "petition_step"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, the power it takes and what must be given with it."""

    to: State
    power: Power
    needs: tuple[Need, ...] = ()


def _in_order(states: Iterable[State]) -> list[State]:
    """A set has no order of its own, and the table is printed and walked."""
    return sorted(states, key=list(State).index)


def _from(states: Iterable[State], move: Move, to: State, power: Power, *needs: Need) -> dict[tuple[State, Move], Step]:
    return {(state, move): Step(to, power, needs) for state in _in_order(states)}


def _same(states: Iterable[State], move: Move, power: Power, *needs: Need) -> dict[tuple[State, Move], Step]:
    return {(state, move): Step(state, power, needs) for state in _in_order(states)}


_S, _M, _P, _N = State, Move, Power, Need

TABLE: Mapping[tuple[State, Move], Step] = {
    **_same(OPEN, _M.NOTE, _P.SPEAK, _N.WORDS),
    **_same(OPEN, _M.CORRECT, _P.SORT),
    **_from([_S.HEARD], _M.ASSIGN, _S.ASSIGNED, _P.SORT, _N.LEAD_UNIT),
    **_from([_S.HEARD], _M.ANSWER_NOW, _S.ANSWERED, _P.SORT, _N.PUBLIC_ANSWER),
    **_from([_S.HEARD], _M.DECLINE, _S.DECLINED, _P.SORT, _N.DECLINE_REASON, _N.CHANNEL),
    **_from([_S.DECLINED], _M.OBJECT, _S.HEARD, _P.OBJECT, _N.REASON),
    **_from(UNANSWERED, _M.MERGE, _S.MERGED, _P.SORT, _N.MAIN_REQUEST),
    **_from([_S.MERGED], _M.UNMERGE, _S.HEARD, _P.SORT),
    **_from(UNANSWERED, _M.WITHDRAW, _S.WITHDRAWN, _P.WITHDRAW),
    **_from([_S.ASSIGNED], _M.SIGN, _S.HANDLING, _P.HANDLE),
    **_same([_S.HEARD], _M.HAND_UP, _P.SORT, _N.REASON),
    **_from([_S.ASSIGNED, _S.HANDLING], _M.RECALL, _S.HEARD, _P.SORT, _N.REASON),
    **_from([_S.ASSIGNED, _S.HANDLING], _M.PASS, _S.ASSIGNED, _P.PASS_DOWN, _N.UNIT_BELOW),
    **_same([_S.HANDLING], _M.HAND_TO, _P.PASS_DOWN, _N.COLLEAGUE),
    **_from([_S.ASSIGNED, _S.HANDLING], _M.DISPUTE, _S.DISPUTED, _P.HANDLE, _N.REASON, _N.UNIT_PROPOSED),
    **_from([_S.DISPUTED], _M.UPHOLD, _S.HEARD, _P.SORT, _N.REASON),
    **_from([_S.DISPUTED], _M.DISMISS, _S.HANDLING, _P.SORT, _N.REASON),
    **_from([_S.DISPUTED], _M.TAKE_BACK, _S.HANDLING, _P.HANDLE),
    **_from([_S.HANDLING], _M.ASK, _S.WAITING, _P.HANDLE, _N.WORDS, _N.CONTACT),
    **_from([_S.WAITING], _M.REPLY, _S.HANDLING, _P.REPLY, _N.WORDS),
    **_from([_S.WAITING], _M.RESUME, _S.HANDLING, _P.RESUME),
    **_from([_S.HANDLING, _S.WAITING], _M.ANSWER, _S.ANSWERED, _P.HANDLE, _N.PUBLIC_ANSWER, _N.OUTCOME),
    **_from([_S.HANDLING, _S.WAITING], _M.PROPOSE_ANSWER, _S.HANDLING, _P.HANDLE, _N.PUBLIC_ANSWER, _N.OUTCOME),
    **_from([_S.HANDLING], _M.APPROVE, _S.ANSWERED, _P.APPROVE, _N.PUBLIC_ANSWER),
    **_same([_S.HANDLING], _M.REFUSE_ANSWER, _P.APPROVE, _N.REASON),
    **_same([_S.ANSWERED], _M.CORRECT_ANSWER, _P.HANDLE, _N.PUBLIC_ANSWER),
    **_same([_S.HANDLING], _M.PROPOSE_EXTENSION, _P.HANDLE, _N.REASON, _N.EXTRA_DAYS),
    **_same([_S.HANDLING], _M.EXTEND, _P.EXTEND, _N.WORDS),
    **_same([_S.HANDLING], _M.REFUSE_EXTENSION, _P.EXTEND, _N.REASON),
    **_same([_S.HANDLING], _M.PROPOSE_END, _P.PROPOSE_END, _N.REASON),
    **_from([_S.HANDLING], _M.TERMINATE, _S.CLOSED, _P.SORT),
    **_same([_S.HANDLING], _M.REFUSE_END, _P.SORT, _N.REASON),
    **_from([_S.ANSWERED], _M.CHECK_SATISFIED, _S.CLOSED, _P.CHECK, _N.RATING),
    **_from([_S.ANSWERED], _M.CHECK_UNSATISFIED, _S.HANDLING, _P.CHECK, _N.REASON),
    **_from([_S.ANSWERED], _M.END_UNSOLVED, _S.CLOSED, _P.END_UNSOLVED, _N.REASON),
    **_from([_S.ANSWERED], _M.CLOSE_UNREACHED, _S.CLOSED, _P.CALL, _N.ATTEMPTS),
    **_from([_S.ANSWERED], _M.CLOSE_SILENT, _S.CLOSED, _P.CLOSE_SILENT),
    **_from([_S.CLOSED], _M.REOPEN, _S.HANDLING, _P.REOPEN, _N.WORDS),
    **_same([_S.CLOSED], _M.COMPLETE, _P.HANDLE, _N.WORDS),
    **_from([_S.CLOSED], _M.FALL_DUE, _S.HANDLING, _P.FALL_DUE),
    **_from(OPEN - {_S.PETITION}, _M.TRANSFER, _S.PETITION, _P.SORT, _N.CHANNEL),
    **_same([_S.PETITION], _M.PETITION_STEP, _P.SORT, _N.PETITION_STEP),
    **_from([_S.PETITION], _M.CONCLUDE, _S.CLOSED, _P.SORT, _N.WORDS),
    **_from([_S.PETITION], _M.RETURN, _S.HEARD, _P.SORT, _N.REASON),
}


def step(state: State, move: Move) -> Step:
    """Return the row of the table; raises Refused("not_from_here") where there is none."""
    try:
        return TABLE[state, move]
    except KeyError:
        raise Refused("not_from_here", state=state, move=move) from None
