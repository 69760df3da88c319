from enum import StrEnum


class UnitKind(StrEnum):
    GOVERNMENT = "government"
    DESK = "desk"
    OVERSIGHT = "oversight"
    DEPARTMENT = "department"
    TOWN = "town"
    VILLAGE = "village"
    COMMUNITY = "community"
    COMPANY = "company"
    GRID = "grid"


#: Units that serve all that their parent covers: the desk sorts for the whole county, not for itself.
SERVES_PARENT = frozenset({UnitKind.DESK, UnitKind.OVERSIGHT})

#: A duty is of a place, and these are places; an office is none.
PLACES = frozenset({UnitKind.GOVERNMENT, UnitKind.TOWN, UnitKind.VILLAGE, UnitKind.COMMUNITY, UnitKind.GRID})

#: Where people live.
HOMES = frozenset({UnitKind.VILLAGE, UnitKind.COMMUNITY, UnitKind.GRID})

#: A village has twelve digits; a grid adds three.
AREA_CODE = r"\d{12}(\d{3})?"

#: What receives no requests: a desk sorts them, and the people of a grid work for its village or community.
RECEIVES_NONE = frozenset({UnitKind.DESK, UnitKind.GRID})

#: What no office may push its own work down to (rules.md §2.2).
GRASSROOTS = PLACES - {UnitKind.GOVERNMENT}


class ImportState(StrEnum):
    """Of a workbook."""

    CHECKED = "checked"  # read and judged; nothing is written yet
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"  # looked at and not wanted


class SheetKind(StrEnum):
    """The sheets of a workbook, in the order in which they are written."""

    UNITS = "units"
    PEOPLE = "people"
    DUTIES = "duties"
    HOUSEHOLDS = "households"
    LINKS = "links"


class Thing(StrEnum):
    """What a row of a workbook makes, in the order in which it is made."""

    UNIT = "unit"
    USER = "user"
    POST = "post"
    DUTY = "duty"
    HOUSEHOLD = "household"
    LINK = "link"


class Made(StrEnum):
    """What a row of a workbook came to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
