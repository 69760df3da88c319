"""Clues from a list of another office: a workbook is read, each row finds its household or says why not.

Nothing is stored in between: what was found travels in the page, sealed for the person who sent it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianying.care.actions import Clue
from lianying.care.labels import RISKS
from lianying.care.models import IS_OPEN, Care
from lianying.care.queries import homes
from lianying.common.clock import local_day
from lianying.common.crypto import Unreadable, decrypt, encrypt
from lianying.common.refusals import words as words_of
from lianying.common.sealing import opened
from lianying.common.spreadsheets import Unfit, sheets_of, write_sheet
from lianying.common.spreadsheets import Unreadable as UnreadableFile
from lianying.households.models import Household
from lianying.households.queries import contacts_with_phone, home
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.care import Risk, Source, clue_hindrance
from lianying.rules.dates import parse_moment
from lianying.rules.refusals import Refused

PLACE, NAME, PHONE, DAY, RISK, WORDS = COLUMNS = (
    gettext_lazy("Village or community"),
    gettext_lazy("Name"),
    pgettext_lazy("column", "Telephone"),
    gettext_lazy("Day of the clue"),
    gettext_lazy("Main risk"),
    gettext_lazy("What is known"),
)
#: More rows at once are several workbooks.
MOST = 500
MOST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A row that can be noted. household: its uuid."""

    household: str
    on: date
    risk: Risk
    words: str


@dataclass(frozen=True, slots=True)
class Problem:
    """row: as the spreadsheet numbers it."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    rows: list[Found]
    problems: list[Problem]


def write_template(out: IO[bytes]) -> None:
    write_sheet(out, [str(column) for column in COLUMNS], [])


def read(content: bytes, actor: Actor, today: date) -> Read:
    """Find the households of the rows among those that the actor looks after.

    Raises  `spreadsheets.Unreadable` for what is no spreadsheet, has none of our columns or too many rows
    """
    head, rows = _table(content)
    if len(rows) > MOST:
        raise UnreadableFile(_("At most %(most)s rows fit; please divide the workbook.") % {"most": MOST})
    known = _Known(actor, today)
    found: list[Found] = []
    problems: list[Problem] = []
    for number, cells in rows:
        row = {column: cells[at].strip() if at < len(cells) else "" for column, at in head.items()}
        try:
            found.append(known.judge(row))
        except Unfit as unfit:
            problems.append(Problem(number, unfit.column, unfit.why))
    return Read(found, problems)


def _table(content: bytes) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Where each column stands, and the rows below the head that are not empty."""
    names = {str(column) for column in COLUMNS}

    def is_heading(cells: Sequence[str]) -> bool:
        return len(names & {cell.strip() for cell in cells}) >= 3

    for sheet in sheets_of(content, is_heading):
        for at, cells in enumerate(sheet.head()):
            if is_heading(cells):
                head = {cell.strip(): place for place, cell in enumerate(cells) if cell.strip() in names}
                missing = [str(column) for column in COLUMNS if str(column) not in head and column is not PHONE]
                if missing:
                    raise UnreadableFile(_("This column is missing: %(column)s") % {"column": missing[0]})
                below = enumerate(sheet.rows[at + 1 :], at + 2)
                return head, [(number, row) for number, row in below if any(cell.strip() for cell in row)]
    raise UnreadableFile(_("No row with the headings of the template was found in it."))


class _Known:
    """What rows are compared with; each village is opened once."""

    def __init__(self, actor: Actor, today: date) -> None:
        self.today = today
        self.places: dict[str, list[Unit]] = {}
        for unit in homes(actor):
            for name in {unit.name, unit.code}:
                self.places.setdefault(name, []).append(unit)
        self.risks = {str(label): risk for risk, label in RISKS.items()}
        self.names: dict[int, list[tuple[Household, set[str]]]] = {}
        self.open: set[int] = set()
        self.taken: set[int] = set()

    def judge(self, row: dict[str, str]) -> Found:
        """Raises Unfit"""
        places = self.places.get(row[str(PLACE)], [])
        if not places:
            raise Unfit(str(PLACE), _("It is none of the places that you look after."))
        if len(places) > 1:
            raise Unfit(str(PLACE), _("Several places have this name. Please write the code of the unit."))
        household = self._household(places[0], row[str(NAME)], row.get(str(PHONE), ""))
        if household.pk in self.taken:
            raise Unfit(str(NAME), _("This household stands in the workbook twice."))
        if household.pk in self.open:
            raise Unfit(str(NAME), words_of(Refused("care_open")))
        risk = self.risks.get(row[str(RISK)])
        if risk is None:
            raise Unfit(str(RISK), _("Please write one of: %(risks)s") % {"risks": "、".join(self.risks)})
        words = row[str(WORDS)]
        if not words or len(words) > MOST_WORDS:
            raise Unfit(str(WORDS), _("Please write a few words, at most %(most)s characters.") % {"most": MOST_WORDS})
        on = self._day(row[str(DAY)])
        self.taken.add(household.pk)
        return Found(str(household.uuid), on, risk, words)

    def _day(self, text: str) -> date:
        try:
            on = local_day(parse_moment(text, timezone.get_current_timezone()))
        except ValueError:
            raise Unfit(str(DAY), _("This is no day that can be read: %(text)s") % {"text": text or "—"}) from None
        if code := clue_hindrance(on, self.today):
            raise Unfit(str(DAY), words_of(Refused(code)))
        return on

    def _household(self, place: Unit, name: str, phone: str) -> Household:
        if not name:
            raise Unfit(str(NAME), _("Please write whom it is about."))
        hits = [row for row, names in self._at(place) if name in names]
        if len(hits) > 1 and phone:
            known = set(contacts_with_phone(phone).values_list("pk", flat=True))
            hits = [row for row in hits if row.contact_id in known]
        if len(hits) > 1:
            raise Unfit(str(NAME), _("Several households there have this name. Please add the telephone."))
        if not hits:
            raise Unfit(str(NAME), _("No household of this name is written down there."))
        return hits[0]

    def _at(self, place: Unit) -> list[tuple[Household, set[str]]]:
        if place.pk not in self.names:
            rows = Household.objects.filter(place=place).select_related("place", "contact").order_by("pk")
            self.names[place.pk] = [(row, {home(row).called, opened(row.contact, "name")}) for row in rows]
            self.open |= set(Care.objects.filter(IS_OPEN, household__in=rows).values_list("household_id", flat=True))
        return self.names[place.pk]


def packed(rows: Iterable[Found], actor: Actor) -> str:
    """As a hidden field of the page; only the same person can send it back."""
    plain = [[row.household, row.on.isoformat(), row.risk.value, row.words] for row in rows]
    return encrypt(json.dumps(plain), about=_about(actor))


def unpacked(text: str, actor: Actor) -> list[Found]:
    """Raises `spreadsheets.Unreadable` for anything else than `packed` gave."""
    try:
        plain = json.loads(decrypt(text, about=_about(actor)))
    except Unreadable:
        raise UnreadableFile(_("Please send the workbook once more.")) from None
    return [Found(uuid, date.fromisoformat(on), Risk(risk), words) for uuid, on, risk, words in plain]


def _about(actor: Actor) -> str:
    return f"care.workbook:{actor.label}"


def clue_of(row: Found) -> Clue:
    return Clue(Source.IMPORT, row.on, row.risk, row.words)
