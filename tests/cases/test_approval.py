"""An answer that the profile wants the head of the unit to read first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lianying.cases import actions
from lianying.cases.actions import Answer
from lianying.cases.models import Case, Proposal
from lianying.cases.queries.lists import Filters, Tab, list_counts
from lianying.common.crypto import case_code
from lianying.files.images import Photo
from lianying.notices.models import Notice
from lianying.orgs.models import Post
from lianying.orgs.scope import Actor
from lianying.rules.kinds import Outcome
from lianying.rules.powers import Role
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import kinds, owed, refusal

LATER = NOON + 3 * STEP
CANNOT = Answer("管线归市里，县里不能改。", Outcome.CANNOT)


def proposed(county: County, **more: Any) -> Case:
    case = make.handling(county)
    return actions.answer(case, version=3, answer=CANNOT, by=county.handler, at=LATER, **more)


def read(case: Case) -> str:
    """What the resident reads."""
    return Client().get("/track/", {"ref": case.ref, "code": case_code(case.uuid)}).content.decode()


def test_what_cannot_be_done_waits_for_the_head(county: County) -> None:
    case = proposed(county)

    assert (case.state, case.answered_at, owed(case)) == ("handling", None, [])
    row = Proposal.objects.get()
    assert (row.kind, row.outcome, row.by_id, row.decided_at) == ("answer", "cannot", county.handler.user_id, None)
    assert kinds(case)[-1] == "answer_proposed"


def test_the_resident_reads_nothing_of_it_before(county: County, client_of: Callable[[Any], Client]) -> None:
    case = proposed(county)

    assert CANNOT.text not in read(case)
    assert CANNOT.text in client_of(county.head).get(f"/desk/cases/{case.ref}/").content.decode()


def test_the_head_approves_it_in_own_words_and_the_photos_go_with_it(county: County) -> None:
    case = proposed(county, photos=[Photo(b"never looked at", "cd" * 32, 1, 1)])

    case = actions.approve(case, version=case.version, text="县里不能改，已报市里。", by=county.head, at=LATER + STEP)

    assert (case.state, case.outcome, case.answered_at) == ("answered", "cannot", LATER + STEP)
    assert list(case.attachments.values_list("inner", "event_seq")) == [(False, case.version)]
    assert list(Notice.objects.values_list("kind", flat=True)) == ["answered"]
    page = read(case)
    assert ("县里不能改，已报市里。" in page, CANNOT.text in page) == (True, False)


def test_the_head_sends_it_back_with_a_reason(county: County) -> None:
    case = proposed(county)

    case = actions.refuse_answer(case, version=case.version, reason="先去现场看", by=county.head, at=LATER + STEP)

    assert (case.state, Proposal.objects.get().granted) == ("handling", False)
    with refusal("nothing_proposed", case):
        actions.approve(case, version=case.version, text="好", by=county.head, at=LATER + STEP)


def test_sending_back_and_approving_need_words(county: County) -> None:
    case = proposed(county)

    with refusal("no_words", case):
        actions.refuse_answer(case, version=case.version, reason=" ", by=county.head, at=LATER)
    with refusal("no_words", case):
        actions.approve(case, version=case.version, text=" ", by=county.head, at=LATER)


def test_the_handler_does_not_approve(county: County) -> None:
    case = proposed(county)

    with refusal("not_yours", case):
        actions.approve(case, version=case.version, text="好", by=county.handler, at=LATER)


def test_a_second_proposal_takes_the_place_of_the_first(county: County) -> None:
    case = proposed(county)

    actions.answer(case, version=case.version, answer=CANNOT, by=county.colleague, at=LATER + STEP)

    assert list(Proposal.objects.order_by("id").values_list("granted", flat=True)) == [False, None]


def test_another_answer_ends_what_was_proposed(county: County) -> None:
    case = proposed(county)

    case = actions.answer(case, version=case.version, answer=Answer("修好了"), by=county.handler, at=LATER + STEP)

    assert (case.state, Proposal.objects.get().granted) == ("answered", False)


def test_a_question_ends_with_the_proposal(county: County) -> None:
    case = make.waiting(county)

    case = actions.answer(case, version=case.version, answer=CANNOT, by=county.handler, at=LATER + 3 * STEP)

    assert (case.state, case.pauses.get().replied_at) == ("handling", LATER + 3 * STEP)


def test_without_a_head_the_answer_goes_out_at_once(county: County) -> None:
    Post.objects.filter(role=Role.HEAD).delete()

    assert proposed(county).state == "answered"


def test_what_a_head_answers_needs_no_other(county: County) -> None:
    both = Actor(county.head.user_id, posts=(*county.head.posts, *county.handler.posts))
    case = make.handling(county)

    assert actions.answer(case, version=3, answer=CANNOT, by=both, at=LATER).state == "answered"


def test_a_corrected_answer_does_not_go_round_the_head(county: County) -> None:
    case = make.answered(county)

    with refusal("head_reads_first", case):
        actions.correct_answer(case, version=case.version, answer=CANNOT, by=county.handler, at=LATER + 3 * STEP)


@pytest.mark.parametrize(("person", "count"), [("head", 1), ("handler", None)])
def test_the_head_alone_finds_it_in_the_list(county: County, person: str, count: int | None) -> None:
    proposed(county)

    assert list_counts(getattr(county, person), Filters(), {}, LATER).get(Tab.APPROVALS) == count


@pytest.mark.parametrize(("profile", "said"), [("anhui", True), ("beijing", False)])
def test_the_form_says_what_the_head_reads_first(
    county: County,
    client_of: Callable[[Any], Client],
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    said: bool,
) -> None:
    monkeypatch.setitem(settings.ENV, "PROFILE", profile)
    case = make.handling(county)

    page = client_of(county.handler).get(f"/desk/cases/{case.ref}/").content.decode()

    assert ("先送单位负责人审签" in page) is said
