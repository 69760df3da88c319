"""When the county's decisions are learned from: at night, by the worker, or when the operator says so."""

from datetime import datetime, timedelta

from django.utils import timezone

from lianying.cases.actions.marks import mark_missing, mark_missing_answers
from lianying.cases.queries.decisions import MOST, decided, decisions
from lianying.triage.actions import make_version
from lianying.triage.models import Version
from lianying.triage.queries import file_of

#: Before so many decisions the words of the category list propose better.
ENOUGH = 200
GROWN = 1.2
WEEK = timedelta(days=7)
#: Hours of the night, local, in which nobody waits for the machine: from, before.
NIGHT = (1, 5)


def learn_if_due(*, at: datetime) -> Version | None:
    """Make a version where there are enough decisions, a fifth more than last time, or after a week.

    By night alone: it takes a minute or two at 20,000 decisions, in which no timer fires. Looked for every ten minutes,
    so an attempt that was not better counts as well: it is not repeated all night.
    """
    if not NIGHT[0] <= timezone.localtime(at).hour < NIGHT[1]:
        return None
    last = Version.objects.order_by("-made_at").first()
    # What grew by a fifth between two looks of one night can wait for the next.
    if last is not None and at - last.made_at < timedelta(hours=12):
        return None
    count = decided(MOST)
    if count < ENOUGH or not _is_due(last, count, at):
        return None
    return make_version(decisions(), source="", at=at)


def _is_due(last: Version | None, count: int, at: datetime) -> bool:
    if last is None or count >= last.rows * GROWN or at - last.made_at >= WEEK:
        return True
    active = Version.objects.filter(active=True).first()
    # After a restore: the row came back, the file did not.
    return active is not None and not file_of(active.name).exists()


def mark_all() -> int:
    """Let every open request and every answer on the board be found. Returns in how many steps."""
    steps, after = 1, mark_missing()
    while after:
        steps, after = steps + 1, mark_missing(after)
    mark_missing_answers()
    return steps
