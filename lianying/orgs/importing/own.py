"""The sheets of units, people and duties."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy, pgettext_lazy

from lianying.orgs import labels
from lianying.orgs.importing.actions import (
    duties_back,
    people_back,
    posts_back,
    units_back,
    write_duties,
    write_people,
    write_units,
)
from lianying.orgs.importing.judging import judge_duty, judge_person, judge_unit
from lianying.orgs.importing.known import Known
from lianying.orgs.importing.tables import Column, Table
from lianying.orgs.kinds import SheetKind, Thing
from lianying.rules.powers import POST_ROLES

_CODE = gettext_lazy("letters and digits, unique, for ever; of a village e.g. its statistic code")
_AREA = gettext_lazy("of a place only: twelve digits, of a grid fifteen")
#: What a cell with a unit may hold.
UNIT_HINT = gettext_lazy("its code, or its name where only one unit is called so")
_USERNAME = gettext_lazy("with this the person signs in, for example a staff number")
_ROLE = gettext_lazy("choose from the list; another post of the same person is another row")
_PLACE = gettext_lazy("a town, village or community, with all below it; empty: everywhere")
_SOURCE = gettext_lazy("the document, for “why here?”")


def _kinds() -> Sequence[object]:
    return list(labels.UNIT_KINDS.values())


def _roles() -> Sequence[object]:
    return [labels.ROLES[role] for role in POST_ROLES]


def _units(known: Known) -> Iterable[Sequence[str]]:
    return [
        (one.code, one.name, str(labels.UNIT_KINDS[one.kind]), one.parent, one.phone, one.name_en, one.area_code)
        for one in known.units.values()
        if one.active
    ]


def _people(known: Known) -> Iterable[Sequence[str]]:
    held = sorted(post for post in known.posts if known.users[post[0]].active)
    return [(user, known.users[user].name, unit, str(labels.ROLES[role]), "") for user, unit, role in held]


def _duties(known: Known) -> Iterable[Sequence[str]]:
    return [(category, place, unit, source) for (category, place, unit), source in sorted(known.duties.items())]


UNITS = Table(
    SheetKind.UNITS,
    gettext_lazy("Units"),
    (
        Column("code", gettext_lazy("Code"), True, _CODE),
        Column("name", pgettext_lazy("of a unit", "Name"), True, width=28, longest=60),
        Column("kind", gettext_lazy("Kind of unit"), True, gettext_lazy("choose from the list"), choices=_kinds),
        Column("parent", gettext_lazy("Unit above"), hint=UNIT_HINT, width=20),
        Column("phone", pgettext_lazy("of a unit", "Telephone"), hint=gettext_lazy("shown to residents"), longest=32),
        Column("name_en", gettext_lazy("English name"), width=28, longest=80),
        Column("area_code", gettext_lazy("Statistic code"), hint=_AREA, width=18),
    ),
    judge_unit,
    write_units,
    {Thing.UNIT: units_back},
    _units,
)
PEOPLE = Table(
    SheetKind.PEOPLE,
    gettext_lazy("People and posts"),
    (
        Column("username", gettext_lazy("User name"), True, _USERNAME),
        Column("name", gettext_lazy("Name"), True, longest=60),
        Column("unit", gettext_lazy("Unit"), True, UNIT_HINT, 28),
        Column("role", gettext_lazy("Role"), True, _ROLE, choices=_roles),
        Column("from_on", gettext_lazy("First day"), hint=gettext_lazy("empty: today")),
    ),
    judge_person,
    write_people,
    {Thing.USER: people_back, Thing.POST: posts_back},
    _people,
)
DUTIES = Table(
    SheetKind.DUTIES,
    gettext_lazy("Duty list"),
    (
        Column("category", gettext_lazy("Category"), True, gettext_lazy("its number or its name"), 24),
        Column("place", gettext_lazy("Place"), hint=_PLACE, width=24),
        Column("unit", gettext_lazy("Unit that answers for it"), True, UNIT_HINT, 28),
        Column("source", gettext_lazy("Where it is written"), hint=_SOURCE, width=40, longest=120),
    ),
    judge_duty,
    write_duties,
    {Thing.DUTY: duties_back},
    _duties,
)
