"""How hard a household has it (困难程度), as the civil affairs and the rural offices write it down.

The levels are those of their lists; their order among each other, and the year after which each is looked at again,
are ours.
"""

from datetime import date, timedelta
from enum import IntEnum, StrEnum

#: A level that nobody confirmed anew for so long is to be reviewed.
HOLDS = timedelta(days=365)


class Hardship(IntEnum):
    """The higher, the sooner somebody goes there."""

    NONE = 0
    OTHER = 1
    EXPENSES = 2  # large bills: illness, school
    MARGINAL = 3  # just above the allowance
    MONITORED = 4  # watched over so that it does not fall back into poverty
    ALLOWANCE = 5
    EXTREME = 6  # nobody to support them


class Wish(StrEnum):
    """What a household says of being visited. Nobody reads anything else into it."""

    ASKS = "asks"  # wants somebody to come
    NEITHER = "neither"
    DECLINES = "declines"


def needs_review(level: Hardship, since: date | None, today: date) -> bool:
    return level is not Hardship.NONE and (since is None or today > since + HOLDS)
