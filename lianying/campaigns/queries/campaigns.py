"""Which campaigns and proposals exist for whom, and whom one may choose for them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from lianying.campaigns.models import GOES_TO, WAITS, Campaign, Proposal
from lianying.common.paging import Page, page_of
from lianying.orgs.kinds import HOMES, RECEIVES_NONE
from lianying.orgs.models import Unit
from lianying.orgs.paths import WIDTH
from lianying.orgs.queries import units
from lianying.orgs.scope import Actor
from lianying.rules.powers import POWERS, Power
from lianying.rules.programmes import SOON

SIZE = 20
#: No list to choose from is longer.
MOST = 1000


def _inside(actor: Actor, power: Power, column: str) -> Q:
    inside = Q(pk__in=[])
    for scope in actor.scopes(power):
        inside |= Q(**{f"{column}__startswith": scope})
    return inside


def holds(actor: Actor, campaign: Campaign) -> bool:
    return actor.may(Power.CAMPAIGN, campaign.unit.path)


def readable(actor: Actor) -> QuerySet[Campaign]:
    """Those that the actor holds, takes part in, or has a proposal of to see to."""
    taking = Campaign.units.through.objects.filter(_taking_part(actor)).values("campaign_id")
    owing = Proposal.objects.filter(_inside(actor, Power.RESULTS, "unit__path"), dropped_at__isnull=True)
    mine = _inside(actor, Power.CAMPAIGN, "unit__path") | Q(pk__in=taking) | Q(pk__in=owing.values("campaign_id"))
    return Campaign.objects.filter(mine)


def _taking_part(actor: Actor) -> Q:
    """Units below a post of the actor, and those above it, whose people all go."""
    found = Q(pk__in=[])
    for scope in actor.scopes(Power.VISIT):
        above = [scope[:end] for end in range(1 + WIDTH, len(scope), WIDTH)]
        found |= Q(unit__path__startswith=scope) | Q(unit__path__in=above)
    return found


def campaign_for(actor: Actor, uuid: UUID) -> Campaign:
    """With its units and places. Raises Http404 where it does not exist for the actor."""
    ordered = Unit.objects.order_by("path")
    rows = readable(actor).filter(uuid=uuid).select_related("unit")
    row = rows.prefetch_related(Prefetch("units", ordered), Prefetch("places", ordered)).first()
    if row is None:
        raise Http404
    return row


def held_campaign(actor: Actor, uuid: UUID) -> Campaign:
    """Raises Http404 also for somebody who only takes part."""
    row = campaign_for(actor, uuid)
    if not holds(actor, row):
        raise Http404
    return row


def campaigns_page(actor: Actor, after: str) -> Page[Campaign]:
    """The newest first; three queries."""
    rows = readable(actor).select_related("unit").prefetch_related("units", "places")
    return page_of(rows, ("-from_on", "-id"), after, SIZE)


def holders(actor: Actor) -> list[Unit]:
    """Units for which the actor may hold one."""
    rows = units().exclude(kind__in=sorted(HOMES | RECEIVES_NONE))
    return list(rows.filter(_inside(actor, Power.CAMPAIGN, "path"))[:MOST])


def goers(actor: Actor, campaign: Campaign | None = None) -> list[Unit]:
    """Units that may take part, with those that do: an office, or a town with all that is below it."""
    there = Q(pk__in=campaign.units.all()) if campaign else Q(pk__in=[])
    rows = units().exclude(kind__in=sorted(HOMES | RECEIVES_NONE))
    return list(rows.filter(_inside(actor, Power.CAMPAIGN, "path") | there).select_related("parent")[:MOST])


def goals(actor: Actor, campaign: Campaign | None = None) -> list[Unit]:
    """Villages and communities to which it may go, with those to which it does."""
    there = Q(pk__in=campaign.places.all()) if campaign else Q(pk__in=[])
    rows = units().filter(_inside(actor, Power.CAMPAIGN, "path") | there, kind__in=sorted(GOES_TO))
    return list(rows.select_related("parent")[:MOST])


def owners(actor: Actor, campaign: Campaign) -> list[Unit]:
    """Units that may see to a proposal of it."""
    below = _inside(actor, Power.CAMPAIGN, "path") | Q(path__startswith=campaign.unit.path)
    for unit in campaign.units.all():
        below |= Q(path__startswith=unit.path)
    return list(units().exclude(kind__in=sorted(RECEIVES_NONE)).filter(below)[:MOST])


def proposals_of(actor: Actor, campaign: Campaign) -> Sequence[Proposal]:
    """All of them for the holder, else those of the actor's units; at most so many that a person wrote them."""
    rows = campaign.proposals.filter(dropped_at__isnull=True).select_related("unit").order_by("due_on", "id")
    return list(rows if holds(actor, campaign) else rows.filter(_inside(actor, Power.RESULTS, "unit__path")))


def proposal_for(actor: Actor, uuid: UUID) -> Proposal:
    """Raises Http404 where somebody neither holds the campaign nor sees to it."""
    row = Proposal.objects.select_related("unit", "campaign__unit").filter(uuid=uuid).first()
    if row is None or not (holds(actor, row.campaign) or actor.may(Power.RESULTS, row.unit.path)):
        raise Http404
    return row


def _own(actor: Actor) -> Q:
    return Q(unit__in={post.unit_id for post in actor.posts if Power.RESULTS in POWERS[post.role]})


def own_proposals(actor: Actor) -> QuerySet[Proposal]:
    """What the actor's own units have to see to."""
    return Proposal.objects.filter(WAITS, _own(actor))


def proposals_due(actor: Actor, today: date) -> QuerySet[Proposal]:
    """Of these, what is due soon and not late."""
    return own_proposals(actor).filter(due_on__gte=today, due_on__lte=today + SOON)


def proposals_late(actor: Actor, today: date) -> QuerySet[Proposal]:
    """Their own, and those of the campaigns that the actor holds."""
    held = _inside(actor, Power.CAMPAIGN, "campaign__unit__path")
    return Proposal.objects.filter(WAITS, _own(actor) | held, due_on__lt=today)


def proposals_page(actor: Actor, today: date, *, late: bool, after: str) -> Page[Proposal]:
    """What is due first; one query."""
    rows = proposals_late(actor, today) if late else own_proposals(actor)
    return page_of(rows.select_related("unit", "campaign__unit"), ("due_on", "id"), after, SIZE)
