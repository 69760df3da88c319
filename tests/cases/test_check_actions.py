from datetime import timedelta

import pytest

from lianying.cases import actions
from lianying.cases.actions import Verdict
from lianying.cases.actions.timers import fire_due
from lianying.cases.models import Attempt, Case, Pause
from lianying.notices.models import Notice
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.kinds import CallResult, Outcome, Solved
from tests import make
from tests.cast import County
from tests.look import day, iso, kinds, last, owed, refusal, timers, words

LATER = day(11, 13, 9, 0)
SILENT_AT = day(11, 24, 17, 31)
GOOD = Verdict(Solved.YES, 5, " 很快 ")
BAD = Verdict(Solved.NO, 2, "还是不亮")


def attempts(case: Case) -> list[tuple[str, int]]:
    return list(Attempt.objects.filter(case=case).order_by("id").values_list("result", "user_id"))


# verdicts


def test_check_satisfied_by_the_resident_closes(county: County) -> None:
    case = make.answered(county)

    case = actions.check_satisfied(case, version=4, verdict=GOOD, by=RESIDENT, at=LATER)

    assert (case.state, case.ending, case.closed_at, case.solved, case.satisfaction, case.stage_due_at) == (
        "closed",
        "satisfied",
        LATER,
        "yes",
        5,
        None,
    )
    assert last(case) == (
        "check_satisfied",
        "resident",
        {"state": "closed", "solved": "yes", "satisfaction": 5, "ending": "satisfied", "closed_at": iso(LATER)},
    )
    assert (words(case)[-1], timers(case), owed(case), attempts(case)) == (("rating", "很快", 5), {}, [], [])


def test_check_satisfied_on_the_telephone_says_who_reached(county: County, clerk: Actor) -> None:
    case = make.answered(county)

    case = actions.check_satisfied(case, version=4, verdict=Verdict(Solved.PARTLY, 3), by=clerk, at=LATER)

    assert (case.state, case.solved, case.satisfaction) == ("closed", "partly", 3)
    assert (attempts(case), owed(case), len(words(case))) == ([("reached", clerk.user_id)], [], 1)


@pytest.mark.parametrize("stars", [-1, 0, 1, 2])
def test_check_satisfied_below_three_is_refused(county: County, stars: int) -> None:
    case = make.answered(county)

    with refusal("not_content", case):
        actions.check_satisfied(case, version=4, verdict=Verdict(Solved.YES, stars), by=RESIDENT, at=LATER)


@pytest.mark.parametrize("action", [actions.check_satisfied, actions.check_unsatisfied])
def test_a_verdict_beyond_five_is_refused(county: County, action: object) -> None:
    case = make.answered(county)

    with refusal("no_rating", case):
        action(case, version=4, verdict=Verdict(Solved.YES, 6, "好"), by=RESIDENT, at=LATER)  # type: ignore[operator]


def test_check_unsatisfied_begins_again_with_a_new_promise(county: County) -> None:
    case = make.answered(county, outcome=Outcome.PLANNED, planned_days=30)

    case = actions.check_unsatisfied(case, version=4, verdict=BAD, by=RESIDENT, at=LATER)

    assert (case.state, case.path, case.handler_id, case.reworks, case.clock_from, case.due_at, case.stage_due_at) == (
        "handling",
        county.management.path,
        county.handler.user_id,
        1,
        LATER,
        day(11, 20),
        day(11, 20),
    )
    assert (case.solved, case.satisfaction, case.outcome, case.planned_on) == ("no", 2, "", None)
    assert last(case) == (
        "check_unsatisfied",
        "resident",
        {
            "state": "handling",
            "solved": "no",
            "satisfaction": 2,
            "reworks": 1,
            "supervise": True,
            "rule": "anhui/rework/other",
            "due_at": iso(day(11, 20)),
        },
    )
    assert (words(case)[-1], timers(case), owed(case)) == (("rating", "还是不亮", 5), {}, [])


def test_check_unsatisfied_needs_words(county: County) -> None:
    case = make.answered(county)

    with refusal("no_words", case):
        actions.check_unsatisfied(case, version=4, verdict=Verdict(Solved.NO, 1, " "), by=RESIDENT, at=LATER)


def test_check_unsatisfied_a_third_time_is_refused(county: County) -> None:
    case = make.reworked(county, times=2)

    with refusal("reworks_used", case):
        actions.check_unsatisfied(case, version=case.version, verdict=BAD, by=RESIDENT, at=LATER)


