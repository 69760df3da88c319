"""Endpoints of other systems, and what was referred to them."""

from uuid import UUID

from django.http import Http404

from lianying.cases.models import Case
from lianying.cases.queries.scope import case_for
from lianying.common.paging import Page, page_of
from lianying.exchange.models import Client, Endpoint, Referral
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power


def endpoints() -> list[Endpoint]:
    """Those that requests may be referred to, by name."""
    return list(Endpoint.objects.filter(ended_at__isnull=True).order_by("name", "pk"))


def endpoints_page(after: str) -> Page[Endpoint]:
    return page_of(Endpoint.objects.select_related("client"), ("-made_at", "-id"), after, 20)


def endpoint_for(uuid: UUID) -> Endpoint:
    row = Endpoint.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def clients() -> list[Client]:
    """Whose keys are in force."""
    return list(Client.objects.filter(ended_at__isnull=True).order_by("name", "pk"))


def referrals_of(case: Case) -> list[Referral]:
    """The newest first."""
    return list(case.referrals.select_related("endpoint").order_by("-pk"))


def referral_for(actor: Actor, uuid: UUID) -> Referral:
    """Raises Http404 for one of a case outside the scope too."""
    row = Referral.objects.filter(uuid=uuid).select_related("case", "endpoint").first()
    if row is None:
        raise Http404
    case = case_for(actor, row.case.ref)
    actor.require(Power.REFER, case.path)
    return row
