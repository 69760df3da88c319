from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from lianying.cases.models import Case, PublicVersion
from lianying.common.paging import Page, page_of
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit
from lianying.orgs.queries import units

SIZE = 20
ORDER = ("-released_at", "-id")


def released() -> QuerySet[PublicVersion]:
    return PublicVersion.objects.filter(withdrawn_at__isnull=True).select_related("unit")


def towns() -> QuerySet[Unit]:
    return units().filter(kind=UnitKind.TOWN)


def board_page(
    *, words: str = "", category: str = "", town: Unit | None = None, after: str = ""
) -> Page[PublicVersion]:
    """Newest first. `category` is a code of either level; every one of the words must stand somewhere.

    town    what it or a unit below it answered: a public version holds no place of its own
    """
    rows = released()
    if town is not None:
        rows = rows.filter(unit__path__startswith=town.path)
    if category:
        rows = rows.filter(category__startswith=category)
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word))
    return page_of(rows, ORDER, after, SIZE)


def shown_version(case: Case) -> PublicVersion | None:
    """What of the case stands on the board now; without a query where `public_version` was selected."""
    version: PublicVersion | None = getattr(case, "public_version", None)
    return version if version is not None and version.withdrawn_at is None else None


def public_version_for(uuid: UUID) -> PublicVersion:
    """Raises Http404 also for one that was withdrawn."""
    public = released().filter(uuid=uuid).first()
    if public is None:
        raise Http404
    return public
