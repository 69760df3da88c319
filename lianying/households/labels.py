from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.rules.hardship import Hardship
from lianying.rules.openings import OpenReason

OPEN_REASONS: dict[OpenReason, Promise] = {
    OpenReason.CALL_BACK: _("to ring back and tell or check the result"),
    OpenReason.ASK: _("to ask about the request"),
    OpenReason.VISIT: _("to go there"),
    OpenReason.IDENTIFY: _("to see whether it is the same person"),
    OpenReason.OTHER: _("another reason, written below"),
    OpenReason.CODE: _("query code read out after ringing back"),
}


HARDSHIPS: dict[Hardship, Promise] = {
    Hardship.NONE: pgettext_lazy("hardship", "none"),
    Hardship.OTHER: _("other hardship"),
    Hardship.EXPENSES: _("hardship by large expenses"),
    Hardship.MARGINAL: _("just above the subsistence allowance"),
    Hardship.MONITORED: _("watched over against poverty"),
    Hardship.ALLOWANCE: _("subsistence allowance"),
    Hardship.EXTREME: _("extreme hardship"),
}


def hardship_choices() -> list[tuple[int, Promise]]:
    return [(level.value, label) for level, label in HARDSHIPS.items()]


def open_reason_choices() -> list[tuple[str, Promise]]:
    return [(reason.value, label) for reason, label in OPEN_REASONS.items()]
