"""Campaigns of visits, their reports and what the reports propose: the only code that writes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianying.audit.log import record
from lianying.campaigns.models import GOES_TO, Campaign, Proposal
from lianying.common.clock import local_day
from lianying.common.masking import plain
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.campaigns import Section, campaign_hindrance
from lianying.rules.events import EventKind
from lianying.rules.powers import Power
from lianying.rules.programmes import day_hindrance
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as it is planned; both days are included."""

    name: str
    from_on: date
    to_on: date
    units: Sequence[Unit]
    places: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class ProposalCard:
    words: str
    unit: Unit
    due_on: date


@transaction.atomic
def hold_campaign(unit: Unit, card: CampaignCard, *, by: Actor, at: datetime) -> Campaign:
    """Raises Refused not_yours, no_words, numbers_in_words, campaign_span, campaign_nobody, campaign_place."""
    by.require(Power.CAMPAIGN, unit.path)
    _require_fit(card, (), by)
    row = Campaign.objects.create(
        name=plain(card.name), from_on=card.from_on, to_on=card.to_on, unit=unit, by_id=by.staff_id, at=at
    )
    _choose(row, card)
    _record(row, EventKind.CAMPAIGN_HELD, by=by, at=at, unit=unit.path, **_facts(card))
    return row


@transaction.atomic
def change_campaign(campaign: Campaign, card: CampaignCard, *, version: int, by: Actor, at: datetime) -> Campaign:
    """Which visits belong to it follows; none is changed. What was chosen already stays, whoever could choose it.

    Raises as `hold_campaign`, and Refused campaign_stale, campaign_ended
    """
    row = _going(campaign, version, by)
    there = {*row.units.values_list("pk", flat=True), *row.places.values_list("pk", flat=True)}
    _require_fit(card, there, by)
    row.name, row.from_on, row.to_on = plain(card.name), card.from_on, card.to_on
    _keep(row, "name", "from_on", "to_on")
    _choose(row, card)
    _record(row, EventKind.CAMPAIGN_CHANGED, by=by, at=at, **_facts(card))
    return row


def _facts(card: CampaignCard) -> dict[str, Any]:
    return {"from_on": card.from_on, "to_on": card.to_on, "units": len(card.units), "places": len(card.places)}


def _choose(row: Campaign, card: CampaignCard) -> None:
    row.units.set(card.units)
    row.places.set(card.places)


def _require_fit(card: CampaignCard, there: Collection[int], by: Actor) -> None:
    for unit in (*card.units, *card.places):
        if unit.pk not in there:
            by.require(Power.CAMPAIGN, unit.path)
    if any(place.kind not in GOES_TO for place in card.places):
        raise Refused("campaign_place")
    _require(campaign_hindrance(card.from_on, card.to_on, len(card.units), len(card.places)))


@transaction.atomic
def end_campaign(campaign: Campaign, *, version: int, why: str, by: Actor, at: datetime) -> Campaign:
    """Today is its last day; its report and proposals go on.

    Raises Refused not_yours, no_words, numbers_in_words, campaign_stale, campaign_ended
    """
    row = _going(campaign, version, by)
    row.ended_on, row.ended_why = local_day(at), plain(why)
    _keep(row, "ended_on", "ended_why")
    _record(row, EventKind.CAMPAIGN_ENDED, by=by, at=at)
    return row


@transaction.atomic
def write_report(
    campaign: Campaign, words: Mapping[Section, str], *, version: int, by: Actor, at: datetime
) -> Campaign:
    """Of a section without words the draft is read, made anew from what was found.

    Raises Refused not_yours, numbers_in_words, campaign_stale
    """
    row = _locked(campaign, by)
    if row.version != version:
        raise Refused("campaign_stale")
    for section in Section:
        text = words[section].strip()
        setattr(row, section.value, plain(text) if text else "")
    _keep(row, *(section.value for section in Section))
    _record(row, EventKind.CAMPAIGN_REPORT_WRITTEN, by=by, at=at)
    return row


