"""The worker's side of the outbox: take what is due, hand it over outside any transaction, note what became of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from lianying.households.queries import revealed
from lianying.notices import gateway, mail
from lianying.notices.actions import lease, note_delivery
from lianying.notices.labels import STAFF_KINDS
from lianying.notices.models import Letter, Notice
from lianying.notices.queries import text_of
from lianying.rules.notices import Delivery, NoticeKind, StaffKind
from lianying.rules.phones import is_mobile

log = logging.getLogger("lianying.worker")
BATCH = 20
Filled = Callable[[Notice, str], str]


def deliver_due(*, fill: Filled, sent: Callable[..., object], at: datetime) -> int:
    """Send what is due and return how many were tried.

    fill    puts what is known of the request into the text;  sent: settles one that was surely sent, by `at`
    """
    due = list(Notice.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True)[:BATCH])
    for pk in due:
        notice = lease(Notice, pk, at=at)
        if notice is not None and not _deliver(notice, fill=fill, sent=sent, at=at):
            # The gateway is down or hangs: the others would wait for it, and so would all else that falls due.
            break
    return len(due)


def _deliver(notice: Notice, *, fill: Filled, sent: Callable[..., object], at: datetime) -> bool:
    """Whether the gateway said something, be it no."""
    # In the clear for the moment of sending, and in no log.
    phone = revealed(notice.contact).phone
    if not is_mobile(phone):
        note_delivery(notice, Delivery.REFUSED, at=at)
        return True
    with override(settings.LANGUAGE_CODE):
        text = fill(notice, text_of(NoticeKind(notice.kind)))
    delivery = gateway.send(phone, text, str(notice.uuid), stamp=str(int(at.timestamp())))
    if delivery == Delivery.SENT:
        sent(notice, at=at)
        return True
    log.warning("a message of %s was not sent: %s", notice.subject, delivery.value)
    note_delivery(notice, delivery, at=at)
    return delivery == Delivery.REFUSED


def post_due(*, at: datetime) -> int:
    """Send the letters that are due and return how many were tried."""
    due = list(Letter.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True)[:BATCH])
    for pk in due:
        letter = lease(Letter, pk, at=at)
        if letter is not None and not _post(letter, at=at):
            break
    return len(due)


def _post(letter: Letter, *, at: datetime) -> bool:
    """Whether the mail server said something, be it no."""
    with override(settings.LANGUAGE_CODE):
        heading = str(STAFF_KINDS[StaffKind(letter.kind)])
    delivery = mail.send(letter.user.email, heading, letter.text, str(letter.uuid))
    if delivery != Delivery.SENT:
        log.warning("a letter was not sent: %s", delivery.value)
    note_delivery(letter, delivery, at=at)
    return delivery in {Delivery.SENT, Delivery.REFUSED}
