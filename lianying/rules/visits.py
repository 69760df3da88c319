"""What becomes of a problem that somebody hears on a visit. Source: rules.md §3."""

from enum import StrEnum


class Outcome(StrEnum):
    SOLVED = "solved"  # on the spot
    REQUEST = "request"
    INFORMATION = "information"
