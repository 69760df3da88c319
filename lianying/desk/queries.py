"""What waits for a person, counted over the cases that their posts cover."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from lianying.audit.models import DayRoot
from lianying.campaigns.queries import campaigns
from lianying.care import queries as care
from lianying.cases.models import IS_OPEN, Case, Timer
from lianying.cases.queries.checks import awaiting_supervisor, to_check, to_tell
from lianying.cases.queries.lists import due_soon, late, proposed, running
from lianying.cases.queries.petitions import due_petitions
from lianying.cases.queries.scope import at_own_desk, covered, few_covered, help_owed, unaccusing, visible
from lianying.common.clock import local_day, now
from lianying.common.db import counts
from lianying.common.dump import backed_up_at
from lianying.desk.labels import Task
from lianying.notices.models import Notice
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.oversight.queries import answered_steps, owed_steps
from lianying.rules.entries import ProposalKind
from lianying.rules.lifecycle import State
from lianying.rules.notices import NoticeChannel
from lianying.rules.powers import Power
from lianying.visits.queries.due import to_visit, to_visit_soon

#: Nobody works off more than a hundred at a sitting; beyond it a page says "99+".
CAP = 100
Rows = QuerySet[Any]
#: A timer is fired within seconds; one that failed is tried again after ten minutes.
PATIENCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wait:
    """Which cases a task waits in, over what the first of these powers that the person has covers.

    few   they are found by their keys or an index of their own
    """

    powers: tuple[Power, ...]
    where: Callable[[datetime], Q]
    few: bool = False


WAITS: Mapping[Task, Wait] = {
    Task.SORT_LATE: Wait((Power.SORT,), lambda at: Q(state=State.HEARD, stage_due_at__lt=at)),
    Task.SORT: Wait((Power.SORT,), lambda at: Q(state=State.HEARD, stage_due_at__gte=at)),
    Task.DECIDE_DISPUTES: Wait((Power.SORT,), lambda at: Q(state=State.DISPUTED)),
    Task.DECIDE_ENDS: Wait((Power.SORT,), lambda at: proposed(ProposalKind.END), few=True),
    Task.SIGN: Wait((Power.HANDLE,), lambda at: Q(state=State.ASSIGNED)),
    Task.LATE: Wait((Power.HANDLE, Power.EXTEND, Power.END_UNSOLVED), late),
    Task.DUE_SOON: Wait((Power.HANDLE,), due_soon),
    Task.APPROVE: Wait((Power.APPROVE,), lambda at: proposed(ProposalKind.ANSWER), few=True),
    Task.DECIDE_EXTENSIONS: Wait((Power.EXTEND,), lambda at: proposed(ProposalKind.EXTENSION), few=True),
    Task.END_REWORKS: Wait((Power.END_UNSOLVED,), lambda at: awaiting_supervisor(), few=True),
}


#: Each desk has a queue of its own.
AT_DESK = frozenset({Task.SORT_LATE, Task.SORT})


def waiting(actor: Actor, at: datetime) -> dict[Task, int]:
    """How many of each task wait for the actor, in the order of `Task`, none above CAP; one query."""
    rows: dict[str, Rows] = {}
    for task, wait in WAITS.items():
        power = next((power for power in wait.powers if power in actor.powers), None)
        if power is not None:
            within = few_covered if wait.few else covered
            found_rows = unaccusing(within(running().filter(wait.where(at)), actor, power), actor)
            rows[task] = at_own_desk(found_rows, actor) if task in AT_DESK else found_rows
    if Power.SORT in actor.powers:
        rows[Task.PETITIONS] = due_petitions(actor, at)
    if Power.HANDLE in actor.powers:
        rows[Task.HELP] = help_owed(actor)
    if Power.PASS_DOWN in actor.powers:
        rows[Task.ANSWER_SUPERVISION] = owed_steps(actor)
    if Power.SUPERVISE in actor.powers:
        rows[Task.DECIDE_SUPERVISION] = answered_steps(actor)
    if Power.CALL in actor.powers:
        rows |= {Task.TELL: to_tell(actor), Task.CHECK: to_check(actor)}
    rows |= _at_homes(actor, local_day(at))
    found = counts(rows, CAP)
    return {task: found[task] for task in Task if task in found}


def _at_homes(actor: Actor, today: date) -> dict[str, Rows]:
    rows: dict[str, Rows] = {}
    if Power.VISIT in actor.powers:
        rows[Task.VISITS] = to_visit_soon(actor, today)
    if Power.CARE in actor.powers:
        rows[Task.CARE_MEASURES_LATE] = care.late_measures(actor, today)
        rows[Task.CARE_CHECK] = care.to_check(actor)
        rows[Task.CARE_MEASURES] = care.own_measures(actor).filter(due_on__gte=today)
        rows[Task.CARE_REVIEWS] = care.reviews_due(actor, today)
    if Power.CARE_DECIDE in actor.powers:
        rows[Task.CARE_DECIDE] = care.to_decide(actor)
    if actor.powers & {Power.RESULTS, Power.CAMPAIGN}:
        rows[Task.PROPOSALS_LATE] = campaigns.proposals_late(actor, today)
        rows[Task.PROPOSALS] = campaigns.proposals_due(actor, today)
    return rows


@dataclass(frozen=True, slots=True)
class Health:
    """What an operator must know of the machine. Disk in bytes; the dates are None where there is nothing yet."""

    timers_late: int
    calls_waiting: int
    messages_waiting: int
    messages_failed: int
    oldest_call_at: datetime | None
    last_root_on: date | None
    backed_up_at: datetime | None
    disk_free: int
    disk_total: int


def health(at: datetime) -> Health:
    """How much is overdue, capped at CAP; four queries and a look at the disk of the data directory."""
    open_calls = Notice.objects.filter(told_at__isnull=True, dropped_at__isnull=True, channel=NoticeChannel.CALL)
    rows: dict[str, Rows] = {
        "timers": Timer.objects.filter(at__lt=at - PATIENCE),
        "calls": open_calls,
        "messages": Notice.objects.filter(next_at__isnull=False, made_at__lt=at - PATIENCE),
        "failed": open_calls.exclude(error=""),
    }
    found = counts(rows, CAP)
    disk = shutil.disk_usage(settings.DATA_DIR)
    return Health(
        timers_late=found["timers"],
        calls_waiting=found["calls"],
        messages_waiting=found["messages"],
        messages_failed=found["failed"],
        oldest_call_at=open_calls.aggregate(oldest=Min("made_at"))["oldest"],
        last_root_on=DayRoot.objects.order_by("-day").values_list("day", flat=True).first(),
        backed_up_at=backed_up_at(),
        disk_free=disk.free,
        disk_total=disk.total,
    )


def in_hand(user: User) -> list[tuple[Unit, int]]:
    """Units at which the user handles open cases, and how many."""
    rows = Case.objects.filter(IS_OPEN, handler=user).order_by().values_list("unit_id").annotate(count=Count("pk"))
    found = dict(rows)
    return [(unit, found[unit.pk]) for unit in Unit.objects.filter(pk__in=found).order_by("path")]


def rail_counts(actor: Actor) -> dict[str, int]:
    """The figures beside the entries of the rail, by URL name; one query."""
    rows: dict[str, Rows] = {}
    if Power.SORT in actor.powers:
        rows["sort"] = at_own_desk(visible(running(), actor, Power.SORT).filter(state=State.HEARD), actor)
    if Power.SEE in actor.powers:
        old = Q(state=State.HEARD, stage_due_at__isnull=True)
        rows["work"] = visible(Case.objects.filter(IS_OPEN).exclude(old), actor, Power.SEE)
    if Power.CALL in actor.powers:
        rows |= {"check": to_check(actor), "tell": to_tell(actor)}
    if Power.VISIT in actor.powers:
        rows["visits"] = to_visit(actor, local_day(now()))
    return counts(rows, CAP)