def test_what_the_desk_answered_goes_on_to_be_sorted(county: County) -> None:
    case = make.answered_now(county)

    case = actions.check_unsatisfied(case, version=2, verdict=BAD, by=RESIDENT, at=LATER)

    assert (case.state, case.path, case.due_at, case.stage_due_at) == (
        "heard",
        county.desk.path,
        day(11, 20),
        day(11, 16),
    )
    assert kinds(case) == ["heard", "answered_now", "check_unsatisfied", "recalled"]
    assert last(case) == ("recalled", "clock", {"state": "heard"})


def test_rate_again_keeps_the_verdict_for_the_supervisor(county: County, clerk: Actor) -> None:
    case = make.reworked(county, times=2)

    case = actions.rate_again(case, version=case.version, verdict=BAD, by=clerk, at=LATER)

    assert (case.state, case.solved, case.satisfaction, case.reworks) == ("answered", "no", 2, 2)
    assert last(case) == (
        "noted",
        clerk.label,
        {"state": "answered", "solved": "no", "satisfaction": 2, "supervise": True},
    )
    assert attempts(case) == [("reached", clerk.user_id)]


def test_rate_again_with_reworks_left_is_refused(county: County) -> None:
    case = make.reworked(county, times=1)

    with refusal("reworks_left", case):
        actions.rate_again(case, version=case.version, verdict=BAD, by=RESIDENT, at=LATER)


def test_rate_again_before_an_answer_is_refused(county: County) -> None:
    case = make.handling(county)

    with refusal("not_from_here", case):
        actions.rate_again(case, version=3, verdict=BAD, by=RESIDENT, at=LATER)


def test_rate_again_by_the_unit_itself_is_refused(county: County, handler: Actor) -> None:
    case = make.reworked(county, times=2)

    with refusal("not_yours", case):
        actions.rate_again(case, version=case.version, verdict=BAD, by=handler, at=LATER)


def test_a_verdict_cannot_end_as_silence(county: County, clerk: Actor) -> None:
    case = make.reworked(county, times=2)
    case = actions.rate_again(case, version=case.version, verdict=BAD, by=RESIDENT, at=LATER)
    for count in range(3):
        case = actions.rang(case, result=CallResult.NO_ANSWER, by=clerk, at=LATER + timedelta(days=count))

    with refusal("rated_already", case):
        actions.close_unreached(case, version=case.version, by=clerk, at=day(11, 18))
    fired = fire_due(at=day(12, 24))

    case.refresh_from_db()
    assert (fired, case.state, timers(case)) == (1, "answered", {})


def test_end_unsolved_by_the_supervisor_stays_in_the_figures(county: County, supervisor: Actor) -> None:
    case = make.reworked(county, times=2)

    case = actions.end_unsolved(case, version=case.version, reason="两次重办未果", by=supervisor, at=LATER)

    assert (case.state, case.ending, case.solved, case.closed_at) == ("closed", "unsolved", "no", LATER)
    assert last(case) == (
        "ended_unsolved",
        supervisor.label,
        {"state": "closed", "solved": "no", "ending": "unsolved", "closed_at": iso(LATER)},
    )
    assert words(case)[-1] == ("reason", "两次重办未果", case.version)


def test_end_unsolved_with_reworks_left_is_refused(county: County, supervisor: Actor) -> None:
    case = make.reworked(county, times=1)

    with refusal("reworks_left", case):
        actions.end_unsolved(case, version=case.version, reason="不成", by=supervisor, at=LATER)


def test_end_unsolved_needs_words(county: County, supervisor: Actor) -> None:
    case = make.reworked(county, times=2)

    with refusal("no_words", case):
        actions.end_unsolved(case, version=case.version, reason="", by=supervisor, at=LATER)


# calls


def test_rang_is_an_attempt_of_its_day(county: County, clerk: Actor) -> None:
    case = make.answered(county)

    case = actions.rang(case, result=CallResult.WRONG_NUMBER, by=clerk, at=LATER)

    assert (case.state, case.version) == ("answered", 5)
    assert last(case) == ("rang", clerk.label, {"result": "wrong_number"})
    assert list(Attempt.objects.values_list("result", "user_id", "on", "at")) == [
        ("wrong_number", clerk.user_id, LATER.date(), LATER)
    ]


