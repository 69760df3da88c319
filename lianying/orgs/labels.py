from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.orgs.kinds import ImportState, Made, Thing, UnitKind
from lianying.rules.notices import StaffWish
from lianying.rules.powers import POST_ROLES, Role

UNIT_KINDS: dict[UnitKind, Promise] = {
    UnitKind.GOVERNMENT: _("government"),
    UnitKind.DESK: _("reception desk"),
    UnitKind.OVERSIGHT: _("oversight office"),
    UnitKind.DEPARTMENT: _("department"),
    UnitKind.TOWN: _("town or street"),
    UnitKind.VILLAGE: _("village"),
    UnitKind.COMMUNITY: _("community"),
    UnitKind.COMPANY: _("company of a public service"),
    UnitKind.GRID: _("grid"),
}
ROLES: dict[Role, Promise] = {
    Role.CLERK: _("clerk"),
    Role.HANDLER: _("handler"),
    Role.HEAD: _("head of the unit"),
    Role.SUPERVISOR: _("supervisor"),
    Role.VISITOR: _("visitor"),
    Role.GRID_KEEPER: _("grid keeper"),
    Role.OPERATOR: _("operator"),
    Role.RESIDENT: _("resident"),
    Role.CLOCK: _("the clock"),
}
THINGS: dict[Thing, Promise] = {
    Thing.UNIT: _("Unit"),
    Thing.USER: _("Person"),
    Thing.POST: _("Post"),
    Thing.DUTY: _("Duty"),
    Thing.HOUSEHOLD: _("Household"),
    Thing.LINK: pgettext_lazy("who looks after whom", "Link"),
}
IMPORT_STATES: dict[ImportState, Promise] = {
    ImportState.CHECKED: _("checked, nothing written yet"),
    ImportState.RUNNING: _("being written"),
    ImportState.DONE: _("written"),
    ImportState.UNDOING: _("being taken back"),
    ImportState.UNDONE: _("taken back"),
    ImportState.DROPPED: _("not wanted"),
}
#: Of so many rows of a workbook.
MADE: dict[Made, Promise] = {
    Made.NEW: _("%(rows)s rows new"),
    Made.CHANGED: _("%(rows)s rows changed"),
    Made.SAME: _("%(rows)s rows as before"),
    Made.REFUSED: _("%(rows)s rows not possible"),
}
STAFF_WISHES: dict[StaffWish, Promise] = {
    StaffWish.DAILY: _("one letter each working day, and what is urgent at once"),
    StaffWish.URGENT: _("only what is urgent"),
    StaffWish.NOTHING: _("nothing"),
}


def staff_wish_choices() -> list[tuple[str, Promise]]:
    return [(wish.value, label) for wish, label in STAFF_WISHES.items()]


def unit_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in UNIT_KINDS.items()]


def role_choices() -> list[tuple[str, Promise]]:
    return [(role.value, ROLES[role]) for role in POST_ROLES]


def import_state_choices() -> list[tuple[str, Promise]]:
    return [(state.value, label) for state, label in IMPORT_STATES.items()]
