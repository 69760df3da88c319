from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page
from lianying.desk.labels import PLACES, TASKS, Task
from lianying.desk.queries import CAP, waiting
from lianying.orgs.middleware import Request
from lianying.orgs.queries import stands_in_for
from lianying.rules.powers import Power

#: Whose term has run out: shown first and marked.
PAST = frozenset({Task.SORT_LATE, Task.LATE, Task.CARE_MEASURES_LATE, Task.PROPOSALS_LATE})


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work that waits: how much, and where it is done."""

    label: Promise
    url: str
    count: int
    capped: bool
    past: bool


@needs(Power.SEE, Power.VISIT, Power.CONFIGURE)
@require_safe
def today(request: Request) -> HttpResponse:
    """What waits for this person, and nothing else."""
    at = now()
    found = waiting(request.actor, at)
    lines = [_line(task, count) for task, count in found.items() if count]
    lines.sort(key=lambda line: not line.past)
    today = local_day(at)
    stands_in = stands_in_for(request.actor.user_id or 0, today)
    context = {"lines": lines, "powers": request.actor.powers, "today": today, "stands_in": stands_in}
    return page(request, "desk/today.html", "waiting", context)


def _line(task: Task, count: int) -> Line:
    name, query = PLACES[task]
    return Line(TASKS[task], reverse(name) + query, min(count, CAP - 1), count >= CAP, task in PAST)
