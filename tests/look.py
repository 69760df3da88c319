"""What stands in the database after a move, as plain values that a test compares whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from lianying.audit.models import Event
from lianying.cases.models import Case, Entry, Holding, Timer
from lianying.notices.models import Notice
from lianying.rules.ledger import instant
from lianying.rules.refusals import Refused
from tests.cast import ZONE


def day(month: int, date: int, hour: int = 17, minute: int = 30) -> datetime:
    """A local moment of 2026; close of business where no hour is given."""
    return datetime(2026, month, date, hour, minute, tzinfo=ZONE)


def kinds(case: Case) -> list[str]:
    """The kinds of the case's events, oldest first, without the part before the dot."""
    rows = Event.objects.filter(stream=f"case:{case.ref}").order_by("seq").values_list("kind", flat=True)
    return [kind.partition(".")[2] for kind in rows]


def last(case: Case) -> tuple[str, str, dict[str, Any]]:
    """Kind, author and facts of the newest event; its number and hash are those of the case."""
    event = Event.objects.filter(stream=f"case:{case.ref}").latest("seq")
    assert (case.version, case.head) == (event.seq, event.hash)
    return event.kind.partition(".")[2], event.actor, event.data


def words(case: Case) -> list[tuple[str, str, int]]:
    """Kind, text and number of the event of all entries."""
    return list(Entry.objects.filter(case=case).order_by("id").values_list("kind", "text", "event_seq"))


def owed(case: Case) -> list[str]:
    """Kinds of what the resident is still to be told."""
    rows = Notice.objects.filter(subject=case.ref, told_at__isnull=True, dropped_at__isnull=True)
    return list(rows.order_by("id").values_list("kind", flat=True))


def timers(case: Case) -> dict[str, datetime]:
    return dict(Timer.objects.filter(case=case).values_list("move", "at"))


def held(case: Case) -> list[tuple[str, str, bool]]:
    """Role, code of the unit and whether it still holds, in the order of holding."""
    rows = Holding.objects.filter(case=case).order_by("id").values_list("role", "unit__code", "to_at")
    return [(role, code, to_at is None) for role, code, to_at in rows]


def iso(at: datetime) -> str:
    """As an event writes a moment."""
    return instant(at)


@contextmanager
def refusal(code: str, case: Case) -> Iterator[None]:
    """The block is refused with this code, and the case is as it was."""
    before = Case.objects.filter(pk=case.pk).values().get()
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert Event.objects.filter(stream=f"case:{case.ref}").count() == before["version"]
