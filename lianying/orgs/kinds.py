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


#: Units that serve all that their parent covers: the desk sorts for the whole county, not for itself.
SERVES_PARENT = frozenset({UnitKind.DESK, UnitKind.OVERSIGHT})
