"""The visits of a link as they were written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise

from lianying.orgs.scope import Actor
from lianying.rules.checklists import Looked, Part
from lianying.visits.labels import LOOKED
from lianying.visits.models import Link, Problem, Visit, VisitPhoto
from lianying.visits.queries.checklists import questions_of

ORDER = ("-on", "-id")


@dataclass(frozen=True, slots=True)
class Told:
    """What the checklist of a visit says: question and answer, and what was left behind."""

    answers: Sequence[tuple[str, str | Promise]]
    left: Sequence[str]


def visits_of(link: Link) -> QuerySet[Visit]:
    """Also those of whoever had the link before, and those that were corrected."""
    same = Link.objects.filter(kind=link.kind, place=link.place_id, household=link.household_id)
    rows = Visit.objects.filter(link__in=same.filter(Q(pk=link.pk) | Q(to_on__lt=link.from_on)))
    return rows.select_related("user", "recorded_by", "link", "replaced_by").prefetch_related(
        "companions",
        Prefetch("photos", VisitPhoto.objects.order_by("pk")),
        Prefetch("problems", Problem.objects.select_related("case__unit").order_by("pk")),
    )


def told(visits: Sequence[Visit]) -> dict[int, Told]:
    """By visit, for those that answered something."""
    versions = {visit.checklist: questions_of(visit.checklist) or () for visit in visits if visit.answers}
    return {
        visit.pk: Told(
            [
                (one.text, LOOKED[Looked(visit.answers[one.key])] if one.part is Part.LOOK else visit.answers[one.key])
                for one in versions[visit.checklist]
                if one.part is not Part.LEAVE and one.key in visit.answers
            ],
            [one.text for one in versions[visit.checklist] if one.part is Part.LEAVE and one.key in visit.answers],
        )
        for visit in visits
        if visit.answers
    }


def is_awaited(sha256: str, actor: Actor) -> bool:
    """Whether a visit that the actor wrote down announced this photo."""
    return VisitPhoto.objects.filter(sha256=sha256, visit__recorded_by=actor.user_id).exists()


def missing_photos(visit: Visit) -> list[str]:
    """The hashes of those that have not arrived."""
    return list(visit.photos.filter(blob=None).order_by("pk").values_list("sha256", flat=True))
