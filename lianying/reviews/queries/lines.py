"""A row of the six results as it is shown: the same on the page, in a spreadsheet, and where a goal picks its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.oversight.models import Step
from lianying.reference.categories import named_categories
from lianying.reviews.labels import DETAILS, LEFTS
from lianying.reviews.models import GoalRow, Result
from lianying.reviews.queries.tally import ALIKE, ended_of
from lianying.rules.kinds import CaseKind, Ending
from lianying.rules.lifecycle import State
from lianying.rules.programmes import Linked, RowKind, counts
from lianying.rules.quotas import LinkKind, Uncounted
from lianying.rules.results import ENDINGS, Detail, left
from lianying.visits.labels import LINK_KINDS, UNCOUNTED
from lianying.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """what, more   what it is, and of which sort;  why: it does not count; '' where it does
    case, result    number of the request, and id of the entered result, that can be opened; '' where there is none
    key             names the row to whoever links it, see `key_of`
    """

    on: date
    unit: str
    place: str
    what: str
    more: str = ""
    why: str = ""
    source: str = ""
    case: str = ""
    result: str = ""
    key: str = ""


def key_of(kind: RowKind, name: object) -> str:
    """'case:NH-20261112-0042': public, never a key of the database."""
    return f"{kind.value}:{name}"


def _visit(row: Visit) -> Line:
    """Nothing of the household: who may know which one it is asks for the link itself."""
    why = str(UNCOUNTED[Uncounted(row.uncounted)]) if row.uncounted else ""
    kind = LINK_KINDS[LinkKind(row.link.kind)]
    key = key_of(RowKind.VISIT, row.uuid)
    place = row.link.place.name
    what, source = _("a visit in %(place)s") % {"place": place}, _("record of the visit")
    return Line(row.on, row.link.unit.name, place, what, str(kind), why, source, key=key)


def _note(row: Step) -> Line:
    return replace(_request(row.case, row.at), more=_("a leader's note"))


def _ended(row: Case) -> Line:
    """A request with what `queries.tally.cases` annotates."""
    why = left(ended_of({name: getattr(row, name) for name in ALIKE}))
    return replace(_request(row, row.closed_at), why=str(LEFTS[why]) if why else "")


def _request(row: Case, at: datetime | None) -> Line:
    """A request in the place of its unit: its own address belongs to whoever told of it."""
    on = local_day(at) if at else date.min
    more = named_categories().get(row.category, "")
    key = key_of(RowKind.CASE, row.ref)
    return Line(on, row.unit.name, "", row.title, more, source=row.ref, case=row.ref, key=key)


def _result(row: Result) -> Line:
    more = str(DETAILS[Detail(row.detail)]) if row.detail else ""
    # Whoever sees the result by its place may not see the request: its number stands on the page of the result.
    source = row.source or _("a request")
    line = Line(row.on, row.unit.name, row.place.name, row.text, more, source=source, result=str(row.uuid))
    return replace(line, key=key_of(RowKind.RESULT, row.uuid))


_LINES: Mapping[type, Callable[[Any], Line]] = {Visit: _visit, Step: _note, Case: _ended, Result: _result}


def line_of(row: Visit | Step | Case | Result) -> Line:
    """row: as `queries.tally.rows` gives it."""
    return _LINES[type(row)](row)


def linked_line(row: GoalRow, linked: Linked) -> Line:
    """A row of a goal, as `queries.programmes.linked_page` gives it; why it does not count, where it does not."""
    thing: Any = row.result or row.visit or row.case
    if isinstance(thing, Case):
        line, not_yet = _of_goal(thing, row.at)
    else:
        line, not_yet = line_of(thing), _("it was corrected or taken back")
    if counts(linked):
        return line
    return replace(line, why=line.why or (_("its day lies in another year") if linked.stands else not_yet))


def _of_goal(case: Case, linked_at: datetime) -> tuple[Line, str]:
    """A request, and why it does not count if it does not."""
    if case.kind == CaseKind.REPORT:
        # It became one after it was linked.
        key = key_of(RowKind.CASE, case.ref)
        return Line(local_day(linked_at), "", "", _("a request"), key=key), _(
            "a report of wrongdoing is nobody's result"
        )
    line = _request(case, case.closed_at or linked_at)
    if case.state == State.PETITION or case.ending == Ending.CONCLUDED:
        return line, _("no leader's note names it")
    if case.closed_at is None:
        return line, _("it has not ended yet")
    why = left(ended_of({name: getattr(case, name, False) for name in ALIKE})) if case.ending in ENDINGS else None
    return line, str(LEFTS[why]) if why else _("it ended without an answer")
