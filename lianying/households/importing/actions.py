"""Writing households that a workbook names, and taking them back."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from lianying.audit.models import Event
from lianying.common.sealing import opened, seal
from lianying.households.importing.rows import ReadyHome, Said
from lianying.households.models import Contact, Household
from lianying.households.queries import index_of
from lianying.orgs.importing.writing import Writing
from lianying.orgs.kinds import Made, Thing
from lianying.orgs.models import ImportChange
from lianying.rules.events import EventKind
from lianying.rules.hardship import Hardship

_HOME = ("called_sealed", "needs_sealed", "key_id", "walk", "hardship", "hardship_source", "hardship_on")
_CONTACT = ("name_sealed", "phone_sealed", "address_sealed", "key_id", "phone_index")


def write_households(writing: Writing, ready: Sequence[ReadyHome]) -> None:
    """New ones, and what changed of others. A level comes with its source and day: no second person confirms it."""
    _add(writing, [one for one in ready if one.made is Made.NEW])
    _change(writing, {one.home.pk: one for one in ready if one.made is Made.CHANGED})


def _add(writing: Writing, ready: Sequence[ReadyHome]) -> None:
    contacts = [Contact(created_at=writing.at) for _one in ready]
    homes = [
        Household(place_id=one.home.place.pk, number=one.home.number, contact=contact, made_at=writing.at)
        for one, contact in zip(ready, contacts, strict=True)
    ]
    for one, row in zip(ready, homes, strict=True):
        _put(row, one.said)
    Contact.objects.bulk_create(contacts)
    for one, row in zip(ready, Household.objects.bulk_create(homes), strict=True):
        one.home.pk, one.home.row = row.pk, row
        _note(writing, row, EventKind.HOUSEHOLD_MADE, is_new=True, place=one.home.place.path)
        if row.hardship:
            _note_level(writing, row)
        writing.keep(Thing.HOUSEHOLD, row.pk)


def _change(writing: Writing, ready: dict[int, ReadyHome]) -> None:
    rows = _locked(ready)
    for row in rows.values():
        level = _level(row)
        writing.keep(Thing.HOUSEHOLD, row.pk, **_stood(row))
        _put(row, ready[row.pk].said)
        ready[row.pk].home.row = row
        _note(writing, row, EventKind.HOUSEHOLD_CHANGED)
        if _level(row) != level:
            _note_level(writing, row)
    _save(rows.values())


def households_back(writing: Writing, change: ImportChange) -> list[str]:
    """What somebody used or changed since stays; why, by the place and number of the household."""
    rows = _locked([*change.made, *map(int, change.before)])
    touched = touched_since(writing, {pk: f"household:{row.uuid}" for pk, row in rows.items()})
    kept = [(rows[pk], _("changed since")) for pk in touched]
    put_back = [rows[int(pk)] for pk in change.before if int(pk) in rows and int(pk) not in touched]
    for row in put_back:
        level = _level(row)
        _put_back(row, change.before[str(row.pk)])
        _note(writing, row, EventKind.HOUSEHOLD_CHANGED)
        if _level(row) != level:
            _note_level(writing, row)
    _save(put_back)
    kept += [(row, _("in use since")) for row in _remove(writing, [pk for pk in change.made if pk not in touched])]
    return [
        _("%(place)s, household %(number)s: %(why)s") % {"place": row.place.name, "number": row.number, "why": why}
        for row, why in kept
    ]


def touched_since(writing: Writing, streams: dict[int, str]) -> list[int]:
    """Of those whose streams these are, the ones in whose ledger the last word is not the import's."""
    events = Event.objects.filter(stream__in=streams.values()).order_by("stream", "seq")
    last = dict(events.values_list("stream", "data"))
    return [pk for pk, stream in streams.items() if last[stream].get("by_import") != writing.job.pk]


def _remove(writing: Writing, pks: Sequence[int]) -> list[Household]:
    """All at once; where the database keeps one of them, one by one. Returns those that are kept."""
    rows = list(Household.objects.filter(pk__in=pks).select_related("place"))
    try:
        _delete(rows)
    except ProtectedError:
        kept = [row for row in rows if not _is_deleted(row)]
    else:
        kept = []
    for row in rows:
        if row not in kept:
            _note(writing, row, EventKind.HOUSEHOLD_TAKEN_BACK)
    return kept


def _is_deleted(row: Household) -> bool:
    try:
        _delete([row])
    except ProtectedError:
        return False
    return True


@transaction.atomic
def _delete(rows: Sequence[Household]) -> None:
    Household.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Contact.objects.filter(pk__in=[row.contact_id for row in rows]).delete()


def _locked(pks: Iterable[int]) -> dict[int, Household]:
    rows = Household.objects.select_for_update(of=("self",)).select_related("place", "contact")
    return {row.pk: row for row in rows.filter(pk__in=list(pks)).order_by("pk")}


def _save(rows: Iterable[Household]) -> None:
    Contact.objects.bulk_update([row.contact for row in rows], _CONTACT)
    Household.objects.bulk_update(rows, _HOME)


def _put(row: Household, said: Said) -> None:
    seal(row, called=said.called, needs=said.needs)
    seal(row.contact, name=said.name, phone=said.phone, address=said.address)
    row.contact.phone_index = index_of(said.phone)
    row.walk, row.hardship = said.walk, said.level.value
    row.hardship_source, row.hardship_on = said.source, said.since


def _stood(row: Household) -> dict[str, str]:
    """Sealed words stay sealed: they open in no other row."""
    return {
        "called": row.called_sealed,
        "needs": row.needs_sealed,
        "name": row.contact.name_sealed,
        "phone": row.contact.phone_sealed,
        "address": row.contact.address_sealed,
        "walk": str(row.walk),
        "level": str(row.hardship),
        "source": row.hardship_source,
        "since": str(row.hardship_on or ""),
    }


def _put_back(row: Household, before: dict[str, str]) -> None:
    row.called_sealed, row.needs_sealed = before["called"], before["needs"]
    contact = row.contact
    contact.name_sealed, contact.phone_sealed = before["name"], before["phone"]
    contact.address_sealed = before["address"]
    # Another key may seal by now.
    said = Said(
        called=opened(row, "called"),
        needs=opened(row, "needs"),
        name=opened(contact, "name"),
        phone=opened(contact, "phone"),
        address=opened(contact, "address"),
        walk=int(before["walk"]),
        level=Hardship(int(before["level"])),
        source=before["source"],
        since=date.fromisoformat(before["since"]) if before["since"] else None,
    )
    _put(row, said)


def _level(row: Household) -> tuple[int, str, date | None]:
    return row.hardship, row.hardship_source, row.hardship_on


def _note_level(writing: Writing, row: Household) -> None:
    _note(writing, row, EventKind.HARDSHIP_SET, level=Hardship(row.hardship).name.lower())


def _note(writing: Writing, row: Household, kind: EventKind, *, is_new: bool = False, **facts: str) -> None:
    writing.note(f"household:{row.uuid}", kind, is_new=is_new, by_import=writing.job.pk, **facts)
