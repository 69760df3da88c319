"""Words that belong to a case, and who may read them."""

from enum import StrEnum


class EntryKind(StrEnum):
    NOTE = "note"  # a fact added by the resident or, to be read by them, by staff
    INNER = "inner"  # for staff only
    QUESTION = "question"
    REPLY = "reply"
    ANSWER = "answer"
    PROPOSED = "proposed"  # an answer that the head has not read yet
    OVERSIGHT = "oversight"  # between those who supervise and the unit
    REASON = "reason"  # why staff moved the case as they did
    EXTENSION = "extension"  # why it takes longer, as the head tells the resident
    COMPLETION = "completion"  # what was announced in the answer has been done
    DECLINE = "decline"
    PETITION = "petition"  # what a step of the petition track tells the resident
    OBJECTION = "objection"
    RATING = "rating"
    REOPENING = "reopening"


#: What the resident reads on the track page.
FOR_RESIDENTS = frozenset(
    {
        EntryKind.NOTE,
        EntryKind.QUESTION,
        EntryKind.REPLY,
        EntryKind.ANSWER,
        EntryKind.EXTENSION,
        EntryKind.COMPLETION,
        EntryKind.DECLINE,
        EntryKind.PETITION,
        EntryKind.OBJECTION,
        EntryKind.RATING,
        EntryKind.REOPENING,
    }
)


class HoldingRole(StrEnum):
    LEAD = "lead"
    ASSIST = "assist"
    FOLLOW = "follow"


class ProposalKind(StrEnum):
    EXTENSION = "extension"
    END = "end"
    ANSWER = "answer"
