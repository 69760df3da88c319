"""The characters of a request that are counted, which of them stand beside each other, and the words that we list."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from lianying.reference.categories import categories

#: What a request is about stands at its beginning; later characters changed no figure and cost time.
MOST = 500
LONGEST = 2
# Numbers, and single letters as they stand for places that must not be named, say nothing of the matter.
_SILENT = re.compile(r"[\W\d_]+|(?<![a-z])[a-z](?![a-z])")


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a request, as far as they help to sort it."""

    title: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A request that people have sorted. category, unit: codes, "" where nobody said; at: when it was received."""

    told: Told
    category: str
    unit: str = ""
    at: datetime | None = None


def plain(text: str) -> str:
    """Half-width and small, with a space for all that is no word."""
    return " ".join(_SILENT.sub(" ", unicodedata.normalize("NFKC", text[:MOST]).casefold()).split())


def grams(text: str, shortest: int = 1, longest: int = LONGEST) -> Iterator[str]:
    """Runs of characters of a plain text, none across a space; each as often as it stands there."""
    for part in text.split():
        for length in range(shortest, longest + 1):
            for start in range(len(part) - length + 1):
                yield part[start : start + length]


@cache
def listed() -> Mapping[str, frozenset[str]]:
    """The words of the category list as they stand in a plain text, by their first two characters.

    Words of one character stand in too much and are left out
    """
    found: dict[str, set[str]] = {}
    for category in categories():
        for word in map(plain, category.keywords):
            if len(word) > 1:
                found.setdefault(word[:2], set()).add(word)
    return {pair: frozenset(words) for pair, words in found.items()}


def fields(told: Told) -> list[tuple[str, Counter[str]]]:
    """The runs of each part of a request, under a letter of their own: a word in the title weighs by itself.

    Under T and W the words of the category list that stand in title and words, each once.
    """
    parts = [(letter, plain(text)) for letter, text in (("t", told.title), ("w", told.text), ("p", told.place)) if text]
    runs = [(letter, Counter(grams(text))) for letter, text in parts]
    known = [
        (letter.upper(), Counter(word for run in counted for word in listed().get(run, ()) if word in text))
        for (letter, text), (_, counted) in zip(parts, runs, strict=True)
        if letter != "p"
    ]
    return runs + [(letter, words) for letter, words in known if words]
