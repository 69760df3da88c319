"""How one goes on a visit, and what becomes of a problem that is heard there. Source: rules.md §3, mission.md row 5."""

from enum import StrEnum


class VisitKind(StrEnum):
    ORDINARY = "ordinary"
    STAYING = "staying"  # on site over days, a record for each
    EVENING = "evening"  # when people are home from work


class Outcome(StrEnum):
    SOLVED = "solved"  # on the spot
    REQUEST = "request"
    INFORMATION = "information"
