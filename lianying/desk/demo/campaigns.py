"""Campaigns of visits of the demonstration county: one that is over, reported and followed, and one under way."""

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from lianying.campaigns import actions
from lianying.campaigns.models import Campaign
from lianying.common.clock import local_day, standing_at
from lianying.desk.demo.people import Cast
from lianying.rules.campaigns import Section
from lianying.rules.powers import Role


def make_campaigns(cast: Cast, *, until: datetime) -> None:
    plan = tomllib.loads(files("lianying.reference.demo").joinpath("campaigns.toml").read_text("utf-8"))
    for row in plan["campaign"]:
        campaign = _held(cast, row, until)
        if "ahead" in row:
            _reported(cast, campaign, row, until)


def _held(cast: Cast, row: dict[str, Any], until: datetime) -> Campaign:
    at = until + timedelta(days=row["from"])
    units, places = ([cast.units[code] for code in row[name]] for name in ("units", "places"))
    span = (local_day(at), local_day(until + timedelta(days=row["to"])))
    card = actions.CampaignCard(row["name"], *span, units, places)
    with standing_at(at):
        return actions.hold_campaign(cast.units["county"], card, by=cast.at(Role.SUPERVISOR, "oversight")[0], at=at)


def _reported(cast: Cast, campaign: Campaign, row: dict[str, Any], until: datetime) -> None:
    supervisor, at = cast.at(Role.SUPERVISOR, "oversight")[0], until + timedelta(days=row["to"] + 2)
    written = {Section.OPENING: "", Section.FOUND: "", Section.AHEAD: row["ahead"]}
    with standing_at(at):
        actions.write_report(campaign, written, version=campaign.version, by=supervisor, at=at)
        for one in row["proposals"]:
            due_on = local_day(until) + timedelta(days=one["until"])
            card = actions.ProposalCard(one["words"], cast.units[one["unit"]], due_on)
            made = actions.propose(campaign, card, by=supervisor, at=at)
            if "done" in one:
                done_on = local_day(until) + timedelta(days=one["done"])
                doer = (cast.at(Role.HANDLER, one["unit"]) or cast.at(Role.HEAD, one["unit"]))[0]
                later = until + timedelta(days=one["done"])
                actions.finish_proposal(made, done_on=done_on, told=one["told"], by=doer, at=later)
