"""The duty list (权责清单): which unit answers for a category in a place."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True, order=True)
class DutyRow:
    """category: two digits (all below them) or four; place, unit: paths; source: the document."""

    category: str
    place: str
    unit: str
    source: str = ""


def answering(rows: Iterable[DutyRow], category: str, places: Collection[str], root: str) -> list[DutyRow]:
    """Rows that fit, best first: of the nearest place, then of the finer category.

    places   paths of the places where the matter is; a row of a place holds for all below it
    root     path of the whole: its rows hold everywhere
    """
    if not category:
        return []
    fitting = [
        row
        for row in rows
        if row.category in {category, category[:2]}
        and (row.place == root or any(place.startswith(row.place) for place in places))
    ]
    return sorted(fitting, key=lambda row: (-len(row.place), -len(row.category), row.unit))


def gives_to(rows: Sequence[DutyRow], unit: str, root: str) -> bool:
    """Whether the list names the unit first, or one that the unit is a part of. rows: as `answering` orders."""
    return bool(rows) and rows[0].unit != root and unit.startswith(rows[0].unit)


def overlapping(rows: Iterable[DutyRow]) -> Iterator[list[DutyRow]]:
    """Rows of one category and place that name more than one unit: nobody could tell whose duty it is."""
    ordered = sorted(rows)
    for _key, group in groupby(ordered, key=lambda row: (row.category, row.place)):
        same = list(group)
        if len(same) > 1:
            yield same
