"""The timeline of a case as staff read it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianying.cases.labels import CALL_RESULTS, DECLINE_REASONS, KINDS, OUTCOMES, SOLVED, URGENCIES
from lianying.cases.queries.story import Story
from lianying.cases.queries.timeline import Moment
from lianying.cases.sentences import staff_sentence
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind

#: Facts of an event whose values are of a closed list.
LABELLED: Mapping[str, Mapping[Any, Promise]] = {
    "case_kind": KINDS,
    "urgency": URGENCIES,
    "reason": DECLINE_REASONS,
    "outcome": OUTCOMES,
    "result": CALL_RESULTS,
}
NAMED: Mapping[str, Promise] = {"case_kind": gettext_lazy("Kind"), "urgency": gettext_lazy("Urgency")}


FOR_STAFF = frozenset({EntryKind.INNER, EntryKind.PROPOSED, EntryKind.OVERSIGHT})


def steps(story: Story, *, seen: int = 0) -> list[dict[str, Any]]:
    """What the template prints of each moment; those after the version `seen` are marked as new."""
    rows = []
    unit = story.case.unit.name
    for moment in story.moments:
        unit = moment.unit or unit
        rows.append(
            {
                "at": moment.at,
                "by": moment.by or (_("resident") if moment.by_resident else ""),
                "text": staff_sentence(moment, unit=unit),
                "details": list(_details(moment, story)),
                "said": [(one.text, one.kind in FOR_STAFF, one.kind == EntryKind.ANSWER) for one in moment.said],
                "photos": moment.photos if moment.seq > 1 else (),
                "documents": moment.documents,
                "is_new": bool(seen) and moment.seq > seen,
                "recorded_at": moment.recorded_at if moment.recorded_at.date() != moment.at.date() else None,
            }
        )
    return rows


def _details(moment: Moment, story: Story) -> Iterator[str]:
    data = moment.data
    if moment.kind == EventKind.HEARD:
        return
    if data.get("assisting"):
        names = [story.units[pk] for pk in data["assisting"] if pk in story.units]
        yield _("assisted by %(units)s") % {"units": _(", ").join(names)}
    if "proposed" in data:
        yield _("it names %(unit)s") % {"unit": story.units.get(data["proposed"], "—")}
    if data.get("main"):
        yield str(data["main"])
    if data.get("handler") == story.case.handler_id and story.case.handler is not None:
        yield story.case.handler.name
    for name, labels in LABELLED.items():
        if data.get(name) in labels:
            yield f"{NAMED[name]} {labels[data[name]]}" if name in NAMED else str(labels[data[name]])
    yield from _counted(moment)
    if data.get("due_at"):
        yield _("promised by %(day)s") % {"day": _moment(data["due_at"])}


def _counted(moment: Moment) -> Iterator[str]:
    data = moment.data
    if data.get("satisfaction"):
        yield f"{SOLVED[data['solved']]} · {data['satisfaction']}/5"
    if data.get("days"):
        yield ngettext("%(count)s working day", "%(count)s working days", data["days"]) % {"count": data["days"]}
    if moment.kind == EventKind.ASKED:
        told = _("told at once: the clock stands still"), _("the desk rings: the clock stands still from then")
        yield told[0] if data.get("told") else told[1]


def _moment(text: str) -> str:
    at = parse_datetime(text)
    return date_format(timezone.localtime(at), pgettext("date format", "j M H:i")) if at else ""
