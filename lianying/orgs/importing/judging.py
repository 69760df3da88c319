"""Whether a row can be written, and what it would come to, told from what there is and from the rows before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NoReturn, TypeVar

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying.common.spreadsheets import Unfit
from lianying.orgs import labels
from lianying.orgs.importing.sheets import LANGUAGES, Row, SheetKind
from lianying.orgs.kinds import AREA_CODE, PLACES, RECEIVES_NONE, Made, UnitKind
from lianying.orgs.models import Duty, Post, Unit, User
from lianying.orgs.paths import LEVELS, depth
from lianying.reference.categories import categories
from lianying.reference.imports import plain
from lianying.rules.dates import parse_moment
from lianying.rules.powers import POST_ROLES, Role

One = TypeVar("One")
#: So much of a bad value is shown.
SHOWN = 20
_CODE = re.compile(r"[-\w]{1,32}", re.ASCII)
_USERNAME = re.compile(r"[\w.@+-]{1,60}")
_LONGEST = {"name": 60, "phone": 32, "name_en": 80, "source": 120}


@dataclass(slots=True)
class KnownUnit:
    """pk and path are empty for one that comes with the workbook, until it is written."""

    code: str
    name: str
    kind: UnitKind
    parent: str
    phone: str = ""
    name_en: str = ""
    area_code: str = ""
    depth: int = 1
    active: bool = True
    pk: int = 0
    path: str = ""


@dataclass(slots=True)
class KnownUser:
    username: str
    name: str
    active: bool = True
    pk: int = 0


@dataclass(slots=True)
class Known:
    """What there is; duties: (category, place, unit), the two by code, to their source."""

    units: dict[str, KnownUnit] = field(default_factory=dict)
    users: dict[str, KnownUser] = field(default_factory=dict)
    posts: set[tuple[str, str, Role]] = field(default_factory=set)
    duties: dict[tuple[str, str, str], str] = field(default_factory=dict)
    #: Codes by statistic code.
    areas: dict[str, str] = field(default_factory=dict)
    #: Codes by plain name; several where units share one.
    named: dict[str, list[str]] = field(default_factory=dict)
    #: Where a code of a unit stood in this workbook.
    seen: dict[str, str] = field(default_factory=dict)

    def add(self, unit: KnownUnit) -> None:
        self.units[unit.code] = unit
        if unit.area_code:
            self.areas[unit.area_code] = unit.code
        self.named.setdefault(plain(unit.name), []).append(unit.code)

    @property
    def root(self) -> KnownUnit | None:
        return next((unit for unit in self.units.values() if not unit.parent), None)


@dataclass(frozen=True, slots=True)
class ReadyUnit:
    row: Row
    made: Made
    unit: KnownUnit


@dataclass(frozen=True, slots=True)
class ReadyPost:
    """made: new where the person is, changed where only the post is."""

    row: Row
    made: Made
    user: KnownUser
    unit: KnownUnit
    role: Role
    from_on: date


@dataclass(frozen=True, slots=True)
class ReadyDuty:
    row: Row
    made: Made
    category: str
    place: KnownUnit
    unit: KnownUnit
    source: str


#: A row that can be written.
Ready = ReadyUnit | ReadyPost | ReadyDuty


def known_now() -> Known:
    """Six queries, whatever the size; 50,000 units and people are some 30 MB."""
    known = Known()
    columns = ("pk", "code", "name", "kind", "parent__code", "phone", "name_en", "area_code", "path", "active")
    for pk, code, name, kind, parent, phone, name_en, area, path, active in Unit.objects.order_by("path").values_list(
        *columns
    ):
        level = depth(path)
        known.add(KnownUnit(code, name, UnitKind(kind), parent or "", phone, name_en, area, level, active, pk, path))
    for pk, username, name, active in User.objects.values_list("pk", "username", "name", "is_active"):
        known.users[username] = KnownUser(username, name, active, pk)
    held = Post.objects.filter(to_on__isnull=True).values_list("user__username", "unit__code", "role")
    known.posts = {(username, code, Role(role)) for username, code, role in held}
    rows = Duty.objects.values_list("category", "place__code", "unit__code", "source")
    known.duties = {(category, place, unit): source for category, place, unit, source in rows}
    return known


def judge(row: Row, known: Known, *, today: date) -> Ready:
    """What the row comes to; `known` holds it afterwards. Raises Unfit."""
    for column, longest in _LONGEST.items():
        if len(row.cells.get(column, "")) > longest:
            _unfit(column, _("At most %(most)s characters, please.") % {"most": longest})
    if row.sheet is SheetKind.UNITS:
        return _judge_unit(row, known)
    return _judge_person(row, known, today) if row.sheet is SheetKind.PEOPLE else _judge_duty(row, known)


def _judge_unit(row: Row, known: Known) -> ReadyUnit:
    cells = row.cells
    code, name = _needed(row, "code"), _needed(row, "name")
    if not _CODE.fullmatch(code):
        _unfit("code", _("Letters, digits, hyphen and underscore only, at most 32."))
    if code in known.seen:
        _unfit("code", _("This code stands in row %(row)s already.") % {"row": known.seen[code]})
    kind = _kinds().get(plain(_needed(row, "kind")))
    if kind is None:
        _unfit("kind", _("“%(value)s” is not in the list of kinds.") % {"value": cells["kind"][:SHOWN]})
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
            _unfit("parent", _("Units cannot be nested any deeper."))
        unit = KnownUnit(code, name, kind, parent, phone, name_en, area_code, level)
        known.add(unit)
        return ReadyUnit(row, Made.NEW, unit)
    if there.kind != kind or there.parent != parent:
        what = "kind" if there.kind != kind else "parent"
        _unfit(
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
        _unfit("area_code", _("Only a place has a statistic code: a town, a village, a community, a grid."))
    if written and not re.fullmatch(AREA_CODE, written, re.ASCII):
        _unfit("area_code", _("A statistic code has twelve digits, that of a grid fifteen."))
    if known.areas.get(written, code) != code:
        other = known.units[known.areas[written]]
        _unfit("area_code", _("The unit “%(name)s” has this code already.") % {"name": other.name})


def _above(written: str, code: str, known: Known) -> KnownUnit | None:
    root = known.root
    if written:
        return _unit("parent", written, known)
    if root is not None and root.code != code:
        _unfit("parent", _("Please name the unit above; the only one without is “%(name)s”.") % {"name": root.name})
    return None


def _judge_person(row: Row, known: Known, today: date) -> ReadyPost:
    username, name = _needed(row, "username"), _needed(row, "name")
    if not _USERNAME.fullmatch(username):
        _unfit("username", _("Letters, digits and . @ + - _ only."))
    unit = _unit("unit", _needed(row, "unit"), known)
    if not unit.active:
        _unfit("unit", _("“%(name)s” is out of use.") % {"name": unit.name})
    role = _roles().get(plain(_needed(row, "role")))
    if role is None:
        _unfit("role", _("“%(value)s” is not in the list of roles.") % {"value": row.cells["role"][:SHOWN]})
    from_on = _day(row.cells.get("from_on", ""), today)
    there = known.users.get(username)
    if there is not None and (there.name != name or not there.active):
        _unfit("username", _("This user name belongs to “%(name)s”.") % {"name": there.name})
    made = Made.CHANGED if there else Made.NEW
    user = there or known.users.setdefault(username, KnownUser(username, name))
    post = (username, unit.code, role)
    if post in known.posts:
        made = Made.SAME
    known.posts.add(post)
    return ReadyPost(row, made, user, unit, role, from_on)


def _judge_duty(row: Row, known: Known) -> ReadyDuty:
    category = _categories().get(plain(_needed(row, "category")))
    if category is None:
        _unfit("category", _("“%(value)s” is no category of ours.") % {"value": row.cells["category"][:SHOWN]})
    unit = _unit("unit", _needed(row, "unit"), known)
    if not unit.active or unit.kind in RECEIVES_NONE:
        _unfit("unit", _("“%(name)s” receives no requests.") % {"name": unit.name})
    written = row.cells.get("place", "")
    place = _unit("place", written, known) if written else known.root
    if place is None or place.kind not in PLACES:
        _unfit("place", _("A place is a town, a village or a community; empty means everywhere."))
    source, key = row.cells.get("source", ""), (category, place.code, unit.code)
    before = known.duties.get(key)
    known.duties[key] = source
    made = Made.NEW if before is None else Made.SAME if before == source else Made.CHANGED
    return ReadyDuty(row, made, category, place, unit, source)


def _unfit(column: str, why: str) -> NoReturn:
    raise Unfit(column, why)


def _needed(row: Row, column: str) -> str:
    return row.cells.get(column, "") or _unfit(column, _("This cell is empty."))


def _unit(column: str, written: str, known: Known) -> KnownUnit:
    """By its code, else by a name that only one unit has."""
    if written in known.units:
        return known.units[written]
    codes = known.named.get(plain(written), [])
    if len(codes) > 1:
        _unfit(column, _("Several units are called “%(name)s”; please write the code.") % {"name": written[:SHOWN]})
    if not codes:
        _unfit(column, _("There is no unit “%(name)s”, neither here nor in the workbook.") % {"name": written[:SHOWN]})
    return known.units[codes[0]]


def _day(written: str, today: date) -> date:
    if not written:
        return today
    try:
        return parse_moment(written, get_default_timezone()).date()
    except ValueError:
        _unfit("from_on", _("“%(value)s” cannot be read as a day.") % {"value": written[:SHOWN]})


@cache
def _kinds() -> Mapping[str, UnitKind]:
    return _by_label({kind.value: (kind, label) for kind, label in labels.UNIT_KINDS.items()})


@cache
def _roles() -> Mapping[str, Role]:
    return _by_label({role.value: (role, labels.ROLES[role]) for role in POST_ROLES})


def _by_label(known: Mapping[str, tuple[One, object]]) -> dict[str, One]:
    found = {plain(value): one for value, (one, _label) in known.items()}
    for language in LANGUAGES:
        with override(language):
            found |= {plain(str(label)): one for one, label in known.values()}
    return found


@cache
def _categories() -> Mapping[str, str]:
    """By number and by name. A name of both levels means the upper one, which holds the lower."""
    found: dict[str, str] = {}
    for one in categories():
        for name in (one.code, one.name_zh, one.name_en):
            found.setdefault(plain(name), one.code)
    return found
