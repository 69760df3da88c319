"""Units, people and posts of the demonstration county."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from lianying.common.clock import local_day
from lianying.desk.demo import PASSWORD
from lianying.orgs import actions
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.queries import actor_of
from lianying.orgs.scope import CLOCK, Actor
from lianying.reference.demo import county
from lianying.rules.powers import Role


@dataclass(slots=True)
class Cast:
    """Who acts: units by code, people by user name, actors by (role, unit code)."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[tuple[Role, str], list[Actor]] = field(default_factory=lambda: defaultdict(list))

    def at(self, role: Role, unit: str) -> list[Actor]:
        return self.actors.get((role, unit), [])


@transaction.atomic
def make_people(*, at: datetime) -> Cast:
    """Make the site, its units, people and posts, in force since a year before the first request."""
    plan = county()
    cast = Cast()
    place = actions.SiteCard(plan.name_zh, plan.unit("desk").phone, plan.ref_prefix, is_demo=True)
    actions.set_site(place, by=CLOCK, at=at)
    for row in plan.units:
        card = actions.UnitCard(row.code, row.name_zh, UnitKind(row.kind), row.phone, row.name_en)
        unit = actions.make_unit(card, parent=cast.units.get(row.parent), by=CLOCK, at=at)
        if row.hours:
            services = "\n".join(row.services)
            actions.describe_centre(unit, address=row.address, hours=row.hours, services=services, by=CLOCK, at=at)
        cast.units[row.code] = unit
    # Hashing is slow on purpose; all accounts of a demonstration share one password, so it is done once.
    hashed = make_password(PASSWORD)
    for person in plan.people:
        user = actions.make_user(username=person.user_name, name=person.name, hashed=hashed, by=CLOCK, at=at)
        cast.users[person.user_name] = user
        for post in person.posts:
            unit, role = cast.units[post.unit], Role(post.role)
            actions.give_post(user, unit=unit, role=role, from_on=local_day(at) - timedelta(days=365), by=CLOCK, at=at)
        acting = actor_of(user, local_day(at))
        for post in person.posts:
            cast.actors[Role(post.role), post.unit].append(acting)
    return cast
