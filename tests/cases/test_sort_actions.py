from datetime import timedelta

import pytest

from lianying.cases import actions
from lianying.cases.actions import Sorting, Verdict
from lianying.cases.models import Case
from lianying.cases.queries.scope import assisted
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import CaseKind, DeclineReason, Solved, Urgency
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, held, iso, last, owed, refusal, timers, words

LATER = NOON + 6 * STEP
CONSULT = Sorting(kind=CaseKind.CONSULT, category="0101")


def test_correct_counts_the_promise_again_from_the_receipt(county: County, clerk: Actor) -> None:
    case = make.handling(county)

    case = actions.correct(case, version=3, sorting=CONSULT, by=clerk, at=LATER)

    assert (case.kind, case.category, case.clock_from, case.due_at, case.stage_due_at) == (
        "consult",
        "0101",
        NOON,
        day(11, 17),
        day(11, 17),
    )
    assert last(case) == (
        "corrected",
        clerk.label,
        {
            "state": "handling",
            "case_kind": "consult",
            "category": "0101",
            "rule": "anhui/resolve/consult",
            "due_at": iso(day(11, 17)),
        },
    )


def test_correct_of_what_no_promise_hangs_on_moves_nothing(county: County, clerk: Actor) -> None:
    case = make.assigned(county)
    sorting = Sorting(title="路灯", address="人民路 8 号", category="0203")

    after = actions.correct(case, version=2, sorting=sorting, by=clerk, at=LATER)

    assert (after.title, after.address, after.category) == ("路灯", "人民路 8 号", "0203")
    assert (after.due_at, after.stage_due_at, after.promise) == (case.due_at, case.stage_due_at, case.promise)
    assert last(after) == ("corrected", clerk.label, {"state": "assigned", "category": "0203"})


