"""Visits as they are written down, corrected, and sent again by a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from lianying.audit.log import record
from lianying.cases.actions.hear import Telling, hear
from lianying.common.clock import local_day
from lianying.files.actions import keep
from lianying.files.images import Photo
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.checklists import filled, fitting
from lianying.rules.events import EventKind
from lianying.rules.kinds import Channel
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits.actions.counting import recount
from lianying.visits.models import Link, Problem, Visit, VisitPhoto
from lianying.visits.queries.checklists import questions_of
from lianying.visits.queries.due import people_of


@dataclass(frozen=True, slots=True)
class Raised:
    """A problem that somebody raised; of a request these are the words."""

    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit as it is written down. uuid: made where it is written, so that sending twice is harmless.

    visitor     who went, where a colleague writes it down from paper; None: the writer
    checklist   the version that the answers belong to
    photos      the SHA-256 of each as it will be sent, after the visit
    """

    uuid: UUID
    on: date
    note: str = ""
    problems: Sequence[Raised] = ()
    visitor: User | None = None
    companions: Sequence[User] = ()
    checklist: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    kind: VisitKind = VisitKind.ORDINARY
    photos: Sequence[str] = ()


def record_visit(card: VisitCard, *, link: Link, by: Actor, at: datetime) -> Visit:
    """Keep a visit, with a request for each problem that needs one; the same uuid again is the same visit.

    link    the one that the writer knew: where another one of the same two was in force on the day, it goes there
    Raises  Refused not_yours for somebody who never had the link; checklist_answer, checklist_old: the answers do not
            fit the questions; whatever else is wrong is kept and not counted
    """
    visit, _ = keep_visit(card, link=link, by=by, at=at)
    return visit


def keep_visit(card: VisitCard, *, link: Link, by: Actor, at: datetime) -> tuple[Visit, bool]:
    """As `record_visit`; also whether it is new."""
    _require_own(link, card, by)
    earlier = _earlier(card, by)
    if earlier is not None:
        return earlier, False
    try:
        return _keep(card, link, by=by, at=at), True
    except IntegrityError:
        # Two copies arrived together: the other one won.
        earlier = _earlier(card, by)
        if earlier is None:
            raise
        return earlier, False


def _earlier(card: VisitCard, by: Actor) -> Visit | None:
    row = Visit.objects.filter(uuid=card.uuid).first()
    if row is not None and row.recorded_by_id != by.user_id:
        raise Refused("not_yours")
    return row


def _require_own(link: Link, card: VisitCard, by: Actor) -> None:
    """Own visits, or those of a colleague by whoever keeps the households of the unit."""
    went = card.visitor.pk if card.visitor else by.staff_id
    if went != by.user_id:
        by.require(Power.KEEP_HOUSEHOLDS, link.unit.path)
    if link.user_id is None:
        by.require(Power.VISIT, link.unit.path)
        if went != by.user_id and not people_of(link.unit_id, card.on).filter(pk=went).exists():
            raise Refused("not_yours")
    elif link.user_id != went:
        raise Refused("not_yours")


def _answers(card: VisitCard, at: datetime) -> dict[str, str]:
    questions = questions_of(card.checklist, at)
    if questions is None:
        raise Refused("checklist_old")
    return fitting(questions, card.answers)


@transaction.atomic
def _keep(card: VisitCard, link: Link, *, by: Actor, at: datetime) -> Visit:
    link = _in_force(link, card.on)
    visit = Visit.objects.create(
        uuid=card.uuid,
        link=link,
        user_id=card.visitor.pk if card.visitor else by.staff_id,
        on=card.on,
        kind=card.kind.value,
        note=card.note.strip(),
        checklist=card.checklist,
        answers=_answers(card, at),
        recorded_at=at,
        recorded_by_id=by.staff_id,
    )
    visit.companions.set(card.companions)
    VisitPhoto.objects.bulk_create(VisitPhoto(visit=visit, sha256=sha256) for sha256 in card.photos)
    for raised in card.problems:
        _raise(visit, raised, by=by, at=at)
    record(f"link:{link.uuid}", EventKind.VISITED, by=by, at=at, visit=str(visit.uuid), on=visit.on)
    recount(link, at=at)
    visit.refresh_from_db(fields=["uncounted"])
    return visit


