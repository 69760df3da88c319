from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction

from lianying.audit.log import Author, record
from lianying.common.crypto import Unreadable, encrypt
from lianying.households.models import Contact, Opening
from lianying.households.queries import Revealed, about, index_of, revealed
from lianying.rules.events import EventKind
from lianying.rules.openings import OpenReason
from lianying.rules.phones import digit_count, normal_phone, phone_problem
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


@transaction.atomic
def reseal(*, after: int, most: int) -> list[tuple[int, bool]]:
    """Seal the next contacts that another key sealed with the current one; `after` is the last primary key seen.

    Returns   their primary keys, and whether each could be opened: one whose key is lost stays as it is
    """
    rows = Contact.objects.select_for_update().filter(pk__gt=after).exclude(key_id=settings.KEYS.current)
    return [(contact.pk, _reseal(contact)) for contact in rows.order_by("pk")[:most]]


def _reseal(contact: Contact) -> bool:
    try:
        person = revealed(contact)
    except Unreadable:
        return False
    for field in ("name", "phone", "address"):
        setattr(contact, f"{field}_sealed", _sealed(contact, field, getattr(person, field)))
    contact.key_id = settings.KEYS.current
    contact.save(update_fields=["name_sealed", "phone_sealed", "address_sealed", "key_id"])
    return True


def _seal(contact: Contact, person: Revealed) -> None:
    problem = phone_problem(person.phone)
    if problem:
        raise Refused(problem, digits=digit_count(person.phone))
    phone = normal_phone(person.phone)
    contact.name_sealed = _sealed(contact, "name", person.name)
    contact.phone_sealed = _sealed(contact, "phone", phone)
    contact.address_sealed = _sealed(contact, "address", person.address)
    contact.phone_index = index_of(phone)
    contact.key_id = settings.KEYS.current


def _sealed(contact: Contact, field: str, text: str) -> str:
    plain = " ".join(text.split())
    return encrypt(plain, about=about(contact, field)) if plain else ""


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
