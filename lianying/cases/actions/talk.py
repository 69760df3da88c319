"""Words between the resident and the staff: notes, replies, objections."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lianying.cases.actions.base import back_to_desk, begin, end_pause, finish
from lianying.cases.models import Case
from lianying.files.images import Photo
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from lianying.rules.lifecycle import Move
from lianying.rules.refusals import Refused


@transaction.atomic
def note(
    case: Case, *, text: str, photos: Sequence[Photo] = (), inner: bool = False, by: Actor, at: datetime
) -> Case:
    """Add words or photos to an open case, whatever its version: nothing is overwritten.

    inner   for staff only
    """
    doing = begin(case, Move.NOTE, version=None, by=by, at=at)
    if not text.strip() and not photos:
        raise Refused("no_words")
    doing.say(EntryKind.INNER if inner else EntryKind.NOTE, text)
    doing.photos = photos
    return finish(doing)


@transaction.atomic
def reply(
    case: Case, *, version: int | None, text: str, photos: Sequence[Photo] = (), by: Actor, at: datetime
) -> Case:
    """Answer the unit's question; the promise runs again."""
    doing = begin(case, Move.REPLY, version=version, by=by, at=at)
    if not text.strip():
        raise Refused("no_words")
    end_pause(doing)
    doing.say(EntryKind.REPLY, text)
    doing.photos = photos
    return finish(doing)


@transaction.atomic
def object_to(case: Case, *, version: int, text: str, by: Actor, at: datetime) -> Case:
    """The resident does not agree that it was not accepted; once, within the term of the profile."""
    doing = begin(case, Move.OBJECT, version=version, by=by, at=at)
    if not text.strip():
        raise Refused("no_words")
    doing.case.objected = True
    doing.say(EntryKind.OBJECTION, text)
    back_to_desk(doing)
    return finish(doing)
