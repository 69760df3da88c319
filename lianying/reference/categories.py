"""Our list of request categories, and the words that make a request urgent when it is heard."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Category:
    """code: two digits (first level, parent "") or four (second level, parent its first two).

    wider     the first level of ours that is nearest to where the nation's list of petition matters, which is coarser,
              has it; "" where that is the parent
    keywords  words and short phrases by which residents tell of it
    """

    code: str
    parent: str
    wider: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UrgentWord:
    """word: plain substring; unless: phrases struck from a text before the word is looked for."""

    word: str
    reason_zh: str
    reason_en: str
    unless: tuple[str, ...]
    source: str

    def stands_in(self, text: str) -> bool:
        for phrase in self.unless:
            text = text.replace(phrase, "\n")  # a line break, so that its two sides never join into the word
        return self.word in text


@dataclass(frozen=True, slots=True)
class EmergencyHint:
    """number: 110, 119, 120 or 122; any of `words` in a text shows the hint."""

    number: str
    words: tuple[str, ...]
    hint_zh: str
    hint_en: str

    def stands_in(self, text: str) -> bool:
        return any(word in text for word in self.words)


@cache
def categories() -> tuple[Category, ...]:
    """In the order of the file: every parent before its children, "other" last."""
    rows = csv.DictReader(_text("categories.csv").splitlines())
    return tuple(Category(**(row | {"keywords": tuple(row["keywords"].split())})) for row in rows)


def named_categories() -> Mapping[str, str]:
    """By code, in the language of the moment; one of the second level after the name of its first."""
    return _named(get_language() or "")


@cache
def _named(language: str) -> Mapping[str, str]:
    names = {row.code: row.name_en if language == "en" else row.name_zh for row in categories()}
    above = {row.code: row.parent for row in categories()}
    return {code: f"{names[above[code]]} / {name}" if above[code] else name for code, name in names.items()}


@cache
def urgent_words() -> tuple[UrgentWord, ...]:
    return tuple(UrgentWord(**{**row, "unless": tuple(row["unless"])}) for row in _urgent_file()["urgent"])


@cache
def emergency_hints() -> tuple[EmergencyHint, ...]:
    return tuple(EmergencyHint(**{**row, "words": tuple(row["words"])}) for row in _urgent_file()["emergency"])


def urgent_because(text: str) -> UrgentWord | None:
    """Return the first word of the table that stands in `text`."""
    return next((word for word in urgent_words() if word.stands_in(text)), None)


@cache
def _urgent_file() -> dict[str, Any]:
    return tomllib.loads(_text("urgent_words.toml"))


def _text(name: str) -> str:
    return files("lianying.reference").joinpath(name).read_text("utf-8")
