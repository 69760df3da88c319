"""Finding a case by its number or by a resident's telephone, inside what the person may see."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_

from django.db.models import Q

from lianying.audit.models import Event
from lianying.cases.models import Case, Entry, SearchText
from lianying.cases.queries.scope import visible
from lianying.common.db import matching, some_matching
from lianying.common.paging import token_of, values_of
from lianying.households.queries import contacts_with_phone
from lianying.orgs.paths import WIDTH, depth
from lianying.orgs.queries import site
from lianying.orgs.scope import Actor
from lianying.rules.entries import FOR_RESIDENTS
from lianying.rules.grams import asked, excerpt, places, plain
from lianying.rules.kinds import CaseKind
from lianying.rules.phones import phone_problem
from lianying.rules.powers import Power

SIZE = 20
#: Of words so many at a time.
HITS = 50
#: So many keys go into the question of a list.
FEW = 200
PAGES = "cases.found"
_NUMBER = re.compile(r"(?:([A-Z]{2,6})-?)?(20\d{2}(?:\d{2}){0,2})(?:-?(\d{1,6}))?", re.ASCII)
_OF_TODAY = re.compile(r"-?(\d{1,4})", re.ASCII)


def _plain(words: str) -> str:
    """As numbers are written; without NUL and half characters, which PostgreSQL does not take."""
    text = re.sub(r"[\s‐‑‒–—―−]+", "-", unicodedata.normalize("NFKC", words).upper().strip())
    return "".join(character for character in text if character.isprintable())


def _prefix() -> str:
    place = site()
    return place.prefix if place else "LY"


def whole_number(actor: Actor, words: str, today: date) -> str:
    """The number of the one case that is named: whole, without its letters, or by today's running number; else ''."""
    plain = _plain(words)
    refs = [plain]
    if match := _NUMBER.fullmatch(plain):
        letters, day, running = match.groups()
        if running and len(day) == len("20261112"):
            refs.append(f"{letters or _prefix()}-{day}-{running:0>4}")
    elif match := _OF_TODAY.fullmatch(plain):
        refs.append(f"{_prefix()}-{today:%Y%m%d}-{match[1]:0>4}")
    found = visible(Case.objects.filter(ref__in=refs), actor).values_list("ref", flat=True).first()
    return found or ""


def by_number(actor: Actor, words: str) -> list[Case]:
    """Cases whose number begins as the words do: a year, month or day, with or without the letters before it."""
    match = _NUMBER.fullmatch(_plain(words))
    if match is None:
        return []
    letters, day, running = match.groups()
    start = f"{letters or _prefix()}-{day}" + (f"-{running}" if running else "")
    # A range instead of LIKE: SQLite's LIKE ignores case, and so the index.
    rows = visible(Case.objects.filter(ref__gte=start, ref__lt=f"{start}~"), actor)
    return list(rows.select_related("unit").order_by("-ref")[:SIZE])


def by_phone(actor: Actor, words: str) -> list[Case]:
    """What a number told before, newest first.

    Whoever does not sort learns nothing of reports: who made one is closed to every unit.
    """
    if not words or phone_problem(words):
        return []
    rows = visible(Case.objects.filter(contact__in=contacts_with_phone(words)), actor)
    if Power.SORT not in actor.powers:
        rows = rows.exclude(kind=CaseKind.REPORT)
    return list(rows.select_related("unit", "contact").order_by("-received_at", "-id")[:SIZE])


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that holds the words; said: the text around them, in pieces, True for what was asked for."""

    case: Case
    said: list[tuple[str, bool]]


def by_words(actor: Actor, words: str, *, after: str = "") -> tuple[list[Hit], str]:
    """The newest cases over which a post of the actor stands and that hold every word; and where older ones begin.

    words   separated by spaces; of Chinese one character is enough
    after   what was returned with the page before
    The scope narrows the search inside the index; what is closed to the actor all the same is left out after it.
    """
    wanted = asked(words)
    scopes = actor.scopes(Power.SEE)
    if not wanted or not scopes:
        return [], ""
    inside = [] if any(depth(path) == 1 for path in scopes) else [list(places(path, WIDTH))[-1] for path in scopes]
    began = values_of(after, PAGES) if after else None
    pks = matching(SearchText._meta.db_table, wanted, inside, below=began[0] if began else None, most=HITS + 1)
    older = token_of([pks[HITS - 1]], PAGES) if len(pks) > HITS else ""
    rows = visible(Case.objects.filter(pk__in=pks[:HITS]), actor).select_related("unit").order_by("-pk")
    parts = plain(words).split()
    said: dict[int, list[str]] = {}
    entries = Entry.objects.filter(case__in=pks[:HITS], kind__in=FOR_RESIDENTS).order_by("id")
    for pk, text in entries.values_list("case_id", "text"):
        said.setdefault(pk, []).append(text)
    return [Hit(row, _around(parts, row.text, row.title, row.address, *said.get(row.pk, []))) for row in rows], older


@dataclass(frozen=True, slots=True)
class Words:
    """Cases with all of some words, for a list in an order of its own.

    frequent   they stand in so many that a list meets them as it goes, and reads each text; else the index named them
    """

    where: Q
    frequent: bool


def holding(words: str) -> Words | None:
    """None where nothing is asked for."""
    wanted = asked(words)
    if not wanted:
        return None
    pks = some_matching(SearchText._meta.db_table, wanted, most=FEW + 1)
    if len(pks) <= FEW:
        return Words(Q(pk__in=pks), frequent=False)
    return Words(reduce(and_, (_stands(word) for word in plain(words).split())), frequent=True)


def _stands(word: str) -> Q:
    return Q(text__icontains=word) | Q(address__icontains=word) | Q(title__icontains=word)


def _around(parts: list[str], *texts: str) -> list[tuple[str, bool]]:
    """Out of the first text in which one of the words stands, else the beginning of the request."""
    text = next((text for text in texts if any(part in plain(text) for part in parts)), texts[0])
    return excerpt(text, parts)


def taken_by(actor: Actor, ref: str, since: datetime) -> bool:
    """Whether the actor wrote the request down, not before `since`."""
    first = Event.objects.filter(stream=f"case:{ref}", seq=1, actor=actor.label, recorded_at__gte=since)
    return first.exists()
