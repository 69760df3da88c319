"""What supervisors and units see of the ladder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from lianying.cases.models import IS_OPEN, Case, Holding
from lianying.cases.queries.lists import due_soon, late
from lianying.cases.queries.scope import case_for, visible
from lianying.common.db import counts
from lianying.common.paging import Page, page_of
from lianying.orgs.scope import Actor
from lianying.oversight.models import STANDS, Circular, Finding, Step
from lianying.rules.kinds import Solved
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.supervision import REFUSED_BY, REPEATED_BY, REPEATED_DAYS, REWORKS, Ground, Measure, Taken

SIZE = 30
#: No count reads further.
CAP = 1000
_OPEN_FINDINGS = Finding.objects.filter(settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How the open requests of one unit stand."""

    name: str
    code: str
    in_hand: int
    late: int
    near: int
    reworked: int
    owed: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A request with its open grounds and the last step that stands."""

    case: Case
    grounds: tuple[Ground, ...]
    step: Step | None


def by_unit(actor: Actor, at: datetime) -> list[UnitLine]:
    """In the order of the units' list, never by how they stand; units with nothing to say are left out; one query."""
    rows = visible(Case.objects.filter(IS_OPEN, stage_due_at__isnull=False), actor, Power.REMIND)
    owed = Q(supervision__ended_at__isnull=True, supervision__answered_at__isnull=True, supervision__isnull=False)
    found = (
        rows.values("unit__path", "unit__name", "unit__code")
        .annotate(
            in_hand=Count("pk", distinct=True),
            late=Count("pk", filter=late(at), distinct=True),
            near=Count("pk", filter=due_soon(at), distinct=True),
            reworked=Count("pk", filter=Q(reworks__gt=0), distinct=True),
            owed=Count("supervision", filter=owed, distinct=True),
        )
        .order_by("unit__path")
    )
    lines = [
        UnitLine(
            row["unit__name"], row["unit__code"], row["in_hand"], row["late"], row["near"], row["reworked"], row["owed"]
        )
        for row in found
    ]
    return [line for line in lines if line.late or line.near or line.reworked or line.owed]


def found_cases(actor: Actor, ground: Ground | None = None) -> QuerySet[Case]:
    """Open requests in which a ground was found, inside what the actor may remind of."""
    findings = _OPEN_FINDINGS if ground is None else _OPEN_FINDINGS.filter(ground=ground)
    return visible(Case.objects.filter(IS_OPEN, pk__in=findings.values("case_id")), actor, Power.REMIND)


def ground_counts(actor: Actor) -> dict[str, int]:
    """By ground, and "" for all; none above CAP; one query."""
    rows = {"": found_cases(actor)} | {ground.value: found_cases(actor, ground) for ground in Ground}
    return counts(rows, CAP)


def watched_page(actor: Actor, ground: Ground | None, *, after: str = "") -> Page[Case]:
    """The longest known first."""
    rows = found_cases(actor, ground).select_related("unit")
    return page_of(rows, ("received_at", "id"), after, SIZE)


def watched(cases: Iterable[Case]) -> list[Watched]:
    """Two queries, however many."""
    rows = list(cases)
    grounds: dict[int, list[Ground]] = {}
    found = _OPEN_FINDINGS.filter(case__in=rows).order_by("id").values_list("case_id", "ground")
    for case_id, ground in found:
        grounds.setdefault(case_id, []).append(Ground(ground))
    steps = {step.case_id: step for step in Step.objects.filter(STANDS, case__in=rows).order_by("id")}
    return [Watched(case, tuple(grounds.get(case.pk, ())), steps.get(case.pk)) for case in rows]


def watched_of(actor: Actor, refs: Sequence[str]) -> list[Watched]:
    """Those of the numbers that the actor may remind of."""
    numbers = [ref for ref in refs if ref.isprintable()]  # PostgreSQL takes no NUL
    rows = visible(Case.objects.filter(IS_OPEN, ref__in=numbers), actor, Power.REMIND)
    return watched(rows.select_related("unit").order_by("received_at", "id"))


