"""The closed lists of the field. Their labels stand in `labels.py` of the app that shows them."""

from enum import StrEnum


class CaseKind(StrEnum):
    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    THANKS = "thanks"
    OTHER = "other"


class Urgency(StrEnum):
    URGENT = "urgent"
    PRIORITY = "priority"
    ORDINARY = "ordinary"
    COMPLEX = "complex"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    VISIT = "visit"
    STATION = "station"
    INSPECTION = "inspection"
    PAPER = "paper"
    IMPORT = "import"
    OPEN311 = "open311"


class Outcome(StrEnum):
    """What the unit says it achieved, in its answer."""

    SOLVED = "solved"
    PARTLY = "partly"
    PLANNED = "planned"
    CANNOT = "cannot"


class Solved(StrEnum):
    """What the resident says, when rung back."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Ending(StrEnum):
    """How a closed case came to its end."""

    SATISFIED = "satisfied"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"
    SILENT = "silent"
    TERMINATED = "terminated"
    IMPORTED = "imported"
    CONCLUDED = "concluded"


class DeclineReason(StrEnum):
    """Why a request cannot be accepted here (北京市接诉即办工作条例 art. 11, 潍坊 art. 19)."""

    EMERGENCY = "emergency"
    LEGAL_CHANNEL = "legal_channel"
    NO_NEW_FACT = "no_new_fact"
    SECRET_OR_PRIVATE = "secret_or_private"
    OUTSIDE_DUTY = "outside_duty"
    UNLAWFUL = "unlawful"


class CallResult(StrEnum):
    """What came of ringing a resident."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    CALL_LATER = "call_later"
