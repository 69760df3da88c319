from lianying.cases import actions
from lianying.cases.actions import Sorting, Verdict
from lianying.cases.actions.bring import Old, bring_in
from lianying.cases.models import Case, Pause, Proposal
from lianying.cases.queries.sorting import Queue, queue_rows
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.kinds import CaseKind, Solved
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, iso, kinds, last, owed, refusal, timers

LATER = NOON + 6 * STEP
CONSULT = Sorting(kind=CaseKind.CONSULT, category="0101")


def test_merge_joins_the_main_one(county: County, clerk: Actor) -> None:
    main = make.assigned(county)
    case = make.heard(county)

    case = actions.merge(case, version=1, main=main, by=clerk, at=LATER)

    assert (case.state, case.main, case.closed_at, case.stage_due_at) == ("merged", main, LATER, None)
    assert last(case)[2] == {"state": "merged", "main": main.ref, "ending": "", "closed_at": iso(LATER)}


def test_merge_ends_the_question_and_what_was_proposed(county: County, clerk: Actor) -> None:
    main = make.assigned(county)
    case = make.handling(county)
    actions.propose_end(case, version=3, reason="撤诉", by=county.head, at=NOON + 3 * STEP)
    case = actions.ask(case, version=4, text="哪里？", told=False, by=county.handler, at=NOON + 4 * STEP)

    case = actions.merge(case, version=5, main=main, by=clerk, at=LATER)

    assert (timers(case), owed(case), Pause.objects.get().replied_at) == ({}, [], LATER)
    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(False, LATER)]


def test_imported_request_gets_no_clock_by_being_merged_and_taken_out(county: County, clerk: Actor) -> None:
    bring_in([Old("1", "灯", "路灯不亮", NOON)], source="board", by=CLOCK, at=NOON)
    case, main = Case.objects.get(), make.heard(county)

    case = actions.merge(case, version=1, main=main, by=clerk, at=LATER)
    case = actions.unmerge(case, version=2, by=clerk, at=LATER)

    assert (case.state, case.promise, case.due_at, case.stage_due_at) == ("heard", {}, None, None)
    assert list(queue_rows(Queue.OLD, clerk)) == [case]


def test_merge_into_itself_an_ended_one_or_a_report_is_refused(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    for main in (case, make.closed(county), make.report(county)):
        with refusal("no_such_main", case):
            actions.merge(case, version=1, main=main, by=clerk, at=LATER)


def test_merge_of_a_report_is_refused(county: County, clerk: Actor) -> None:
    case = make.report(county)

    with refusal("reports_stay_alone", case):
        actions.merge(case, version=2, main=make.heard(county), by=clerk, at=LATER)


def test_merge_of_one_that_others_have_joined_is_refused(county: County, clerk: Actor) -> None:
    main = make.heard(county)
    make.merged(county, main=main)

    with refusal("has_merged", main):
        actions.merge(main, version=1, main=make.heard(county), by=clerk, at=LATER)


def test_merge_into_one_that_the_clerk_does_not_sort_is_refused(county: County) -> None:
    main = make.assigned(county, to=county.housing)
    case = make.heard(county)
    own = county.clerk.posts[0]
    desk_alone = Actor(county.clerk.user_id, posts=(type(own)(own.role, own.unit_id, "", own.path, own.path),))

    with refusal("no_such_main", case):
        actions.merge(case, version=1, main=main, by=desk_alone, at=LATER)


def test_unmerge_brings_it_back_with_its_own_promise(county: County, clerk: Actor) -> None:
    case = make.merged(county)

    after = actions.unmerge(case, version=2, by=clerk, at=LATER)

    assert (after.state, after.main, after.path, after.due_at, after.closed_at, after.stage_due_at) == (
        "heard",
        None,
        county.desk.path,
        case.due_at,
        None,
        day(11, 13),
    )
    assert kinds(after) == ["heard", "merged", "unmerged"]


def test_unmerge_after_the_main_one_ended_is_refused(county: County, clerk: Actor) -> None:
    main = make.answered(county)
    case = make.merged(county, main=main)
    verdict = Verdict(Solved.YES, 5)
    actions.check_satisfied(main, version=main.version, verdict=verdict, by=RESIDENT, at=LATER)

    with refusal("main_ended", case):
        actions.unmerge(case, version=2, by=clerk, at=LATER)
