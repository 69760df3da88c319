"""Our categories as services of GeoReport v2, and what is asked of whoever puts a request in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from lianying.cases.labels import KINDS
from lianying.reference.categories import categories, named_categories
from lianying.rules.kinds import CaseKind

#: Of a request that nobody has sorted yet.
UNSORTED = "9999"
YES, NO = "yes", "no"
#: Reports of wrongdoing never come or go this way.
OFFERED = tuple(kind for kind in CaseKind if kind is not CaseKind.REPORT)
ATTRIBUTES = {"KIND": tuple(kind.value for kind in OFFERED), "MAY_PUBLISH": (YES, NO), "MAY_BE_CALLED": (YES, NO)}


def service_names() -> Mapping[str, str]:
    """By code, in the order of the list, in the language of the moment."""
    return {**named_categories(), UNSORTED: _("not sorted yet")}


def services() -> list[dict[str, Any]]:
    names = service_names()
    words = {one.code: one.keywords for one in categories()}
    return [
        {
            "service_code": code,
            "service_name": name,
            "description": name,
            "metadata": True,
            "type": "realtime",
            "keywords": ", ".join(words.get(code, ())),
            "group": names.get(code[:2], name),
        }
        for code, name in names.items()
    ]


def definition(code: str) -> dict[str, Any]:
    """Raises KeyError for a code that is none."""
    service_names()[code]
    asked = {
        "KIND": (_("What kind of request it is"), [(kind.value, str(KINDS[kind])) for kind in OFFERED]),
        "MAY_PUBLISH": (_("May question and answer be published without name and number?"), _yes_or_no()),
        "MAY_BE_CALLED": (_("May we ring?"), _yes_or_no()),
    }
    attributes = [
        {
            "variable": True,
            "code": name,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": "",
            "order": order,
            "description": description,
            "values": [{"key": key, "name": label} for key, label in values],
        }
        for order, (name, (description, values)) in enumerate(asked.items(), 1)
    ]
    return {"service_code": code, "attributes": attributes}


def _yes_or_no() -> Sequence[tuple[str, str]]:
    return [(YES, _("yes")), (NO, _("no"))]
