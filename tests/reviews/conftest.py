from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from lianying.cases.actions import Answer, Verdict, answer, check_satisfied, close_silent
from lianying.cases.models import Case
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.oversight.actions import take
from lianying.reviews.actions import GoalCard, ResultCard, enter, set_goal
from lianying.reviews.models import Goal, Result
from lianying.rules.kinds import Outcome, Solved
from lianying.rules.powers import Role
from lianying.rules.programmes import Counting, Field
from lianying.rules.results import Detail, ResultKind
from lianying.rules.supervision import Ground, Measure
from lianying.visits.actions import VisitCard, record_visit
from lianying.visits.models import Visit
from tests import make
from tests.cast import NOON, STEP, County, person
from tests.visits.conftest import linked
from tests.visits.links import Linked

__all__ = ["Linked", "linked"]
TODAY = NOON.date()
#: Power cuts: infrastructure; estates: service.
POWER, ESTATE = "0304", "0201"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The county with a head of its root and of its town, who set goals for what is below."""

    county: County
    governor: Actor
    mayor: Actor


@pytest.fixture
def reviewed(county: County) -> Reviewed:
    return Reviewed(
        county,
        person("governor", "邓远", county.root, Role.HEAD),
        person("mayor", "苗青", county.town, Role.HEAD),
    )


def job(county: County, *, on: int = 0, source: str = "用工登记表", **changed: object) -> ResultCard:
    """A job in the village, found by `management` so many days ago."""
    given = {
        "kind": ResultKind.JOB,
        "unit": county.management,
        "place": county.village,
        "on": TODAY - timedelta(days=on),
        "text": "到园区上班",
        "detail": Detail.EMPLOYER,
        "source": source,
    }
    return ResultCard(**(given | changed))  # type: ignore[arg-type]


def entered(county: County, *, at: datetime = NOON, **changed: object) -> Result:
    return enter(job(county, **changed), by=county.handler, at=at)  # type: ignore[arg-type]


def solved(county: County, category: str = POWER, *, at: datetime = NOON, verdict: Solved = Solved.YES) -> Case:
    """Done by `management`, and the resident said so."""
    case = make.answered(county, at=at, category=category)
    return check_satisfied(case, version=case.version, verdict=Verdict(verdict, 4), by=RESIDENT, at=at + 4 * STEP)


def silent(county: County, category: str = POWER, *, at: datetime = NOON) -> Case:
    """Done, and the resident said nothing."""
    case = make.handling(county, at=at, category=category)
    case = answer(
        case, version=case.version, answer=Answer(make.ANSWER, Outcome.SOLVED), by=county.handler, at=at + 3 * STEP
    )
    return close_silent(case, by=CLOCK, at=at + timedelta(days=30))


def noted(county: County, *, at: datetime = NOON) -> Case:
    """A petition that a leader's note names."""
    case = make.petition(county, at=at)
    note(county, case, at=at + 2 * STEP)
    return case


def note(county: County, case: Case, *, at: datetime) -> None:
    take(case, measure=Measure.NOTE, ground=Ground.NOTED, text="由副县长包案", by=county.supervisor, at=at)


def visited(linked: Linked, *, number: int = 1, days: int = 0, at: datetime = NOON) -> Visit:
    card = VisitCard(UUID(int=number), TODAY - timedelta(days=days))
    return record_visit(card, link=linked.home, by=linked.leader, at=at)


def goal(reviewed: Reviewed, **changed: object) -> Goal:
    """Ten jobs of `management` in 2026, counted from rows."""
    given = {
        "line": "income",
        "field": Field.CITY,
        "unit": reviewed.county.management,
        "year": 2026,
        "words": "帮十个人找到工作",
        "counting": Counting.ROWS,
        "target": 10,
        "noun": "人",
    }
    return set_goal(GoalCard(**(given | changed)), by=reviewed.governor, at=NOON)  # type: ignore[arg-type]
