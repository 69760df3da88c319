"""What a phone keeps for the way: own links by what one calls them, no telephone, address or level of need."""

from datetime import date
from typing import Any

from lianying.cases.models import Case
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind
from lianying.visits.queries.checklists import checklist_now
from lianying.visits.queries.due import due_page, lines, own_links, people_of

#: Pages of the due list that a phone takes along.
PAGES = 10


def to_take_along(actor: Actor, on: date) -> dict[str, Any]:
    """The own links in the order in which one goes there, who may come along, and the questions to ask."""
    links, after = [], ""
    for _ in range(PAGES):
        page = due_page(own_links(actor, on), on, after)
        links += page.rows
        if not page.next:
            break
        after = page.next
    units = {link.unit_id: link.unit.code for link in links}
    version, questions = checklist_now()
    return {
        "links": [
            {
                "uuid": str(line.link.uuid),
                "called": line.called,
                "place": line.village.name,
                "home": line.link.household_id is not None,
                "unit": units[line.link.unit_id],
                "missing": line.missing,
                "problems": [one.text for one in line.news if _is_open(one.case)],
            }
            for line in lines(links, on)
        ],
        "people": {
            code: [
                {"username": one.username, "name": one.name} for one in people_of(unit, on).exclude(pk=actor.staff_id)
            ]
            for unit, code in units.items()
        },
        "checklist": {
            "version": version,
            "questions": [{"key": one.key, "part": one.part.value, "text": one.text} for one in questions],
        },
    }


def _is_open(case: Case | None) -> bool:
    return case is not None and case.closed_at is None and case.kind != CaseKind.REPORT
