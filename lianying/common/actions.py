from datetime import datetime

from django.contrib.sessions.models import Session

from lianying.common.models import Counter


def sweep(*, at: datetime) -> int:
    """Remove counters and sessions whose time is over."""
    counters, _ = Counter.objects.filter(until__lt=at).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return counters + sessions
