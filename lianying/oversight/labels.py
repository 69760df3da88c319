from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases.labels import MEASURES
from lianying.rules.supervision import Ground

GROUNDS: dict[Ground, Promise] = {
    Ground.STAGE_LATE: _("late"),
    Ground.REFUSED: _("refused by two units"),
    Ground.UNSOLVED: _("answered, but not solved"),
    Ground.REWORKED: _("reworked twice"),
    Ground.REPEATED: _("told by three or more"),
    Ground.NOTED: _("a leader's note"),
}


def ground_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in GROUNDS.items()]


def measure_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in MEASURES.items()]
