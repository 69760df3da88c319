from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.guards import GUARDS, Facts, desk_asks, hindrance, in_line, require
from lianying.rules.kinds import CaseKind, Outcome
from lianying.rules.lifecycle import Move, State
from lianying.rules.refusals import Refused

FREE = Facts(State.HANDLING, CaseKind.HELP, by_user=1)
PROPOSED = replace(
    FREE, extension_proposed=True, extension_proposer=2, end_proposed=True, end_proposer=2, reworks=0, attempt_days=3
)


@pytest.mark.parametrize(
    ("move", "facts", "code"),
    [
        (Move.OBJECT, replace(FREE, days_since_end=15), None),
        (Move.OBJECT, replace(FREE, days_since_end=16), "objection_too_late"),
        (Move.OBJECT, replace(FREE, objected=True), "objected_already"),
        (Move.REOPEN, replace(FREE, days_since_end=99, reopened_by_resident=True), None),
        (Move.REOPEN, replace(FREE, by_resident=True, days_since_end=15), None),
        (Move.REOPEN, replace(FREE, by_resident=True, days_since_end=16), "reopening_too_late"),
        (Move.REOPEN, replace(FREE, by_resident=True, reopened_by_resident=True), "reopened_already"),
        (Move.ASK, replace(FREE, asks=1, waited_days=9), None),
        (Move.ASK, replace(FREE, has_contact=False), "no_contact"),
        (Move.ASK, replace(FREE, asks=2), "asks_used"),
        (Move.ASK, replace(FREE, waited_days=10), "ask_days_used"),
        (Move.DISPUTE, FREE, None),
        (Move.DISPUTE, replace(FREE, disputed=True), "disputed_already"),
        (Move.DISPUTE, replace(FREE, dispute_term_open=False), "dispute_too_late"),
        (Move.PROPOSE_EXTENSION, FREE, None),
        (Move.PROPOSE_EXTENSION, replace(FREE, extension_used=True), "extended_already"),
        (Move.PROPOSE_EXTENSION, replace(FREE, extension_possible=False), "no_extension_here"),
        (Move.PROPOSE_EXTENSION, PROPOSED, "proposal_open"),
        (Move.EXTEND, PROPOSED, None),
        (Move.EXTEND, FREE, "nothing_proposed"),
        (Move.EXTEND, replace(PROPOSED, by_user=2), "same_person"),
        (Move.REFUSE_EXTENSION, PROPOSED, None),
        (Move.REFUSE_EXTENSION, replace(PROPOSED, by_user=2), "same_person"),
        (Move.PROPOSE_END, FREE, None),
        (Move.PROPOSE_END, PROPOSED, "proposal_open"),
        (Move.TERMINATE, PROPOSED, None),
        (Move.TERMINATE, FREE, "nothing_proposed"),
        (Move.TERMINATE, replace(PROPOSED, by_user=2), "same_person"),
        (Move.REFUSE_END, PROPOSED, None),
        (Move.MERGE, FREE, None),
        (Move.MERGE, replace(FREE, kind=CaseKind.REPORT), "reports_stay_alone"),
        (Move.UNMERGE, FREE, None),
        (Move.UNMERGE, replace(FREE, main_open=False), "main_ended"),
        (Move.CHECK_UNSATISFIED, replace(FREE, reworks=1), None),
        (Move.CHECK_UNSATISFIED, replace(FREE, reworks=2), "reworks_used"),
        (Move.END_UNSOLVED, replace(FREE, reworks=1), "reworks_left"),
        (Move.END_UNSOLVED, replace(FREE, reworks=2), None),
        (Move.CLOSE_UNREACHED, replace(FREE, attempt_days=2), "attempts_missing"),
        (Move.CLOSE_UNREACHED, replace(FREE, attempt_days=3), None),
        (Move.CLOSE_UNREACHED, replace(FREE, attempt_days=3, rated=True), "rated_already"),
        (Move.CLOSE_SILENT, FREE, None),
        (Move.CLOSE_SILENT, replace(FREE, rated=True), "rated_already"),
        (Move.COMPLETE, replace(FREE, outcome=Outcome.SOLVED), "nothing_planned"),
        (Move.COMPLETE, replace(FREE, outcome=Outcome.PLANNED), None),
        (Move.FALL_DUE, FREE, "nothing_planned"),
        (Move.FALL_DUE, replace(FREE, outcome=Outcome.SOLVED), "nothing_planned"),
        (Move.FALL_DUE, replace(FREE, outcome=Outcome.PLANNED), None),
    ],
)
def test_hindrance(move: Move, facts: Facts, code: str | None) -> None:
    assert hindrance(move, facts) == code


@pytest.mark.parametrize("move", sorted(set(Move) - set(GUARDS)))
def test_other_moves_need_no_more_than_their_row(move: Move) -> None:
    assert hindrance(move, FREE) is None


def test_require_names_the_limits() -> None:
    with pytest.raises(Refused) as caught:
        require(Move.ASK, replace(FREE, asks=2))

    assert (caught.value.code, caught.value.facts) == (
        "asks_used",
        {"asks": 2, "days": 10, "attempts": 3, "reworks": 2},
    )


def test_require_lets_through_what_nothing_hinders() -> None:
    require(Move.ASK, FREE)


@given(reworks=st.integers(0, 5))
def test_an_unhappy_resident_always_has_one_way_on(reworks: int) -> None:
    facts = replace(FREE, reworks=reworks)

    ways = [move for move in (Move.CHECK_UNSATISFIED, Move.END_UNSOLVED) if hindrance(move, facts) is None]

    assert len(ways) == 1


@pytest.mark.parametrize("kind", CaseKind)
def test_desk_asks_whoever_made_a_report(kind: CaseKind) -> None:
    assert desk_asks(kind) is (kind == CaseKind.REPORT)


@pytest.mark.parametrize(
    ("accused", "path", "inside"),
    [
        ("", "/0001/0002/", False),
        ("/0001/0002/", "/0001/0002/", True),
        ("/0001/0002/", "/0001/0002/0007/", True),
        ("/0001/0002/0007/", "/0001/0002/", True),
        ("/0001/0002/0007/", "/0001/", False),
        ("/0001/", "/0001/0002/", True),
        ("/0001/0002/", "/0001/0003/", False),
        ("/0001/0002/0007/", "/0001/0002/0008/", False),
    ],
)
def test_in_line(accused: str, path: str, inside: bool) -> None:
    assert in_line(accused, path) is inside
