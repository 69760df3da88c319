"""What a move needs beyond its row of the table: counts, terms and persons. It decides buttons and actions alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lianying.rules.kinds import CaseKind, Outcome
from lianying.rules.lifecycle import Move, State
from lianying.rules.refusals import Refused

#: From this satisfaction on, of 1 to 5, the resident counts as content.
CONTENT = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of the profile."""

    reworks: int = 2
    asks: int = 2
    ask_days: int = 10
    attempts: int = 3
    object_days: int = 15
    reopen_days: int = 15


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when somebody is about to move it. Days are working days.

    petition_step, petition_end, petition_return    as `petitions` says what stands against them
    """

    state: State
    kind: CaseKind
    by_resident: bool = False
    by_user: int | None = None
    has_contact: bool = True
    reworks: int = 0
    asks: int = 0
    waited_days: int = 0
    objected: bool = False
    reopened_by_resident: bool = False
    days_since_end: int = 0
    disputed: bool = False
    dispute_term_open: bool = True
    extension_used: bool = False
    extension_possible: bool = True
    extension_proposed: bool = False
    extension_proposer: int | None = None
    answer_proposed: bool = False
    answer_proposer: int | None = None
    end_proposed: bool = False
    end_proposer: int | None = None
    attempt_days: int = 0
    rated: bool = False
    outcome: Outcome | None = None
    main_open: bool = True
    desk_above: bool = True
    petition_step: str | None = None
    petition_end: str | None = None
    petition_return: str | None = None
    limits: Limits = Limits()


def _object(facts: Facts) -> str | None:
    if facts.objected:
        return "objected_already"
    return "objection_too_late" if facts.days_since_end > facts.limits.object_days else None


def _reopen(facts: Facts) -> str | None:
    if not facts.by_resident:
        return None
    if facts.reopened_by_resident:
        return "reopened_already"
    return "reopening_too_late" if facts.days_since_end > facts.limits.reopen_days else None


def _ask(facts: Facts) -> str | None:
    if not facts.has_contact:
        return "no_contact"
    if facts.asks >= facts.limits.asks:
        return "asks_used"
    return "ask_days_used" if facts.waited_days >= facts.limits.ask_days else None


def _dispute(facts: Facts) -> str | None:
    if facts.disputed:
        return "disputed_already"
    return None if facts.dispute_term_open else "dispute_too_late"


def _propose_extension(facts: Facts) -> str | None:
    if facts.extension_used:
        return "extended_already"
    if not facts.extension_possible:
        return "no_extension_here"
    return "proposal_open" if facts.extension_proposed else None


def _decide_extension(facts: Facts) -> str | None:
    if not facts.extension_proposed:
        return "nothing_proposed"
    return "same_person" if facts.extension_proposer == facts.by_user else None


def _decide_answer(facts: Facts) -> str | None:
    if not facts.answer_proposed:
        return "nothing_proposed"
    return "same_person" if facts.answer_proposer == facts.by_user else None


def _propose_end(facts: Facts) -> str | None:
    return "proposal_open" if facts.end_proposed else None


def _decide_end(facts: Facts) -> str | None:
    if not facts.end_proposed:
        return "nothing_proposed"
    return "same_person" if facts.end_proposer == facts.by_user else None


def _merge(facts: Facts) -> str | None:
    return "reports_stay_alone" if facts.kind == CaseKind.REPORT else None


def _unmerge(facts: Facts) -> str | None:
    return None if facts.main_open else "main_ended"


def _check_unsatisfied(facts: Facts) -> str | None:
    return "reworks_used" if facts.reworks >= facts.limits.reworks else None


def _end_unsolved(facts: Facts) -> str | None:
    return "reworks_left" if facts.reworks < facts.limits.reworks else None


def _close_silent(facts: Facts) -> str | None:
    """Who has spoken is neither silent nor unreached: such an end would leave the figures."""
    return "rated_already" if facts.rated else None


def _close_unreached(facts: Facts) -> str | None:
    if facts.rated:
        return "rated_already"
    return "attempts_missing" if facts.attempt_days < facts.limits.attempts else None


def _planned(facts: Facts) -> str | None:
    return None if facts.outcome == Outcome.PLANNED else "nothing_planned"


def _hand_up(facts: Facts) -> str | None:
    return None if facts.desk_above else "no_desk_above"


def _petition_step(facts: Facts) -> str | None:
    return facts.petition_step


def _conclude(facts: Facts) -> str | None:
    return facts.petition_end


def _return(facts: Facts) -> str | None:
    return facts.petition_return


GUARDS: Mapping[Move, Callable[[Facts], str | None]] = {
    Move.OBJECT: _object,
    Move.REOPEN: _reopen,
    Move.ASK: _ask,
    Move.DISPUTE: _dispute,
    Move.PROPOSE_EXTENSION: _propose_extension,
    Move.EXTEND: _decide_extension,
    Move.REFUSE_EXTENSION: _decide_extension,
    Move.APPROVE: _decide_answer,
    Move.REFUSE_ANSWER: _decide_answer,
    Move.PROPOSE_END: _propose_end,
    Move.TERMINATE: _decide_end,
    Move.REFUSE_END: _decide_end,
    Move.MERGE: _merge,
    Move.UNMERGE: _unmerge,
    Move.CHECK_UNSATISFIED: _check_unsatisfied,
    Move.END_UNSOLVED: _end_unsolved,
    Move.CLOSE_UNREACHED: _close_unreached,
    Move.CLOSE_SILENT: _close_silent,
    Move.COMPLETE: _planned,
    Move.FALL_DUE: _planned,
    Move.HAND_UP: _hand_up,
    Move.PETITION_STEP: _petition_step,
    Move.CONCLUDE: _conclude,
    Move.RETURN: _return,
}


def hindrance(move: Move, facts: Facts) -> str | None:
    """Return the code of the refusal that stands against the move, or None."""
    guard = GUARDS.get(move)
    return guard(facts) if guard else None


def require(move: Move, facts: Facts) -> None:
    """Raises Refused with the code of `hindrance` and the limits it names."""
    code = hindrance(move, facts)
    if code:
        limits = facts.limits
        raise Refused(code, asks=limits.asks, days=limits.ask_days, attempts=limits.attempts, reworks=limits.reworks)


def desk_asks(kind: CaseKind) -> bool:
    """Who reports wrongdoing is known to the desk alone: it rings, asks and checks for every unit."""
    return kind == CaseKind.REPORT


def in_line(accused: str, path: str) -> bool:
    """Whether a unit stands in the line of the unit that a report accuses: itself, below it or above it.

    Paths are materialised ('/0001/000c/'). The root serves everybody and is left out: it must be able to hear.
    """
    if not accused:
        return False
    below = path.startswith(accused)
    above = accused.startswith(path) and path.count("/") > 2
    return below or above
