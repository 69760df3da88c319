"""What the guards of `rules` want to know of a case, read from its rows; the same for buttons and actions."""

from datetime import datetime
from typing import Any

from lianying.cases import clocks
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.notices.queries import channel_of
from lianying.orgs.paths import depth
from lianying.orgs.scope import Actor
from lianying.rules import petitions
from lianying.rules.deadlines import Stage
from lianying.rules.entries import EntryKind, HoldingRole, ProposalKind
from lianying.rules.guards import Facts, hindrance
from lianying.rules.kinds import CallResult, CaseKind, Outcome
from lianying.rules.lifecycle import OPEN, TABLE, Move, State
from lianying.rules.powers import POWERS, Power, Role

EXTENSION_MOVES = frozenset({Move.PROPOSE_EXTENSION, Move.EXTEND, Move.REFUSE_EXTENSION})
ANSWER_MOVES = frozenset({Move.APPROVE, Move.REFUSE_ANSWER})
PETITION_MOVES = frozenset({Move.PETITION_STEP, Move.CONCLUDE, Move.RETURN})
END_MOVES = frozenset({Move.PROPOSE_END, Move.TERMINATE, Move.REFUSE_END})


def _extension(case: Case) -> dict[str, Any]:
    rows = [row for row in case.proposals.all() if row.kind == ProposalKind.EXTENSION]
    waiting = next((row for row in rows if row.decided_at is None), None)
    return {
        "extension_used": case.extension_days > 0 or any(row.granted for row in rows),
        "extension_possible": clocks.extension_limit(case) > 0,
        "extension_proposed": waiting is not None,
        "extension_proposer": waiting.by_id if waiting else None,
    }


def _proposed(case: Case, kind: ProposalKind) -> dict[str, Any]:
    rows = (row for row in case.proposals.all() if row.kind == kind and row.decided_at is None)
    waiting = next(rows, None)
    return {f"{kind}_proposed": waiting is not None, f"{kind}_proposer": waiting.by_id if waiting else None}


def _dispute(case: Case, at: datetime) -> dict[str, Any]:
    leads = [row for row in case.holdings.all() if row.role == HoldingRole.LEAD and row.unit_id == case.unit_id]
    current = next((row for row in leads if row.to_at is None), None)
    closes_at = clocks.stage_due(case, Stage.DISPUTE, current.from_at) if current else None
    return {
        "disputed": any(row.disputed for row in leads),
        "dispute_term_open": closes_at is None or at <= closes_at,
    }


def _ended_at(case: Case) -> datetime | None:
    """What was planned ends for the resident when it is said to be done: only then can they see whether it is."""
    done = [row.at for row in case.entries.all() if row.kind == EntryKind.COMPLETION]
    return max([case.closed_at, *done]) if case.closed_at else None


def _attempts(case: Case) -> dict[str, Any]:
    since = case.answered_at
    rung = (row for row in case.attempts.all() if row.result != CallResult.REACHED)
    days = {row.on for row in rung if since is None or row.at >= since}
    return {"attempt_days": len(days), "rated": case.satisfaction is not None}


def _petition(case: Case, at: datetime) -> dict[str, Any]:
    now = clocks.petition(case)
    due_on = local_day(clocks.petition_due(now).at)
    end = petitions.end_hindrance(now, due_on=due_on, today=local_day(at))
    step = None if petitions.possible(now.stage) else "petition_not_now"
    return {"petition_step": step, "petition_end": end, "petition_return": petitions.return_hindrance(now)}


def facts_of(case: Case, move: Move, *, by: Actor, at: datetime) -> Facts:
    """Read only what the move's guard looks at; with prefetched relations it costs no query."""
    more: dict[str, Any] = {}
    if move == Move.ASK:
        more["has_contact"] = channel_of(case.contact) is not None
        more["waited_days"] = clocks.waited_days(case.pauses.all(), at)
    elif move in EXTENSION_MOVES:
        more |= _extension(case)
    elif move in END_MOVES:
        more |= _proposed(case, ProposalKind.END)
    elif move in ANSWER_MOVES:
        more |= _proposed(case, ProposalKind.ANSWER)
    elif move == Move.DISPUTE:
        more |= _dispute(case, at)
    elif move in {Move.CLOSE_UNREACHED, Move.CLOSE_SILENT}:
        more |= _attempts(case)
    elif move in PETITION_MOVES and case.state == State.PETITION:
        more |= _petition(case, at)
    elif move == Move.UNMERGE:
        more["main_open"] = case.main is not None and State(case.main.state) in OPEN
    elif move in {Move.OBJECT, Move.REOPEN}:
        more["days_since_end"] = clocks.workdays_since(_ended_at(case), at)
    return Facts(
        state=State(case.state),
        kind=CaseKind(case.kind),
        by_resident=by.self_role == Role.RESIDENT,
        by_user=by.user_id,
        reworks=case.reworks,
        asks=case.asks,
        objected=case.objected,
        reopened_by_resident=case.reopened_by_resident,
        outcome=Outcome(case.outcome) if case.outcome else None,
        limits=clocks.limits(),
        # The county's own desk stands directly below its government.
        desk_above=depth(case.path) > 2,
        **more,
    )


def may_make(case: Case, move: Move, power: Power, *, by: Actor) -> bool:
    """Whether the person's posts cover the case with the power; a unit that assists may write notes as well."""
    return by.may(power, case.path) or (move == Move.NOTE and _assists(case, by))


def _assists(case: Case, by: Actor) -> bool:
    units = {post.unit_id for post in by.posts if Power.SPEAK in POWERS[post.role]}
    return bool(units) and any(
        held.role == HoldingRole.ASSIST and held.to_at is None and held.unit_id in units for held in case.holdings.all()
    )


def moves_for(case: Case, *, by: Actor, at: datetime) -> list[Move]:
    """The moves that the table, the person's powers and the guards allow now: the buttons of the page.

    What was erased moves no more: nobody could say what it is about.
    """
    state = State(case.state)
    if case.erased_at is not None:
        return []
    return [
        move
        for (origin, move), row in TABLE.items()
        if origin == state
        and may_make(case, move, row.power, by=by)
        and hindrance(move, facts_of(case, move, by=by, at=at)) is None
    ]
