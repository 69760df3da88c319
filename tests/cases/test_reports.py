import pytest

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.models import Case, Pause, PublicVersion
from lianying.cases.queries.reports import accuses_no_unit
from lianying.cases.queries.scope import assisted, may_see, visible
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.openings import OpenReason
from tests import make
from tests.cast import NOON, PHONE, STEP, County
from tests.look import held, kinds, last, owed, refusal, timers

LATER = NOON + 6 * STEP
CONSULT = Sorting(kind=CaseKind.CONSULT, category="0101")


def accusing(county: County, **places: object) -> Sorting:
    return Sorting(kind=CaseKind.REPORT, accused=places.get("unit", county.management))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [State.ASSIGNED, State.HANDLING, State.WAITING, State.DISPUTED, State.ANSWERED])
def test_correct_to_a_report_takes_it_from_the_accused(county: County, clerk: Actor, state: State) -> None:
    case = make.IN_STATE[state](county)

    case = actions.correct(case, version=case.version, sorting=accusing(county), by=clerk, at=LATER)

    assert (case.state, case.path, case.handler, case.outcome) == ("heard", county.desk.path, None, "")
    assert held(case)[-1] == ("lead", "desk", True)
    assert [row for row in held(case) if row[1] == "management"] == [("lead", "management", False)]
    assert (timers(case), Pause.objects.filter(replied_at__isnull=True).count(), owed(case)[:1]) == (
        {},
        0,
        ["answered"] if state == State.ANSWERED else [],
    )


def test_correct_to_a_report_in_a_petition_stays_one_at_the_desk(county: County, clerk: Actor) -> None:
    case = make.assigned(county)
    case = actions.transfer(case, version=2, text="已转信访局", by=clerk, at=NOON + 2 * STEP)

    case = actions.correct(case, version=3, sorting=accusing(county), by=clerk, at=LATER)

    assert (case.state, case.path) == ("petition", county.desk.path)


def test_correct_to_a_report_on_another_line_leaves_it_there(county: County, clerk: Actor) -> None:
    case = make.handling(county)

    case = actions.correct(case, version=3, sorting=accusing(county, unit=county.housing), by=clerk, at=LATER)

    assert (case.state, case.path, case.accused) == ("handling", county.management.path, county.housing)


def test_correct_to_a_report_ends_the_help_of_the_accused_alone(county: County, clerk: Actor) -> None:
    case = make.assigned(county, to=county.housing, assisting=(county.management, county.town))

    case = actions.correct(case, version=2, sorting=accusing(county, unit=county.section), by=clerk, at=LATER)

    assert held(case)[1:] == [
        ("lead", "housing", True),
        ("assist", "management", False),
        ("assist", "town", True),
    ]


def test_correct_to_a_report_leaves_the_board_and_frees_who_joined(county: County, clerk: Actor) -> None:
    main = make.answered(county, may_publish=True)
    draft = actions.Draft("题", "问", "答")
    actions.release(main, version=main.version, draft=draft, by=clerk, at=NOON + 5 * STEP)
    joined = make.merged(county, main=main)
    main.refresh_from_db()

    main = actions.correct(main, version=main.version, sorting=accusing(county), by=clerk, at=LATER)

    joined.refresh_from_db()
    assert PublicVersion.objects.get(case=main).withdrawn_at == LATER
    assert kinds(main)[-2:] == ["unreleased", "corrected"]
    assert (joined.state, joined.main, joined.path) == ("heard", None, county.desk.path)
    assert last(joined) == (
        "unmerged",
        "clock",
        {"state": "heard", "main": None, "path": county.desk.path, "closed_at": None, "ending": ""},
    )


def test_a_report_no_more_accuses_nobody(county: County, clerk: Actor) -> None:
    case = make.report(county)

    case = actions.correct(case, version=2, sorting=Sorting(kind=CaseKind.COMPLAINT), by=clerk, at=LATER)

    assert (case.kind, case.accused) == ("complaint", None)


def test_a_report_does_not_exist_for_those_it_accuses(county: County, clerk: Actor) -> None:
    report = make.assigned(county)
    report = actions.correct(report, version=2, sorting=accusing(county, unit=county.section), by=clerk, at=LATER)
    everybody = county.people

    seen = {name for name, one in everybody.items() if may_see(one, report)}
    listed = {name for name, one in everybody.items() if visible(Case.objects.all(), one).exists()}

    assert seen == listed == {"clerk", "second_clerk", "supervisor"}


def test_a_report_is_not_helped_by_those_it_accuses(county: County) -> None:
    case = make.assigned(county, to=county.housing, assisting=(county.management,))
    Case.objects.filter(pk=case.pk).update(kind="report", accused=county.section, accused_path=county.section.path)

    assert list(assisted(county.handler)) == []


def test_a_clerk_of_the_accused_line_makes_no_move(county: County, clerk: Actor) -> None:
    case = make.report(county, accused=county.desk)

    with refusal("not_yours", case):
        actions.correct(case, version=2, sorting=Sorting(title="改"), by=clerk, at=LATER)


@pytest.mark.parametrize("unit", ["section", "management"])
@pytest.mark.parametrize("assisting", [False, True])
def test_a_report_is_never_handed_to_the_accused_line(county: County, clerk: Actor, unit: str, assisting: bool) -> None:
    case = make.report(county, accused=county.section)
    accused = county.units[unit]
    to, helpers = (county.housing, [accused]) if assisting else (accused, [])

    with refusal("accused_line", case):
        actions.assign(case, version=2, to=to, assisting=helpers, by=clerk, at=LATER)


