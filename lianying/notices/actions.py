"""The outbox: rows are written with the change they tell of, and settled when somebody was told."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from lianying.households.models import Contact
from lianying.notices.models import Letter, Notice, NoticeText, Outgoing
from lianying.notices.queries import channel_of
from lianying.orgs.models import User
from lianying.rules.notices import NOT_WORTH_A_CALL, Delivery, NoticeChannel, NoticeKind, StaffKind, again_at

#: Longer than a receiver may take to answer.
LEASE = timedelta(minutes=2)
#: A letter that was sent, or given up, is of no use any more.
KEPT = timedelta(days=30)
Row = TypeVar("Row", bound=Outgoing)


def queue(kind: NoticeKind, *, subject: str, contact: Contact, desk_path: str, at: datetime) -> Notice | None:
    """Put a message into the outbox, inside the caller's transaction; None where the progress page has to do."""
    channel = channel_of(contact)
    if channel is None or (kind in NOT_WORTH_A_CALL and channel == NoticeChannel.CALL):
        return None
    return Notice.objects.create(
        subject=subject,
        path=desk_path,
        contact=contact,
        kind=kind.value,
        channel=channel.value,
        made_at=at,
        next_at=at if channel == NoticeChannel.SMS else None,
    )


def write_to(user: User, kind: StaffKind, text: str, *, at: datetime) -> Letter | None:
    """Put a letter into the outbox; None where they left no address, or no mail server is set up."""
    if not user.email or not settings.ENV["SMTP_URL"]:
        return None
    return Letter.objects.create(user=user, kind=kind.value, text=text, made_at=at, next_at=at)


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


def drop_calls(subject: str, *, at: datetime) -> None:
    """Nobody rings any more about this request; what a gateway sends still goes."""
    rows = Notice.objects.filter(subject=subject, told_at__isnull=True, dropped_at__isnull=True)
    rows.filter(channel=NoticeChannel.CALL).update(dropped_at=at)


def forget(subject: str) -> None:
    """Sent or not: what told of a request that is being erased."""
    Notice.objects.filter(subject=subject).delete()


def forget_letters(*, at: datetime) -> None:
    Letter.objects.filter(next_at__isnull=True, made_at__lt=at - KEPT).delete()


@transaction.atomic
def lease(model: type[Row], pk: int, *, at: datetime) -> Row | None:
    """Take a message to hand it over; None where another worker has it or it is not due any more.

    One that a worker took and never reported of was perhaps handed over: it is sent again only to a receiver that knows
    it by its id, else it is given up.
    """
    rows: QuerySet[Row] = QuerySet(model)
    row = rows.select_for_update(skip_locked=True).filter(pk=pk, next_at__lte=at).first()
    if row is None:
        return None
    if row.sending_at is not None and not row.is_known_by_id:
        _give_up(row, Delivery.UNKNOWN, at)
        return None
    row.sending_at, row.next_at = at, at + LEASE
    row.save(update_fields=["sending_at", "next_at"])
    return row


@transaction.atomic
def note_delivery(row: Outgoing, delivery: Delivery, *, at: datetime) -> None:
    """What became of a message: sent, tried again, or given up. A notice that was sent is settled instead."""
    rows: QuerySet[Outgoing] = QuerySet(type(row))
    row = rows.select_for_update().get(pk=row.pk)
    if row.next_at is None:
        # Told by telephone, overtaken or settled meanwhile.
        return
    may_again = delivery == Delivery.UNREACHABLE or (delivery == Delivery.UNKNOWN and row.is_known_by_id)
    row.tries += 1
    row.sending_at = None
    row.next_at = again_at(row.made_at, row.tries, at, row.given_up_after) if may_again else None
    if isinstance(row, Letter) and delivery == Delivery.SENT:
        row.sent_at = at
        row.save(update_fields=["tries", "sending_at", "next_at", "sent_at"])
    elif row.next_at is None:
        _give_up(row, delivery, at)
    else:
        row.save(update_fields=["tries", "sending_at", "next_at"])


def _give_up(row: Outgoing, delivery: Delivery, at: datetime) -> None:
    """A notice becomes a call, where the resident may be rung; the rest stands on the operator's page alone."""
    row.error, row.next_at, row.sending_at = delivery.value, None, None
    if isinstance(row, Notice):
        row.channel = NoticeChannel.CALL.value
        row.dropped_at = None if row.contact.may_be_called else at
    row.save()


@transaction.atomic
def send_again(*, at: datetime) -> int:
    """Try all that could not be sent once more, but for those of which nobody knows: a call tells no one twice.

    Letters to the staff are not: the next morning's says what waits then.
    """
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
