"""How the columns and values of other systems' spreadsheets are named."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lianying.reference.categories import categories


@dataclass(frozen=True, slots=True)
class ImportTable:
    """headers: a field's names, first choice first; nothing: cells that mean an empty one; all `plain`.

    kinds: a kind's words, first match wins; categories: a name or code -> our code
    """

    headers: Mapping[str, tuple[str, ...]]
    nothing: frozenset[str]
    kinds: Mapping[str, tuple[str, ...]]
    categories: Mapping[str, str]


def plain(name: str) -> str:
    """A name as two sheets would agree on it: letters and digits only, small, half-width."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


@cache
def import_table() -> ImportTable:
    table = tomllib.loads(files("lianying.reference").joinpath("import_headers.toml").read_text("utf-8"))
    return ImportTable(
        headers=_plain(table["headers"]),
        nothing=frozenset(word.casefold() for word in table["cells"]["nothing"]),
        kinds=_plain(table["kinds"]),
        categories=_categories(_plain(table["categories"])),
    )


def _plain(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(plain, words)) for key, words in lists.items()}


def _categories(others: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Our own codes and names win over those of others."""
    known = {name: code for code, names in others.items() for name in names}
    for category in categories():
        known |= {plain(name): category.code for name in (category.code, category.name_zh, category.name_en)}
    return known
