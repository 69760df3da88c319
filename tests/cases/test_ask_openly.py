import pytest

from lianying.cases.actions import ask_openly
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, County

LATER = NOON.replace(hour=15)


@pytest.mark.parametrize("person", ["clerk", "head", "supervisor"])
def test_ask_openly_is_for_whoever_handles(county: County, person: str) -> None:
    case = make.handling(county, phone="")

    with pytest.raises(Refused, match="not_yours"):
        ask_openly(case, version=case.version, text=make.QUESTION, by=getattr(county, person), at=LATER)


def test_ask_openly_needs_a_case_under_way(county: County) -> None:
    case = make.assigned(county, phone="")

    with pytest.raises(Refused, match="not_from_here"):
        ask_openly(case, version=case.version, text=make.QUESTION, by=county.handler, at=LATER)


def test_ask_openly_keeps_the_promise_running(county: County) -> None:
    case = make.handling(county, phone="")

    asked = ask_openly(case, version=case.version, text=make.QUESTION, by=county.handler, at=LATER)

    assert (asked.state, asked.due_at) == ("handling", case.due_at)
    assert asked.entries.values_list("kind", "text").last() == ("question", make.QUESTION)
