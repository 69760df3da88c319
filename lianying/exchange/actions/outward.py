"""Endpoints of other systems, and what is referred to them: the only code that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lianying.audit.log import record
from lianying.cases.actions import beside
from lianying.cases.models import Case
from lianying.common.masking import mask_text
from lianying.common.sealing import seal
from lianying.exchange.labels import UPDATES
from lianying.exchange.models import Client, Endpoint, Posted, Referral, ReferralUpdate
from lianying.exchange.outside import Said, Taken
from lianying.notices.actions import note_delivery
from lianying.orgs.scope import CLOCK, Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import UNANSWERED, State
from lianying.rules.notices import Delivery
from lianying.rules.open311 import ENDS, Update, ask_again_at
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: What they said of a request so long before it reached them is of another.
BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Access:
    """How another system is reached. key: '' keeps the one that is there."""

    name: str
    url: str
    key: str = ""
    jurisdiction: str = ""
    takes_once: bool = False
    client: Client | None = None


@transaction.atomic
def set_endpoint(endpoint: Endpoint | None, access: Access, *, by: Actor, at: datetime) -> Endpoint:
    """Make one, or change the one given. Raises Refused not_yours, no_name, endpoint_ended"""
    by.require_all(Power.CONFIGURE)
    if not access.name.strip():
        raise Refused("no_name")
    kind = EventKind.ENDPOINT_CHANGED if endpoint else EventKind.ENDPOINT_MADE
    row = _in_force(endpoint) if endpoint else Endpoint(made_at=at)
    row.name, row.url, row.jurisdiction = access.name.strip(), access.url.rstrip("/"), access.jurisdiction.strip()
    row.takes_once, row.client = access.takes_once, access.client
    if access.key or endpoint is None:
        seal(row, key=access.key)
    row.save()
    record("site", kind, by=by, at=at, endpoint=str(row.uuid))
    return row


@transaction.atomic
def keep_services(endpoint: Endpoint, services: Sequence[tuple[str, str]], *, by: Actor, at: datetime) -> Endpoint:
    """What the system says that it takes in. Raises Refused not_yours, endpoint_ended"""
    by.require_all(Power.CONFIGURE)
    row = _in_force(endpoint)
    row.services, row.asked_at = [list(one) for one in services], at
    row.save(update_fields=["services", "asked_at"])
    return row


@transaction.atomic
def end_endpoint(endpoint: Endpoint, *, by: Actor, at: datetime) -> Endpoint:
    """Nothing is referred to it any more; what is there is followed. Raises Refused not_yours, endpoint_ended"""
    by.require_all(Power.CONFIGURE)
    row = _in_force(endpoint)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record("site", EventKind.ENDPOINT_ENDED, by=by, at=at, endpoint=str(row.uuid))
    return row


def _in_force(endpoint: Endpoint) -> Endpoint:
    row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if row.ended_at is not None:
        raise Refused("endpoint_ended")
    return row


@transaction.atomic
def refer(
    case: Case, endpoint: Endpoint, service_code: str, text: str, *, with_place: bool, by: Actor, at: datetime
) -> Referral:
    """Put it into the outbox for another system; the request, its unit and its promise stay as they are.

    text    what they are told; numbers of people in it are masked
    Raises  Refused not_yours, no_words, not_from_here, report_stays, came_from_there, referred_already, no_service,
            endpoint_ended
    """
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.kind == CaseKind.REPORT:
        raise Refused("report_stays")
    if State(row.state) not in UNANSWERED:
        raise Refused("not_from_here", state=row.state, move="refer")
    there = _in_force(endpoint)
    if there.client_id and Posted.objects.filter(case=row, client_id=there.client_id).exists():
        raise Refused("came_from_there")
    if service_code not in {code for code, _name in there.services}:
        raise Refused("no_service")
    if _is_there(row, there):
        raise Refused("referred_already")
    facts = {"endpoint": str(there.uuid), "service": service_code}
    told = beside(row, EventKind.REFERRED, mask_text(text), power=Power.REFER, by=by, at=at, facts=facts)
    return Referral.objects.create(
        case=told,
        endpoint=there,
        service_code=service_code,
        event_seq=told.version,
        with_place=with_place,
        made_at=at,
        next_at=at,
    )


def _is_there(case: Case, endpoint: Endpoint) -> bool:
    return Referral.objects.filter(case=case, endpoint=endpoint, error="", ended_at__isnull=True).exists()


@transaction.atomic
def take_back(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """Before it was sent. Raises Refused not_yours, referral_sent"""
    row = _referral(referral)
    if row.request_id or row.token or row.sending_at is not None or row.ended_at is not None:
        raise Refused("referral_sent")
    row.next_at, row.ended_at = None, at
    row.save(update_fields=["next_at", "ended_at"])
    _tell(row, _("Taken back before it was sent."), Update.CANCELLED, by=by, at=at)
    return row


@transaction.atomic
def send_again(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """What could not be sent is tried anew. Raises Refused not_yours, nothing_to_send, referred_already"""
    row = _referral(referral)
    if not row.error or row.ended_at is not None:
        raise Refused("nothing_to_send")
    by.require(Power.REFER, row.case.path)
    if _is_there(row.case, row.endpoint):
        raise Refused("referred_already")
    row.error, row.tries, row.made_at, row.next_at = "", 0, at, at
    row.save(update_fields=["error", "tries", "made_at", "next_at"])
    return row


@transaction.atomic
def found_there(referral: Referral, request_id: str, *, by: Actor, at: datetime) -> Referral:
    """They say by telephone that they have it, as this number. Raises Refused not_yours, nothing_to_send, no_words"""
    row = _referral(referral)
    if not row.error or row.ended_at is not None:
        raise Refused("nothing_to_send")
    if not request_id.strip():
        raise Refused("no_words")
    _took_in(row, Taken(Delivery.SENT, request_id.strip()), by=by, at=at)
    return row


@transaction.atomic
def arrived(referral: Referral, taken: Taken, *, at: datetime) -> None:
    """They said that they have it."""
    row = _referral(referral)
    if not row.request_id:
        _took_in(row, taken, by=CLOCK, at=at)


def _took_in(row: Referral, taken: Taken, *, by: Actor, at: datetime) -> None:
    row.request_id, row.token, row.error = taken.request_id, taken.token, ""
    row.status, row.next_at, row.sending_at, row.follow_at = Update.OPEN.value, None, None, at
    row.save()
    words = _("They have it as %(number)s.") % {"number": taken.request_id or taken.token}
    _tell(row, f"{words}\n{taken.words}", Update.OPEN, by=by, at=at)


@transaction.atomic
def not_sent(referral: Referral, taken: Taken, *, at: datetime) -> None:
    """It is tried again where that may help; else the story says so, and somebody decides."""
    note_delivery(referral, taken.delivery, at=at)
    given_up(referral, taken.words, at=at)


@transaction.atomic
def given_up(referral: Referral, why: str = "", *, at: datetime) -> None:
    """Say in the story that nothing is tried any more, where that is so."""
    row = _referral(referral)
    if not row.error:
        return
    words = {
        Delivery.REFUSED: _("It was not taken in."),
        Delivery.UNREACHABLE: _("It could not be sent: nobody answers there."),
        Delivery.UNKNOWN: _(
            "It was sent and nobody knows whether they have it. Please ask them before it is sent again."
        ),
    }[Delivery(row.error)]
    _tell(row, f"{words}\n{why}", Update.UNCHANGED, by=CLOCK, at=at)


@transaction.atomic
def erase_unsent(referral: Referral, *, at: datetime) -> None:
    """Its words were erased before it went."""
    row = _referral(referral)
    row.next_at, row.sending_at, row.ended_at = None, None, at
    row.save(update_fields=["next_at", "sending_at", "ended_at"])


@transaction.atomic
def hear_back(referral: Referral, standing: Said | None, updates: Sequence[Said], *, at: datetime) -> None:
    """Write down what is new of what they say, each once."""
    row = _referral(referral)
    if row.ended_at is not None:
        return
    news = [one for one in updates if _is_new(row, one, at)]
    for one in news:
        _hear(row, one, at=at)
    if standing is not None:
        said = f"{standing.status} {standing.words}"[:200]
        # What the updates told already is not told once more.
        if said != row.said and not (news and news[-1].status in ENDS) and not (news and not standing.words):
            _hear(row, standing, at=at)
        row.said = said
        if standing.status in ENDS:
            row.status = row.status if Update(row.status) in ENDS else standing.status.value
            row.ended_at = at
    row.follow_at = None if row.ended_at else ask_again_at(row.made_at, at)
    row.save(update_fields=["status", "said", "follow_at", "ended_at"])


def _is_new(row: Referral, said: Said, at: datetime) -> bool:
    if said.at is not None and said.at < row.made_at - BEFORE:
        return False
    _update, is_new = ReferralUpdate.objects.get_or_create(
        referral=row, update_id=said.update_id, defaults={"status": said.status.value, "at": said.at or at}
    )
    return is_new


def _hear(row: Referral, said: Said, *, at: datetime) -> None:
    row.status = said.status.value
    _tell(row, f"{UPDATES[said.status]}\n{said.words}", said.status, by=CLOCK, at=at)


@transaction.atomic
def ask_later(referral: Referral, request_id: str = "", *, at: datetime) -> None:
    """They did not say how it stands. request_id: the number that was found by its token meanwhile, if any"""
    row = _referral(referral)
    row.request_id = row.request_id or request_id
    row.follow_at = at if request_id else ask_again_at(row.made_at, at)
    row.save(update_fields=["request_id", "follow_at"])


def _referral(referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",)).select_related("case", "endpoint__client")
    return rows.get(pk=referral.pk)


def _tell(row: Referral, words: str, status: Update, *, by: Actor, at: datetime) -> None:
    text = _("%(system)s: %(words)s") % {"system": row.endpoint.name, "words": words.strip()}
    facts = {"endpoint": str(row.endpoint.uuid), "status": status}
    beside(row.case, EventKind.REFERRAL_HEARD, text, power=Power.REFER, by=by, at=at, facts=facts)
