"""What is with the petition office, and where each stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from lianying.cases import clocks
from lianying.cases.models import IS_OPEN, Case, PetitionStep
from lianying.cases.queries.scope import visible
from lianying.common.paging import Page, page_of
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.deadlines import Due
from lianying.rules.lifecycle import State
from lianying.rules.petitions import OPEN_TO_RESIDENT, Stage, Standing, Step
from lianying.rules.powers import Power

ORDER = ("stage_due_at", "id")
STEPS = PetitionStep.objects.select_related("unit", "by")
#: So long before its term ends a petition is listed among what waits.
SOON = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Petition:
    """steps: the earliest first, also of an earlier time with the petition office; unit: that resolves it."""

    case: Case
    standing: Standing
    due: Due
    steps: tuple[PetitionStep, ...]
    is_late: bool

    @property
    def stage(self) -> Stage:
        return self.standing.stage

    @property
    def unit(self) -> Unit | None:
        sent = [row.unit for row in self.steps if row.step == Step.SEND and row.at >= self.case.stage_at]
        return sent[-1] if sent and self.stage != Stage.RECEIVED else None

    @property
    def is_open_to_resident(self) -> bool:
        return self.stage in OPEN_TO_RESIDENT


def petition_of(case: Case, at: datetime) -> Petition:
    """Of a case that is with the petition office; one query, none where the steps are prefetched."""
    standing = clocks.petition(case)
    due = clocks.petition_due(standing)
    steps = tuple(sorted(case.petition_steps.all(), key=lambda row: row.pk))
    # Whoever may apply and does not is late with nothing.
    return Petition(case, standing, due, steps, at > due.at and standing.stage not in OPEN_TO_RESIDENT)


def petitions(actor: Actor) -> QuerySet[Case]:
    return visible(Case.objects.filter(IS_OPEN, state=State.PETITION), actor, Power.SORT)


def petition_page(actor: Actor, *, after: str, at: datetime) -> Page[Petition]:
    """What is due first; two queries."""
    rows = petitions(actor).prefetch_related(Prefetch("petition_steps", STEPS))
    found = page_of(rows, ORDER, after)
    return Page([petition_of(case, at) for case in found.rows], found.next, found.is_first)


def due_petitions(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Late, or due within five days; also those whose resident can no longer apply, to be concluded."""
    return petitions(actor).filter(stage_due_at__lt=at + SOON)