def test_correct_with_nothing_new_is_recorded_alone(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    case = actions.correct(case, version=1, sorting=Sorting(kind=CaseKind.HELP), by=clerk, at=LATER)

    assert last(case) == ("corrected", clerk.label, {"state": "heard"})


@pytest.mark.parametrize(("state", "since", "hours"), [(State.HEARD, NOON, 2), (State.ASSIGNED, NOON + STEP, 1)])
def test_correct_to_urgent_hastens_the_stage(
    county: County, clerk: Actor, state: State, since: object, hours: int
) -> None:
    case = make.IN_STATE[state](county)

    case = actions.correct(case, version=case.version, sorting=Sorting(urgency=Urgency.URGENT), by=clerk, at=LATER)

    assert (case.due_at, case.stage_due_at) == (NOON + timedelta(hours=24), case.stage_at + timedelta(hours=hours))
    assert case.stage_at == since


def test_correct_gives_back_the_time_of_a_pause(county: County, clerk: Actor) -> None:
    case = make.waiting(county)
    case = actions.reply(case, version=None, text="三号楼前", by=RESIDENT, at=day(11, 13, 9, 0))

    case = actions.correct(case, version=case.version, sorting=CONSULT, by=clerk, at=day(11, 13, 10, 0))

    assert case.due_at == day(11, 18)


def test_correct_keeps_an_extension_only_where_one_is_granted(county: County, clerk: Actor) -> None:
    case = extended(county)

    complex_ = Sorting(urgency=Urgency.COMPLEX)
    case = actions.correct(case, version=case.version, sorting=complex_, by=clerk, at=LATER)
    kept = (case.extension_days, case.due_at)
    urgent = Sorting(urgency=Urgency.URGENT)
    case = actions.correct(case, version=case.version, sorting=urgent, by=clerk, at=LATER)

    assert kept == (5, day(12, 3))
    assert (case.extension_days, case.due_at) == (0, NOON + timedelta(hours=24))


def extended(county: County) -> Case:
    case = make.handling(county)
    case = actions.propose_extension(
        case, version=case.version, days=5, reason="等配件", by=county.handler, at=NOON + 3 * STEP
    )
    return actions.extend(case, version=case.version, words="等配件", by=county.head, at=NOON + 4 * STEP)


def test_correct_of_a_rework_counts_from_the_rework(county: County, clerk: Actor) -> None:
    case = make.answered(county)
    verdict = Verdict(Solved.NO, 1, "没修好")
    again_at = day(11, 16, 9, 0)
    case = actions.check_unsatisfied(case, version=case.version, verdict=verdict, by=RESIDENT, at=again_at)

    case = actions.correct(case, version=case.version, sorting=CONSULT, by=clerk, at=again_at)

    assert (case.clock_from, case.due_at, case.promise["rule"]) == (again_at, day(11, 18), "anhui/rework/consult")


def test_correct_of_an_old_one_without_promise_gives_none(county: County, clerk: Actor) -> None:
    case = without_promise(county)

    case = actions.correct(case, version=1, sorting=CONSULT, by=clerk, at=LATER)

    assert (case.kind, case.due_at, case.promise) == ("consult", None, {})


def without_promise(county: County) -> Case:
    """As an import leaves it."""
    case = make.heard(county)
    Case.objects.filter(pk=case.pk).update(due_at=None, promise={}, clock_from=None)
    case.refresh_from_db()
    return case


def test_assign_hands_the_case_over_and_keeps_the_promise(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    after = actions.assign(
        case, version=1, to=county.management, assisting=[county.housing, county.management], by=clerk, at=LATER
    )

    assert (after.state, after.unit, after.path, after.handler) == (
        "assigned",
        county.management,
        county.management.path,
        None,
    )
    assert (after.due_at, after.stage_at, after.stage_due_at) == (case.due_at, LATER, day(11, 13))
    assert held(after) == [("lead", "desk", False), ("lead", "management", True), ("assist", "housing", True)]
    assert last(after) == (
        "assigned",
        clerk.label,
        {"state": "assigned", "path": county.management.path, "assisting": [county.housing.pk]},
    )
    assert list(assisted(county.neighbour)) == [after]


def test_assign_with_what_was_sorted_counts_again(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    case = actions.assign(case, version=1, to=county.management, sorting=CONSULT, by=clerk, at=LATER)

    assert (case.kind, case.due_at) == ("consult", day(11, 17))
    assert last(case)[2] == {
        "state": "assigned",
        "case_kind": "consult",
        "category": "0101",
        "rule": "anhui/resolve/consult",
        "path": county.management.path,
        "assisting": [],
        "due_at": iso(day(11, 17)),
    }


def test_assign_of_an_old_one_promises_from_now(county: County, clerk: Actor) -> None:
    case = without_promise(county)
    at = day(11, 16, 9, 0)

    case = actions.assign(case, version=1, to=county.management, by=clerk, at=at)

    assert (case.clock_from, case.due_at) == (at, day(11, 30))


@pytest.mark.parametrize(("told", "calls"), [(True, []), (False, ["answered"])])
def test_answer_now_answers_at_the_desk(county: County, clerk: Actor, told: bool, calls: list[str]) -> None:
    case = make.heard(county)

    case = actions.answer_now(case, version=1, text=" 请带身份证 ", sorting=CONSULT, told=told, by=clerk, at=LATER)

    assert (case.state, case.path, case.answered_at, case.answered_late, case.answered_at_once, case.outcome) == (
        "answered",
        county.desk.path,
        LATER,
        False,
        True,
        "solved",
    )
    assert case.stage_due_at == day(11, 17)
    assert last(case)[2] == {
        "state": "answered",
        "case_kind": "consult",
        "category": "0101",
        "rule": "anhui/resolve/consult",
        "due_at": iso(day(11, 17)),
        "answered_at": iso(LATER),
        "told": told,
    }
    assert (words(case), owed(case), timers(case)) == (
        [("answer", "请带身份证", 2)],
        calls,
        {"close_silent": day(11, 24, 17, 31)},
    )


def test_answer_now_past_the_promise_is_late(county: County, clerk: Actor) -> None:
    case = make.heard(county, kind=CaseKind.CONSULT)

    case = actions.answer_now(case, version=1, text="答", by=clerk, at=day(11, 18))

    assert case.answered_late is True


def test_answer_now_needs_words(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    with refusal("no_words", case):
        actions.answer_now(case, version=1, text=" ", by=clerk, at=LATER)


@pytest.mark.parametrize(
    ("told", "phone", "calls"), [(True, "13812348263", []), (False, "13812348263", ["declined"]), (False, "", [])]
)
def test_decline_says_why_and_ends(county: County, clerk: Actor, told: bool, phone: str, calls: list[str]) -> None:
    case = make.heard(county, phone=phone)

    case = actions.decline(
        case, version=1, reason=DeclineReason.LEGAL_CHANNEL, text="请找法院", told=told, by=clerk, at=LATER
    )

    assert (case.state, case.closed_at, case.ending, case.stage_due_at) == ("declined", LATER, "", None)
    assert last(case)[2] == {
        "state": "declined",
        "reason": "legal_channel",
        "ending": "",
        "closed_at": iso(LATER),
    }
    assert (words(case), owed(case)) == ([("decline", "请找法院", 2)], calls)


def test_decline_needs_words(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    with refusal("no_words", case):
        actions.decline(case, version=1, reason=DeclineReason.UNLAWFUL, text="", by=clerk, at=LATER)


def test_decline_of_a_main_one_sends_the_joined_back_to_the_desk(county: County, clerk: Actor) -> None:
    main = make.heard(county)
    joined = make.merged(county, main=main, at=NOON + STEP)
    promised = joined.due_at

    actions.decline(main, version=1, reason=DeclineReason.OUTSIDE_DUTY, text="请找物业", by=clerk, at=LATER)

    joined.refresh_from_db()
    assert (joined.state, joined.main, joined.due_at, joined.closed_at) == ("heard", None, promised, None)
