from datetime import date, timedelta

import pytest

from lianying.cases import actions, clocks
from lianying.cases.actions import Answer
from lianying.cases.actions.timers import fire_due
from lianying.cases.facts import moves_for
from lianying.cases.models import Case, Pause, Proposal
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.kinds import Outcome
from lianying.rules.lifecycle import Move
from tests import make
from tests.cast import NOON, STEP, County, user_of
from tests.look import day, held, iso, last, owed, refusal, timers, words

LATER = NOON + 6 * STEP


# sign, pass, hand over


def test_sign_makes_the_signer_the_handler(county: County, handler: Actor) -> None:
    case = make.assigned(county)

    after = actions.sign(case, version=2, by=handler, at=LATER)

    assert (after.state, after.handler_id, after.stage_at, after.stage_due_at, after.due_at) == (
        "handling",
        handler.user_id,
        LATER,
        case.due_at,
        case.due_at,
    )
    assert last(after) == ("signed", handler.label, {"state": "handling"})


def test_sign_by_the_neighbour_is_refused(county: County, neighbour: Actor) -> None:
    case = make.assigned(county)

    with refusal("not_yours", case):
        actions.sign(case, version=2, by=neighbour, at=LATER)


@pytest.mark.parametrize("signed", [False, True])
def test_pass_down_leaves_the_promise(county: County, head: Actor, signed: bool) -> None:
    case = make.handling(county) if signed else make.assigned(county)

    after = actions.pass_down(case, version=case.version, to=county.section, note="请市容科办理", by=head, at=LATER)

    assert (after.state, after.path, after.handler, after.due_at, after.stage_at, after.stage_due_at) == (
        "assigned",
        county.section.path,
        None,
        case.due_at,
        LATER,
        day(11, 13),
    )
    assert held(after)[1:] == [("lead", "management", False), ("lead", "section", True)]
    assert last(after) == ("passed", head.label, {"state": "assigned", "path": county.section.path})
    assert words(after) == [("inner", "请市容科办理", after.version)]


@pytest.mark.parametrize("unit", ["management", "housing", "root"])
def test_pass_down_to_what_is_not_below_is_refused(county: County, head: Actor, unit: str) -> None:
    case = make.assigned(county)

    with refusal("not_below", case):
        actions.pass_down(case, version=2, to=county.units[unit], by=head, at=LATER)


def test_pass_down_of_a_report_to_the_accused_is_refused(county: County, handler: Actor) -> None:
    case = make.assigned(county, to=county.town)
    # By hand, since no action lets a report come above those whom it accuses.
    Case.objects.filter(pk=case.pk).update(kind="report", accused=county.village, accused_path=county.village.path)
    over_all = Actor(handler.user_id, posts=(type(handler.posts[0])(handler.posts[0].role, 0, "", "/", "/"),))
    case.refresh_from_db()

    with refusal("accused_line", case):
        actions.pass_down(case, version=2, to=county.village, by=over_all, at=LATER)


def test_hand_to_a_colleague(county: County, handler: Actor) -> None:
    case = make.handling(county)
    colleague = user_of(county.colleague)

    case = actions.hand_to(case, version=3, to=colleague, by=handler, at=LATER)

    assert (case.state, case.handler) == ("handling", colleague)
    assert last(case) == ("handed_to", handler.label, {"state": "handling", "handler": colleague.pk})


@pytest.mark.parametrize("who", ["neighbour", "head", "clerk"])
def test_hand_to_who_does_not_handle_there_is_refused(county: County, handler: Actor, who: str) -> None:
    case = make.handling(county)

    with refusal("no_colleague", case):
        actions.hand_to(case, version=3, to=user_of(county.people[who]), by=handler, at=LATER)


# disputes


def test_dispute_keeps_the_promise_running(county: County, handler: Actor) -> None:
    case = make.assigned(county)

    after = actions.dispute(case, version=2, reason="属住建局", proposed=county.housing, by=handler, at=LATER)

    assert (after.state, after.path, after.handler_id, after.due_at, after.stage_due_at) == (
        "disputed",
        county.management.path,
        handler.user_id,
        case.due_at,
        day(11, 13),
    )
    assert last(after) == ("disputed", handler.label, {"state": "disputed", "proposed": county.housing.pk})
    assert words(after) == [("reason", "属住建局", 3)]


