"""The worker's side of the outbox: take what is due, hand it over outside any transaction, note what became of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from lianying.households.queries import revealed
from lianying.notices import gateway
from lianying.notices.actions import lease, note_delivery
from lianying.notices.models import Notice
from lianying.notices.queries import text_of
from lianying.rules.notices import Delivery, NoticeKind
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
        notice = lease(pk, at=at)
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
