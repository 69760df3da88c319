"""How a case shows its state and its time, by word and shape: the same on every page."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any, Protocol

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianying.cases import clocks
from lianying.cases.forms.sorting import category_name
from lianying.cases.labels import ENDINGS, STATES
from lianying.cases.queries.petitions import Petition
from lianying.common.clock import local_day, now
from lianying.rules.deadlines import workdays_left
from lianying.rules.kinds import Ending
from lianying.rules.lifecycle import OPEN, State

register = template.Library()
NEAR_DAYS = 2
LOOKS = {State.HEARD: "", State.CLOSED: "done", State.DECLINED: "done", State.MERGED: "done", State.WITHDRAWN: "done"}


class Dated(Protocol):
    """A case, or the columns of it that a list reads."""

    state: str
    ending: str
    stage_due_at: datetime | None


def _chip(look: str, text: str, moment: datetime | None = None) -> SafeString:
    exact = f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
    # Look and moment are our own words; fifty of these stand in a list.
    return mark_safe(f'<span class="chip {look}" title="{exact}">{escape(text)}</span>')  # noqa: S308 - escaped here


register.filter("category_name", category_name)


@register.simple_tag
def state_chip(case: Dated) -> SafeString:
    state = State(case.state)
    text = ENDINGS[Ending(case.ending)] if case.ending else STATES[state]
    return _chip(LOOKS.get(state, "going"), str(text))


@register.simple_tag
def due_chip(case: Dated) -> SafeString | str:
    """How much time the next step has: empty for a case that has ended or carries no clock."""
    if case.stage_due_at is None or State(case.state) not in OPEN or case.state == State.PETITION:
        # What a petition has left is said beside its stage.
        return ""
    look, text = time_left(case.stage_due_at, now(), waits=case.state == State.WAITING)
    return _chip(look, text, case.stage_due_at)


@register.simple_tag
def petition_chip(petition: Petition) -> SafeString:
    """Until when; the resident's own term for applying presses nobody of the staff."""
    due_at = petition.due.at
    if petition.is_open_to_resident and now() > due_at:
        return _chip("near", _("the term for applying is over"), due_at)
    look, text = time_left(due_at, now(), waits=petition.is_open_to_resident)
    return _chip(look, text, due_at)


def time_left(due_at: datetime, at: datetime, *, waits: bool = False) -> tuple[str, str]:
    """The look of the chip and its words.

    waits   nobody of the staff is pressed: the resident has been asked
    """
    if waits:
        return "plain", _("until %(day)s") % {"day": date_format(timezone.localtime(due_at), "MONTH_DAY_FORMAT")}
    if at > due_at:
        return "late", _late(due_at, at)
    if local_day(due_at) == local_day(at):
        return "near", _("today by %(time)s") % {"time": f"{timezone.localtime(due_at):%H:%M}"}
    hours = int((due_at - at).total_seconds() // 3600)
    days = workdays_left(at, due_at, clocks.office())
    if days < 1:
        # An hour term that ends on a day of rest.
        return "near", ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    text = ngettext("%(count)s working day left", "%(count)s working days left", days) % {"count": days}
    return ("near" if days <= NEAR_DAYS else ""), text


def _late(due_at: datetime, at: datetime) -> str:
    days = -workdays_left(at, due_at, clocks.office())
    if days > 0:
        return ngettext("%(count)s working day late", "%(count)s working days late", days) % {"count": days}
    minutes = int((at - due_at).total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)s minute late", "%(count)s minutes late", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour late", "%(count)s hours late", hours) % {"count": hours}


@register.simple_tag
def options(choices: Iterable[tuple[str, Any]], selected: str = "") -> SafeString:
    """The options of a select; a name with a list of pairs is a group. A loop in the template costs ten times this."""
    parts: list[str] = []
    for value, label in choices:
        if isinstance(label, list):
            parts.append(f'<optgroup label="{escape(value)}">{options(label, selected)}</optgroup>')
        else:
            mark = " selected" if value == selected else ""
            parts.append(f'<option value="{escape(value)}"{mark}>{escape(str(label))}</option>')
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
