import pytest

from lianying.cases import actions
from lianying.cases.actions import Answer, Draft
from lianying.cases.models import PublicVersion
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import kinds, last, refusal

LATER = NOON + 6 * STEP
DRAFT = Draft(" 路灯坏了 ", "三号楼 13812348263 说灯坏了", "已修好，请看 340321199001011234 一栏")


def test_release_puts_a_masked_version_on_the_board(county: County, clerk: Actor) -> None:
    case = make.answered(county, may_publish=True, category="0203")

    public = actions.release(case, version=4, draft=DRAFT, by=clerk, at=LATER)

    assert (public.title, public.category, public.unit, public.asked_on, public.released_at, public.withdrawn_at) == (
        "路灯坏了",
        "0203",
        county.management,
        NOON.date(),
        LATER,
        None,
    )
    assert [number in public.question + public.answer for number in ("13812348263", "340321199001011234")] == [
        False,
        False,
    ]
    assert last(public.case) == ("released", clerk.label, {})


def test_a_title_that_its_mask_would_make_too_long_is_cut(county: County, clerk: Actor) -> None:
    case = make.answered(county, may_publish=True)
    title = "灯" * 53 + "3012345"

    public = actions.release(case, version=4, draft=Draft(title, "问", "答"), by=clerk, at=LATER)

    assert public.title == "灯" * 53 + "*" * 7


def test_release_again_replaces_the_version(county: County, clerk: Actor) -> None:
    case = make.released(county)
    case = actions.unrelease(case, by=clerk, at=LATER)

    again = actions.release(case, version=case.version, draft=DRAFT, by=clerk, at=LATER + STEP)

    assert PublicVersion.objects.get() == again
    assert (again.withdrawn_at, kinds(case)[-3:]) == (None, ["released", "unreleased", "released"])


def test_release_without_consent_is_refused(county: County, clerk: Actor) -> None:
    case = make.answered(county)

    with refusal("no_consent", case):
        actions.release(case, version=4, draft=DRAFT, by=clerk, at=LATER)


def test_release_of_a_report_is_refused(county: County, clerk: Actor) -> None:
    case = make.report(county, may_publish=True)

    with refusal("never_public", case):
        actions.release(case, version=2, draft=DRAFT, by=clerk, at=LATER)


@pytest.mark.parametrize("state", sorted(set(State) - {State.ANSWERED, State.CLOSED}))
def test_release_before_an_answer_is_refused(county: County, clerk: Actor, state: State) -> None:
    case = make.IN_STATE[state](county)
    type(case).objects.filter(pk=case.pk).update(may_publish=True)

    with refusal("not_answered", case):
        actions.release(case, version=case.version, draft=DRAFT, by=clerk, at=LATER)


def test_release_of_an_empty_answer_is_refused(county: County, clerk: Actor) -> None:
    case = make.answered(county, may_publish=True)

    with refusal("not_answered", case):
        actions.release(case, version=4, draft=Draft("题", "问", " "), by=clerk, at=LATER)


def test_release_of_a_stale_version_is_refused(county: County, clerk: Actor) -> None:
    case = make.answered(county, may_publish=True)

    with refusal("stale", case):
        actions.release(case, version=3, draft=DRAFT, by=clerk, at=LATER)


@pytest.mark.parametrize("action", ["release", "unrelease"])
def test_the_board_is_the_desks(county: County, handler: Actor, action: str) -> None:
    case = make.released(county)

    with refusal("not_yours", case):
        if action == "release":
            actions.release(case, version=case.version, draft=DRAFT, by=handler, at=LATER)
        else:
            actions.unrelease(case, by=handler, at=LATER)


def test_a_corrected_answer_leaves_the_board_until_it_is_released_anew(county: County, clerk: Actor) -> None:
    case = make.answered(county, may_publish=True)
    public = actions.release(case, version=4, draft=DRAFT, by=clerk, at=NOON + 5 * STEP)

    case = actions.correct_answer(case, version=5, answer=Answer("共四盏"), by=county.handler, at=LATER)

    public.refresh_from_db()
    assert (public.withdrawn_at, kinds(case)[-3:]) == (LATER, ["released", "answer_corrected", "unreleased"])
    assert (last(case), case.may_publish) == (("unreleased", county.handler.label, {}), True)
    again = actions.release(case, version=case.version, draft=Draft("题", "问", "共四盏"), by=clerk, at=LATER + STEP)
    assert (again.answer, again.withdrawn_at) == ("共四盏", None)


def test_a_corrected_answer_that_was_never_public_leaves_nothing(county: County) -> None:
    case = make.answered(county, may_publish=True)

    case = actions.correct_answer(case, version=4, answer=Answer("共四盏"), by=county.handler, at=LATER)

    assert kinds(case)[-1] == "answer_corrected"


def test_unrelease_by_the_clerk_keeps_the_consent(county: County, clerk: Actor) -> None:
    case = actions.unrelease(make.released(county), by=clerk, at=LATER)

    assert (case.may_publish, case.public_version.withdrawn_at) == (True, LATER)
    assert last(case) == ("unreleased", clerk.label, {})


def test_unrelease_by_the_resident_takes_the_consent_back(county: County, clerk: Actor) -> None:
    case = actions.unrelease(make.released(county), by=RESIDENT, at=LATER)

    assert (case.may_publish, case.public_version.withdrawn_at) == (False, LATER)
    with refusal("no_consent", case):
        actions.release(case, version=case.version, draft=DRAFT, by=clerk, at=LATER)
