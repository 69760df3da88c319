"""Households of the demonstration county, who looks after them, and the visits that were made."""

import random
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from lianying.common.clock import local_day, standing_at
from lianying.desk.demo.life import Life, Today, go_on, office_hours
from lianying.desk.demo.people import Cast
from lianying.households.actions import HouseholdCard, add_household, decide_hardship, propose_hardship
from lianying.households.models import Household
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reference.demo import Home, MadeVisit, homes, words
from lianying.reference.demo.compose import Story, compose
from lianying.rules.hardship import Hardship
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.kinds import Outcome as AnswerOutcome
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind
from lianying.rules.visits import Outcome
from lianying.visits.actions import LinkCard, Raised, VisitCard, make_link, open_terms, record_visit
from lianying.visits.models import Link


def make_visits(cast: Cast, rng: random.Random, *, requests: bool, start: datetime, until: datetime) -> None:
    """Write down homes and links on the first day, live the visits, and leave the terms of today begun.

    requests    whether those visits are made too that led to a request
    """
    plan = homes()
    links: dict[tuple[str, str], Link] = {}
    with standing_at(start):
        for at, home in enumerate(plan.homes, 1):
            household = _household(cast, home, walk=at * 10, at=start)
            for kind, user in ((LinkKind.LEADER_HOUSEHOLD, home.leader), (LinkKind.GRID_HOUSEHOLD, home.grid)):
                if user:
                    links[home.called, user] = _home_link(cast, kind, user, household, at=start)
        for row in plan.places:
            unit = cast.units[row.unit]
            targets = {LinkKind.UNIT_VILLAGE: row.village, LinkKind.UNIT_COMMUNITY: row.community}
            for kind, code in targets.items():
                link = LinkCard(kind, unit, local_day(start), place=cast.units[code])
                links[cast.units[code].name, row.unit] = make_link(link, by=_supervisor(cast), at=start)
    for visit in sorted(plan.visits, key=lambda one: -one.days):
        if requests or not visit.unit:
            _live(cast, visit, links, rng, until)
    while open_terms(at=until):
        pass


def _supervisor(cast: Cast) -> Actor:
    return cast.at(Role.SUPERVISOR, "oversight")[0]


def _household(cast: Cast, home: Home, *, walk: int, at: datetime) -> Household:
    """What is hard is written down by the village and confirmed by the town, as two people."""
    place = cast.units[home.place]
    keepers = _keepers(cast, place)
    card = HouseholdCard(home.called, home.name, home.phone, home.address, home.needs, walk)
    household = add_household(card, place=place, by=keepers[0], at=at)
    if home.hardship:
        level = Hardship[home.hardship.upper()]
        propose_hardship(household, level, source=home.source, by=keepers[0], at=at)
        household = decide_hardship(household, True, by=keepers[-1], at=at)
    return household


def _keepers(cast: Cast, place: Unit) -> list[Actor]:
    """Who keeps the households there, from the place upwards."""
    found: list[Actor] = []
    unit: Unit | None = place
    while unit is not None:
        for role in (Role.GRID_KEEPER, Role.HANDLER, Role.HEAD):
            found += cast.at(role, unit.code)
        unit = unit.parent
    return found


def _home_link(cast: Cast, kind: LinkKind, username: str, household: Household, *, at: datetime) -> Link:
    actor = _actor(cast, username)
    unit = cast.units[next(code for (_, code), there in cast.actors.items() if actor in there)]
    card = LinkCard(kind, unit, local_day(at), user=cast.users[username], household=household)
    return make_link(card, by=_supervisor(cast), at=at)


def _actor(cast: Cast, username: str) -> Actor:
    pk = cast.users[username].pk
    return next(actor for there in cast.actors.values() for actor in there if actor.user_id == pk)


def _live(
    cast: Cast, visit: MadeVisit, links: dict[tuple[str, str], Link], rng: random.Random, until: datetime
) -> None:
    link = links.get((visit.of, visit.by)) or next(one for (of, _), one in links.items() if of == visit.of)
    at = office_hours(until - timedelta(days=visit.days), rng)
    problems = [Raised(visit.asked, Outcome(visit.outcome))] if visit.asked else []
    card = VisitCard(uuid.UUID(int=rng.getrandbits(128), version=4), local_day(at), visit.note, problems)
    with standing_at(at):
        made = record_visit(card, link=link, by=_actor(cast, visit.by), at=at)
    if not visit.unit:
        return
    life = Life(_story(visit, link, rng), cast, rng, at, until, case=made.problems.get().case)
    with suppress(Today):
        go_on(life)


def _story(visit: MadeVisit, link: Link, rng: random.Random) -> Story:
    """Told in the words of the visit, answered in those of the plan; what else it may need is anybody's."""
    return replace(
        compose(words(), rng),
        category=visit.category,
        kind=CaseKind.HELP,
        urgency=Urgency.ORDINARY,
        channel=Channel.VISIT,
        title=visit.title,
        text=visit.asked,
        resident=None,
        place_code=link.place.code,
        unit_code=visit.unit,
        assist_codes=(),
        pass_code="",
        question="",
        answers=dict.fromkeys(AnswerOutcome, visit.answer),
        likely=(AnswerOutcome.SOLVED,),
        desk_answer="",
        dispute=None,
    )
