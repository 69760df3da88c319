from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.rules.quotas import LinkKind, Uncounted
from lianying.rules.visits import Outcome

LINK_KINDS: dict[LinkKind, Promise] = {
    LinkKind.UNIT_VILLAGE: _("unit and village"),
    LinkKind.UNIT_COMMUNITY: _("unit and community"),
    LinkKind.LEADER_HOUSEHOLD: _("leader and household"),
    LinkKind.GRID_HOUSEHOLD: _("grid and household"),
    LinkKind.MEMBER_HOUSEHOLD: _("member and household"),
}
UNCOUNTED: dict[Uncounted, Promise] = {
    Uncounted.AHEAD: _("its day lies after the day on which it was recorded"),
    Uncounted.NO_LINK: _("the link was not in force on that day"),
    Uncounted.CLOSED: _("it was recorded when the period was closed"),
    Uncounted.REPLACED: _("it was corrected by another record"),
    Uncounted.SAME_DAY: _("another visit of that day counts already"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.SOLVED: _("solved on the spot"),
    Outcome.REQUEST: _("made a request"),
    Outcome.INFORMATION: _("for information only"),
}


def link_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in LINK_KINDS.items()]


def uncounted_choices() -> list[tuple[str, Promise]]:
    return [(why.value, label) for why, label in UNCOUNTED.items()]


def outcome_choices() -> list[tuple[str, Promise]]:
    return [(outcome.value, label) for outcome, label in OUTCOMES.items()]
