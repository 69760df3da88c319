import pytest

from lianying.cases import actions
from lianying.cases.actions import Answer, Sorting, Verdict
from lianying.cases.models import Case, Pause, Proposal
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import CaseKind, Outcome, Solved
from lianying.rules.petitions import Step
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, held, iso, last, owed, refusal, timers, words

LATER = NOON + 6 * STEP
CONSULT = Sorting(kind=CaseKind.CONSULT, category="0101")


def test_recall_brings_it_back_to_the_desk(county: County, clerk: Actor) -> None:
    case = make.assigned(county, assisting=(county.housing,))

    after = actions.recall(case, version=2, reason="派错了", by=clerk, at=LATER)

    assert (after.state, after.path, after.handler, after.due_at, after.stage_due_at) == (
        "heard",
        county.desk.path,
        None,
        case.due_at,
        day(11, 13),
    )
    assert held(after) == [
        ("lead", "desk", False),
        ("lead", "management", False),
        ("assist", "housing", False),
        ("lead", "desk", True),
    ]
    assert words(after) == [("reason", "派错了", 3)]
    assert last(after)[2] == {"state": "heard", "path": county.desk.path}


def test_recall_overtakes_what_was_proposed(county: County, clerk: Actor) -> None:
    case = make.handling(county)
    actions.propose_extension(case, version=3, days=3, reason="等", by=county.handler, at=LATER)

    actions.recall(case, version=4, reason="派错了", by=clerk, at=LATER)

    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(False, LATER)]


def test_uphold_takes_it_from_the_unit(county: County, clerk: Actor) -> None:
    case = make.disputed(county)

    after = actions.uphold(case, version=3, reason="确属住建局", by=clerk, at=LATER)

    assert (after.state, after.path, after.due_at) == ("heard", county.desk.path, case.due_at)
    assert words(after)[-1] == ("reason", "确属住建局", 4)


def test_dismiss_leaves_it_with_the_unit_for_good(county: County, clerk: Actor, handler: Actor) -> None:
    case = make.disputed(county)

    after = actions.dismiss(case, version=3, reason="仍属城管局", by=clerk, at=LATER)

    assert (after.state, after.unit, after.handler_id, after.due_at, after.stage_due_at) == (
        "handling",
        county.management,
        handler.user_id,
        case.due_at,
        case.due_at,
    )
    assert last(after) == ("dismissed", clerk.label, {"state": "handling"})
    with refusal("disputed_already", after):
        actions.dispute(after, version=4, reason="还是不属", proposed=county.housing, by=handler, at=LATER)


@pytest.mark.parametrize("action", [actions.uphold, actions.dismiss])
def test_a_decision_on_a_dispute_needs_words(county: County, clerk: Actor, action: object) -> None:
    case = make.disputed(county)

    with refusal("no_words", case):
        action(case, version=3, reason=" ", by=clerk, at=LATER)  # type: ignore[operator]


def proposed_end(county: County) -> Case:
    case = make.handling(county)
    return actions.propose_end(case, version=3, reason="当事人已和解", by=county.head, at=NOON + 3 * STEP)


def test_terminate_ends_what_the_head_proposed(county: County, clerk: Actor) -> None:
    case = proposed_end(county)
    joined = make.merged(county, main=case)

    case = actions.terminate(case, version=4, by=clerk, at=LATER)

    joined.refresh_from_db()
    assert (case.state, case.ending, case.closed_at) == ("closed", "terminated", LATER)
    assert last(case)[2] == {"state": "closed", "ending": "terminated", "closed_at": iso(LATER)}
    assert (owed(case), joined.state) == (["terminated"], "heard")
    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(True, LATER)]


def test_terminate_without_a_proposal_is_refused(county: County, clerk: Actor) -> None:
    case = make.handling(county)

    with refusal("nothing_proposed", case):
        actions.terminate(case, version=3, by=clerk, at=LATER)


def test_terminate_by_who_proposed_is_refused(county: County) -> None:
    case = proposed_end(county)
    both = Actor(county.head.user_id, posts=(*county.head.posts, *county.clerk.posts))

    with refusal("same_person", case):
        actions.terminate(case, version=4, by=both, at=LATER)


