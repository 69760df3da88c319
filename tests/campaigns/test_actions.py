"""Who holds a campaign, changes it, ends it, and follows what it proposes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.campaigns.actions import (
    CampaignCard,
    ProposalCard,
    change_campaign,
    change_proposal,
    drop_proposal,
    end_campaign,
    finish_proposal,
    hold_campaign,
    propose,
    reopen_proposal,
    write_report,
)
from lianying.campaigns.models import Campaign, Proposal
from lianying.rules.campaigns import Section
from lianying.rules.refusals import Refused
from tests import make
from tests.campaigns.conftest import TODAY
from tests.cast import NOON, PHONE, STEP, County

WEEK = timedelta(days=7)


def card(county: County) -> CampaignCard:
    return CampaignCard("冬季大走访", TODAY, TODAY + WEEK, [county.management], [county.village])


def refusal(action: Callable[..., object], *arguments: object, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        action(*arguments, **given)
    return refused.value.code


def kinds(campaign: Campaign) -> list[str]:
    rows = Event.objects.filter(stream=f"campaign:{campaign.uuid}").order_by("seq")
    return [kind.removeprefix("campaign.") for kind in rows.values_list("kind", flat=True)]


def test_a_campaign_is_held_changed_and_ended(county: County) -> None:
    by = county.supervisor
    row = hold_campaign(county.root, card(county), by=by, at=NOON)

    more = replace(card(county), name=" 冬季大走访大调研 ", units=[county.management, county.town])
    changed = change_campaign(row, more, version=1, by=by, at=NOON)
    ended = end_campaign(changed, version=2, why="提前走完", by=by, at=NOON + STEP)

    assert (ended.name, ended.version, ended.ended_on, ended.ended_why) == (
        "冬季大走访大调研",
        3,
        TODAY,
        "提前走完",
    )
    assert list(row.units.order_by("path")) == sorted(more.units, key=lambda unit: unit.path)
    assert kinds(row) == ["held", "changed", "ended"]
    assert list(chain_faults()) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "no_words"),
        ({"name": f"找 {PHONE}"}, "numbers_in_words"),
        ({"to_on": TODAY - WEEK}, "campaign_span"),
        ({"to_on": TODAY + timedelta(days=400)}, "campaign_span"),
        ({"units": []}, "campaign_nobody"),
        ({"places": []}, "campaign_nobody"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_plan_that_does_not_fit_is_refused(county: County, changed: dict[str, object], code: str) -> None:
    plan = replace(card(county), **changed)  # type: ignore[arg-type]

    assert refusal(hold_campaign, county.root, plan, by=county.supervisor, at=NOON) == code
    assert (Campaign.objects.count(), Event.objects.filter(kind__startswith="campaign").count()) == (0, 0)


def test_one_goes_to_villages_and_chooses_what_one_covers(county: County) -> None:
    office = replace(card(county), places=[county.housing])

    assert refusal(hold_campaign, county.root, office, by=county.supervisor, at=NOON) == "campaign_place"
    assert refusal(hold_campaign, county.management, card(county), by=county.head, at=NOON) == "not_yours"
    assert refusal(hold_campaign, county.root, card(county), by=county.head, at=NOON) == "not_yours"
    assert refusal(hold_campaign, county.root, card(county), by=county.handler, at=NOON) == "not_yours"


def test_of_two_who_change_it_the_second_reads_again(county: County) -> None:
    row, by = make.campaign(county), county.supervisor
    change_campaign(row, card(county), version=1, by=by, at=NOON)

    assert refusal(change_campaign, row, card(county), version=1, by=by, at=NOON) == "campaign_stale"
    assert refusal(end_campaign, row, version=1, why="走完", by=by, at=NOON) == "campaign_stale"
    assert refusal(write_report, row, dict.fromkeys(Section, ""), version=1, by=by, at=NOON) == "campaign_stale"


def test_an_ended_campaign_is_not_changed_and_its_report_goes_on(county: County) -> None:
    row, by = make.campaign(county), county.supervisor
    end_campaign(row, version=1, why="走完", by=by, at=NOON)

    assert refusal(change_campaign, row, card(county), version=2, by=by, at=NOON) == "campaign_ended"
    assert refusal(end_campaign, row, version=2, why="走完", by=by, at=NOON) == "campaign_ended"
    written = write_report(
        row, {Section.OPENING: " 走得很好。 ", Section.FOUND: "", Section.AHEAD: " "}, version=2, by=by, at=NOON
    )
    assert (written.opening, written.found, written.ahead, written.version) == ("走得很好。", "", "", 3)
    words = dict.fromkeys(Section, f"找 {PHONE}")
    assert refusal(write_report, row, words, version=3, by=by, at=NOON) == "numbers_in_words"


def test_a_proposal_is_made_changed_done_and_taken_up_again(county: County) -> None:
    row, by = make.proposal(county), county.supervisor
    there = ProposalCard("村口装三盏路灯", county.section, TODAY + WEEK)

    change_proposal(row, there, by=by, at=NOON)
    change_proposal(row, replace(there, words="村口装路灯"), by=by, at=NOON)
    done = finish_proposal(row, done_on=TODAY, told="装好了", by=county.head, at=NOON)
    again = reopen_proposal(row, by=by, at=NOON)
    finish_proposal(row, done_on=TODAY, told="装好了", by=county.head, at=NOON)
    reopen_proposal(row, by=county.head, at=NOON)
    dropped = drop_proposal(row, by=by, at=NOON)

    assert (done.words, done.unit, done.told) == ("村口装路灯", county.section, "装好了")
    assert (again.done_on, again.told, dropped.dropped_at) == (None, "", NOON)
    assert kinds(row.campaign)[1:] == [
        "proposal_made",
        "proposal_changed",
        "proposal_changed",
        "proposal_done",
        "proposal_reopened",
        "proposal_done",
        "proposal_reopened",
        "proposal_dropped",
    ]
    assert list(chain_faults()) == []


def test_a_proposal_goes_to_who_takes_part_or_to_what_one_covers(county: County) -> None:
    campaign = make.campaign(county)
    Campaign.objects.filter(pk=campaign.pk).update(unit=county.management)
    campaign.refresh_from_db()
    there = ProposalCard("修渠", county.section, TODAY)

    assert propose(campaign, there, by=county.head, at=NOON).unit == county.section
    assert refusal(propose, campaign, replace(there, unit=county.housing), by=county.head, at=NOON) == "proposal_unit"
    row = Proposal.objects.get()
    moved = replace(there, unit=county.housing)
    assert refusal(change_proposal, row, moved, by=county.head, at=NOON) == "proposal_unit"
    assert propose(campaign, moved, by=county.supervisor, at=NOON).unit == county.housing


def test_steps_of_a_proposal_have_their_people_and_their_order(county: County) -> None:
    row, by, head = make.proposal(county), county.supervisor, county.head
    there = ProposalCard("修渠", county.management, TODAY)
    finish = {"told": "装好了", "at": NOON}

    assert refusal(finish_proposal, row, done_on=TODAY, by=county.neighbour, **finish) == "not_yours"
    assert refusal(finish_proposal, row, done_on=TODAY + WEEK, by=head, **finish) == "task_day"
    assert refusal(finish_proposal, row, done_on=TODAY, told=PHONE, by=head, at=NOON) == "numbers_in_words"
    assert refusal(reopen_proposal, row, by=by, at=NOON) == "proposal_ended"
    assert refusal(change_proposal, row, there, by=head, at=NOON) == "not_yours"
    assert refusal(drop_proposal, row, by=head, at=NOON) == "not_yours"

    finish_proposal(row, done_on=TODAY, by=head, told="装好了", at=NOON)
    assert refusal(reopen_proposal, row, by=county.neighbour, at=NOON) == "not_yours"
    assert refusal(change_proposal, row, there, by=by, at=NOON) == "proposal_ended"
    assert refusal(drop_proposal, row, by=by, at=NOON) == "proposal_ended"
    assert refusal(finish_proposal, row, done_on=TODAY, by=head, **finish) == "proposal_ended"


def test_a_dropped_proposal_is_gone(county: County) -> None:
    row = make.proposal(county)
    drop_proposal(row, by=county.supervisor, at=NOON)

    assert refusal(finish_proposal, row, done_on=TODAY, told="x", by=county.head, at=NOON) == "proposal_ended"
    assert refusal(reopen_proposal, row, by=county.supervisor, at=NOON) == "proposal_ended"
