"""The outbox: rows are written with the change they tell of, and settled when somebody was told."""

from datetime import datetime

from lianying.notices.models import Notice
from lianying.rules.notices import NoticeKind


def queue(kind: NoticeKind, *, subject: str, contact_id: int, desk_path: str, at: datetime) -> Notice:
    """Put a message into the outbox, inside the caller's transaction."""
    return Notice.objects.create(subject=subject, path=desk_path, contact_id=contact_id, kind=kind.value, made_at=at)


def settle(notice: Notice, *, at: datetime) -> Notice:
    """The resident was told."""
    notice.tries += 1
    notice.told_at = at
    notice.save(update_fields=["tries", "told_at"])
    return notice


def tried(notice: Notice) -> Notice:
    """Somebody rang and reached nobody; the notice stays."""
    notice.tries += 1
    notice.save(update_fields=["tries"])
    return notice


def drop(subject: str, *, kind: NoticeKind | None = None, at: datetime) -> None:
    """What was still to be told is overtaken, of one kind or all: the case went on without it."""
    rows = Notice.objects.filter(subject=subject, told_at__isnull=True, dropped_at__isnull=True)
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    rows.update(dropped_at=at)
