"""What anybody may read of requests through GeoReport v2: public versions, and how a client's own request stands.

The words of a request, its place and its people are in none of these rows but as a public version has them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.cases.queries.board import shown_version
from lianying.common.clock import start_of_day
from lianying.exchange.models import Posted
from lianying.exchange.queries.services import UNSORTED, service_names
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.open311 import MOST_ROWS, OF_EVENT, Update, show_time, status_of

RELEASED = Q(public_version__isnull=False, public_version__withdrawn_at__isnull=True)


def readable() -> QuerySet[Case]:
    """Whoever has the number may ask how it stands."""
    rows = Case.objects.exclude(kind=CaseKind.REPORT).filter(RELEASED | Q(posted__isnull=False))
    return rows.select_related("unit", "public_version__unit", "posted")


def listed() -> QuerySet[Case]:
    """Those that were published, or put in with the word that they may be."""
    return readable().filter(RELEASED | Q(may_publish=True))


def found(
    codes: Sequence[str] | None,
    states: Sequence[str] | None,
    span: tuple[datetime, datetime],
    page: int,
    size: int,
) -> list[Case]:
    """Those heard within the span, the newest first. codes: of services; a first level holds its second."""
    rows = listed().filter(received_at__range=span)
    if states:
        rows = rows.filter(state__in=[one.value for one in State if status_of(one) in states])
    if codes:
        wanted = Q(pk__in=[])
        for code in codes:
            of_version, of_case = _of(code, "public_version__category"), _of(code, "category")
            wanted |= (RELEASED & of_version) | (~RELEASED & of_case)
        rows = rows.filter(wanted)
    start = (page - 1) * size
    return list(rows.order_by("-received_at", "-pk")[start : start + size])


def _of(code: str, column: str) -> Q:
    return Q(**{column: ""}) if code == UNSORTED else Q(**{f"{column}__startswith": code})


def by_refs(refs: Sequence[str]) -> list[Case]:
    """In the order of their numbers; those that are none, or not to be read, are left out."""
    return list(readable().filter(ref__in=refs[:MOST_ROWS]).order_by("ref"))


def by_token(token: str) -> Posted | None:
    return Posted.objects.filter(request_id=token).select_related("case").order_by("pk").first()


def row_of(case: Case) -> dict[str, Any]:
    zone, version = timezone.get_current_timezone(), shown_version(case)
    category = version.category if version else case.category
    requested = start_of_day(version.asked_on) if version and not hasattr(case, "posted") else case.received_at
    changed = max(case.stage_at, version.released_at) if version else case.stage_at
    code = category or UNSORTED
    unit = version.unit if version else case.unit
    return {
        "service_request_id": case.ref,
        "status": status_of(State(case.state)),
        "status_notes": case.get_state_display(),
        "service_name": service_names().get(code, code),
        "service_code": code,
        "description": f"{version.title}\n{version.question}" if version else None,
        "agency_responsible": unit.name,
        "service_notice": version.answer if version else None,
        "requested_datetime": show_time(requested, zone),
        "updated_datetime": show_time(max(changed, requested), zone),
        "expected_datetime": show_time(case.due_at, zone) if case.due_at else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def bulk_row(case: Case) -> dict[str, Any]:
    """For .csv, in the columns of the bulk files of the field."""
    row = row_of(case)
    closed = case.closed_at and show_time(case.closed_at, timezone.get_current_timezone())
    return {
        **row,
        "closed_date": closed,
        "status_description": row["status"],
        "source": case.get_channel_display(),
        "service_subtype": "",
    }


def updates(span: tuple[datetime, datetime]) -> list[dict[str, Any]]:
    """Steps of what is listed, within the span, the newest first."""
    zone = timezone.get_current_timezone()
    cases = {
        f"case:{case.ref}": case for case in listed().filter(stage_at__gte=span[0]).order_by("-stage_at")[:MOST_ROWS]
    }
    rows = Event.objects.filter(stream__in=cases, kind__in=sorted(OF_EVENT), at__range=span)
    return [
        {
            "update_id": f"{cases[one.stream].ref}-{one.seq}",
            "service_request_id": cases[one.stream].ref,
            "status": OF_EVENT[EventKind(one.kind)].value,
            "updated_datetime": show_time(one.at, zone),
            "description": _words(cases[one.stream], OF_EVENT[EventKind(one.kind)]),
            "media_url": None,
        }
        for one in rows.order_by("-at", "-pk")[:MOST_ROWS]
    ]


def _words(case: Case, update: Update) -> str:
    """The answer as it was published; of everything else what the status says."""
    version = shown_version(case)
    return version.answer if version and update is Update.FIXED else ""
