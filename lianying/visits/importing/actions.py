"""Writing links that a workbook names, and taking them back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lianying.households.importing.actions import touched_since
from lianying.orgs.importing.writing import Writing
from lianying.orgs.kinds import Made, Thing
from lianying.orgs.models import ImportChange
from lianying.rules.events import EventKind
from lianying.visits.actions import recount
from lianying.visits.importing.rows import ReadyLink
from lianying.visits.models import Link


def write_links(writing: Writing, ready: Sequence[ReadyLink]) -> None:
    """New ones, with what they owe."""
    links = Link.objects.bulk_create(
        Link(
            kind=one.kind.value,
            unit_id=one.unit.pk,
            user_id=one.user.pk if one.user else None,
            place_id=one.place.pk,
            household_id=one.home.pk if one.home else None,
            from_on=one.from_on,
        )
        for one in ready
        if one.made is Made.NEW
    )
    for link in links:
        facts = {"link_kind": link.kind, "from_on": link.from_on, "by_import": writing.job.pk}
        writing.note(f"link:{link.uuid}", EventKind.LINK_MADE_BETWEEN, is_new=True, **facts)
        writing.keep(Thing.LINK, link.pk)
    recount(*links, at=writing.at)


def links_back(writing: Writing, change: ImportChange) -> list[str]:
    """Those that somebody kept, ended or handed over since stay."""
    rows = Link.objects.select_for_update(of=("self",)).select_related("unit", "user", "place", "household")
    links = {link.pk: link for link in rows.filter(pk__in=change.made).order_by("pk")}
    touched = touched_since(writing, {pk: f"link:{link.uuid}" for pk, link in links.items()})
    visited = {pk for pk in touched if links[pk].visits.exists()}
    gone = [link for pk, link in links.items() if pk not in touched]
    for link in gone:
        writing.note(f"link:{link.uuid}", EventKind.LINK_TAKEN_BACK, by_import=writing.job.pk)
    Link.objects.filter(pk__in=[link.pk for link in gone]).delete()
    return [_words(links[pk], _("visited since") if pk in visited else _("changed since")) for pk in touched]


def _words(link: Link, why: str) -> str:
    who = link.user.name if link.user else link.unit.name
    if link.household is None:
        return _("%(who)s, %(place)s: %(why)s") % {"who": who, "place": link.place.name, "why": why}
    facts = {"who": who, "place": link.place.name, "number": link.household.number, "why": why}
    return _("%(who)s, %(place)s, household %(number)s: %(why)s") % facts
