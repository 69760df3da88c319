"""Who else looks at a case."""

from datetime import datetime, timedelta
from typing import cast

from lianying.cases.models import Case, Reading
from lianying.orgs.scope import Actor

#: A page says every 20 seconds that it is open.
OPEN = timedelta(seconds=60)


def others_at(case: Case, actor: Actor, at: datetime) -> list[str]:
    """Names of the colleagues who have the case open."""
    rows = Reading.objects.filter(case=case, seen_at__gt=at - OPEN).exclude(user_id=cast("int", actor.user_id))
    return list(rows.order_by("user__name").values_list("user__name", flat=True))
