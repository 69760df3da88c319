import pytest

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.actions.timers import fire_due
from lianying.cases.facts import moves_for
from lianying.cases.queries.timeline import timeline
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import CaseKind, DeclineReason
from lianying.rules.lifecycle import OPEN, Move, State
from tests import make
from tests.cases.test_hear_actions import photo
from tests.cast import NOON, STEP, County
from tests.look import day, iso, last, owed, refusal, timers, words

LATER = NOON + 6 * STEP


@pytest.mark.parametrize("state", sorted(OPEN))
def test_note_adds_to_any_open_case(county: County, state: State) -> None:
    before = make.IN_STATE[state](county)

    case = actions.note(before, text=" 还有一盏 ", by=RESIDENT, at=LATER)

    assert (case.state, case.version, case.due_at, case.stage_due_at) == (
        state,
        before.version + 1,
        before.due_at,
        before.stage_due_at,
    )
    assert last(case) == ("noted", "resident", {"state": state})
    assert words(case)[-1] == ("note", "还有一盏", case.version)


def test_note_of_staff_may_be_inner(county: County, handler: Actor) -> None:
    case = make.handling(county)

    case = actions.note(case, text="已联系厂家", inner=True, by=handler, at=LATER)

    assert words(case) == [("inner", "已联系厂家", 4)]


def test_note_of_photos_needs_no_words(county: County) -> None:
    case = make.heard(county)

    case = actions.note(case, text="", photos=[photo()], by=RESIDENT, at=LATER)

    assert (words(case), [(row.event_seq, row.inner) for row in case.attachments.all()]) == ([], [(2, False)])


def test_photos_of_an_inner_note_stay_with_the_staff(county: County, handler: Actor) -> None:
    case = make.handling(county)

    case = actions.note(case, text="现场", photos=[photo()], inner=True, by=handler, at=LATER)

    shown = [moment.photos for moment in timeline(case, for_resident=True)]
    assert ([row.inner for row in case.attachments.all()], any(shown)) == ([True], False)


def test_note_of_nothing_is_refused(county: County) -> None:
    case = make.heard(county)

    with refusal("no_words", case):
        actions.note(case, text=" ", by=RESIDENT, at=LATER)


def test_note_by_the_neighbour_is_refused(county: County, neighbour: Actor) -> None:
    case = make.handling(county)

    with refusal("not_yours", case):
        actions.note(case, text="路过", by=neighbour, at=LATER)


def test_a_unit_that_assists_notes_for_staff_alone(county: County, neighbour: Actor) -> None:
    case = make.assigned(county, assisting=(county.housing,))

    with refusal("not_yours", case):
        actions.note(case, text="已派人", by=neighbour, at=LATER)
    after = actions.note(case, text="已派人", inner=True, by=neighbour, at=LATER)

    assert words(after)[-1] == ("inner", "已派人", 3)


def test_a_unit_that_assists_may_do_nothing_else(county: County, neighbour: Actor) -> None:
    case = make.assigned(county, assisting=(county.housing,))

    assert moves_for(case, by=neighbour, at=LATER) == [Move.NOTE]
    with refusal("not_yours", case):
        actions.sign(case, version=case.version, by=neighbour, at=LATER)


def test_a_unit_that_assisted_once_notes_no_more(county: County, neighbour: Actor) -> None:
    case = make.assigned(county, assisting=(county.housing,))
    case = actions.recall(case, version=case.version, reason="交错了", by=county.clerk, at=LATER)

    with refusal("not_yours", case):
        actions.note(case, text="已派人", inner=True, by=neighbour, at=LATER)


def test_a_unit_that_assists_in_a_report_on_its_own_line_notes_nothing(county: County) -> None:
    case = make.assigned(county, to=county.housing, assisting=(county.section,))
    sorting = Sorting(kind=CaseKind.REPORT, accused=county.management)
    case = actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=LATER)

    with refusal("not_yours", case):
        actions.note(case, text="已派人", inner=True, by=county.section_handler, at=LATER)