def test_dispute_leaves_the_handler_who_signed(county: County) -> None:
    case = make.handling(county)

    case = actions.dispute(case, version=3, reason="属", proposed=county.housing, by=county.colleague, at=LATER)

    assert case.handler_id == county.handler.user_id


@pytest.mark.parametrize("reason", ["", " "])
def test_dispute_needs_words(county: County, handler: Actor, reason: str) -> None:
    case = make.assigned(county)

    with refusal("no_words", case):
        actions.dispute(case, version=2, reason=reason, proposed=county.housing, by=handler, at=LATER)


def test_dispute_needs_a_unit(county: County, handler: Actor) -> None:
    case = make.assigned(county)

    with refusal("no_words", case):
        actions.dispute(case, version=2, reason="不属我局", proposed=None, by=handler, at=LATER)


def test_dispute_after_its_term_is_refused(county: County, handler: Actor) -> None:
    case = make.assigned(county)

    with refusal("dispute_too_late", case):
        actions.dispute(
            case, version=2, reason="属", proposed=county.housing, by=handler, at=day(11, 13) + timedelta(seconds=1)
        )


def test_dispute_term_begins_anew_with_the_unit_below(county: County, head: Actor) -> None:
    case = make.assigned(county)
    case = actions.pass_down(case, version=2, to=county.section, by=head, at=day(11, 16, 9, 0))

    case = actions.dispute(
        case, version=3, reason="属", proposed=county.housing, by=county.section_handler, at=day(11, 17)
    )

    assert case.state == "disputed"


def test_take_back_uses_the_one_dispute(county: County, handler: Actor) -> None:
    case = make.disputed(county)

    after = actions.take_back(case, version=3, by=handler, at=LATER)

    assert (after.state, after.handler_id, after.due_at) == ("handling", handler.user_id, case.due_at)
    assert last(after) == ("taken_back", handler.label, {"state": "handling"})
    with refusal("disputed_already", after):
        actions.dispute(after, version=4, reason="属", proposed=county.housing, by=handler, at=LATER)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_unit_disputes_once_also_when_it_is_assigned_again(
    county: County, handler: Actor, clerk: Actor, agreed: bool
) -> None:
    case = make.disputed(county)
    if agreed:
        case = actions.uphold(case, version=3, reason="确属住建局", by=clerk, at=LATER)
    else:
        case = actions.dismiss(case, version=3, reason="还是你们的", by=clerk, at=LATER)
        case = actions.recall(case, version=4, reason="再看看", by=clerk, at=LATER)
    case = actions.assign(case, version=case.version, to=county.management, by=clerk, at=LATER)

    offered = moves_for(case, by=handler, at=LATER)

    assert Move.DISPUTE not in offered
    with refusal("disputed_already", case):
        actions.dispute(case, version=case.version, reason="属", proposed=county.housing, by=handler, at=LATER)


def test_another_unit_may_dispute_in_turn(county: County, clerk: Actor, neighbour: Actor) -> None:
    case = make.disputed(county)
    case = actions.uphold(case, version=3, reason="确属住建局", by=clerk, at=LATER)
    case = actions.assign(case, version=4, to=county.housing, by=clerk, at=LATER)

    case = actions.dispute(case, version=5, reason="属", proposed=county.management, by=neighbour, at=LATER)

    assert case.state == "disputed"


# questions


def test_ask_stops_the_promise_when_told(county: County, handler: Actor) -> None:
    case = make.handling(county)

    after = actions.ask(case, version=3, text=" 哪几盏？ ", told=True, by=handler, at=LATER)

    assert (after.state, after.asks, after.due_at, after.stage_due_at) == ("waiting", 1, case.due_at, day(11, 26))
    assert last(after) == ("asked", handler.label, {"state": "waiting", "told": True})
    assert (words(after), owed(after), timers(after)) == ([("question", "哪几盏？", 4)], [], {"resume": day(11, 26)})
    assert list(Pause.objects.values_list("asked_at", "told_at", "replied_at")) == [(LATER, LATER, None)]


