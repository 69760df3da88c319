"""Pure: the characters of a request that are counted, and which of them stand beside each other."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

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


def fields(told: Told) -> list[tuple[str, Counter[str]]]:
    """The runs of each part of a request, under a letter of their own: a word in the title weighs by itself."""
    parts = (("t", told.title), ("w", told.text), ("p", told.place))
    return [(letter, Counter(grams(plain(text)))) for letter, text in parts if text]
