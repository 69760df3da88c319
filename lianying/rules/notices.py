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


class NoticeChannel(StrEnum):
    CALL = "call"  # a person rings and tells