def _in_force(link: Link, day: date) -> Link:
    """The link of the same two that was in force on the day, else the one that was named."""
    same = Link.objects.filter(unit=link.unit_id, user=link.user, place=link.place_id, household=link.household)
    there = same.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day).order_by("pk").first()
    return there or link


def _raise(visit: Visit, raised: Raised, *, by: Actor, at: datetime) -> None:
    case = None
    if raised.outcome is Outcome.REQUEST:
        telling = Telling(raised.text, channel=Channel.VISIT)
        case = hear(telling, near=visit.link.place.path, follower=visit.link.unit, by=by, at=at).case
    Problem.objects.create(
        link=visit.link, visit=visit, text=raised.text.strip(), outcome=raised.outcome.value, case=case
    )


def says_the_same(visit: Visit, card: VisitCard, *, link: Link) -> bool:
    """Whether what is kept is what the card says; a link of the same two is the same link."""
    went = visit.user_id if card.visitor is None else card.visitor.pk
    kept = (visit.on, visit.kind, visit.note, visit.checklist, visit.answers, visit.user_id, _ends(visit.link))
    said = (card.on, card.kind.value, card.note.strip(), card.checklist, filled(card.answers), went, _ends(link))
    raised = [(one.text, one.outcome) for one in visit.problems.order_by("pk")]
    return (
        kept == said
        and raised == [(one.text.strip(), one.outcome.value) for one in card.problems]
        and {one.pk for one in visit.companions.all()} == {one.pk for one in card.companions}
        and {one.sha256 for one in visit.photos.all()} == set(card.photos)
    )


def _ends(link: Link) -> tuple[int, int | None, int, int | None]:
    return link.unit_id, link.user_id, link.place_id, link.household_id


@transaction.atomic
def keep_photo(sha256: str, photo: Photo, *, by: Actor, at: datetime) -> bool:
    """Give a photo to the visits of the sender that announced it; whether any still waited for it.

    sha256  of what was sent, which `photo` was drawn from
    Raises  Refused photo_not_announced where none of them did
    """
    rows = VisitPhoto.objects.select_for_update(of=("self",)).select_related("visit__link").order_by("pk")
    announced = list(rows.filter(sha256=sha256, visit__recorded_by=by.user_id))
    if not announced:
        raise Refused("photo_not_announced")
    waiting = [one for one in announced if one.blob_id is None]
    if not waiting:
        return False
    blob = keep(photo)
    for one in waiting:
        one.blob = blob
        one.save(update_fields=["blob"])
        link, visit = one.visit.link, one.visit
        record(f"link:{link.uuid}", EventKind.VISIT_PHOTO, by=by, at=at, visit=str(visit.uuid), photo=str(one.uuid))
    return True


@transaction.atomic
def correct_visit(visit: Visit, card: VisitCard, *, by: Actor, at: datetime) -> Visit:
    """Put another record in the place of one; both are kept, and the problems raised stay with the first.

    Raises  Refused not_yours; visit_replaced where somebody corrected it already; visit_recorded for a record that
            stands for a visit of its own
    """
    row = Visit.objects.select_for_update(of=("self",)).select_related("link__unit", "replaced_by").get(pk=visit.pk)
    _require_own(row.link, card, by)
    if row.replaced_by is not None:
        if row.replaced_by.uuid == card.uuid:
            return row.replaced_by
        raise Refused("visit_replaced")
    if Visit.objects.filter(uuid=card.uuid).exists():
        raise Refused("visit_recorded")
    corrected = record_visit(card, link=row.link, by=by, at=at)
    row.replaced_by, row.replaced_on = corrected, local_day(at)
    row.save(update_fields=["replaced_by", "replaced_on"])
    record(
        f"link:{row.link.uuid}", EventKind.VISIT_CORRECTED, by=by, at=at, visit=str(row.uuid), to=str(corrected.uuid)
    )
    recount(row.link, at=at)
    corrected.refresh_from_db(fields=["uncounted"])
    return corrected
