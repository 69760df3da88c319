"""What a resident is told of, and how."""

from enum import StrEnum


class NoticeKind(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    EXTENDED = "extended"
    DECLINED = "declined"
    ANSWER_CORRECTED = "answer_corrected"
    TERMINATED = "terminated"
    COMPLETED = "completed"


#: The call that checks the answer with the resident tells of these; they need none of their own.
TOLD_BY_CHECK = frozenset({NoticeKind.ANSWERED, NoticeKind.ANSWER_CORRECTED})


class NoticeChannel(StrEnum):
    CALL = "call"  # a person rings and tells
