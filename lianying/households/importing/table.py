from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from lianying.households.importing.actions import households_back, write_households
from lianying.households.importing.rows import judge_household
from lianying.households.labels import HARDSHIPS
from lianying.orgs.importing.own import UNIT_HINT
from lianying.orgs.importing.tables import Column, Table
from lianying.orgs.kinds import SheetKind, Thing
from lianying.rules.hardship import Hardship

#: Of every sheet that names a place where people live.
PLACE = gettext_lazy("Village, community or grid")
NUMBER = gettext_lazy("Household number")
_NUMBER = gettext_lazy(
    "of your own register, unique in the place, letters and digits, for ever: by it a household is known again. "
    "No identity number."
)
_CALLED = gettext_lazy("as people there say it; sealed, as are door, contact and what to mind")
_NEEDS = gettext_lazy("for example: hears badly. No diagnosis, no identity number")
_LEVEL = gettext_lazy("choose from the list; empty: nothing is said of it. With a level go its source and day")


def _levels() -> Sequence[object]:
    return list(HARDSHIPS.values())


HOUSEHOLDS = Table(
    SheetKind.HOUSEHOLDS,
    gettext_lazy("Households"),
    (
        Column("place", PLACE, True, UNIT_HINT, 24, example=gettext_lazy("Upper Willow Village")),
        Column("number", NUMBER, True, _NUMBER, example="0012"),
        Column(
            "called", gettext_lazy("What one calls it"), True, _CALLED, 20, 30, example=gettext_lazy("Uncle Wang's")
        ),
        Column("address", gettext_lazy("Group and door"), False, "", 28, 100, example=gettext_lazy("group 3, no. 5")),
        Column(
            "walk",
            gettext_lazy("Order on the way"),
            hint=gettext_lazy("a number; leave room between them"),
            example="120",
        ),
        Column(
            "needs",
            gettext_lazy("What visitors should mind"),
            False,
            _NEEDS,
            28,
            100,
            example=gettext_lazy("hears badly"),
        ),
        Column(
            "hardship", gettext_lazy("Hardship"), hint=_LEVEL, choices=_levels, example=HARDSHIPS[Hardship.ALLOWANCE]
        ),
        Column(
            "source",
            gettext_lazy("Where the hardship is written"),
            False,
            gettext_lazy("the list or document"),
            36,
            120,
            example=gettext_lazy("list of the civil affairs office, 2026"),
        ),
        Column("since", gettext_lazy("Hardship confirmed on"), False, gettext_lazy("a day"), example="2026-03-01"),
        Column("name", gettext_lazy("Who speaks for it"), longest=30, example=gettext_lazy("Wang")),
        Column("phone", gettext_lazy("Telephone of the household"), longest=32, example="13800000000"),
    ),
    judge_household,
    write_households,
    {Thing.HOUSEHOLD: households_back},
)