def test_ask_without_telling_owes_a_call(county: County, handler: Actor) -> None:
    case = make.handling(county)

    case = actions.ask(case, version=3, text="哪几盏？", told=False, by=handler, at=LATER)

    assert (owed(case), Pause.objects.get().told_at) == (["asked"], None)


@pytest.mark.parametrize(("told", "due"), [(True, day(11, 27)), (False, day(11, 26))])
def test_only_a_question_that_was_told_gives_time_back(county: County, told: bool, due: object) -> None:
    case = make.waiting(county, told_now=told, at=day(11, 12, 21, 14))

    case = actions.reply(case, version=4, text="三盏", by=RESIDENT, at=day(11, 13, 21, 0))

    assert (case.state, case.due_at, case.stage_due_at) == ("handling", due, due)


def test_ask_without_a_number_is_refused(county: County, handler: Actor) -> None:
    case = make.handling(county, phone="", name="王小明")

    with refusal("no_contact", case):
        actions.ask(case, version=3, text="哪几盏？", told=True, by=handler, at=LATER)


def test_ask_needs_words(county: County, handler: Actor) -> None:
    case = make.handling(county)

    with refusal("no_words", case):
        actions.ask(case, version=3, text="", told=True, by=handler, at=LATER)


def asked_and_replied(county: County, case: Case, days: int) -> Case:
    """A pause of so many days, from noon of the day on which the case stands."""
    since = case.stage_at
    case = actions.ask(case, version=case.version, text="？", told=True, by=county.handler, at=since)
    return actions.reply(case, version=case.version, text="。", by=RESIDENT, at=since + timedelta(days=days))


def test_ask_a_third_time_is_refused(county: County, handler: Actor) -> None:
    case = asked_and_replied(county, asked_and_replied(county, make.handling(county), 1), 3)

    with refusal("asks_used", case):
        actions.ask(case, version=case.version, text="？", told=True, by=handler, at=case.stage_at)


def test_ask_within_what_the_first_left_of_ten_days(county: County, handler: Actor) -> None:
    case = asked_and_replied(county, make.handling(county), 5)

    case = actions.ask(case, version=case.version, text="？", told=True, by=handler, at=day(11, 18, 9, 0))

    assert timers(case) == {"resume": day(11, 27)}
    assert clocks.waited_days(case.pauses.all(), day(11, 18, 9, 0)) == 3


def test_ask_after_ten_days_is_refused(county: County, handler: Actor) -> None:
    case = asked_and_replied(county, make.handling(county), 14)

    with refusal("ask_days_used", case):
        actions.ask(case, version=case.version, text="？", told=True, by=handler, at=case.stage_at)


def test_resume_by_the_handler_goes_on_without_a_reply(county: County, handler: Actor) -> None:
    case = make.waiting(county, told_now=False)

    case = actions.resume(case, version=4, by=handler, at=LATER)

    assert (case.state, owed(case), timers(case)) == ("handling", [], {})
    assert (last(case), Pause.objects.get().replied_at) == (("resumed", handler.label, {"state": "handling"}), LATER)


def test_resume_by_the_clock_at_the_end_of_the_allowance(county: County) -> None:
    case = make.waiting(county)

    early, fired = fire_due(at=day(11, 26, 17, 29)), fire_due(at=day(11, 26))

    case.refresh_from_db()
    assert (early, fired, case.state, case.due_at) == (0, 1, "handling", day(12, 10))
    assert last(case) == ("resumed", CLOCK.label, {"state": "handling", "due_at": iso(day(12, 10))})


