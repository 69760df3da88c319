from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from lianying.households.importing.table import NUMBER, PLACE
from lianying.orgs.importing.own import UNIT_HINT
from lianying.orgs.importing.tables import Column, Table
from lianying.orgs.kinds import SheetKind, Thing
from lianying.rules.quotas import LinkKind
from lianying.visits.importing.actions import links_back, write_links
from lianying.visits.importing.rows import judge_link
from lianying.visits.labels import LINK_KINDS

_UNIT = gettext_lazy("of a unit and a village or community; of a person only where there are several posts")
_USERNAME = gettext_lazy("of whoever looks after the household; empty for a unit")
_NUMBER = gettext_lazy("as in the sheet of households; empty for a unit")


def _kinds() -> Sequence[object]:
    return list(LINK_KINDS.values())


LINKS = Table(
    SheetKind.LINKS,
    gettext_lazy("Links"),
    (
        Column(
            "kind",
            gettext_lazy("Kind of link"),
            True,
            gettext_lazy("choose from the list"),
            20,
            choices=_kinds,
            example=LINK_KINDS[LinkKind.LEADER_HOUSEHOLD],
        ),
        Column("unit", gettext_lazy("Unit"), False, _UNIT, 28),
        Column("username", gettext_lazy("User name"), False, _USERNAME, example="nh0001"),
        Column("place", PLACE, True, UNIT_HINT, 24, example=gettext_lazy("Upper Willow Village")),
        Column("number", NUMBER, False, _NUMBER, example="0012"),
        Column("from_on", gettext_lazy("First day"), False, gettext_lazy("empty: today"), example="2026-10-01"),
    ),
    judge_link,
    write_links,
    {Thing.LINK: links_back},
)
