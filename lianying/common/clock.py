"""The one place where the program reads the time. Rules and actions are given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    return _standing.get() or timezone.now()


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let `now` be `moment`: only the demonstration lives through its past this way, so that its ledger has days."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
