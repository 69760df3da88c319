"""Why somebody may open a resident's name, telephone and address in full."""

from enum import StrEnum


class OpenReason(StrEnum):
    CALL_BACK = "call_back"
    ASK = "ask"
    VISIT = "visit"
    IDENTIFY = "identify"
    OTHER = "other"
    CODE = "code"  # the query code was read out to whoever was rung back
