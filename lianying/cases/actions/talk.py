"""Words between the resident and the staff: notes, replies, objections."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lianying.cases import clocks
from lianying.cases.actions.base import back_to_desk, begin, end_pause, finish
from lianying.cases.models import Case, Holding, Timer
from lianying.files.documents import Attached
from lianying.notices import actions as notices
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind, HoldingRole
from lianying.rules.lifecycle import Move, State
from lianying.rules.notices import NoticeKind
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused


@transaction.atomic
def note(
    case: Case, *, text: str, photos: Sequence[Attached] = (), inner: bool = False, by: Actor, at: datetime
) -> Case:
    """Add words or photos to an open case, whatever its version: nothing is overwritten.

    inner   for staff only, the words and the photos
    Raises  Refused("not_yours") also for a unit that assists and would speak to the resident
    """
    doing = begin(case, Move.NOTE, version=None, by=by, at=at)
    if not inner:
        by.require(Power.SPEAK, doing.case.path)
    if not text.strip() and not photos:
        raise Refused("no_words")
    doing.say(EntryKind.INNER if inner else EntryKind.NOTE, text)
    if by.is_staff:
        # A unit that assists has answered to the lead.
        helping = Holding.objects.filter(case=doing.case, role=HoldingRole.ASSIST, to_at__isnull=True)
        helping = helping.filter(unit_id__in=[post.unit_id for post in by.posts], answered_at__isnull=True)
        helping.update(answered_at=at)
    doing.photos, doing.photos_inner = photos, inner
    if by.self_role == Role.RESIDENT and doing.before == State.ANSWERED:
        # Whoever speaks is not silent: the wait for a word begins anew.
        silent_at = clocks.silent_at(doing.case, at)
        Timer.objects.filter(case=doing.case, move=Move.CLOSE_SILENT.value).update(at=silent_at)
    return finish(doing)


@transaction.atomic
def reply(
    case: Case, *, version: int | None, text: str, photos: Sequence[Attached] = (), by: Actor, at: datetime
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
    notices.drop(doing.case.ref, kind=NoticeKind.DECLINED, at=at)
    back_to_desk(doing)
    return finish(doing)
