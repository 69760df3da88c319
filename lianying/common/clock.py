"""The one place where the program reads the time, and how a day is said. Rules and actions are given the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    return _standing.get() or timezone.now()


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def day_words(day: date) -> str:
    """'11月22日', with the year where it is another one."""
    this_year = day.year == local_day(now()).year
    return date_format(day, pgettext("date format", "j M") if this_year else pgettext("date format", "j M Y"))


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let `now` be `moment`: only the demonstration lives through its past this way, so that its ledger has days."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
