"""Materialised paths of fixed width ('/0001/000c/'), so that a level is a prefix of known length.

'/1/' would cover '/12/'; equal widths cannot, and an index on the prefix of each level serves the lists.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Substr

WIDTH = 5
LEVELS = 5
LENGTH = 1 + WIDTH * LEVELS
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """Four digits to the base 36: 1,679,615 units at most."""
    digits = ""
    for _ in range(WIDTH - 1):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    if number:
        raise ValueError("more units than a path can number")
    return digits


def depth(path: str) -> int:
    return (len(path) - 1) // WIDTH


def parent(path: str) -> str:
    """The path above; the root is its own."""
    return path[:-WIDTH] if depth(path) > 1 else path


def level_field(level: int, source: str = "path") -> Any:
    """A stored column with the first `level` segments of `source`."""
    return models.GeneratedField(
        expression=Substr(source, 1, 1 + WIDTH * level),
        output_field=models.CharField(max_length=LENGTH),
        db_persist=True,
    )


def within(path: str, column: str = "level") -> models.Q:
    """Rows at `path` or below it, found through the level's index."""
    return models.Q(**{f"{column}_{depth(path)}": path})
