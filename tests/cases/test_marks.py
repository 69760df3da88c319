"""Marks follow a request: there while it is open, gone when it ends, never for a report."""

import uuid
from datetime import timedelta

import pytest

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.actions.bring import Old, bring_in
from lianying.cases.actions.learning import mark_all
from lianying.cases.actions.marks import mark_missing
from lianying.cases.models import Case
from lianying.cases.queries.similar import Why, nearby
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import CaseKind
from lianying.triage.models import Signature
from tests import make
from tests.cast import NOON, STEP, County

LAMP = "人民路小学门口的路灯坏了三天，晚上接孩子看不清路"
LIKE = "小学门口路灯坏了，晚上看不清路面，请来修"


def marked(case: Case, *, answer: bool = False) -> bool:
    return Signature.objects.filter(subject=case.pk, answer=answer).exists()


def test_open_request_is_marked_until_it_ends(county: County) -> None:
    case = make.assigned(county)
    before = marked(case)

    case = actions.withdraw(case, version=case.version, by=RESIDENT, at=NOON + 2 * STEP)

    assert (before, marked(case)) == (True, False)


def test_reopened_request_is_marked_again(county: County) -> None:
    case = make.closed(county)
    before = marked(case)

    case = actions.reopen(case, version=case.version, words="又坏了", by=county.clerk, at=NOON + 5 * STEP)

    assert (before, marked(case)) == (False, True)


def test_report_is_never_marked(county: County) -> None:
    heard = make.heard(county, kind=CaseKind.REPORT)
    recognised = make.report(county)
    before = marked(recognised)

    sorting = Sorting(kind=CaseKind.HELP)
    case = actions.correct(recognised, version=recognised.version, sorting=sorting, by=county.clerk, at=NOON + 2 * STEP)

    assert (marked(heard), before, marked(case)) == (False, False, True)


def test_answer_is_marked_while_it_stands_on_the_board(county: County) -> None:
    case = make.released(county)
    before = marked(case, answer=True)

    case.refresh_from_db()
    actions.unrelease(case, by=county.clerk, at=NOON + timedelta(days=1))

    assert (before, marked(case, answer=True)) == (True, False)


def test_reopened_answer_leaves_the_board_and_the_marks(county: County) -> None:
    case = make.released(county)
    case.refresh_from_db()

    sorting = Sorting(kind=CaseKind.REPORT, accused_none=True)
    case = actions.reopen(case, version=case.version, words="其实是举报", by=county.clerk, at=NOON + 6 * STEP)
    case = actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=NOON + 7 * STEP)

    assert (marked(case), marked(case, answer=True)) == (False, False)


def test_old_requests_that_wait_are_marked(county: County) -> None:
    olds = [Old(str(uuid.uuid4()), "路灯", LAMP, NOON, reply=reply) for reply in ("", "已修好")]

    bring_in(olds, source="旧平台", by=county.operator, at=NOON)

    assert [marked(case) for case in Case.objects.order_by("source_id").filter(closed_at__isnull=True)] == [True]
    assert Signature.objects.values("subject").distinct().count() == 1


@pytest.mark.postgresql
def test_what_has_no_mark_gets_one(county: County) -> None:
    case, public = make.heard(county), make.released(county)
    Signature.objects.all().delete()

    steps = mark_all()

    assert (steps, marked(case), marked(public, answer=True)) == (1, True, True)
    assert mark_missing() == 0


def test_many_are_marked_in_steps(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [make.heard(county) for _ in range(3)]
    Signature.objects.all().delete()
    monkeypatch.setattr("lianying.cases.actions.marks.BATCH", 2)

    steps = mark_all()

    assert (steps, [marked(case) for case in cases]) == (2, [True, True, True])


@pytest.mark.postgresql
def test_similar_open_requests_are_found_with_what_both_say(county: County) -> None:
    like = make.assigned(county, text=LIKE, phone="")
    make.assigned(county, text="自来水发黄，水压很低", phone="")
    make.closed(county, text=LIKE, phone="13900001111")
    case = make.heard(county, text=LAMP, phone="")

    found = nearby(case, county.clerk)

    assert [(one.case, one.why, one.words[0]) for one in found.near] == [(like, Why.WORDS, "小学门口")]
    assert found.answers == ()


def test_answer_on_the_board_is_found_by_its_question(county: County) -> None:
    public = make.released(county, text=LIKE, phone="13900001111")
    case = make.heard(county, text=LAMP, phone="")

    found = nearby(case, county.clerk)

    assert [(one.case, one.answer) for one in found.answers] == [(public, make.ANSWER)]


def test_what_lies_outside_the_scope_is_not_found(county: County) -> None:
    make.assigned(county, to=county.housing, text=LIKE, phone="")
    case = make.assigned(county, text=LAMP, phone="")

    assert nearby(case, county.handler).near == ()


def test_nothing_lies_near_a_report(county: County) -> None:
    make.assigned(county, text=LIKE)

    found = nearby(make.report(county, text=LAMP), county.clerk)

    assert (found.near, found.answers) == ((), ())
