"""Promises, stages and timers of stored cases; how days are counted is tested in tests/rules/test_deadlines.py."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from lianying import reference
from lianying.cases import actions, clocks
from lianying.cases.actions import Verdict
from lianying.cases.actions import timers as clockwork
from lianying.cases.models import Case, Timer
from lianying.orgs.scope import RESIDENT
from lianying.rules.deadlines import Stage
from lianying.rules.guards import Limits
from lianying.rules.kinds import CaseKind, Solved, Urgency
from lianying.rules.lifecycle import Move
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, iso, kinds, last, timers

LATER = NOON + 6 * STEP


def test_limits_are_those_of_the_profile() -> None:
    profile = reference.profile("anhui")

    assert clocks.limits() == Limits(
        reworks=profile.reworks,
        asks=profile.asks,
        ask_days=profile.ask_days,
        attempts=3,
        object_days=profile.object_days,
        reopen_days=profile.reopen_days,
    )


def test_the_promise_explains_itself_from_the_cases_own_snapshot(county: County) -> None:
    case = make.heard(county, at=day(2, 13, 17, 59), kind=CaseKind.CONSULT)

    due = clocks.promise(case, ())

    assert due is not None
    assert (due.at, due.rule, due.provisional) == (day(2, 25), "anhui/resolve/consult", False)
    assert [f"{one:%m-%d}" for one in due.counted] == ["02-14", "02-24", "02-25"]


def test_a_later_change_of_the_profile_moves_no_promise(county: County) -> None:
    case = make.heard(county)
    case.promise["count"], case.promise["closes_at"] = 5, "16:00"

    due = clocks.promise(case, ())

    assert due is not None
    assert due.at == day(11, 19, 16, 0)


def test_a_case_without_a_promise_has_none(county: County) -> None:
    case = Case(received_at=NOON)

    clocks.recount(case, ())

    assert (clocks.promise(case, ()), case.due_at) == (None, None)


def test_a_promise_needs_its_row(county: County) -> None:
    case = make.heard(county, kind=CaseKind.CONSULT)

    with pytest.raises(LookupError, match="extension"):
        clocks.give_promise(case, Stage.EXTENSION, NOON)
    assert clocks.stage_due(case, Stage.EXTENSION, NOON) is None


@pytest.mark.parametrize(
    ("kind", "urgency", "days"),
    [
        (CaseKind.HELP, Urgency.ORDINARY, 10),
        (CaseKind.CONSULT, Urgency.ORDINARY, 0),
        (CaseKind.HELP, Urgency.URGENT, 0),
    ],
)
def test_extension_is_granted_by_the_profile(county: County, kind: CaseKind, urgency: Urgency, days: int) -> None:
    assert clocks.extension_limit(make.heard(county, kind=kind, urgency=urgency)) == days


def test_hours_are_not_extended_by_days(county: County) -> None:
    case = make.heard(county)
    case.promise["unit"] = "hour"

    assert clocks.extension_limit(case) == 0


@pytest.mark.parametrize(
    ("asked", "replied", "due"),
    [
        (day(11, 16, 10, 0), day(11, 17, 16, 0), day(11, 27)),
        (day(11, 16, 10, 0), day(11, 16, 16, 0), day(11, 26)),
        (day(11, 13, 17, 0), day(11, 16, 9, 0), day(11, 27)),
        (day(11, 13, 17, 0), day(11, 15, 9, 0), day(11, 26)),
        (day(11, 27, 9, 0), day(11, 30, 9, 0), day(11, 26)),
    ],
)
def test_a_pause_moves_the_promise_by_the_working_days_told(
    county: County, asked: object, replied: object, due: object
) -> None:
    case = make.handling(county, at=day(11, 12, 9, 0))
    case = actions.ask(case, version=3, text="？", told=True, by=county.handler, at=asked)  # type: ignore[arg-type]

    case = actions.reply(case, version=4, text="。", by=RESIDENT, at=replied)  # type: ignore[arg-type]

    assert case.due_at == due


def test_a_pause_in_hours_gives_back_what_has_passed(county: County) -> None:
    case = make.waiting(county, urgency=Urgency.URGENT)

    case = actions.reply(case, version=4, text="。", by=RESIDENT, at=NOON + 3 * STEP + timedelta(hours=5))

    assert case.due_at == NOON + timedelta(hours=29)


def test_a_pause_before_the_rework_does_not_move_its_promise(county: County) -> None:
    case = make.waiting(county)
    answer = actions.Answer("答")
    case = actions.answer(case, version=4, answer=answer, by=county.handler, at=day(11, 13, 9, 0))
    again_at = day(11, 16, 9, 0)

    case = actions.check_unsatisfied(case, version=5, verdict=Verdict(Solved.NO, 1, "没好"), by=RESIDENT, at=again_at)

    assert (case.due_at, clocks.promise(case, case.pauses.all())) == (day(11, 23), clocks.promise(case, ()))


def test_waited_days_count_only_what_was_told(county: County) -> None:
    told, untold = make.waiting(county), make.waiting(county, told_now=False)

    days = [clocks.waited_days(case.pauses.all(), day(11, 18, 9, 0)) for case in (told, untold)]

    assert days == [4, 0]


def test_working_days_since_nothing_are_none() -> None:
    assert clocks.workdays_since(None, NOON) == 0


def test_an_answer_without_a_check_term_is_silent_after_the_profiles_days(county: County) -> None:
    assert clocks.silent_at(make.heard(county), NOON) == day(11, 24, 17, 31)


# timers


def test_a_timer_that_is_gone_fires_nothing(county: County) -> None:
    assert clockwork._fire(0, at=NOON) is False


def test_a_move_that_a_person_made_first_is_left(county: County) -> None:
    case = make.answered(county)
    Timer.objects.create(case=case, move=Move.RESUME.value, at=LATER)

    fired = clockwork.fire_due(at=LATER)

    assert (fired, timers(case), kinds(case)[-1]) == (1, {"close_silent": day(11, 24, 17, 31)}, "answered")


def test_at_most_so_many_timers_fire_at_once(county: County) -> None:
    for _ in range(3):
        make.waiting(county)

    assert [clockwork.fire_due(at=day(12, 30), most=2), clockwork.fire_due(at=day(12, 30), most=2)] == [2, 1]


def test_a_timer_that_fails_starves_no_other(county: County, caplog: pytest.LogCaptureFixture) -> None:
    broken, case = make.handling(county), make.waiting(county)
    Timer.objects.create(case=broken, move=Move.SIGN.value, at=NOON)
    at = timers(case)["resume"]

    fired = [clockwork.fire_due(at=at), clockwork.fire_due(at=at)]

    case.refresh_from_db()
    assert (fired, case.state, timers(broken)["sign"]) == ([1, 0], "handling", at + clockwork.RETRY)
    assert [(record.levelname, record.getMessage(), record.exc_info) for record in caplog.records] == [
        ("ERROR", f"the timer of case {broken.ref} failed: KeyError", None)
    ]


@pytest.mark.parametrize(
    "meanwhile",
    [{"closed_at": LATER, "state": "withdrawn"}, {"due_provisional": False}, {"promise": {"calendar": "x"}}],
)
def test_a_promise_that_changed_since_the_list_was_read_is_left(county: County, meanwhile: dict[str, Any]) -> None:
    case = make.heard(county)
    Case.objects.filter(pk=case.pk).update(**{"due_provisional": True} | meanwhile)

    firm = clockwork._recompute(case, "x", at=LATER)

    assert (firm, kinds(case)) == (False, ["heard"])


@pytest.mark.parametrize("signed", [False, True])
def test_a_guessed_promise_is_counted_again_when_the_year_is_published(county: County, signed: bool) -> None:
    case = make.handling(county) if signed else make.assigned(county)
    promise = case.promise | {"calendar": "before"}
    Case.objects.filter(pk=case.pk).update(due_provisional=True, promise=promise, due_at=day(11, 25))

    firm = clockwork.recompute_provisional(at=LATER)

    case.refresh_from_db()
    assert (firm, case.due_at, case.due_provisional) == (1, day(11, 26), False)
    assert case.stage_due_at == (day(11, 26) if signed else day(11, 13))
    assert last(case) == (
        "promise_recomputed",
        "clock",
        {"due_at": iso(day(11, 26)), "calendar": reference.calendar().version},
    )
    assert clockwork.recompute_provisional(at=LATER) == 0


def test_a_promise_past_the_published_days_stays_a_guess(county: County) -> None:
    case = make.heard(county, at=day(12, 24, 10, 0))
    guessed = case.due_provisional
    Case.objects.update(promise=case.promise | {"calendar": "before"})

    firm = clockwork.recompute_provisional(at=day(12, 25))

    case.refresh_from_db()
    assert (guessed, firm, case.due_provisional, kinds(case)) == (True, 0, True, ["heard", "promise_recomputed"])


def test_a_profile_of_another_place_can_be_chosen(county: County, settings: Settings) -> None:
    settings.ENV = settings.ENV | {"PROFILE": "beijing"}

    case = make.heard(county)

    assert (case.promise["rule"], case.due_at) == ("beijing/resolve/other", day(11, 19))
