"""What each step of a goal is called in its history."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.common.clock import day_words
from lianying.reviews.queries.programmes import Happened
from lianying.rules.events import EventKind

#: May name the facts of the event as %(name)s; days are said as a person says them.
STEPS: Mapping[EventKind, Promise] = {
    EventKind.GOAL_SET: _("The goal was set: %(target)s"),
    EventKind.GOAL_CHANGED: _("The goal was changed, from %(target_before)s to %(target)s"),
    EventKind.GOAL_GIVEN_UP: _("The goal was given up"),
    EventKind.GOAL_FIGURE_ENTERED: _("A figure was entered: %(value)s, as of %(on)s"),
    EventKind.GOAL_ROW_LINKED: _("A row was linked"),
    EventKind.GOAL_ROW_UNLINKED: _("A row was taken out"),
    EventKind.TASK_SET: _("A task was added, until %(due_on)s"),
    EventKind.TASK_CHANGED: _("A task was changed, until %(due_on)s"),
    EventKind.TASK_DONE: _("A task was done on %(done_on)s"),
    EventKind.TASK_REOPENED: _("A task is open again"),
    EventKind.TASK_DROPPED: _("A task was dropped"),
}
DAYS = ("on", "due_on", "done_on")


def sentence(happened: Happened) -> str:
    days = {name: day_words(date.fromisoformat(happened.data[name])) for name in DAYS if name in happened.data}
    return str(STEPS[happened.kind]) % {**happened.data, **days}
