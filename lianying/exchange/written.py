"""An answer as XML, JSON or CSV."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse, JsonResponse

from lianying.common.spreadsheets import safe

Row = Mapping[str, Any]
Answer = Row | Sequence[Row]
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8", "csv": "text/csv; charset=utf-8"}
#: Around a list, and around each of its rows.
WRAPPED = {
    "Discovery": ("discovery", ""),
    "Service": ("services", "service"),
    "ServiceDefinition": ("service_definition", ""),
    "Request": ("service_requests", "request"),
    "Received": ("service_requests", "request"),
    "Token": ("service_requests", "request"),
    "Update": ("service_request_updates", "request_update"),
    "UpdateReceived": ("service_request_updates", "request_update"),
    "Error": ("errors", "error"),
}
#: Each part of a list within a row.
PARTS = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}
#: Of bulk files, as open311.md has them.
COLUMNS = (
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
)
#: What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def respond(answer: Answer, schema: str, form: str, *, status: int = 200) -> HttpResponse:
    """form: 'json' or 'xml'."""
    if form == "json":
        words = {"ensure_ascii": False}
        return JsonResponse(answer, safe=False, status=status, json_dumps_params=words, content_type=TYPES[form])
    return HttpResponse(_xml(answer, *WRAPPED[schema]), content_type=TYPES[form], status=status)


def respond_bulk(rows: Sequence[Row]) -> HttpResponse:
    """As CSV, with a line of names also where there are no rows; no cell is a formula to a spreadsheet."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    written = csv.writer(out)
    written.writerow(COLUMNS)
    written.writerows([safe(_text(row[name])) for name in COLUMNS] for row in rows)
    return HttpResponse(out.getvalue(), content_type=TYPES["csv"])


def _xml(answer: Answer, name: str, row: str) -> bytes:
    root = ET.Element(name)
    if isinstance(answer, Mapping):
        _fill(root, answer)
    else:
        for one in answer:
            _fill(ET.SubElement(root, row), one)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: ET.Element, row: Row) -> None:
    for name, value in row.items():
        part = ET.SubElement(element, name)
        if isinstance(value, list):
            for one in value:
                inner = ET.SubElement(part, PARTS[name])
                if isinstance(one, Mapping):
                    _fill(inner, one)
                else:
                    inner.text = _text(one)
        else:
            part.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else UNWRITABLE.sub("", str(value))
