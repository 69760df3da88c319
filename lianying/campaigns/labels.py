from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.rules.campaigns import CameOf, Section, Standing
from lianying.rules.programmes import TaskStanding

STANDINGS: dict[Standing, Promise] = {
    Standing.COMING: pgettext_lazy("campaign", "to begin"),
    Standing.RUNNING: pgettext_lazy("campaign", "under way"),
    Standing.OVER: pgettext_lazy("campaign", "over"),
    Standing.ENDED: pgettext_lazy("campaign", "ended early"),
}
CAME_OF: dict[CameOf, Promise] = {
    CameOf.SOLVED: _("solved on the spot"),
    CameOf.ANSWERED: _("request, answered"),
    CameOf.OPEN: _("request, in hand"),
    CameOf.ELSEWHERE: _("request, another way"),
    CameOf.INFORMATION: _("for information only"),
}
SECTIONS: dict[Section, Promise] = {
    Section.OPENING: _("How it was done"),
    Section.FOUND: pgettext_lazy("campaign", "What was found"),
    Section.AHEAD: _("What comes next"),
}
PROPOSAL_STANDINGS: dict[TaskStanding, Promise] = {
    TaskStanding.DONE: pgettext_lazy("task", "done"),
    TaskStanding.OPEN: pgettext_lazy("task", "open"),
    TaskStanding.SOON: pgettext_lazy("task", "due soon"),
    TaskStanding.LATE: pgettext_lazy("task", "late"),
}
