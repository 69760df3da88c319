"""The ladder: found by the worker, climbed by people."""

from datetime import date, timedelta

import pytest

from lianying.audit.verify import chain_faults
from lianying.cases import actions as cases
from lianying.cases import clocks
from lianying.cases.models import Case, Entry
from lianying.cases.verify import case_faults
from lianying.orgs.scope import RESIDENT, Actor
from lianying.oversight import actions
from lianying.oversight.models import Circular, Finding, Step
from lianying.rules.kinds import CaseKind, Solved
from lianying.rules.refusals import Refused
from lianying.rules.supervision import Ground, Measure
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import kinds, last

LATE = NOON + timedelta(days=40)


def grounds() -> list[tuple[str, str]]:
    return list(Finding.objects.filter(settled_at__isnull=True).order_by("id").values_list("case__ref", "ground"))


def take(case: Case, measure: Measure, by: Actor, *, days: int = 0, **more: date) -> Step:
    at = LATE + timedelta(days=days)
    return actions.take(case, measure=measure, ground=Ground.STAGE_LATE, text="请说明情况", by=by, at=at, **more)


def test_what_is_late_is_found_once_and_settled_when_it_goes_on(county: County) -> None:
    case = make.handling(county)

    found = [actions.find_grounds(at=NOON + STEP), actions.find_grounds(at=LATE), actions.find_grounds(at=LATE)]
    noted = grounds()
    cases.answer(case, version=3, answer=cases.Answer(make.ANSWER), by=county.handler, at=LATE)
    actions.find_grounds(at=LATE + STEP)

    assert (found, noted, grounds()) == ([0, 1, 0], [(case.ref, "stage_late")], [])


def test_reworks_and_what_is_still_unsolved_are_found(county: County) -> None:
    once, twice = make.answered(county), make.reworked(county, times=2)
    verdict = cases.Verdict(Solved.NO, 1, "还是黑的")
    cases.check_unsatisfied(once, version=once.version, verdict=verdict, by=county.clerk, at=NOON + 8 * STEP)

    actions.find_grounds(at=NOON + 9 * STEP)

    assert (once.ref, "unsolved") in grounds()
    assert (twice.ref, "reworked") in grounds()


def test_what_two_units_refuse_is_found(county: County) -> None:
    case = make.disputed(county)
    case = cases.uphold(case, version=case.version, reason="有道理", by=county.clerk, at=NOON + 6 * STEP)
    case = cases.assign(case, version=case.version, to=county.housing, by=county.clerk, at=NOON + 7 * STEP)
    before = actions.find_grounds(at=NOON + 7 * STEP)

    cases.dispute(
        case,
        version=case.version,
        reason="也不归我们",
        proposed=county.management,
        by=county.neighbour,
        at=NOON + 8 * STEP,
    )
    actions.find_grounds(at=NOON + 8 * STEP)

    assert (before, grounds()) == (0, [(case.ref, "refused")])


@pytest.mark.parametrize(
    ("phones", "found"),
    [(["13800000002", "13800000003"], True), (["13800000002", "13800000002"], False), (["13800000002", ""], False)],
)
def test_what_three_people_tell_is_found(county: County, phones: list[str], *, found: bool) -> None:
    main = make.assigned(county, phone="13800000001")
    for phone in phones:
        other = make.heard(county, phone=phone)
        cases.merge(other, version=1, main=main, by=county.clerk, at=NOON + 3 * STEP)

    actions.find_grounds(at=NOON + 4 * STEP)

    assert grounds() == ([(main.ref, "repeated")] if found else [])


def test_a_step_is_a_chained_event_with_its_words_in_the_case(county: County) -> None:
    case = make.handling(county)

    step = take(case, Measure.REMIND, county.clerk)

    assert kinds(case)[-1] == "supervised"
    assert last(Case.objects.get())[2]["measure"] == "remind"
    assert Entry.objects.filter(case=case, kind="oversight").values_list("text", flat=True).get() == "请说明情况"
    assert step.due_at == clocks.workdays_after(LATE, 1)
    assert [*chain_faults(), *case_faults()] == []


def test_the_ladder_goes_up_when_nobody_answers(county: County) -> None:
    case = make.handling(county)
    take(case, Measure.REMIND, county.clerk)

    with pytest.raises(Refused, match="answer_awaited"):
        take(case, Measure.SUPERVISE, county.supervisor)
    second = take(case, Measure.SUPERVISE, county.supervisor, days=5)

    assert (second.number, Step.objects.filter(ended_at__isnull=True).get()) == (1, second)


def test_an_answer_is_given_found_wanting_and_given_again(county: County) -> None:
    case = make.handling(county)
    step = take(case, Measure.SUPERVISE, county.supervisor)
    step = actions.answer(step, text="正在采购灯杆", by=county.head, at=LATE + STEP)

    with pytest.raises(Refused, match="nothing_owed"):
        actions.answer(step, text="再说一遍", by=county.head, at=LATE + STEP)
    step = actions.decide(step, accepted=False, text="没有说哪一天", by=county.supervisor, at=LATE + 2 * STEP)
    listed = take(case, Measure.LIST, county.supervisor, days=1)

    assert (step.accepted, step.ended_at, listed.number) == (False, LATE + 2 * STEP, 2)
    with pytest.raises(Refused, match="nothing_owed"):
        actions.decide(step, accepted=True, text="可以", by=county.supervisor, at=LATE + 3 * STEP)


