"""Whether a row of units, people or duties can be written, told from what there is and from the rows before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from lianying.orgs import labels
from lianying.orgs.importing.cells import SHOWN, by_label, day_in, needed, unfit, unit_in
from lianying.orgs.importing.known import Known, KnownUnit, KnownUser
from lianying.orgs.importing.tables import Ready, Row
from lianying.orgs.kinds import AREA_CODE, PLACES, RECEIVES_NONE, Made, UnitKind
from lianying.orgs.paths import LEVELS
from lianying.reference.categories import categories
from lianying.reference.imports import plain
from lianying.rules.powers import POST_ROLES, Role

_CODE = re.compile(r"[-\w]{1,32}", re.ASCII)
_USERNAME = re.compile(r"[\w.@+-]{1,60}")


@dataclass(frozen=True, slots=True)
class ReadyUnit(Ready):
    unit: KnownUnit


@dataclass(frozen=True, slots=True)
class ReadyPost(Ready):
    """made: new where the person is, changed where only the post is."""

    user: KnownUser
    unit: KnownUnit
    role: Role
    from_on: date


@dataclass(frozen=True, slots=True)
class ReadyDuty(Ready):
    category: str
    place: KnownUnit
    unit: KnownUnit
    source: str


def judge_unit(row: Row, known: Known) -> ReadyUnit:
    cells = row.cells
    code, name = needed(row, "code"), needed(row, "name")
    if not _CODE.fullmatch(code):
        unfit("code", _("Letters, digits, hyphen and underscore only, at most 32."))
    if code in known.seen:
        unfit("code", _("This code stands in row %(row)s already.") % {"row": known.seen[code]})
    kind = _kinds().get(plain(needed(row, "kind")))
    if kind is None:
        unfit("kind", _("“%(value)s” is not in the list of kinds.") % {"value": cells["kind"][:SHOWN]})
    above = _above(cells.get("parent", ""), code, known)
    parent = above.code if above else ""
    there = known.units.get(code)
    # A column that is left out changes nothing.
    phone, name_en, area_code = (
        cells.get(name, getattr(there, name, "")) for name in ("phone", "name_en", "area_code")
    )
    _check_area(area_code, kind, code, known)
    known.seen[code] = row.place
    if there is None:
        level = above.depth + 1 if above else 1
        if level > LEVELS:
            unfit("parent", _("Units cannot be nested any deeper."))
        unit = KnownUnit(code, name, kind, parent, phone, name_en, area_code, level)
        known.add(unit)
        return ReadyUnit(row, Made.NEW, unit)
    if there.kind != kind or there.parent != parent:
        what = "kind" if there.kind != kind else "parent"
        unfit(
            what,
            _("The unit “%(name)s” has this code; its kind and its place in the tree stay.") % {"name": there.name},
        )
    if (there.name, there.phone, there.name_en, there.area_code) == (name, phone, name_en, area_code):
        return ReadyUnit(row, Made.SAME, there)
    there.name, there.phone, there.name_en, there.area_code = name, phone, name_en, area_code
    if area_code:
        known.areas[area_code] = code
    return ReadyUnit(row, Made.CHANGED, there)


def _check_area(written: str, kind: UnitKind, code: str, known: Known) -> None:
    if written and kind not in PLACES:
        unfit("area_code", _("Only a place has a statistic code: a town, a village, a community, a grid."))
    if written and not re.fullmatch(AREA_CODE, written, re.ASCII):
        unfit("area_code", _("A statistic code has twelve digits, that of a grid fifteen."))
    if known.areas.get(written, code) != code:
        other = known.units[known.areas[written]]
        unfit("area_code", _("The unit “%(name)s” has this code already.") % {"name": other.name})


def _above(written: str, code: str, known: Known) -> KnownUnit | None:
    root = known.root
    if written:
        return unit_in("parent", written, known)
    if root is not None and root.code != code:
        unfit("parent", _("Please name the unit above; the only one without is “%(name)s”.") % {"name": root.name})
    return None


def judge_person(row: Row, known: Known) -> ReadyPost:
    username, name = needed(row, "username"), needed(row, "name")
    if not _USERNAME.fullmatch(username):
        unfit("username", _("Letters, digits and . @ + - _ only."))
    unit = unit_in("unit", needed(row, "unit"), known)
    if not unit.active:
        unfit("unit", _("“%(name)s” is out of use.") % {"name": unit.name})
    role = _roles().get(plain(needed(row, "role")))
    if role is None:
        unfit("role", _("“%(value)s” is not in the list of roles.") % {"value": row.cells["role"][:SHOWN]})
    from_on = day_in(row, "from_on") or known.today
    there = known.users.get(username)
    if there is not None and (there.name != name or not there.active):
        unfit("username", _("This user name belongs to “%(name)s”.") % {"name": there.name})
    made = Made.CHANGED if there else Made.NEW
    user = there or known.users.setdefault(username, KnownUser(username, name))
    post = (username, unit.code, role)
    if post in known.posts:
        made = Made.SAME
    known.posts.add(post)
    return ReadyPost(row, made, user, unit, role, from_on)


def judge_duty(row: Row, known: Known) -> ReadyDuty:
    category = _categories().get(plain(needed(row, "category")))
    if category is None:
        unfit("category", _("“%(value)s” is no category of ours.") % {"value": row.cells["category"][:SHOWN]})
    unit = unit_in("unit", needed(row, "unit"), known)
    if not unit.active or unit.kind in RECEIVES_NONE:
        unfit("unit", _("“%(name)s” receives no requests.") % {"name": unit.name})
    written = row.cells.get("place", "")
    place = unit_in("place", written, known) if written else known.root
    if place is None or place.kind not in PLACES:
        unfit("place", _("A place is a town, a village or a community; empty means everywhere."))
    source, key = row.cells.get("source", ""), (category, place.code, unit.code)
    before = known.duties.get(key)
    known.duties[key] = source
    made = Made.NEW if before is None else Made.SAME if before == source else Made.CHANGED
    return ReadyDuty(row, made, category, place, unit, source)


@cache
def _kinds() -> Mapping[str, UnitKind]:
    return by_label({kind.value: (kind, label) for kind, label in labels.UNIT_KINDS.items()})


@cache
def _roles() -> Mapping[str, Role]:
    return by_label({role.value: (role, labels.ROLES[role]) for role in POST_ROLES})


@cache
def _categories() -> Mapping[str, str]:
    """By number and by name. A name of both levels means the upper one, which holds the lower."""
    found: dict[str, str] = {}
    for one in categories():
        for name in (one.code, one.name_zh, one.name_en):
            found.setdefault(plain(name), one.code)
    return found
