"""What there is, as a workbook sees it: read once, and kept up with by every row that comes before another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Duty, Post, Unit, User
from lianying.orgs.paths import depth
from lianying.reference.imports import plain
from lianying.rules.powers import Role

Part = TypeVar("Part")


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
    #: What an empty first day means.
    today: date = date.min
    parts: dict[Callable[[], Any], Any] = field(default_factory=dict)

    def part(self, kind: Callable[[], Part]) -> Part:
        """What a sheet of an app further up knows beside this; empty at first."""
        if kind not in self.parts:
            self.parts[kind] = kind()
        part: Part = self.parts[kind]
        return part

    def add(self, unit: KnownUnit) -> None:
        self.units[unit.code] = unit
        if unit.area_code:
            self.areas[unit.area_code] = unit.code
        self.named.setdefault(plain(unit.name), []).append(unit.code)

    @property
    def root(self) -> KnownUnit | None:
        return next((unit for unit in self.units.values() if not unit.parent), None)


def known_now(*, today: date) -> Known:
    """Four queries, whatever the size; 50,000 units and people are some 30 MB."""
    known = Known(today=today)
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
