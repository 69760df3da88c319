"""The county of the tests: its units and its people, made through the actions."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lianying.orgs.actions import SiteCard, UnitCard, give_post, make_unit, make_user, set_site
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.queries import actor_of
from lianying.orgs.scope import Actor
from lianying.rules.powers import Role

ZONE = ZoneInfo("Asia/Shanghai")
#: A Thursday, a working day; the next day of rest is Saturday 2026-11-14.
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=ZONE)
FOUNDED = datetime(2026, 1, 5, 9, 0, tzinfo=ZONE)
FOUNDED_ON = date(2026, 1, 5)
STEP = timedelta(minutes=10)
PHONE = "13812348263"
PASSWORD = "lianying-2026"
#: MD5 of PASSWORD: signing in costs nothing here.
HASHED = "md5$test$0d1fc3a8c0eb2e35d1b1095a3fbca242"
#: Whoever sets up the installation.
INSTALLER = Actor()


@dataclass(frozen=True, slots=True)
class County:
    """The root holds all; `section` is below `management`, `village` below `town`; people are named by what they do.

    handler, colleague, head   of `management`;  neighbour: handler of `housing`
    """

    root: Unit
    desk: Unit
    oversight: Unit
    management: Unit
    section: Unit
    housing: Unit
    town: Unit
    village: Unit
    clerk: Actor
    second_clerk: Actor
    handler: Actor
    colleague: Actor
    head: Actor
    section_handler: Actor
    neighbour: Actor
    village_handler: Actor
    supervisor: Actor
    operator: Actor

    @property
    def people(self) -> dict[str, Actor]:
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Actor)}

    @property
    def units(self) -> dict[str, Unit]:
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Unit)}


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None, "a resident has no account"
    return User.objects.get(pk=actor.user_id)


def build_county() -> County:
    """About 90 statements; every test that asks for it has its own."""
    set_site(SiteCard("宁和县", "0552-12345"), by=INSTALLER, at=FOUNDED)
    root = unit("root", "宁和县人民政府", UnitKind.GOVERNMENT, None)
    desk = unit("desk", "群众诉求服务中心", UnitKind.DESK, root)
    oversight = unit("oversight", "县委县政府督查室", UnitKind.OVERSIGHT, root)
    management = unit("management", "城市管理局", UnitKind.DEPARTMENT, root)
    section = unit("section", "市容科", UnitKind.DEPARTMENT, management)
    housing = unit("housing", "住房和城乡建设局", UnitKind.DEPARTMENT, root)
    town = unit("town", "柳溪镇", UnitKind.TOWN, root)
    village = unit("village", "上柳村", UnitKind.VILLAGE, town)
    return County(
        root=root,
        desk=desk,
        oversight=oversight,
        management=management,
        section=section,
        housing=housing,
        town=town,
        village=village,
        clerk=person("clerk", "周敏", desk, Role.CLERK),
        second_clerk=person("clerk2", "吴桐", desk, Role.CLERK),
        handler=person("handler", "陈立", management, Role.HANDLER),
        colleague=person("colleague", "郑安", management, Role.HANDLER),
        head=person("head", "何广", management, Role.HEAD),
        section_handler=person("section", "孙越", section, Role.HANDLER),
        neighbour=person("neighbour", "冯梅", housing, Role.HANDLER),
        village_handler=person("village", "柳青", village, Role.HANDLER),
        supervisor=person("supervisor", "韩正", oversight, Role.SUPERVISOR),
        operator=person("operator", "许平", root, Role.OPERATOR),
    )


def unit(code: str, name: str, kind: UnitKind, parent: Unit | None) -> Unit:
    return make_unit(UnitCard(code, name, kind, phone="0552-1234567"), parent=parent, by=INSTALLER, at=FOUNDED)


def person(username: str, name: str, unit: Unit, role: Role) -> Actor:
    user = make_user(username=username, name=name, hashed=HASHED, by=INSTALLER, at=FOUNDED)
    give_post(user, unit=unit, role=role, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)
    return actor_of(user, NOON.date())
