"""Why somebody may open a resident's name, telephone and address in full."""

from enum import StrEnum


class OpenReason(StrEnum):
    CALL_BACK = "call_back"
    ASK = "ask"
    VISIT = "visit"
    IDENTIFY = "identify"
    OTHER = "other"
