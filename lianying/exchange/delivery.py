"""The worker's side of referrals: send what is due, ask how the others stand, write down what was said."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from lianying.cases.models import Case, Entry
from lianying.exchange import outside
from lianying.exchange.actions.outward import BEFORE, arrived, ask_later, erase_unsent, given_up, hear_back, not_sent
from lianying.exchange.models import Referral
from lianying.notices.actions import lease
from lianying.orgs.queries import site
from lianying.rules.entries import EntryKind
from lianying.rules.notices import Delivery
from lianying.rules.open311 import SPAN

log = logging.getLogger("lianying.worker")
BATCH = 20


def refer_due(*, at: datetime) -> int:
    """Send the referrals that are due, and ask after those that are there; how many were tried."""
    with override(settings.LANGUAGE_CODE):
        return _send_due(at=at) + _follow_due(at=at)


def _send_due(*, at: datetime) -> int:
    due = list(Referral.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", "endpoint_id")[:BATCH])
    silent: set[int] = set()
    for pk, endpoint in due:
        # Who does not answer holds up nobody else's referrals.
        if endpoint in silent:
            continue
        referral = lease(Referral, pk, at=at)
        if referral is None:
            given_up(Referral(pk=pk), at=at)
        elif not _send(referral, at=at):
            silent.add(endpoint)
    return len(due)


def _send(referral: Referral, *, at: datetime) -> bool:
    """Whether they said something, be it no."""
    said = Entry.objects.filter(case=referral.case, event_seq=referral.event_seq, kind=EntryKind.INNER).first()
    if said is None:
        erase_unsent(referral, at=at)
        return True
    place = _place(referral.case) if referral.with_place else {}
    fields = {
        "service_code": referral.service_code,
        "description": said.text,
        "address_string": _area(),
        "client_request_id": str(referral.uuid),
        **place,
    }
    taken = outside.put_in(referral.endpoint, fields)
    if taken.delivery == Delivery.SENT:
        arrived(referral, taken, at=at)
        return True
    log.warning("a referral of %s was not sent: %s", referral.case.ref, taken.delivery.value)
    not_sent(referral, taken, at=at)
    return taken.delivery == Delivery.REFUSED


def _place(case: Case) -> dict[str, str]:
    """As far as it was told."""
    place = {"address_string": case.address} if case.address else {}
    if case.lat is not None and case.lng is not None:
        place |= {"lat": str(case.lat), "long": str(case.lng)}
    return place


def _area() -> str:
    """Where no place may be told: the standard wants one all the same."""
    place = site()
    return place.name if place else ""


def _follow_due(*, at: datetime) -> int:
    rows = Referral.objects.filter(follow_at__lte=at).select_related("endpoint", "case").order_by("follow_at")
    due = list(rows[:BATCH])
    silent: set[int] = set()
    for referral in due:
        if referral.endpoint_id in silent:
            ask_later(referral, at=at)
            continue
        try:
            _ask(referral, at=at)
        except outside.Unreachable:
            silent.add(referral.endpoint_id)
            ask_later(referral, at=at)
    return len(due)


def _ask(referral: Referral, *, at: datetime) -> None:
    endpoint, number = referral.endpoint, referral.request_id
    if not number:
        ask_later(referral, outside.number_of(endpoint, referral.token), at=at)
        return
    since = max(referral.made_at - BEFORE, at - SPAN + BEFORE)
    updates = outside.updates(endpoint, number, since, at + BEFORE)
    hear_back(referral, outside.standing(endpoint, number), updates, at=at)