@transaction.atomic
def propose(campaign: Campaign, card: ProposalCard, *, by: Actor, at: datetime) -> Proposal:
    """Raises Refused not_yours, no_words, numbers_in_words, proposal_unit."""
    row = _locked(campaign, by)
    _require_owner(row, card.unit, by)
    proposal = Proposal.objects.create(campaign=row, words=plain(card.words), unit=card.unit, due_on=card.due_on)
    _record_proposal(proposal, EventKind.PROPOSAL_MADE, by=by, at=at, unit=card.unit.path, due_on=card.due_on)
    return proposal


@transaction.atomic
def change_proposal(proposal: Proposal, card: ProposalCard, *, by: Actor, at: datetime) -> Proposal:
    """Raises as `propose`, and proposal_ended for one that is done or was dropped."""
    row = _standing(proposal, is_done=False)
    by.require(Power.CAMPAIGN, row.campaign.unit.path)
    if card.unit != row.unit:
        _require_owner(row.campaign, card.unit, by)
    row.words, row.unit, row.due_on = plain(card.words), card.unit, card.due_on
    row.save(update_fields=["words", "unit", "due_on"])
    _record_proposal(row, EventKind.PROPOSAL_CHANGED, by=by, at=at, unit=card.unit.path, due_on=card.due_on)
    return row


@transaction.atomic
def drop_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """Raises Refused not_yours, proposal_ended."""
    row = _standing(proposal, is_done=False)
    by.require(Power.CAMPAIGN, row.campaign.unit.path)
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    _record_proposal(row, EventKind.PROPOSAL_DROPPED, by=by, at=at)
    return row


@transaction.atomic
def finish_proposal(proposal: Proposal, *, done_on: date, told: str, by: Actor, at: datetime) -> Proposal:
    """Raises Refused not_yours, proposal_ended, task_day, no_words, numbers_in_words."""
    row = _standing(proposal, is_done=False)
    by.require(Power.RESULTS, row.unit.path)
    _require(day_hindrance(done_on, local_day(at)))
    row.done_on, row.told = done_on, plain(told)
    row.save(update_fields=["done_on", "told"])
    _record_proposal(row, EventKind.PROPOSAL_DONE, by=by, at=at, done_on=done_on)
    return row


@transaction.atomic
def reopen_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """It was not done after all: so says who did it, or who holds the campaign.

    Raises Refused not_yours, proposal_ended
    """
    row = _standing(proposal, is_done=True)
    if not by.may(Power.CAMPAIGN, row.campaign.unit.path):
        by.require(Power.RESULTS, row.unit.path)
    row.done_on, row.told = None, ""
    row.save(update_fields=["done_on", "told"])
    _record_proposal(row, EventKind.PROPOSAL_REOPENED, by=by, at=at)
    return row


def _record(row: Campaign, kind: EventKind, *, by: Actor, at: datetime, **facts: Any) -> None:
    record(f"campaign:{row.uuid}", kind, by=by, at=at, **facts)


def _record_proposal(row: Proposal, kind: EventKind, *, by: Actor, at: datetime, **facts: Any) -> None:
    _record(row.campaign, kind, by=by, at=at, proposal=str(row.uuid), **facts)


def _require(code: str | None) -> None:
    if code is not None:
        raise Refused(code)


def _require_owner(campaign: Campaign, unit: Unit, by: Actor) -> None:
    """A unit that takes part or one below it, the holder, or whatever the actor covers."""
    paths = (campaign.unit.path, *campaign.units.values_list("path", flat=True))
    if not by.may(Power.CAMPAIGN, unit.path) and not unit.path.startswith(paths):
        raise Refused("proposal_unit")


def _locked(campaign: Campaign, by: Actor) -> Campaign:
    row = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    by.require(Power.CAMPAIGN, row.unit.path)
    return row


def _going(campaign: Campaign, version: int, by: Actor) -> Campaign:
    row = _locked(campaign, by)
    if row.version != version:
        raise Refused("campaign_stale")
    if row.ended_on is not None:
        raise Refused("campaign_ended")
    return row


def _keep(row: Campaign, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _standing(proposal: Proposal, *, is_done: bool) -> Proposal:
    """Under lock. Raises Refused("proposal_ended") for one that was dropped, or is not as the step needs it."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("unit", "campaign__unit")
    row = rows.get(pk=proposal.pk)
    if row.dropped_at is not None or (row.done_on is not None) is not is_done:
        raise Refused("proposal_ended")
    return row
