from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Task(StrEnum):
    """What can wait for a person on Today."""

    SORT_LATE = "sort_late"
    SORT = "sort"
    DECIDE_DISPUTES = "decide_disputes"
    DECIDE_ENDS = "decide_ends"
    TELL = "tell"
    CHECK = "check"
    SIGN = "sign"
    LATE = "late"
    DUE_SOON = "due_soon"
    HELP = "help"
    APPROVE = "approve"
    DECIDE_EXTENSIONS = "decide_extensions"
    END_REWORKS = "end_reworks"
    VISITS = "visits"
    PETITIONS = "petitions"
    ANSWER_SUPERVISION = "answer_supervision"
    DECIDE_SUPERVISION = "decide_supervision"
    CARE_MEASURES_LATE = "care_measures_late"
    CARE_CHECK = "care_check"
    CARE_DECIDE = "care_decide"
    CARE_MEASURES = "care_measures"
    CARE_REVIEWS = "care_reviews"
    PROPOSALS_LATE = "proposals_late"
    PROPOSALS = "proposals"


TASKS: dict[Task, Promise] = {
    Task.SORT_LATE: _("to sort, already late"),
    Task.SORT: _("to sort"),
    Task.DECIDE_DISPUTES: _("disputed: whose duty is it?"),
    Task.DECIDE_ENDS: _("ends to decide"),
    Task.TELL: _("residents to be told something"),
    Task.CHECK: _("answers to be checked by telephone"),
    Task.SIGN: _("to sign for"),
    Task.LATE: _("late"),
    Task.DUE_SOON: _("due within two working days"),
    Task.HELP: _("asked to help another unit"),
    Task.APPROVE: _("answers to approve"),
    Task.DECIDE_EXTENSIONS: _("more time asked for: to decide"),
    Task.END_REWORKS: _("reworked twice and still not content: to end"),
    Task.VISITS: _("visits owed within two weeks"),
    Task.PETITIONS: _("petitions: late, or due within five days"),
    Task.ANSWER_SUPERVISION: _("supervision: answers owed"),
    Task.DECIDE_SUPERVISION: _("supervision: answers to decide on"),
    Task.CARE_MEASURES_LATE: _("care: measures late"),
    Task.CARE_CHECK: _("care: clues to check"),
    Task.CARE_DECIDE: _("care: to decide"),
    Task.CARE_MEASURES: _("care: measures that my unit is to take"),
    Task.CARE_REVIEWS: _("care: reviews due"),
    Task.PROPOSALS_LATE: _("campaigns: proposals late"),
    Task.PROPOSALS: _("campaigns: proposals due within two weeks"),
}

#: Where each task is done: URL name and query.
PLACES: dict[Task, tuple[str, str]] = {
    Task.SORT_LATE: ("sort", ""),
    Task.SORT: ("sort", ""),
    Task.DECIDE_DISPUTES: ("work", "?tab=disputed"),
    Task.DECIDE_ENDS: ("work", "?tab=ends"),
    Task.TELL: ("checks", ""),
    Task.CHECK: ("checks", ""),
    Task.SIGN: ("work", "?tab=assigned"),
    Task.LATE: ("work", "?tab=late"),
    Task.DUE_SOON: ("work", "?tab=soon"),
    Task.HELP: ("work", "?tab=assisting"),
    Task.APPROVE: ("work", "?tab=approvals"),
    Task.DECIDE_EXTENSIONS: ("work", "?tab=extensions"),
    Task.END_REWORKS: ("work", "?tab=reworked"),
    Task.VISITS: ("visits", ""),
    Task.PETITIONS: ("petitions", ""),
    Task.ANSWER_SUPERVISION: ("watch_owed", ""),
    Task.DECIDE_SUPERVISION: ("watch_owed", "?of=answered"),
    Task.CARE_MEASURES_LATE: ("care_measures", ""),
    Task.CARE_CHECK: ("care", "?tab=check"),
    Task.CARE_DECIDE: ("care", "?tab=decide"),
    Task.CARE_MEASURES: ("care_measures", "?of=own"),
    Task.CARE_REVIEWS: ("care", "?tab=reviews"),
    Task.PROPOSALS_LATE: ("visits_proposals", "?of=late"),
    Task.PROPOSALS: ("visits_proposals", ""),
}
