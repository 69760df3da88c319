from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.exchange.kinds import Call
from lianying.rules.open311 import Update

CALLS: dict[Call, Promise] = {
    Call.REQUEST: _("requests put in"),
    Call.UPDATE: _("updates sent"),
}
UPDATES: dict[Update, Promise] = {
    Update.OPEN: _("taken up"),
    Update.CLOSED: _("closed"),
    Update.FIXED: _("done"),
    Update.IN_PROGRESS: _("in progress"),
    Update.PLANNED: _("planned"),
    Update.ACTION_SCHEDULED: _("a day is set for it"),
    Update.INVESTIGATING: _("being looked into"),
    Update.DUPLICATE: _("the same as another request"),
    Update.NOT_COUNCILS_RESPONSIBILITY: _("not in their duty"),
    Update.NO_FURTHER_ACTION: _("nothing more is done"),
    Update.INTERNAL_REFERRAL: _("passed on within"),
    Update.CANCELLED: _("withdrawn"),
    Update.REOPEN: _("taken up again"),
    Update.FOR_TRIAGE: _("being sorted"),
    Update.UNCHANGED: _("as before"),
}


def call_choices() -> list[tuple[str, Promise]]:
    return [(call.value, label) for call, label in CALLS.items()]


def update_choices() -> list[tuple[str, Promise]]:
    return [(update.value, label) for update, label in UPDATES.items()]