def test_only_what_was_answered_is_decided(county: County) -> None:
    step = take(make.handling(county), Measure.SUPERVISE, county.supervisor)

    with pytest.raises(Refused, match="nothing_owed"):
        actions.decide(step, accepted=True, text="可以", by=county.supervisor, at=LATE)


def test_a_leaders_note_is_followed_until_its_answer_is_accepted(county: County) -> None:
    case = make.handling(county)
    step = take(case, Measure.NOTE, county.supervisor, answer_on=date(2027, 1, 15))
    noted = grounds()

    actions.answer(step, text="已办", by=county.handler, at=LATE + STEP)
    actions.decide(step, accepted=True, text="好", by=county.supervisor, at=LATE + 2 * STEP)

    assert (step.due_at.date(), noted, grounds()) == (date(2027, 1, 15), [(case.ref, "noted")], [])


@pytest.mark.parametrize("day", [LATE.date(), date(2028, 1, 1)])
def test_a_note_names_a_day_to_come(county: County, day: date) -> None:
    with pytest.raises(Refused, match="day_in_past"):
        take(make.handling(county), Measure.NOTE, county.supervisor, answer_on=day)


@pytest.mark.parametrize(
    ("measure", "person", "code"),
    [
        (Measure.SUPERVISE, "clerk", "not_yours"),
        (Measure.REMIND, "handler", "not_yours"),
        (Measure.REMIND, "head", "not_yours"),
        (Measure.NOTE, "clerk", "not_yours"),
    ],
)
def test_who_has_not_the_power_takes_no_step(county: County, measure: Measure, person: str, code: str) -> None:
    case = make.handling(county)

    with pytest.raises(Refused, match=code):
        take(case, measure, getattr(county, person))
    assert not Step.objects.exists()


def test_a_report_on_the_supervisors_own_office_is_not_theirs(county: County) -> None:
    case = make.heard(county)
    sorting = cases.Sorting(kind=CaseKind.REPORT, accused=county.oversight)
    case = cases.assign(case, version=1, to=county.housing, sorting=sorting, by=county.clerk, at=NOON + STEP)

    with pytest.raises(Refused, match="not_yours"):
        take(case, Measure.REMIND, county.supervisor)


def test_what_has_ended_is_supervised_no_more(county: County) -> None:
    with pytest.raises(Refused, match="not_from_here"):
        take(make.closed(county), Measure.REMIND, county.clerk)


def test_steps_end_with_the_request(county: County) -> None:
    case = make.assigned(county)
    step = take(case, Measure.REMIND, county.clerk)
    cases.withdraw(case, version=Case.objects.get(pk=case.pk).version, by=RESIDENT, at=LATE + STEP)

    actions.find_grounds(at=LATE + 2 * STEP)

    step.refresh_from_db()
    assert step.ended_at == LATE + 2 * STEP


def test_words_are_needed(county: County) -> None:
    with pytest.raises(Refused, match="no_words"):
        actions.take(
            make.handling(county),
            measure=Measure.REMIND,
            ground=Ground.STAGE_LATE,
            text=" ",
            by=county.clerk,
            at=LATE,
        )


def at_the_top(county: County) -> Case:
    case = make.handling(county)
    for number, measure in enumerate((Measure.SUPERVISE, Measure.LIST, Measure.TALK)):
        take(case, measure, county.supervisor, days=8 * number)
    return case


def test_circulars_are_numbered_without_a_gap(county: County) -> None:
    case, early = at_the_top(county), make.handling(county)
    at = LATE + timedelta(days=30)
    pair = (case, Ground.STAGE_LATE)

    with pytest.raises(Refused, match="step_too_early"):
        actions.circulate([pair, (early, Ground.STAGE_LATE)], title="通报", text="请整改", by=county.supervisor, at=at)
    letter = actions.circulate([pair], title="通报", text="请整改", by=county.supervisor, at=at)

    assert (Circular.objects.get(), letter.number, letter.steps.get().case) == (letter, 1, case)


@pytest.mark.parametrize(
    ("title", "text", "chosen", "code"),
    [("通报", " ", True, "no_words"), (" ", "请整改", True, "no_name"), ("通报", "请整改", False, "no_words")],
)
def test_a_circular_needs_title_words_and_requests(
    county: County,
    title: str,
    text: str,
    chosen: bool,
    code: str,
) -> None:
    cases_ = [(at_the_top(county), Ground.STAGE_LATE)] if chosen else []

    with pytest.raises(Refused, match=code):
        actions.circulate(cases_, title=title, text=text, by=county.supervisor, at=LATE + timedelta(days=30))
