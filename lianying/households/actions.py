from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from lianying.audit.log import Author, record
from lianying.common.clock import local_day
from lianying.common.sealing import seal
from lianying.households.models import Contact, Household, Opening
from lianying.households.queries import Revealed, index_of, revealed
from lianying.orgs.kinds import HOMES
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.hardship import Hardship, Wish
from lianying.rules.openings import OpenReason
from lianying.rules.phones import digit_count, normal_phone, phone_problem
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


class Reader(Author, Protocol):
    """Somebody signed in."""

    @property
    def user_id(self) -> int | None: ...


def keep_contact(*, name: str, phone: str, address: str, may_be_called: bool = True, at: datetime) -> Contact | None:
    """Seal and keep what a resident said; None where all three are empty.

    Raises  Refused with a code of `rules.phones.phone_problem`
    """
    contact = Contact(may_be_called=may_be_called, created_at=at)
    _seal(contact, Revealed(name, phone, address))
    if not (contact.name_sealed or contact.phone_sealed or contact.address_sealed):
        return None
    contact.save(force_insert=True)
    return contact


def change_contact(contact: Contact, *, name: str, phone: str, address: str) -> Contact:
    """Replace all three; what is empty is forgotten. Raises Refused as `keep_contact` does."""
    _seal(contact, Revealed(name, phone, address))
    contact.save(update_fields=["name_sealed", "phone_sealed", "address_sealed", "phone_index", "key_id"])
    return contact


def let_ring(contact: Contact, may_be_called: bool) -> Contact:
    """Whether the resident may be rung from now on."""
    contact.may_be_called = may_be_called
    contact.save(update_fields=["may_be_called"])
    return contact


def forget_contact(contact: Contact) -> None:
    """With all looks at it; that somebody looked remains in the ledger. Whether anybody needs it is asked before."""
    contact.delete()


def change_key(*, by: Author, at: datetime) -> None:
    """Note in the ledger that another key seals from now on; which one, and nothing of it."""
    record("site", EventKind.KEY_CHANGED, by=by, at=at, key=settings.KEYS.current)


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """What is written down of a home. called: what one calls it there, as '周大爷家'; walk: its place on the way."""

    called: str
    name: str = ""
    phone: str = ""
    address: str = ""
    needs: str = ""
    walk: int = 0


@transaction.atomic
def add_household(card: HouseholdCard, *, place: Unit, by: Actor, at: datetime) -> Household:
    """Write down a home of a village, a community or a grid.

    Raises  Refused not_yours; household_unnamed; household_place for a unit where nobody lives;
            a code of `rules.phones.phone_problem`
    """
    by.require(Power.KEEP_HOUSEHOLDS, place.path)
    if place.kind not in HOMES:
        raise Refused("household_place")
    contact = Contact(created_at=at)
    _seal(contact, Revealed(card.name, card.phone, card.address))
    contact.save(force_insert=True)
    household = Household(place=place, contact=contact, walk=card.walk, made_at=at)
    _seal_home(household, card)
    household.save(force_insert=True)
    _note(household, EventKind.HOUSEHOLD_MADE, by=by, at=at, place=place.path)
    return household


@transaction.atomic
def change_household(household: Household, card: HouseholdCard, *, by: Actor, at: datetime) -> Household:
    """Replace all that is written down but the hardship; raises Refused as `add_household` does."""
    row = _kept(household, by)
    change_contact(row.contact, name=card.name, phone=card.phone, address=card.address)
    row.walk = card.walk
    _seal_home(row, card)
    row.save(update_fields=["called_sealed", "needs_sealed", "key_id", "walk"])
    _note(row, EventKind.HOUSEHOLD_CHANGED, by=by, at=at)
    return row


@transaction.atomic
def say_wish(household: Household, wish: Wish, *, by: Actor, at: datetime) -> Household:
    """Whether the household wants visits; somebody who keeps it writes down what it said."""
    row = _kept(household, by)
    row.declined_at = at if wish is Wish.DECLINES else None
    row.asked_at = at if wish is Wish.ASKS else None
    row.save(update_fields=["declined_at", "asked_at"])
    _note(row, EventKind.HOUSEHOLD_WISH, by=by, at=at, wish=wish.value)
    return row


