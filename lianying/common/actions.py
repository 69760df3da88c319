from datetime import datetime

from django.contrib.sessions.models import Session

from lianying.common.dump import BACKED_UP
from lianying.common.models import Counter


def note_backup(*, at: datetime) -> None:
    """In the database and not beside it, so that every host of a larger installation knows."""
    Counter.objects.update_or_create(name=BACKED_UP, defaults={"value": int(at.timestamp())})


def sweep(*, at: datetime) -> int:
    """Remove counters and sessions whose time is over."""
    counters, _ = Counter.objects.filter(until__lt=at).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return counters + sessions