def test_whoever_speaks_after_the_answer_is_not_silent(county: County, clerk: Actor) -> None:
    case = make.answered(county)
    promised = timers(case)

    actions.note(case, text="工单已归档", by=clerk, at=day(11, 18, 9, 0))
    by_staff = timers(case)
    actions.note(case, text="还差一盏", by=RESIDENT, at=day(11, 18, 9, 0))

    assert promised == by_staff == {"close_silent": day(11, 24, 17, 31)}
    assert timers(case) == {"close_silent": day(11, 30, 17, 31)}
    assert fire_due(at=day(11, 24, 17, 31)) == 0


@pytest.mark.parametrize("by_clerk", [False, True])
def test_reply_lets_the_promise_run_again(county: County, clerk: Actor, by_clerk: bool) -> None:
    case = make.waiting(county)
    by = clerk if by_clerk else RESIDENT

    case = actions.reply(case, version=4, text=" 三盏 ", photos=[photo()], by=by, at=day(11, 16, 9, 0))

    assert (case.state, case.due_at, case.stage_due_at, timers(case)) == ("handling", day(11, 30), day(11, 30), {})
    assert last(case) == ("replied", by.label, {"state": "handling", "due_at": iso(day(11, 30))})
    assert words(case)[-1] == ("reply", "三盏", 5)
    assert case.attachments.count() == 1


def test_reply_the_same_day_moves_nothing(county: County) -> None:
    before = make.waiting(county)

    case = actions.reply(before, version=None, text="三盏", by=RESIDENT, at=LATER)

    assert (case.due_at, last(case)[2]) == (before.due_at, {"state": "handling"})


def test_reply_needs_words(county: County) -> None:
    case = make.waiting(county)

    with refusal("no_words", case):
        actions.reply(case, version=None, text="", by=RESIDENT, at=LATER)


def test_reply_overtakes_the_call_that_asks(county: County) -> None:
    case = make.waiting(county, told_now=False)

    assert owed(actions.reply(case, version=None, text="三盏", by=RESIDENT, at=LATER)) == []


def test_ask_openly_needs_words(county: County, handler: Actor) -> None:
    case = make.handling(county)

    with refusal("no_words", case):
        actions.ask_openly(case, version=3, text=" ", by=handler, at=LATER)


def test_object_brings_a_declined_one_back(county: County) -> None:
    before = make.declined(county)

    case = actions.object_to(before, version=2, text=" 法院说归你们 ", by=RESIDENT, at=LATER)

    assert (case.state, case.path, case.objected, case.due_at, case.closed_at, case.stage_due_at) == (
        "heard",
        county.desk.path,
        True,
        before.due_at,
        None,
        day(11, 13),
    )
    assert last(case) == (
        "objected",
        "resident",
        {"state": "heard", "path": county.desk.path, "closed_at": None, "ending": ""},
    )
    assert (words(case)[-1], owed(case)) == (("objection", "法院说归你们", 3), [])


def test_object_needs_words(county: County) -> None:
    case = make.declined(county)

    with refusal("no_words", case):
        actions.object_to(case, version=2, text="", by=RESIDENT, at=LATER)


def test_object_twice_is_refused(county: County, clerk: Actor) -> None:
    case = make.declined(county)
    case = actions.object_to(case, version=2, text="不服", by=RESIDENT, at=LATER)
    reason = DeclineReason.LEGAL_CHANNEL
    case = actions.decline(case, version=3, reason=reason, text="仍请找法院", by=clerk, at=LATER)

    with refusal("objected_already", case):
        actions.object_to(case, version=4, text="还是不服", by=RESIDENT, at=LATER)


def test_object_within_fifteen_working_days(county: County) -> None:
    case = make.declined(county)

    with refusal("objection_too_late", case):
        actions.object_to(case, version=2, text="不服", by=RESIDENT, at=day(12, 4, 0, 0))

    assert actions.object_to(case, version=2, text="不服", by=RESIDENT, at=day(12, 3, 23, 59)).state == "heard"


def test_a_stale_version_is_refused(county: County, clerk: Actor) -> None:
    case = make.heard(county)
    now = actions.note(case, text="补充", by=RESIDENT, at=LATER)

    with refusal("stale", now):
        actions.assign(case, version=1, to=county.management, by=clerk, at=LATER)
