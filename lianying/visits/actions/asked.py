"""What is asked on visits, and who finds it too much."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianying.audit.log import record
from lianying.cases.actions.hear import Telling, hear
from lianying.cases.models import Case
from lianying.common.db import take_turns
from lianying.orgs.paths import parent
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.checklists import Part, parse_checklist
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import POWERS, Power
from lianying.rules.refusals import Refused
from lianying.visits.models import Checklist
from lianying.visits.queries.checklists import checklist_now


@transaction.atomic
def publish_checklist(questions: Mapping[str, Sequence[str]], *, by: Actor, at: datetime) -> Checklist:
    """Let every visit from now on ask these, by `rules.checklists.Part`; the same ones again are the same list.

    Raises  Refused not_yours; checklist_empty; checklist_long
    """
    by.require_all(Power.CONFIGURE)
    take_turns("checklist")
    number, current = checklist_now()
    asked = parse_checklist(questions)
    if asked == current and number:
        return Checklist.objects.get(version=number)
    words = {part.value: [one.text for one in asked if one.part is part] for part in Part}
    row = Checklist.objects.create(version=number + 1, questions=words, published_at=at, by_id=by.staff_id)
    record("site", EventKind.CHECKLIST_PUBLISHED, by=by, at=at, version=row.version)
    return row


def complain(words: str, client_id: UUID, *, by: Actor, at: datetime) -> Case:
    """Take in that visits are made a burden, at the desk of the level above, as a request of somebody unnamed.

    client_id   makes sending twice harmless
    Raises      Refused not_yours
    """
    post = next((post for post in by.posts if Power.VISIT in POWERS[post.role]), None)
    if post is None:
        raise Refused("not_yours")
    text = f"{_('About what is asked for on visits:')} {words}"
    telling = Telling(text, kind=CaseKind.COMPLAINT, client_id=client_id)
    # Nobody is to fear for having said so: neither the request nor the ledger knows who it was.
    return hear(telling, near=parent(post.path), by=RESIDENT, at=at).case
