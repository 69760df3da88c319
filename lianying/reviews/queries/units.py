"""Units to choose from in the forms of results and goals."""

from django.db.models import Q, QuerySet

from lianying.orgs.kinds import PLACES, UnitKind
from lianying.orgs.models import Unit
from lianying.orgs.paths import parent
from lianying.orgs.queries import units
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power


def _covered(actor: Actor, power: Power) -> QuerySet[Unit]:
    below = Q(pk__in=[])
    for scope in actor.scopes(power):
        below |= Q(path__startswith=scope)
    return units().filter(below)


def entering(actor: Actor) -> list[Unit]:
    """For which the actor may enter results."""
    return list(_covered(actor, Power.RESULTS))


def places() -> list[Unit]:
    """Where a result can have been; a grid is part of its village or community."""
    return list(units().filter(kind__in=PLACES - {UnitKind.GRID}))


def measured(actor: Actor) -> list[Unit]:
    """For which the actor may set goals: whoever sets one stands above."""
    found = _covered(actor, Power.PROGRAMME)
    return [unit for unit in found if actor.may(Power.PROGRAMME, parent(unit.path))]


def below(unit: Unit) -> list[Unit]:
    """The unit and those below it, which take the tasks of its goals."""
    return list(units().filter(path__startswith=unit.path))
