"""Whether a row of households can be written, and what it would come to. No word of it quotes what a resident said."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from lianying.common.refusals import words
from lianying.households.labels import HARDSHIPS
from lianying.households.models import Household
from lianying.households.queries import home, revealed
from lianying.orgs.importing.cells import by_label, day_in, needed, unfit, unit_in
from lianying.orgs.importing.known import Known, KnownUnit
from lianying.orgs.importing.tables import Ready, Row
from lianying.orgs.kinds import HOMES, Made, SheetKind
from lianying.reference.imports import plain
from lianying.rules.hardship import Hardship
from lianying.rules.phones import digit_count, normal_phone, phone_problem
from lianying.rules.refusals import Refused

_NUMBER = re.compile(r"[A-Z0-9-]{1,16}")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
MOST_WALK = 999_999


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a row, and in a household."""

    called: str = ""
    needs: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    walk: int = 0
    level: Hardship = Hardship.NONE
    source: str = ""
    since: date | None = None


@dataclass(slots=True)
class KnownHome:
    """row: as it is stored; None for one that comes with the workbook, whose pk is 0 until it is written."""

    place: KnownUnit
    number: str
    row: Household | None = None
    pk: int = 0

    @property
    def why_none(self) -> str:
        """The code of a refusal where nobody may be linked with it."""
        if self.row is None:
            return ""
        return "household_gone" if self.row.gone_on else "household_declined" if self.row.declined_at else ""


@dataclass(slots=True)
class Homes:
    """By the code of the place and the number; a query for each place that the workbook names.

    seen: where a household stood in it
    """

    by_place: dict[str, dict[str, KnownHome]] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def at(self, place: KnownUnit) -> dict[str, KnownHome]:
        if place.code not in self.by_place:
            rows = Household.objects.filter(place_id=place.pk).exclude(number="").select_related("contact")
            found = {row.number: KnownHome(place, row.number, row, row.pk) for row in rows}
            self.by_place[place.code] = found
        return self.by_place[place.code]


@dataclass(frozen=True, slots=True)
class ReadyHome(Ready):
    home: KnownHome
    said: Said


def judge_household(row: Row, known: Known) -> ReadyHome:
    for column, cell in row.cells.items():
        if _IDENTITY.search(unicodedata.normalize("NFKC", cell).upper()):
            unfit(column, _("This looks like an identity number. It is not kept here; please take it out."))
    place = home_place(row, known)
    number = number_in(row)
    homes = known.part(Homes)
    if (place.code, number) in homes.seen:
        above = homes.seen[place.code, number]
        unfit("number", _("This household number stands in row %(row)s already.") % {"row": above})
    there = homes.at(place).get(number)
    before = _said(there.row) if there and there.row else None
    said = _told(row, before or Said(), known)
    homes.seen[place.code, number] = row.place
    if there is None:
        there = homes.at(place)[number] = KnownHome(place, number)
    made = Made.NEW if before is None else Made.SAME if before == said else Made.CHANGED
    return ReadyHome(row, made, there, said)


def home_place(row: Row, known: Known) -> KnownUnit:
    place = unit_in("place", needed(row, "place"), known, quoting=row.sheet is not SheetKind.HOUSEHOLDS)
    if place.kind not in HOMES or not place.active:
        unfit("place", _("“%(name)s” is no village, community or grid in use.") % {"name": place.name})
    return place


def number_in(row: Row) -> str:
    number = unicodedata.normalize("NFKC", needed(row, "number")).upper()
    if not _NUMBER.fullmatch(number):
        unfit("number", _("Letters, digits and hyphen only, at most 16."))
    return number


def _said(row: Household) -> Said:
    called, person = home(row), revealed(row.contact)
    return Said(
        called.called,
        called.needs,
        person.name,
        person.phone,
        person.address,
        row.walk,
        Hardship(row.hardship),
        row.hardship_source,
        row.hardship_on,
    )


def _told(row: Row, before: Said, known: Known) -> Said:
    """A column that is left out changes nothing."""
    phone = row.cells.get("phone", "")
    if problem := phone_problem(phone):
        unfit("phone", words(Refused(problem, digits=digit_count(phone))))
    said = replace(
        before,
        called=needed(row, "called"),
        needs=row.cells.get("needs", before.needs),
        name=row.cells.get("name", before.name),
        phone=normal_phone(phone) if "phone" in row.cells else before.phone,
        address=row.cells.get("address", before.address),
        walk=_walk(row, before.walk),
    )
    return _hardship(row, said, known)


def _walk(row: Row, before: int) -> int:
    written = row.cells.get("walk", "")
    if not written:
        return before
    if not (written.isascii() and written.isdigit()) or int(written) > MOST_WALK:
        unfit("walk", _("A whole number of at most six digits, please."))
    return int(written)


def _hardship(row: Row, before: Said, known: Known) -> Said:
    """An empty cell says nothing of it; whoever says a level says where it is written and since when."""
    written = row.cells.get("hardship", "")
    if not written:
        return before
    level = _levels().get(plain(written))
    if level is None:
        unfit("hardship", _("This is not in the list of hardships; please choose from it."))
    if level is Hardship.NONE and before.level is Hardship.NONE:
        return before
    source, since = row.cells.get("source", ""), day_in(row, "since")
    if not source:
        unfit("source", _("Please write in which list or document the hardship stands."))
    if since is None:
        unfit("since", _("Please write the day on which the hardship was confirmed."))
    if since > known.today:
        unfit("since", _("This day lies ahead."))
    return replace(before, level=level, source=source, since=since)


@cache
def _levels() -> Mapping[str, Hardship]:
    return by_label({level.name: (level, label) for level, label in HARDSHIPS.items()})
