"""What the desk has said of a report: whom it accuses, or that it is no unit."""

from django.db.models import Q

from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.rules.kinds import CaseKind


def accuses_no_unit(case: Case) -> bool:
    """Whether the desk has said of this report that no unit is accused: a person outside, or nobody knows whom.

    The last event that speaks of it decides: one that sets the kind begins anew. One query, of such a report alone.
    """
    if case.kind != CaseKind.REPORT or case.accused_id is not None:
        return False
    speaks = Q(data__has_key="accused") | Q(data__has_key="case_kind")
    events = Event.objects.filter(speaks, stream=f"case:{case.ref}").order_by("-seq")
    data = events.values_list("data", flat=True).first() or {}
    return "accused" in data and data["accused"] is None


def is_said(case: Case) -> bool:
    """Whether it is known whom the report accuses, if any unit."""
    return case.accused_id is not None or accuses_no_unit(case)
