"""Who has a case open, and what they have typed: nothing of it is an event, since nothing of it was done."""

from datetime import datetime, timedelta
from typing import cast

from lianying.cases.models import Case, Reading
from lianying.orgs.scope import Actor

#: A draft that nobody came back to for so long is not wanted.
KEPT = timedelta(days=30)


def note_open(case: Case, *, by: Actor, at: datetime) -> None:
    """Somebody looks at the case now."""
    Reading.objects.update_or_create(case=case, user_id=cast("int", by.user_id), defaults={"seen_at": at})


def keep_typed(case: Case, *, form: str, typed: dict[str, str], by: Actor, at: datetime) -> Reading:
    """What stands in the form now; the draft of another form gives way."""
    kept = {"seen_at": at, "form": form, "typed": typed, "typed_at": at}
    row, _ = Reading.objects.update_or_create(case=case, user_id=cast("int", by.user_id), defaults=kept)
    return row


def forget_typed(case: Case, *, by: Actor) -> None:
    """It was sent, or is not wanted."""
    Reading.objects.filter(case=case, user_id=cast("int", by.user_id)).update(form="", typed={}, typed_at=None)


def sweep_readings(*, at: datetime) -> int:
    gone, _ = Reading.objects.filter(seen_at__lt=at - KEPT).delete()
    return gone