@transaction.atomic
def say_gone(household: Household, gone: bool, *, by: Actor, at: datetime) -> Household:
    """Whether the household has moved away; it is out of the lists while it has."""
    row = _kept(household, by)
    row.gone_on = local_day(at) if gone else None
    row.save(update_fields=["gone_on"])
    _note(row, EventKind.HOUSEHOLD_GONE, by=by, at=at, gone=gone)
    return row


@transaction.atomic
def propose_hardship(household: Household, level: Hardship, *, source: str, by: Actor, at: datetime) -> Household:
    """Say how hard the household has it, until a second person confirms it. A later proposal replaces one that waits.

    source  the document or the list in which it stands
    Raises  Refused not_yours; hardship_unsourced
    """
    row = _kept(household, by)
    if not source.strip():
        raise Refused("hardship_unsourced")
    row.proposed, row.proposed_source, row.proposed_by_id = level.value, source.strip(), by.staff_id
    row.save(update_fields=["proposed", "proposed_source", "proposed_by"])
    _note(row, EventKind.HARDSHIP_PROPOSED, by=by, at=at, level=level.name.lower())
    return row


@transaction.atomic
def decide_hardship(household: Household, confirmed: bool, *, by: Actor, at: datetime) -> Household:
    """Confirm what another person proposed, or let it go.

    Raises  Refused not_yours; hardship_not_proposed; hardship_same_person: nobody confirms their own word
    """
    row = _kept(household, by)
    if row.proposed is None:
        raise Refused("hardship_not_proposed")
    if row.proposed_by_id == by.user_id:
        raise Refused("hardship_same_person")
    level = Hardship(row.proposed)
    if confirmed:
        row.hardship, row.hardship_source, row.hardship_on = level.value, row.proposed_source, local_day(at)
    row.proposed, row.proposed_source, row.proposed_by = None, "", None
    row.save(update_fields=["hardship", "hardship_source", "hardship_on", "proposed", "proposed_source", "proposed_by"])
    kind = EventKind.HARDSHIP_SET if confirmed else EventKind.HARDSHIP_REFUSED
    _note(row, kind, by=by, at=at, level=level.name.lower())
    return row


def _kept(household: Household, by: Actor) -> Household:
    row = Household.objects.select_for_update(of=("self",)).select_related("place", "contact").get(pk=household.pk)
    by.require(Power.KEEP_HOUSEHOLDS, row.place.path)
    return row


def _note(household: Household, kind: EventKind, *, by: Author, at: datetime, **facts: Any) -> None:
    record(f"household:{household.uuid}", kind, by=by, at=at, **facts)


def _seal_home(household: Household, card: HouseholdCard) -> None:
    called = _plain(card.called)
    if not called:
        raise Refused("household_unnamed")
    seal(household, called=called, needs=_plain(card.needs))


def _seal(contact: Contact, person: Revealed) -> None:
    problem = phone_problem(person.phone)
    if problem:
        raise Refused(problem, digits=digit_count(person.phone))
    phone = normal_phone(person.phone)
    seal(contact, name=_plain(person.name), phone=_plain(phone), address=_plain(person.address))
    contact.phone_index = index_of(phone)


def _plain(text: str) -> str:
    return " ".join(text.split())


@transaction.atomic
def open_contact(
    contact: Contact, *, subject: str, reason: OpenReason, note: str = "", by: Reader, at: datetime
) -> Revealed:
    """Show a contact in full and record who looked and why. Whether `by` may see `subject` is asked before.

    subject   the reference of the request for which it is opened
    Raises    Refused opening_needs_note where the reason is another one and no words say which;
              not_yours where nobody is signed in
    """
    if reason is OpenReason.OTHER and not note.strip():
        raise Refused("opening_needs_note")
    person = revealed(contact)
    note_look(contact, subject=subject, reason=reason, note=note, by=by, at=at)
    return person


@transaction.atomic
def note_look(
    contact: Contact, *, subject: str, reason: OpenReason, note: str = "", by: Reader, at: datetime
) -> Opening:
    """The note stays out of the ledger: a person can be forgotten, an event cannot. Raises Refused("not_yours")"""
    if by.user_id is None:
        raise Refused("not_yours")
    look = Opening.objects.create(
        contact=contact, subject=subject, reason=reason.value, note=note.strip(), user_id=by.user_id, at=at
    )
    record(
        f"access:{subject}",
        EventKind.CONTACT_OPENED,
        by=by,
        at=at,
        contact=str(contact.uuid),
        reason=reason.value,
    )
    return look
