from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.rules.checklists import Looked, Part
from lianying.rules.quotas import LinkKind, Period, Uncounted
from lianying.rules.visits import Outcome, VisitKind

LINK_KINDS: dict[LinkKind, Promise] = {
    LinkKind.UNIT_VILLAGE: _("unit and village"),
    LinkKind.UNIT_COMMUNITY: _("unit and community"),
    LinkKind.LEADER_HOUSEHOLD: _("leader and household"),
    LinkKind.GRID_HOUSEHOLD: _("grid and household"),
    LinkKind.MEMBER_HOUSEHOLD: _("member and household"),
}
#: What somebody is to the households of the own links.
PERSON_KINDS: dict[LinkKind, Promise] = {
    LinkKind.LEADER_HOUSEHOLD: _("leader"),
    LinkKind.GRID_HOUSEHOLD: _("grid keeper"),
    LinkKind.MEMBER_HOUSEHOLD: _("member of staff"),
}
UNCOUNTED: dict[Uncounted, Promise] = {
    Uncounted.AHEAD: _("its day lies after the day on which it was recorded"),
    Uncounted.NO_LINK: _("the link was not in force on that day"),
    Uncounted.CLOSED: _("it was recorded when the period was closed"),
    Uncounted.REPLACED: _("it was corrected by another record"),
    Uncounted.SAME_DAY: _("another visit of that day counts already"),
}
VISIT_KINDS: dict[VisitKind, Promise] = {
    VisitKind.ORDINARY: pgettext_lazy("visit", "ordinary"),
    VisitKind.STAYING: _("staying on site"),
    VisitKind.EVENING: _("evening visit"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.SOLVED: _("solved on the spot"),
    Outcome.REQUEST: _("made a request"),
    Outcome.INFORMATION: _("for information only"),
}


PARTS: dict[Part, Promise] = {
    Part.ASK: _("To ask"),
    Part.LOOK: _("To look at"),
    Part.LEAVE: _("To leave behind"),
}
LOOKED: dict[Looked, Promise] = {
    Looked.FINE: _("looked, all well"),
    Looked.NOTED: _("looked, see the words"),
    Looked.INCONVENIENT: _("not looked: inconvenient for the household"),
}
#: What a term of the calendar is called while it runs.
PERIODS: dict[Period, Promise] = {
    Period.QUARTER: _("within this quarter"),
    Period.HALF: _("within this half-year"),
    Period.YEAR: _("within this year"),
}
#: On the form, the one that leads to something first.
OUTCOME_CHOICES: list[tuple[str, Promise]] = [
    (Outcome.REQUEST.value, _("make it a request")),
    (Outcome.SOLVED.value, _("solved on the spot")),
    (Outcome.INFORMATION.value, _("for information only")),
]


def link_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in LINK_KINDS.items()]


def visit_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in VISIT_KINDS.items()]


def uncounted_choices() -> list[tuple[str, Promise]]:
    return [(why.value, label) for why, label in UNCOUNTED.items()]


def outcome_choices() -> list[tuple[str, Promise]]:
    return [(outcome.value, label) for outcome, label in OUTCOMES.items()]
