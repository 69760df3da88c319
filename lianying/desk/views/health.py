"""Whether the machine is well: for the operator of the whole installation, in words and with what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import lianying
from lianying import reference
from lianying.common import dump
from lianying.common.clock import day_words, local_day, now
from lianying.common.pages import needs, page
from lianying.desk.queries import CAP, Health
from lianying.desk.queries import health as health_now
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power

GIGABYTE = 10**9
LEAST_FREE = 2 * GIGABYTE
BACKUP_DAYS, CALL_DAYS, CALENDAR_DAYS = 2, 2, 30


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is well, or is not: then `advice` says what to do."""

    label: Promise
    words: str
    well: bool
    advice: Promise


@needs(Power.CONFIGURE)
@require_safe
def health(request: Request) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    at = now()
    found = health_now(at)
    lines = [
        _work(found),
        _calls(found, at),
        *([_messages(found)] if settings.ENV["SMS_URL"] else []),
        _roots(found, at),
        _backup(found, at),
        _disk(found),
        _calendar(at),
    ]
    context = {
        "lines": lines,
        "faults": sum(not line.well for line in lines),
        "version": lianying.__version__,
        "database": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[dump.kind()],
    }
    return page(request, "desk/health.html", None, context)


def _work(found: Health) -> Line:
    count = found.timers_late
    words = ngettext(
        "%(count)s step has been due for a quarter of an hour.",
        "%(count)s steps have been due for a quarter of an hour.",
        count,
    ) % {"count": _capped(count)}
    return Line(
        _("Background work"),
        words if count else _t("Everything that was due has been done."),
        not count,
        _("Does the worker run? `lianying up` starts it; its log says why it stopped."),
    )


def _calls(found: Health, at: datetime) -> Line:
    count, since = found.calls_waiting, found.oldest_call_at
    if since is None:
        words = _t("Every resident has been told.")
    else:
        words = ngettext(
            "%(count)s call waits, the oldest since %(day)s.", "%(count)s calls wait, the oldest since %(day)s.", count
        ) % {"count": _capped(count), "day": day_words(local_day(since))}
    well = since is None or at - since < timedelta(days=CALL_DAYS)
    return Line(_("Residents to be told"), words, well, _("The desk makes these calls under “Calls to make”."))


def _messages(found: Health) -> Line:
    waiting, failed = found.messages_waiting, found.messages_failed
    words = _t("%(waiting)s wait for the gateway, %(failed)s became calls.") % {
        "waiting": _capped(waiting),
        "failed": _capped(failed),
    }
    well = not waiting and not failed
    text = words if not well else _t("All that was sent has gone out.")
    return Line(_("Text messages"), text, well, _("Settings → “What could not be sent” says why."))


def _roots(found: Health, at: datetime) -> Line:
    day = found.last_root_on
    published = _t("Daily roots are published up to %(day)s.")
    words = published % {"day": day_words(day)} if day else _t("No day has ended yet.")
    # Yesterday's is made some minutes after midnight.
    well = day is None or local_day(at) - day <= timedelta(days=2)
    return Line(_("Ledger"), words, well, _("The worker makes them after midnight: look whether it runs."))


def _backup(found: Health, at: datetime) -> Line:
    made = found.backed_up_at
    last = _t("The last one is of %(day)s.")
    words = last % {"day": day_words(local_day(made))} if made else _t("None has been made yet.")
    well = made is not None and at - made < timedelta(days=BACKUP_DAYS)
    return Line(_("Backup"), words, well, _("`lianying backup FILE`, every night, onto another machine."))


def _disk(found: Health) -> Line:
    free, total = found.disk_free, found.disk_total
    words = _t("%(free)s GB free of %(total)s GB.") % {"free": free // GIGABYTE, "total": total // GIGABYTE}
    well = free >= LEAST_FREE and free * 10 >= total
    return Line(_("Disk"), words, well, _("Make room, or move the data directory: a full disk takes no request."))


def _calendar(at: datetime) -> Line:
    last = reference.calendar().last
    words = _t("Working days are published until %(day)s.") % {"day": day_words(last)}
    well = last - local_day(at) >= timedelta(days=CALENDAR_DAYS)
    return Line(
        _("Calendar"),
        words,
        well,
        _("The next year is published in November: install the version that holds it. Later dates are provisional."),
    )


def _capped(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count)