def test_resume_keeps_what_else_is_to_be_told(county: County, handler: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=2, reason="等", by=handler, at=LATER)
    case = actions.extend(case, version=4, words="等", by=county.head, at=LATER)
    case = actions.ask(case, version=5, text="？", told=False, by=handler, at=LATER)

    case = actions.resume(case, version=6, by=handler, at=LATER)

    assert owed(case) == ["extended"]


# answers


def test_answer_is_given_kept_and_told(county: County, handler: Actor) -> None:
    case = make.handling(county)
    answer = Answer(" 已修好 ", Outcome.PARTLY, date(2026, 12, 1), " 材料另购 ")

    case = actions.answer(case, version=3, answer=answer, by=handler, at=LATER)

    assert (case.state, case.answered_at, case.answered_late, case.outcome, case.planned_on, case.stage_due_at) == (
        "answered",
        LATER,
        False,
        "partly",
        None,
        day(11, 17),
    )
    assert last(case) == (
        "answered",
        handler.label,
        {"state": "answered", "outcome": "partly", "answered_at": iso(LATER)},
    )
    assert words(case) == [("answer", "已修好", 4), ("inner", "材料另购", 4)]
    assert (owed(case), timers(case)) == (["answered"], {"close_silent": day(11, 24, 17, 31)})


@pytest.mark.parametrize(("moment", "late"), [(day(11, 26), False), (day(11, 26) + timedelta(seconds=1), True)])
def test_answer_past_the_promise_is_late(county: County, handler: Actor, moment: object, late: bool) -> None:
    case = make.handling(county)

    case = actions.answer(case, version=3, answer=Answer("答"), by=handler, at=moment)  # type: ignore[arg-type]

    assert case.answered_late is late


def test_answer_out_of_a_question_counts_the_pause(county: County, handler: Actor) -> None:
    case = make.waiting(county)

    case = actions.answer(case, version=4, answer=Answer("答"), by=handler, at=day(11, 16, 9, 0))

    assert (case.due_at, timers(case), Pause.objects.get().replied_at) == (
        day(11, 30),
        {"close_silent": day(11, 26, 17, 31)},
        day(11, 16, 9, 0),
    )


def test_answer_overtakes_what_was_proposed(county: County, handler: Actor) -> None:
    case = make.handling(county)
    actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)

    actions.answer(case, version=4, answer=Answer("答"), by=handler, at=LATER)

    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(False, LATER)]


def test_answer_that_plans_names_the_day(county: County, handler: Actor) -> None:
    case = make.handling(county)

    case = actions.answer(
        case, version=3, answer=Answer("月底修", Outcome.PLANNED, date(2026, 11, 30)), by=handler, at=LATER
    )

    assert (case.outcome, case.planned_on) == ("planned", date(2026, 11, 30))


@pytest.mark.parametrize("planned_on", [None, NOON.date()])
def test_answer_that_plans_no_later_day_is_refused(county: County, handler: Actor, planned_on: date | None) -> None:
    case = make.handling(county)

    with refusal("no_planned_day", case):
        actions.answer(case, version=3, answer=Answer("修", Outcome.PLANNED, planned_on), by=handler, at=LATER)


@pytest.mark.parametrize("action", [actions.answer, actions.correct_answer])
def test_answer_needs_words(county: County, handler: Actor, action: object) -> None:
    case = make.handling(county) if action is actions.answer else make.answered(county)

    with refusal("no_words", case):
        action(case, version=case.version, answer=Answer(" "), by=handler, at=LATER)  # type: ignore[operator]


def test_correct_answer_keeps_the_old_one(county: County, handler: Actor) -> None:
    case = make.answered(county)

    after = actions.correct_answer(case, version=4, answer=Answer("共四盏", Outcome.PARTLY), by=handler, at=LATER)

    assert (after.state, after.outcome, after.answered_at, after.stage_due_at) == (
        "answered",
        "partly",
        case.answered_at,
        case.stage_due_at,
    )
    assert words(after) == [("answer", make.ANSWER, 4), ("answer", "共四盏", 5)]
    assert last(after) == ("answer_corrected", handler.label, {"state": "answered", "outcome": "partly"})
    assert owed(after) == ["answered", "answer_corrected"]
