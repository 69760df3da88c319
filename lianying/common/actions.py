from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from lianying.common.crypto import Unreadable
from lianying.common.dump import BACKED_UP
from lianying.common.models import Counter
from lianying.common.sealing import Sealed, opened, seal


def note_backup(*, at: datetime) -> None:
    """In the database and not beside it, so that every host of a larger installation knows."""
    Counter.objects.update_or_create(name=BACKED_UP, defaults={"value": int(at.timestamp())})


def sweep(*, at: datetime) -> int:
    """Remove counters and sessions whose time is over."""
    counters, _ = Counter.objects.filter(until__lt=at).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return counters + sessions


@transaction.atomic
def reseal(model: type[Sealed], *, after: int, most: int) -> list[tuple[int, bool]]:
    """Seal the next rows that another key sealed with the current one; `after` is the last primary key seen.

    Returns   their primary keys, and whether each could be opened: one whose key is lost stays as it is
    """
    rows: QuerySet[Sealed] = QuerySet(model).exclude(key_id=settings.KEYS.current).filter(pk__gt=after)
    return [(row.pk, _reseal(row)) for row in rows.select_for_update().order_by("pk")[:most]]


def _reseal(row: Sealed) -> bool:
    try:
        texts = {field: opened(row, field) for field in row.SEALED}
    except Unreadable:
        return False
    seal(row, **texts)
    row.save(update_fields=[*(f"{field}_sealed" for field in row.SEALED), "key_id"])
    return True