def test_rang_before_an_answer_is_refused(county: County, clerk: Actor) -> None:
    case = make.handling(county)

    with refusal("not_from_here", case):
        actions.rang(case, result=CallResult.NO_ANSWER, by=clerk, at=LATER)


def test_rang_by_the_unit_is_refused(county: County, handler: Actor) -> None:
    case = make.answered(county)

    with refusal("not_yours", case):
        actions.rang(case, result=CallResult.NO_ANSWER, by=handler, at=LATER)


def rung(case: Case, clerk: Actor, *moments: timedelta, result: CallResult = CallResult.NO_ANSWER) -> Case:
    for moment in moments:
        case = actions.rang(case, result=result, by=clerk, at=LATER + moment)
    return case


def test_close_unreached_after_three_days(county: County, clerk: Actor) -> None:
    case = rung(make.answered(county), clerk, *(timedelta(days=count) for count in range(3)))

    case = actions.close_unreached(case, version=case.version, by=clerk, at=day(11, 15))

    assert (case.state, case.ending, case.solved, timers(case), owed(case)) == ("closed", "unreached", "", {}, [])


@pytest.mark.parametrize("result", [CallResult.NO_ANSWER, CallResult.REACHED])
def test_close_unreached_with_fewer_days_is_refused(county: County, clerk: Actor, result: CallResult) -> None:
    case = rung(make.answered(county), clerk, timedelta(), timedelta(hours=3), timedelta(days=1))
    case = rung(case, clerk, timedelta(days=1 if result == CallResult.NO_ANSWER else 2), result=result)

    with refusal("attempts_missing", case):
        actions.close_unreached(case, version=case.version, by=clerk, at=day(11, 16))


def test_close_unreached_counts_since_the_last_answer(county: County, clerk: Actor) -> None:
    case = rung(make.answered(county), clerk, *(timedelta(days=count) for count in range(3)))
    case = actions.check_unsatisfied(case, version=case.version, verdict=BAD, by=RESIDENT, at=day(11, 16))
    answer = actions.Answer("再修")
    case = actions.answer(case, version=case.version, answer=answer, by=county.handler, at=day(11, 17))

    with refusal("attempts_missing", case):
        actions.close_unreached(case, version=case.version, by=clerk, at=day(11, 18))


def test_close_silent_when_nobody_said_a_word(county: County) -> None:
    case = make.answered(county, phone="")

    early, fired = fire_due(at=SILENT_AT - timedelta(minutes=1)), fire_due(at=SILENT_AT)

    case.refresh_from_db()
    assert (early, fired, case.state, case.ending, case.closed_at) == (0, 1, "closed", "silent", SILENT_AT)
    assert last(case) == (
        "closed_silent",
        "clock",
        {"state": "closed", "ending": "silent", "closed_at": iso(SILENT_AT)},
    )


def test_told_settles_what_was_owed(county: County, clerk: Actor) -> None:
    case = make.answered(county)
    notice = Notice.objects.get()

    case = actions.told(notice, case, result=CallResult.REACHED, by=clerk, at=LATER)

    notice.refresh_from_db()
    assert (notice.tries, notice.told_at, owed(case)) == (1, LATER, [])
    assert last(case) == ("told", clerk.label, {"notice": "answered"})
    with refusal("told_already", case):
        actions.told(notice, case, result=CallResult.REACHED, by=clerk, at=LATER)


def test_told_without_reaching_leaves_it_owed(county: County, clerk: Actor) -> None:
    case = make.answered(county)
    notice = Notice.objects.get()

    case = actions.told(notice, case, result=CallResult.CALL_LATER, by=clerk, at=LATER)

    notice.refresh_from_db()
    assert (notice.tries, notice.told_at, owed(case)) == (1, None, ["answered"])
    assert last(case) == ("rang", clerk.label, {"result": "call_later", "notice": "answered"})


def test_told_the_question_stops_the_promise_from_then(county: County, clerk: Actor) -> None:
    case = make.waiting(county, told_now=False)
    told_at = day(11, 16, 9, 0)

    case = actions.told(Notice.objects.get(), case, result=CallResult.REACHED, by=clerk, at=told_at)
    case = actions.reply(case, version=case.version, text="三盏", by=RESIDENT, at=day(11, 18, 9, 0))

    assert (Pause.objects.get().told_at, case.due_at) == (told_at, day(11, 30))


