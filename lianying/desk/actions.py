"""The letter of the morning: to each who wishes it, what waits for them, in counts and links."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying import reference
from lianying.common.clock import local_day
from lianying.common.db import next_number
from lianying.common.models import Counter
from lianying.desk.labels import PLACES, TASKS, Task
from lianying.desk.queries import CAP, waiting
from lianying.notices.actions import write_to
from lianying.notices.queries import link
from lianying.orgs.models import User
from lianying.orgs.queries import actor_of
from lianying.orgs.scope import Actor
from lianying.rules.notices import StaffKind, StaffWish

#: From when on it is written, and until when it is still worth it.
FROM, UNTIL = time(8, 30), time(17, 30)
#: Nobody is reminded more than once a week of whom they still have to visit.
WEEKLY = frozenset({Task.VISITS})


def write_digests(*, at: datetime) -> int:
    """Write the letters of a working day, once, and return how many; nobody is written to for whom nothing waits."""
    day = local_day(at)
    name = f"digest:{day:%Y%m%d}"
    if not settings.ENV["SMTP_URL"] or not FROM <= localtime(at).time() < UNTIL:
        return 0
    if not reference.calendar().is_workday_or_guess(day) or Counter.objects.filter(name=name).exists():
        return 0
    # Read before anything is written: nobody's work waits while hundreds of lists are counted.
    people = User.objects.filter(is_active=True, wish=StaffWish.DAILY).exclude(email="").order_by("pk")
    left_out = frozenset() if _begins_week(day) else WEEKLY
    with override(settings.LANGUAGE_CODE):
        texts = [(user, _text(actor_of(user, day), left_out, at)) for user in people]
    return _write(name, [(user, text) for user, text in texts if text], at)


@transaction.atomic
def _write(name: str, letters: list[tuple[User, str]], at: datetime) -> int:
    """All or none: a killed worker begins anew, and of two one finds the day taken."""
    if next_number(name, until=at + timedelta(days=2)) > 1:
        return 0
    for user, text in letters:
        write_to(user, StaffKind.DIGEST, text, at=at)
    return len(letters)


def _begins_week(day: date) -> bool:
    """Whether it is the first working day of its week."""
    return not any(reference.calendar().is_workday_or_guess(day - timedelta(days=n + 1)) for n in range(day.weekday()))


def _text(actor: Actor, left_out: frozenset[Task], at: datetime) -> str:
    """A line for each kind of work, '3 to sort  https://…'; '' where nothing waits."""
    lines = []
    for task, count in waiting(actor, at).items():
        name, query = PLACES[task]
        shown = f"{CAP - 1}+" if count >= CAP else str(count)
        if count and task not in left_out:
            lines.append(f"{TASKS[task]}: {shown}  {link(reverse(name) + query)}".rstrip())
    if not lines:
        return ""
    foot = _("Where you change your password you choose what we write of.")
    return "\n".join([_("This waits for you today:"), "", *lines, "", foot])
