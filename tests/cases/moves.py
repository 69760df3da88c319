"""One way to make each move, for walks and tables: with words, units and people of the county."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from lianying.cases import actions, clocks
from lianying.cases.actions import Answer, Sorting, Taking, Verdict
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind, DeclineReason, Outcome, Solved, Urgency
from lianying.rules.lifecycle import Move, State
from lianying.rules.petitions import Stage, Step, possible
from tests.cast import County, user_of
from tests.make import ADVICE, ANSWER, QUESTION

REASON = "理由写在这里"
AS_IT_IS = Sorting()


@dataclass(frozen=True, slots=True)
class Turn:
    """Who makes a move on which case, when, and with what; the defaults are what a test that does not care gives.

    other     the case to join;  extra: working days of an extension;  version: None for the one of the row
    """

    county: County
    case: Case
    by: Actor
    at: datetime
    other: Case | None = None
    unit: Unit | None = None
    sorting: Sorting = AS_IT_IS
    outcome: Outcome = Outcome.SOLVED
    stars: int = 4
    told: bool = True
    extra: int = 3
    version: int | None = None

    @property
    def seen(self) -> int:
        return self.case.version if self.version is None else self.version

    @property
    def to(self) -> Unit:
        return self.unit or self.county.management


def with_version(action: Callable[..., Case], turn: Turn, **values: object) -> Case:
    return action(turn.case, version=turn.seen, by=turn.by, at=turn.at, **values)


def plain(action: Callable[..., Case]) -> Callable[[Turn], Case]:
    return partial(with_version, action)


def reasoned(action: Callable[..., Case]) -> Callable[[Turn], Case]:
    return lambda turn: with_version(action, turn, reason=REASON)


def worded(action: Callable[..., Case]) -> Callable[[Turn], Case]:
    return lambda turn: with_version(action, turn, text=ADVICE)


def by_clock(action: Callable[..., Case]) -> Callable[[Turn], Case]:
    return lambda turn: action(turn.case, by=turn.by, at=turn.at)


def assign(turn: Turn) -> Case:
    return with_version(actions.assign, turn, to=turn.to, assisting=(turn.county.town,), sorting=turn.sorting)


def hand_to(turn: Turn) -> Case:
    return with_version(actions.hand_to, turn, to=user_of(turn.county.colleague))


def answered(turn: Turn) -> Answer:
    planned_on = (turn.at + timedelta(days=20)).date() if turn.outcome == Outcome.PLANNED else None
    return Answer(ANSWER, turn.outcome, planned_on)


def answer(turn: Turn) -> Case:
    """What cannot be done is another move, where there is a head."""
    outcome = Outcome.SOLVED if turn.outcome == Outcome.CANNOT else turn.outcome
    return with_version(actions.answer, turn, answer=answered(replace(turn, outcome=outcome)))


def propose_answer(turn: Turn) -> Case:
    return with_version(actions.answer, turn, answer=Answer(ANSWER, Outcome.CANNOT))


def decline(turn: Turn) -> Case:
    return with_version(actions.decline, turn, reason=DeclineReason.OUTSIDE_DUTY, text=ADVICE, told=turn.told)


def check(action: Callable[..., Case]) -> Callable[[Turn], Case]:
    return lambda turn: with_version(action, turn, verdict=Verdict(Solved.PARTLY, turn.stars, "群众的话"))


def petition_step(turn: Turn) -> Case:
    """The first that is possible where the petition stands."""
    stage = clocks.petition(turn.case).stage if turn.case.state == State.PETITION else Stage.RECEIVED
    step = next(iter(possible(stage)), Step.SEND)
    taking = Taking(step, local_day(turn.at), ADVICE, "宁信转〔2026〕7号", turn.to, 5)
    return with_version(actions.petition_step, turn, taking=taking)


MAKE: Mapping[Move, Callable[[Turn], Case]] = {
    Move.NOTE: lambda turn: actions.note(turn.case, text="补充一句", by=turn.by, at=turn.at),
    Move.CORRECT: lambda turn: with_version(actions.correct, turn, sorting=turn.sorting),
    Move.ASSIGN: assign,
    Move.ANSWER_NOW: lambda turn: with_version(actions.answer_now, turn, text=ADVICE, told=turn.told),
    Move.DECLINE: decline,
    Move.OBJECT: worded(actions.object_to),
    Move.MERGE: lambda turn: with_version(actions.merge, turn, main=turn.other or turn.case),
    Move.UNMERGE: plain(actions.unmerge),
    Move.WITHDRAW: plain(actions.withdraw),
    Move.SIGN: plain(actions.sign),
    Move.HAND_UP: reasoned(actions.hand_up),
    Move.RECALL: reasoned(actions.recall),
    Move.PASS: lambda turn: with_version(actions.pass_down, turn, to=turn.county.section),
    Move.HAND_TO: hand_to,
    Move.DISPUTE: lambda turn: with_version(actions.dispute, turn, reason=REASON, proposed=turn.county.housing),
    Move.UPHOLD: reasoned(actions.uphold),
    Move.DISMISS: reasoned(actions.dismiss),
    Move.TAKE_BACK: plain(actions.take_back),
    Move.ASK: lambda turn: with_version(actions.ask, turn, text=QUESTION, told=turn.told),
    Move.REPLY: worded(actions.reply),
    Move.RESUME: plain(actions.resume),
    Move.ANSWER: answer,
    Move.PROPOSE_ANSWER: propose_answer,
    Move.APPROVE: worded(actions.approve),
    Move.REFUSE_ANSWER: reasoned(actions.refuse_answer),
    Move.CORRECT_ANSWER: lambda turn: with_version(actions.correct_answer, turn, answer=answered(turn)),
    Move.PROPOSE_EXTENSION: lambda turn: with_version(actions.propose_extension, turn, days=turn.extra, reason=REASON),
    Move.EXTEND: lambda turn: with_version(actions.extend, turn, words=REASON),
    Move.REFUSE_EXTENSION: reasoned(actions.refuse_extension),
    Move.PROPOSE_END: reasoned(actions.propose_end),
    Move.TERMINATE: plain(actions.terminate),
    Move.REFUSE_END: reasoned(actions.refuse_end),
    Move.CHECK_SATISFIED: check(actions.check_satisfied),
    Move.CHECK_UNSATISFIED: check(actions.check_unsatisfied),
    Move.END_UNSOLVED: reasoned(actions.end_unsolved),
    Move.CLOSE_UNREACHED: plain(actions.close_unreached),
    Move.CLOSE_SILENT: by_clock(actions.close_silent),
    Move.REOPEN: lambda turn: with_version(actions.reopen, turn, words="又坏了"),
    Move.COMPLETE: lambda turn: with_version(actions.complete, turn, words="换好了"),
    Move.FALL_DUE: by_clock(actions.fall_due),
    Move.TRANSFER: worded(actions.transfer),
    Move.PETITION_STEP: petition_step,
    Move.CONCLUDE: worded(actions.conclude),
    Move.RETURN: reasoned(actions.give_back),
}
#: Moves that overwrite nothing, or that the clock makes on whatever it finds.
WITHOUT_VERSION = frozenset({Move.NOTE, Move.CLOSE_SILENT, Move.FALL_DUE})

SORTINGS = (
    AS_IT_IS,
    Sorting(kind=CaseKind.CONSULT, category="0101"),
    Sorting(kind=CaseKind.HELP, urgency=Urgency.URGENT, title="新题目"),
    Sorting(kind=CaseKind.COMPLAINT, urgency=Urgency.COMPLEX, address="人民路 8 号"),
    Sorting(kind=CaseKind.REPORT),
)