def test_told_what_was_overtaken_is_refused(county: County, clerk: Actor) -> None:
    case = make.waiting(county, told_now=False)
    case = actions.reply(case, version=4, text="三盏", by=RESIDENT, at=LATER)

    with refusal("told_already", case):
        actions.told(Notice.objects.get(), case, result=CallResult.REACHED, by=clerk, at=LATER)


def test_told_of_another_case_cannot_be(county: County, clerk: Actor) -> None:
    make.answered(county)
    other = make.heard(county)

    with pytest.raises(Notice.DoesNotExist):
        actions.told(Notice.objects.get(), other, result=CallResult.REACHED, by=clerk, at=LATER)


# beginning again, withdrawing


@pytest.mark.parametrize("who", ["resident", "clerk"])
def test_reopen_is_taken_up_by_the_unit_that_led(county: County, who: str) -> None:
    case = make.closed(county)
    by = RESIDENT if who == "resident" else county.clerk

    case = actions.reopen(case, version=5, words=" 又坏了 ", by=by, at=LATER)

    assert (case.state, case.path, case.due_at, case.closed_at, case.ending) == (
        "handling",
        county.management.path,
        day(11, 20),
        None,
        "",
    )
    assert (case.solved, case.satisfaction, case.outcome, case.reworks) == ("", None, "", 0)
    assert case.reopened_by_resident is (who == "resident")
    assert last(case)[2] == {
        "state": "handling",
        "rule": "anhui/rework/other",
        "closed_at": None,
        "ending": "",
        "due_at": iso(day(11, 20)),
    }
    assert words(case)[-1] == ("reopening", "又坏了", 6)


def test_reopen_needs_words(county: County) -> None:
    case = make.closed(county)

    with refusal("no_words", case):
        actions.reopen(case, version=5, words=" ", by=RESIDENT, at=LATER)


def test_reopen_by_the_resident_once(county: County, clerk: Actor) -> None:
    case = make.closed(county)
    for by in (RESIDENT, clerk):
        case = actions.reopen(case, version=case.version, words="又坏了", by=by, at=LATER)
        answer = actions.Answer("修好")
        case = actions.answer(case, version=case.version, answer=answer, by=county.handler, at=LATER)
        case = actions.check_satisfied(case, version=case.version, verdict=GOOD, by=RESIDENT, at=LATER)

    with refusal("reopened_already", case):
        actions.reopen(case, version=case.version, words="又坏了", by=RESIDENT, at=LATER)


def test_reopen_within_fifteen_working_days(county: County, clerk: Actor) -> None:
    case = make.closed(county)

    with refusal("reopening_too_late", case):
        actions.reopen(case, version=5, words="又坏了", by=RESIDENT, at=day(12, 4, 0, 0))

    by_clerk = actions.reopen(case, version=5, words="又坏了", by=clerk, at=day(12, 4, 0, 0))
    assert by_clerk.state == "handling"
    assert actions.reopen(make.closed(county), version=5, words="又", by=RESIDENT, at=day(12, 3, 23, 59)).version == 6


def test_what_was_planned_falls_due(county: County) -> None:
    case = make.closed(county, outcome=Outcome.PLANNED, planned_days=10)
    planned = timers(case)

    fired = fire_due(at=day(11, 22))

    case.refresh_from_db()
    assert (planned, fired) == ({"fall_due": day(11, 22)}, 1)
    assert (case.state, case.outcome, case.due_at, timers(case)) == ("handling", "", day(11, 27), {})
    assert last(case)[:2] == ("fell_due", "clock")


def test_fall_due_of_what_planned_nothing_is_refused(county: County) -> None:
    case = make.closed(county)

    with refusal("nothing_planned", case):
        actions.fall_due(case, by=CLOCK, at=LATER)


def test_withdraw_ends_all_that_waits(county: County) -> None:
    case = make.waiting(county, told_now=False)
    joined = make.merged(county, main=case)

    case = actions.withdraw(case, version=4, words="不用了", by=RESIDENT, at=LATER)

    joined.refresh_from_db()
    assert (case.state, case.ending, case.closed_at, case.due_at) == ("withdrawn", "", LATER, day(11, 26))
    assert (words(case)[-1], timers(case), owed(case), Pause.objects.get().replied_at) == (
        ("note", "不用了", 5),
        {},
        [],
        LATER,
    )
    assert (joined.state, last(joined)[1]) == ("heard", "clock")
