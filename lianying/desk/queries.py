"""What waits for a person, counted over the cases that their posts cover."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from lianying.cases.models import IS_OPEN, Case
from lianying.cases.queries.checks import awaiting_supervisor, to_check, to_tell
from lianying.cases.queries.lists import due_soon, late, proposed, running
from lianying.cases.queries.scope import visible
from lianying.common.db import counts
from lianying.desk.labels import Task
from lianying.orgs.scope import Actor
from lianying.rules.entries import ProposalKind
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power

#: Nobody works off more than a hundred at a sitting; beyond it a page says "99+".
CAP = 100
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """Which cases a task waits in, over what the first of these powers that the person has covers."""

    powers: tuple[Power, ...]
    where: Callable[[datetime], Q]


WAITS: Mapping[Task, Wait] = {
    Task.SORT_LATE: Wait((Power.SORT,), lambda at: Q(state=State.HEARD, stage_due_at__lt=at)),
    Task.SORT: Wait((Power.SORT,), lambda at: Q(state=State.HEARD, stage_due_at__gte=at)),
    Task.DECIDE_DISPUTES: Wait((Power.SORT,), lambda at: Q(state=State.DISPUTED)),
    Task.DECIDE_ENDS: Wait((Power.SORT,), lambda at: proposed(ProposalKind.END)),
    Task.SIGN: Wait((Power.HANDLE,), lambda at: Q(state=State.ASSIGNED)),
    Task.LATE: Wait((Power.HANDLE, Power.EXTEND, Power.END_UNSOLVED), late),
    Task.DUE_SOON: Wait((Power.HANDLE,), due_soon),
    Task.DECIDE_EXTENSIONS: Wait((Power.EXTEND,), lambda at: proposed(ProposalKind.EXTENSION)),
    Task.END_REWORKS: Wait((Power.END_UNSOLVED,), lambda at: awaiting_supervisor()),
}


def waiting(actor: Actor, at: datetime) -> dict[Task, int]:
    """How many of each task wait for the actor, in the order of `Task`, none above CAP; one query."""
    rows: dict[str, Rows] = {}
    for task, wait in WAITS.items():
        power = next((power for power in wait.powers if power in actor.powers), None)
        if power is not None:
            rows[task] = visible(running(), actor, power).filter(wait.where(at))
    if Power.CALL in actor.powers:
        rows |= {Task.TELL: to_tell(actor), Task.CHECK: to_check(actor)}
    found = counts(rows, CAP)
    return {task: found[task] for task in Task if task in found}


def rail_counts(actor: Actor) -> dict[str, int]:
    """The figures beside the entries of the rail, by URL name; one query."""
    rows: dict[str, Rows] = {}
    if Power.SORT in actor.powers:
        rows["sort"] = visible(running(), actor, Power.SORT).filter(state=State.HEARD)
    if Power.SEE in actor.powers:
        old = Q(state=State.HEARD, stage_due_at__isnull=True)
        rows["work"] = visible(Case.objects.filter(IS_OPEN).exclude(old), actor, Power.SEE)
    if Power.CALL in actor.powers:
        rows |= {"check": to_check(actor), "tell": to_tell(actor)}
    return counts(rows, CAP)
