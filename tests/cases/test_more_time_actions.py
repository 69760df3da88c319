"""More time, and an early end: proposed by one person, decided by another."""

import pytest

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.models import Proposal
from lianying.orgs.scope import Actor
from lianying.rules.kinds import Urgency
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import day, iso, kinds, last, owed, refusal, words

LATER = NOON + 6 * STEP


def test_extend_gives_what_was_proposed(county: County, handler: Actor, head: Actor) -> None:
    case = make.handling(county)
    proposed = actions.propose_extension(case, version=3, days=10, reason="等配件", by=handler, at=LATER)

    case = actions.extend(proposed, version=4, words=" 配件要下周才到 ", by=head, at=LATER)

    assert (proposed.due_at, case.due_at, case.stage_due_at, case.extension_days, case.clock_from) == (
        day(11, 26),
        day(12, 10),
        day(12, 10),
        10,
        NOON,
    )
    assert kinds(case)[-2:] == ["extension_proposed", "extended"]
    assert last(case) == ("extended", head.label, {"state": "handling", "days": 10, "due_at": iso(day(12, 10))})
    assert words(case) == [("reason", "等配件", 4), ("extension", "配件要下周才到", 5)]
    assert owed(case) == ["extended"]
    assert list(Proposal.objects.values_list("kind", "days", "by", "granted", "decided_at")) == [
        ("extension", 10, handler.user_id, True, LATER)
    ]
    with refusal("extended_already", case):
        actions.propose_extension(case, version=5, days=1, reason="再等", by=handler, at=LATER)


@pytest.mark.parametrize("days", [0, 11, -1])
def test_extension_beyond_what_is_granted_is_refused(county: County, handler: Actor, days: int) -> None:
    case = make.handling(county)

    with refusal("extension_days", case):
        actions.propose_extension(case, version=3, days=days, reason="等", by=handler, at=LATER)


def test_extension_needs_words(county: County, handler: Actor) -> None:
    case = make.handling(county)

    with refusal("no_words", case):
        actions.propose_extension(case, version=3, days=3, reason=" ", by=handler, at=LATER)


def test_extension_of_a_consultation_is_refused(county: County, handler: Actor) -> None:
    case = make.handling(county)
    urgent = Sorting(urgency=Urgency.URGENT)
    case = actions.correct(case, version=3, sorting=urgent, by=county.clerk, at=LATER)

    with refusal("no_extension_here", case):
        actions.propose_extension(case, version=4, days=3, reason="等", by=handler, at=LATER)


def test_extension_proposed_twice_is_refused(county: County, handler: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)

    with refusal("proposal_open", case):
        actions.propose_extension(case, version=4, days=3, reason="等", by=handler, at=LATER)


def test_extend_by_who_proposed_is_refused(county: County, handler: Actor, head: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)
    both = Actor(handler.user_id, posts=(*handler.posts, *head.posts))

    with refusal("same_person", case):
        actions.extend(case, version=4, words="等", by=both, at=LATER)


def test_extend_tells_the_resident_why(county: County, handler: Actor, head: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)

    with refusal("no_words", case):
        actions.extend(case, version=4, words=" ", by=head, at=LATER)


@pytest.mark.parametrize("refuses", [False, True])
def test_deciding_on_more_time_that_nobody_asked_is_refused(county: County, head: Actor, refuses: bool) -> None:
    case = make.handling(county)

    with refusal("nothing_proposed", case):
        if refuses:
            actions.refuse_extension(case, version=3, reason="不必", by=head, at=LATER)
        else:
            actions.extend(case, version=3, words="等", by=head, at=LATER)


def test_refuse_extension_says_why_and_leaves_the_promise(county: County, handler: Actor, head: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)

    after = actions.refuse_extension(case, version=4, reason="抓紧办", by=head, at=LATER)

    assert (after.due_at, after.extension_days, words(after)[-1]) == (case.due_at, 0, ("reason", "抓紧办", 5))
    assert last(after) == ("extension_refused", head.label, {"state": "handling"})
    assert list(Proposal.objects.values_list("granted", "decided_at")) == [(False, LATER)]
    again = actions.propose_extension(after, version=5, days=2, reason="配件未到", by=handler, at=LATER)
    assert again.version == 6


def test_refuse_extension_needs_words(county: County, handler: Actor, head: Actor) -> None:
    case = make.handling(county)
    case = actions.propose_extension(case, version=3, days=3, reason="等", by=handler, at=LATER)

    with refusal("no_words", case):
        actions.refuse_extension(case, version=4, reason="", by=head, at=LATER)


def test_propose_end_waits_for_the_desk(county: County, head: Actor) -> None:
    case = make.handling(county)

    case = actions.propose_end(case, version=3, reason="当事人已和解", by=head, at=LATER)

    assert (case.state, words(case)) == ("handling", [("reason", "当事人已和解", 4)])
    assert last(case) == ("end_proposed", head.label, {"state": "handling", "days": 0})
    with refusal("proposal_open", case):
        actions.propose_end(case, version=4, reason="再提", by=head, at=LATER)


def test_propose_end_needs_words(county: County, head: Actor) -> None:
    case = make.handling(county)

    with refusal("no_words", case):
        actions.propose_end(case, version=3, reason="", by=head, at=LATER)
