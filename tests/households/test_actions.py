from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings as configured
from django.db import connection
from pytest_django import Settings

from lianying.audit.models import Event
from lianying.common.actions import reseal
from lianying.common.crypto import Unreadable
from lianying.config.keys import Keys, keys
from lianying.households.actions import change_contact, change_key, keep_contact, open_contact
from lianying.households.models import Contact, Opening
from lianying.households.queries import Masked, Revealed, contacts_with_phone, masked, masked_many, revealed
from lianying.orgs.models import User
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.openings import OpenReason
from lianying.rules.refusals import Refused

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)


def kept(*, name: str = "王小明", phone: str = "138 1234 8263") -> Contact:
    contact = keep_contact(name=name, phone=phone, address="幸福小区 3 栋 2 单元", at=NOON)
    assert contact is not None
    return contact


def with_new_key() -> Keys:
    old = keys(configured.DATA_DIR)
    return replace(old, data={**old.data, "k2": b"2" * 16}, current="k2")


@pytest.fixture
def reader() -> Actor:
    user = User.objects.create(username="clerk", name="Clerk", made_at=NOON)
    return Actor(user_id=user.pk, name=user.name)


def test_keep_contact_leaves_nothing_readable_in_the_database() -> None:
    contact = kept()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM households_contact")
        row = str(cursor.fetchall())
    assert [word for word in ("王", "138", "8263", "幸福", "13812348263") if word in row] == []
    assert (contact.key_id, contact.may_be_called, contact.created_at) == (configured.KEYS.current, True, NOON)


@pytest.mark.parametrize("blank", ["", "  ", "　\n"])
def test_keep_contact_of_nothing_is_none(blank: str) -> None:
    assert keep_contact(name=blank, phone=blank, address=blank, at=NOON) is None
    assert Contact.objects.count() == 0


def test_keep_contact_without_a_number_has_no_index() -> None:
    contact = kept(phone="")

    assert (contact.phone_sealed, contact.phone_index, masked(contact)) == ("", "", Masked("王**", ""))


def test_keep_contact_with_a_short_number_says_how_many_digits() -> None:
    with pytest.raises(Refused) as caught:
        kept(phone="138-1234")

    assert (caught.value.code, caught.value.facts) == ("phone_mobile_length", {"digits": 7})
    assert Contact.objects.count() == 0


def test_change_contact_replaces_all_three_and_seals_with_the_current_key(settings: Settings) -> None:
    contact = kept()
    settings.KEYS = with_new_key()

    change_contact(contact, name="李四", phone="0552-3012345", address="")

    contact.refresh_from_db()
    assert (masked(contact), contact.address_sealed, contact.key_id) == (Masked("李*", "0552-****345"), "", "k2")
    assert (list(contacts_with_phone("13812348263")), list(contacts_with_phone("05523012345"))) == ([], [contact])


def test_change_key_notes_which_and_nothing_of_it(settings: Settings) -> None:
    settings.KEYS = with_new_key()

    change_key(by=CLOCK, at=NOON)

    assert list(Event.objects.values_list("stream", "kind", "actor", "data")) == [
        ("site", "orgs.key_changed", "clock", {"key": "k2"})
    ]


def test_reseal_goes_over_to_the_current_key_in_parts(settings: Settings) -> None:
    first, second = kept(), kept(name="李四", phone="")
    settings.KEYS = with_new_key()

    parts = [reseal(Contact, after=after, most=1) for after in (0, first.pk, second.pk)]

    assert parts == [[(first.pk, True)], [(second.pk, True)], []]
    assert list(Contact.objects.order_by("pk").values_list("key_id", flat=True)) == ["k2", "k2"]
    first.refresh_from_db()
    assert revealed(first) == Revealed("王小明", "13812348263", "幸福小区 3 栋 2 单元")
    assert list(contacts_with_phone("13812348263")) == [first]


def test_reseal_leaves_what_no_key_opens_as_it_is(settings: Settings) -> None:
    contact = kept()
    settings.KEYS = replace(with_new_key(), data={"k2": b"2" * 16})

    assert reseal(Contact, after=0, most=9) == [(contact.pk, False)]
    assert Contact.objects.get() == contact
    assert Contact.objects.get().name_sealed == contact.name_sealed


def test_open_contact_shows_all_and_records_who_and_why(reader: Actor) -> None:
    contact = kept()

    person = open_contact(
        contact, subject="NH-20261112-0042", reason=OpenReason.OTHER, note=" 走访前核对 ", by=reader, at=NOON
    )

    assert person == Revealed("王小明", "13812348263", "幸福小区 3 栋 2 单元")
    assert list(Opening.objects.values_list("contact", "subject", "reason", "note", "user", "at")) == [
        (contact.pk, "NH-20261112-0042", "other", "走访前核对", reader.user_id, NOON)
    ]
    assert list(Event.objects.values_list("stream", "kind", "actor", "data")) == [
        (
            "access:NH-20261112-0042",
            "access.contact_opened",
            reader.label,
            {"contact": str(contact.uuid), "reason": "other"},
        )
    ]


@pytest.mark.parametrize(
    ("reason", "signed_in", "code"),
    [(OpenReason.OTHER, True, "opening_needs_note"), (OpenReason.ASK, False, "not_yours")],
)
def test_open_contact_without_a_reason_or_a_person_is_refused(
    reader: Actor, reason: OpenReason, signed_in: bool, code: str
) -> None:
    contact = kept()

    with pytest.raises(Refused) as caught:
        open_contact(contact, subject="NH-1", reason=reason, note=" ", by=reader if signed_in else RESIDENT, at=NOON)

    assert (caught.value.code, Opening.objects.count(), Event.objects.count()) == (code, 0, 0)


def test_a_sealed_value_moved_to_another_person_is_unreadable(reader: Actor) -> None:
    first, second = kept(), kept(name="李四", phone="15212345678")
    Contact.objects.filter(pk=second.pk).update(phone_sealed=first.phone_sealed)
    second.refresh_from_db()

    with pytest.raises(Unreadable):
        open_contact(second, subject="NH-1", reason=OpenReason.ASK, by=reader, at=NOON)

    assert Opening.objects.count() == 0


@pytest.mark.parametrize("written", ["13812348263", "+86 138-1234-8263", "１３８１２３４８２６３"])
def test_contacts_with_phone_however_it_is_written(written: str) -> None:
    first, second = kept(), kept(name="李四")
    kept(phone="15212345678")

    assert set(contacts_with_phone(written)) == {first, second}


def test_contacts_with_phone_leaves_the_extension() -> None:
    contact = kept(phone="0552-3012345转801")

    assert list(contacts_with_phone("0552 3012345")) == [contact]


def test_contacts_with_phone_of_nothing_finds_nobody() -> None:
    kept(phone="")

    assert list(contacts_with_phone(" ")) == []


def test_contacts_with_phone_uses_its_index() -> None:
    plan = contacts_with_phone("13812348263").explain()

    if connection.vendor == "sqlite":
        assert "contact_phone" in plan


def test_masked_many_is_one_for_each() -> None:
    first, second = kept(), kept(name="", phone="3012345")

    assert masked_many([first, second]) == {
        first.pk: Masked("王**", "138****8263"),
        second.pk: Masked("", "****345"),
    }