def owed_steps(actor: Actor) -> QuerySet[Step]:
    """Answers that the units at work owe, soonest first; handlers and heads give them."""
    rows = Step.objects.filter(STANDS, _of(actor, Power.PASS_DOWN), answered_at__isnull=True)
    return rows.order_by("due_at", "id")


def answered_steps(actor: Actor) -> QuerySet[Step]:
    """Answers that wait for a decision of the actor, longest first."""
    rows = Step.objects.filter(STANDS, _of(actor, Power.SUPERVISE), answered_at__isnull=False)
    return rows.order_by("answered_at", "id")


def _of(actor: Actor, power: Power) -> Exists:
    # Asked of the few steps; as a list of keys every open case would be read first.
    return Exists(visible(Case.objects.filter(IS_OPEN, pk=OuterRef("case_id")), actor, power))


def step_page(rows: QuerySet[Step], *, answered: bool, after: str = "") -> Page[Step]:
    order = ("answered_at", "id") if answered else ("due_at", "id")
    return page_of(rows.select_related("case__unit"), order, after, SIZE)


def ladder_of(actor: Actor, ref: str) -> tuple[Case, list[Step], list[Finding]]:
    """The request with its steps and open grounds. Raises Http404 where it does not exist for the actor."""
    findings = Prefetch("findings", _OPEN_FINDINGS.order_by("id"))
    steps = Prefetch("supervision", Step.objects.select_related("by", "circular").order_by("id"))
    case = case_for(actor, ref, row=("unit",), among=Case.objects.prefetch_related(findings, steps))
    return case, list(case.supervision.all()), list(case.findings.all())


def taken(steps: Iterable[Step]) -> list[Taken]:
    """What the rules look at."""
    rows = sorted(steps, key=lambda step: step.pk)
    return [Taken(Measure(row.measure), row.due_at, row.answered_at is not None, row.accepted) for row in rows]


def step_for(actor: Actor, uuid: UUID) -> Step:
    """Raises Http404 where it or its request does not exist for the actor."""
    row = Step.objects.filter(uuid=uuid).values_list("case__ref", flat=True).first()
    case_for(actor, row or "")
    return Step.objects.select_related("case").get(uuid=uuid)


def lines_of(actor: Actor, letter: Circular) -> list[Step]:
    """What a circular says of the requests that exist for the actor, by unit."""
    mine = visible(Case.objects.all(), actor, Power.REMIND)
    rows = letter.steps.filter(case__in=mine).select_related("case__unit")
    return list(rows.order_by("case__unit__path", "case__ref"))


def late_days(case: Case, at: datetime) -> int:
    """Whole days since the step was due; 0 while it is not."""
    return max(0, (at - case.stage_due_at).days) if case.stage_due_at else 0


def holding_grounds(at: datetime) -> dict[Ground, QuerySet[Case]]:
    """Open requests by the grounds that can be found in their rows; a leader's note is none of them."""
    rows = Case.objects.filter(IS_OPEN)
    refused = Holding.objects.filter(disputed=True).values("case_id").annotate(units=Count("unit_id", distinct=True))
    since = at - timedelta(days=REPEATED_DAYS)
    return {
        Ground.STAGE_LATE: rows.filter(late(at)),
        Ground.REFUSED: rows.filter(pk__in=refused.filter(units__gte=REFUSED_BY).values("case_id")),
        Ground.UNSOLVED: rows.filter(reworks__gt=0, solved=Solved.NO),
        Ground.REWORKED: rows.filter(reworks__gte=REWORKS),
        Ground.REPEATED: rows.filter(pk__in=_told_by(since, REPEATED_BY - 1)),
    }


def _told_by(since: datetime, least: int) -> QuerySet[Case, int]:
    """Keys of the requests that so many others joined since then, each of another person than the first."""
    joined = Case.objects.filter(state=State.MERGED, received_at__gte=since, contact__phone_index__gt="")
    others = joined.exclude(contact__phone_index=F("main__contact__phone_index")).values("main_id")
    people = others.annotate(people=Count("contact__phone_index", distinct=True)).filter(people__gte=least)
    return people.order_by().values_list("main_id", flat=True)
