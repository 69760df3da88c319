from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest

from lianying.campaigns.models import Campaign
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits.actions import Raised, VisitCard, open_terms, record_visit
from lianying.visits.models import Link, Visit
from tests import make
from tests.cast import NOON, County, unit
from tests.visits.conftest import linked
from tests.visits.links import Linked

__all__ = ["Linked", "linked"]
TODAY = NOON.date()
#: Power cuts.
POWER = "0304"


@dataclass(frozen=True, slots=True)
class Held:
    """Three weeks from today in which `management` goes to the village, held for the county by its supervisor."""

    county: County
    linked: Linked
    campaign: Campaign

    def visited(
        self,
        number: int,
        *raised: Raised,
        on: date = TODAY,
        link: Link | None = None,
        kind: VisitKind = VisitKind.ORDINARY,
    ) -> Visit:
        card = VisitCard(UUID(int=number), on, "在家", problems=raised, kind=kind)
        return record_visit(card, link=link or self.linked.home, by=self.linked.leader, at=NOON)


@pytest.fixture
def held(linked: Linked) -> Held:
    open_terms(at=NOON)
    return Held(linked.county, linked, make.campaign(linked.county))


@pytest.fixture
def grid(county: County) -> Unit:
    return unit("grid", "上柳一格", UnitKind.GRID, county.village)


def asked(text: str = "路灯不亮") -> Raised:
    return Raised(text, Outcome.REQUEST)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)
