"""The outbox: rows are written with the change they tell of, and settled when somebody was told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lianying.notices.models import Notice, NoticeText
from lianying.rules.notices import NOT_WORTH_A_CALL, Delivery, NoticeChannel, NoticeKind, again_at

#: Longer than a gateway may take to answer.
LEASE = timedelta(minutes=2)


def queue(kind: NoticeKind, *, subject: str, contact_id: int, desk_path: str, at: datetime) -> Notice | None:
    """Put a message into the outbox, inside the caller's transaction; None where nobody need be rung for it."""
    by_message = bool(settings.ENV["SMS_URL"])
    if kind in NOT_WORTH_A_CALL and not by_message:
        return None
    channel = NoticeChannel.SMS if by_message else NoticeChannel.CALL
    return Notice.objects.create(
        subject=subject,
        path=desk_path,
        contact_id=contact_id,
        kind=kind.value,
        channel=channel.value,
        made_at=at,
        next_at=at if by_message else None,
    )


def settle(notice: Notice, *, at: datetime) -> Notice:
    """The resident was told."""
    notice.tries += 1
    notice.told_at, notice.next_at, notice.sending_at = at, None, None
    notice.save(update_fields=["tries", "told_at", "next_at", "sending_at"])
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
    rows.update(dropped_at=at, next_at=None)


def forget(subject: str) -> None:
    """Sent or not: what told of a request that is being erased."""
    Notice.objects.filter(subject=subject).delete()


@transaction.atomic
def lease(pk: int, *, at: datetime) -> Notice | None:
    """Take a message to hand it over; None where another worker has it or it is not due any more.

    One that a worker took and never reported of was perhaps handed over: it is sent again only to a gateway that knows
    it by its id, else it becomes a call.
    """
    notice = Notice.objects.select_for_update(skip_locked=True).filter(pk=pk, next_at__lte=at).first()
    if notice is None:
        return None
    if notice.sending_at is not None and not settings.ENV["SMS_IDEMPOTENT"]:
        _call_instead(notice, Delivery.UNKNOWN)
        return None
    notice.sending_at, notice.next_at = at, at + LEASE
    notice.save(update_fields=["sending_at", "next_at"])
    return notice


@transaction.atomic
def note_delivery(notice: Notice, delivery: Delivery, *, at: datetime) -> Notice:
    """What became of a message that was not surely sent: tried again, or told by telephone. Sent ones are settled."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.told_at or notice.dropped_at or notice.next_at is None:
        return notice
    may_again = delivery == Delivery.UNREACHABLE or (delivery == Delivery.UNKNOWN and settings.ENV["SMS_IDEMPOTENT"])
    notice.tries += 1
    notice.sending_at = None
    notice.next_at = again_at(notice.made_at, notice.tries, at) if may_again else None
    if notice.next_at is None:
        return _call_instead(notice, delivery)
    notice.save(update_fields=["tries", "sending_at", "next_at"])
    return notice


def _call_instead(notice: Notice, delivery: Delivery) -> Notice:
    notice.channel, notice.error = NoticeChannel.CALL.value, delivery.value
    notice.next_at = notice.sending_at = None
    notice.save(update_fields=["channel", "error", "tries", "next_at", "sending_at"])
    return notice


@transaction.atomic
def send_again(*, at: datetime) -> int:
    """Try all that could not be sent once more, but for those of which nobody knows: a call tells no one twice."""
    rows = Notice.objects.filter(told_at__isnull=True, dropped_at__isnull=True, channel=NoticeChannel.CALL)
    rows = rows.filter(error__in=[Delivery.REFUSED, Delivery.UNREACHABLE])
    return rows.update(channel=NoticeChannel.SMS, error="", next_at=at, made_at=at, tries=0)


@transaction.atomic
def set_text(kind: NoticeKind, text: str) -> None:
    """An empty text is ours again."""
    if text:
        NoticeText.objects.update_or_create(kind=kind.value, defaults={"text": text})
    else:
        NoticeText.objects.filter(kind=kind.value).delete()
