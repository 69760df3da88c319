from enum import StrEnum


class Call(StrEnum):
    """What needs a key."""

    REQUEST = "request"
    UPDATE = "update"
