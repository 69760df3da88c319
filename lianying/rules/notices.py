"""What a resident is told of, and how."""

import re
from datetime import datetime, timedelta
from enum import StrEnum


class NoticeKind(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    EXTENDED = "extended"
    DECLINED = "declined"
    ANSWER_CORRECTED = "answer_corrected"
    TERMINATED = "terminated"
    COMPLETED = "completed"
    JOINED = "joined"
    PARTED = "parted"
    MAIN_ANSWERED = "main_answered"
    PETITION = "petition"


#: The call that checks the answer with the resident tells of these; they need none of their own.
TOLD_BY_CHECK = frozenset({NoticeKind.ANSWERED, NoticeKind.ANSWER_CORRECTED})


#: Good to know and nothing to do: a text message or the progress page is enough, nobody rings for it.
NOT_WORTH_A_CALL = frozenset({NoticeKind.JOINED, NoticeKind.PARTED})


class StaffKind(StrEnum):
    """What a member of the staff is written of."""

    DIGEST = "digest"
    URGENT = "urgent"


class StaffWish(StrEnum):
    """What a member of the staff would like to be written of."""

    DAILY = "daily"
    URGENT = "urgent"
    NOTHING = "nothing"


class NoticeChannel(StrEnum):
    CALL = "call"  # a person rings and tells
    SMS = "sms"  # the gateway sends it; what it does not surely send becomes a call


class Delivery(StrEnum):
    """What became of a message that was handed to the gateway."""

    SENT = "sent"
    REFUSED = "refused"  # the gateway will not have it: a wrong number, no credit
    UNREACHABLE = "unreachable"  # it was not taken, so it may be tried again
    UNKNOWN = "unknown"  # it was handed over and nobody said what became of it


#: What a text may hold in braces.
PLACEHOLDERS = ("site", "ref", "unit", "date", "phone")
#: So many characters are one message; of a longer one each part holds a little less.
ONE_MESSAGE, PART = 70, 67


def unknown_placeholders(text: str) -> list[str]:
    return [name for name in re.findall(r"{([^{}]*)}", text) if name not in PLACEHOLDERS]


def parts(text: str) -> int:
    """How many messages a text is paid as."""
    return 1 if len(text) <= ONE_MESSAGE else -(-len(text) // PART)


FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
#: A message that could not be handed over for so long is told by telephone.
GIVEN_UP_AFTER = timedelta(hours=24)


def again_at(
    made_at: datetime, tries: int, at: datetime, given_up_after: timedelta = GIVEN_UP_AFTER
) -> datetime | None:
    """When to try once more after so many tries: a minute, two, four … an hour; None where it is given up."""
    if at - made_at >= given_up_after:
        return None
    doubled = int(2 ** min(max(tries - 1, 0), 10))
    return at + min(FIRST_WAIT * doubled, LONGEST_WAIT)