def test_terminate_of_a_planned_rework_sets_no_timer(county: County, clerk: Actor) -> None:
    case = make.answered(county, outcome=Outcome.PLANNED, planned_days=20)
    verdict = Verdict(Solved.NO, 1, "等不了")
    case = actions.check_unsatisfied(case, version=case.version, verdict=verdict, by=RESIDENT, at=LATER)
    case = actions.propose_end(case, version=case.version, reason="和解", by=county.head, at=LATER)

    case = actions.terminate(case, version=case.version, by=clerk, at=LATER)

    assert (case.outcome, case.planned_on, timers(case)) == ("", None, {})


def test_refuse_end_says_why(county: County, clerk: Actor) -> None:
    case = proposed_end(county)

    case = actions.refuse_end(case, version=4, reason="未见协议", by=clerk, at=LATER)

    assert (case.state, words(case)[-1]) == ("handling", ("reason", "未见协议", 5))
    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(False, LATER)]
    with refusal("nothing_proposed", case):
        actions.terminate(case, version=5, by=clerk, at=LATER)


def test_refuse_end_needs_words(county: County, clerk: Actor) -> None:
    case = proposed_end(county)

    with refusal("no_words", case):
        actions.refuse_end(case, version=4, reason="", by=clerk, at=LATER)
    assert Proposal.objects.get().decided_at is None


def test_transfer_gives_it_fifteen_days(county: County, clerk: Actor) -> None:
    case = make.waiting(county)

    case = actions.transfer(case, version=4, text="已转信访局", by=clerk, at=LATER)

    assert (case.state, case.stage_due_at, case.closed_at, timers(case)) == ("petition", day(11, 27), None, {})
    assert last(case)[2] == {"state": "petition"}
    assert (words(case)[-1], Pause.objects.get().replied_at) == (("decline", "已转信访局", 5), LATER)


@pytest.mark.parametrize(("answered", "late"), [(False, True), (True, False)])
def test_transfer_past_the_promise_is_late_unless_answered(
    county: County, clerk: Actor, answered: bool, late: bool
) -> None:
    case = make.answered(county) if answered else make.handling(county)

    case = actions.transfer(case, version=case.version, text="已转", by=clerk, at=day(12, 1))

    assert (case.answered_late, case.outcome) == (late, "")


def test_conclude_ends_it_with_the_letter(county: County, clerk: Actor) -> None:
    case = make.stepped(county, make.petition(county), Step.SEND, Step.DECIDE, Step.ACCEPT)

    case = actions.conclude(case, version=5, text="信访局已书面答复", by=clerk, at=LATER)

    assert (case.state, case.ending, case.closed_at, words(case)[-1]) == (
        "closed",
        "concluded",
        LATER,
        ("answer", "信访局已书面答复", 6),
    )


def test_give_back_makes_it_a_request_again(county: County, clerk: Actor) -> None:
    case = make.assigned(county)
    case = actions.transfer(case, version=2, text="已转", by=clerk, at=NOON + 2 * STEP)

    after = actions.give_back(case, version=3, reason="不属信访事项", by=clerk, at=LATER)

    assert (after.state, after.path, after.due_at, after.stage_due_at) == (
        "heard",
        county.desk.path,
        case.due_at,
        day(11, 13),
    )
    assert (last(after)[0], words(after)[-1]) == ("returned", ("reason", "不属信访事项", 4))


def test_what_the_desk_answered_is_no_longer_at_once_when_it_comes_back(county: County, clerk: Actor) -> None:
    case = make.answered_now(county)
    verdict = Verdict(Solved.NO, 2, "没说清")
    back = actions.check_unsatisfied(case, version=2, verdict=verdict, by=RESIDENT, at=LATER)
    before = back.answered_at_once
    case = actions.assign(back, version=back.version, to=county.management, by=clerk, at=LATER)
    case = actions.sign(case, version=case.version, by=county.handler, at=LATER)

    case = actions.answer(case, version=case.version, answer=Answer("答"), by=county.handler, at=LATER)

    assert (before, case.answered_at_once, case.solved, case.satisfaction) == (False, False, "", None)