def test_a_report_recognised_while_assigning_is_kept_from_the_accused(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    with refusal("accused_line", case):
        actions.assign(
            case, version=1, to=county.section, sorting=accusing(county, unit=county.section), by=clerk, at=LATER
        )


@pytest.mark.parametrize("sorting", [Sorting(), Sorting(kind=CaseKind.REPORT)])
def test_a_report_is_not_handed_over_before_it_says_whom(county: County, clerk: Actor, sorting: Sorting) -> None:
    case = make.heard(county, kind=CaseKind.HELP if sorting.kind else CaseKind.REPORT)

    with refusal("accused_unsaid", case):
        actions.assign(case, version=1, to=county.housing, sorting=sorting, by=clerk, at=LATER)


def test_a_report_recognised_at_a_unit_says_whom(county: County, clerk: Actor) -> None:
    case = make.handling(county)

    with refusal("accused_unsaid", case):
        actions.correct(case, version=3, sorting=Sorting(kind=CaseKind.REPORT), by=clerk, at=LATER)


def test_a_report_at_the_desk_may_say_it_later(county: County, clerk: Actor) -> None:
    case = make.heard(county)

    case = actions.correct(case, version=1, sorting=Sorting(kind=CaseKind.REPORT), by=clerk, at=LATER)

    assert (case.kind, case.accused, accuses_no_unit(case), last(case)[2].get("accused")) == (
        "report",
        None,
        False,
        None,
    )


def test_a_report_on_nobody_of_ours_goes_where_it_is_handled_and_back(county: County, clerk: Actor) -> None:
    case = make.heard(county)
    nobody = Sorting(kind=CaseKind.REPORT, accused_none=True)

    case = actions.assign(case, version=1, to=county.housing, sorting=nobody, by=clerk, at=LATER)
    facts = last(case)[2]
    case = actions.recall(case, version=2, reason="交错了", by=clerk, at=LATER)
    case = actions.correct(case, version=3, sorting=Sorting(title="改"), by=clerk, at=LATER)
    case = actions.assign(case, version=4, to=county.management, by=clerk, at=LATER)

    assert (case.path, case.accused, accuses_no_unit(case)) == (county.management.path, None, True)
    assert (facts["accused"], facts["case_kind"]) == (None, "report")


def test_who_is_accused_stands_in_the_ledger_as_a_number(county: County, clerk: Actor) -> None:
    case = make.report(county, accused=county.section)
    named = last(case)[2]["accused"]

    case = actions.correct(case, version=2, sorting=Sorting(accused_none=True), by=clerk, at=LATER)
    again = actions.correct(case, version=3, sorting=Sorting(accused=county.section), by=clerk, at=LATER)

    assert (named, last(again)[2]["accused"], again.accused) == (county.section.pk, county.section.pk, county.section)
    assert not accuses_no_unit(again)


def test_what_was_said_of_a_report_does_not_count_for_the_next(county: County, clerk: Actor) -> None:
    case = make.heard(county)
    for sorting in (Sorting(kind=CaseKind.REPORT, accused_none=True), CONSULT, Sorting(kind=CaseKind.REPORT)):
        case = actions.correct(case, version=case.version, sorting=sorting, by=clerk, at=LATER)

    with refusal("accused_unsaid", case):
        actions.assign(case, version=4, to=county.housing, by=clerk, at=LATER)


def test_a_request_that_is_no_report_accuses_nobody(county: County, clerk: Actor) -> None:
    case = make.heard(county)
    sorting = Sorting(kind=CaseKind.COMPLAINT, accused=county.section, accused_none=True)

    case = actions.correct(case, version=1, sorting=sorting, by=clerk, at=LATER)

    assert (case.accused, last(case)[2].keys() & {"accused"}) == (None, set())


def handled(county: County) -> Case:
    """A report in the hands of `housing`."""
    case = make.report(county)
    case = actions.assign(case, version=2, to=county.housing, by=county.clerk, at=NOON + 2 * STEP)
    return actions.sign(case, version=3, by=county.neighbour, at=NOON + 3 * STEP)


def test_a_unit_never_rings_who_made_a_report(county: County) -> None:
    case = handled(county)

    with refusal("desk_asks", case):
        actions.ask(case, version=4, text="何时？", told=True, by=county.neighbour, at=LATER)


def test_the_desk_asks_who_made_a_report(county: County) -> None:
    case = actions.ask(handled(county), version=4, text="何时？", told=False, by=county.neighbour, at=LATER)

    assert (case.state, owed(case), Pause.objects.get(case=case).told_at) == ("waiting", ["asked"], None)


def test_contact_of_a_report_is_opened_by_the_desk_alone(county: County, clerk: Actor) -> None:
    case = handled(county)

    person = actions.reveal(case, reason=OpenReason.CALL_BACK, by=clerk, at=LATER)

    assert person.phone == PHONE
    with refusal("not_yours", case):
        actions.reveal(case, reason=OpenReason.CALL_BACK, by=county.neighbour, at=LATER)


def test_contact_that_nobody_left_is_not_opened(county: County, clerk: Actor) -> None:
    case = make.heard(county, phone="")

    with refusal("no_contact_kept", case):
        actions.reveal(case, reason=OpenReason.CALL_BACK, by=clerk, at=LATER)


def test_a_report_goes_to_another_line(county: County, clerk: Actor) -> None:
    case = make.report(county, accused=county.section)

    case = actions.assign(case, version=2, to=county.oversight, by=clerk, at=LATER)

    assert (case.state, case.path) == ("assigned", county.oversight.path)
