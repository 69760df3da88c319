"""Which questions a visit was written down with."""

from datetime import datetime

from lianying import reference
from lianying.rules.checklists import ACCEPTED_FOR, Question, parse_checklist
from lianying.visits.models import Checklist


def checklist_now() -> tuple[int, tuple[Question, ...]]:
    """The version in force and its questions."""
    row = Checklist.objects.order_by("-version").first()
    return (row.version, parse_checklist(row.questions)) if row else (0, reference.checklist())


def questions_of(version: int, at: datetime | None = None) -> tuple[Question, ...] | None:
    """The questions of a version; None for one that was never published.

    at   also None for one that had been replaced too long before this moment to be answered
    """
    rows = {row.version: row for row in Checklist.objects.filter(version__in=(version, version + 1))}
    follower = rows.get(version + 1)
    if at is not None and follower is not None and follower.published_at < at - ACCEPTED_FOR:
        return None
    if version == 0:
        return reference.checklist()
    return parse_checklist(rows[version].questions) if version in rows else None
