"""Households under care in the demonstration county: one in each stage, and some whose care has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from lianying.care import actions
from lianying.care.actions import Clue, Plan
from lianying.care.models import Care, Measure
from lianying.common.clock import local_day, standing_at
from lianying.desk.demo.people import Cast
from lianying.households.actions import HouseholdCard, add_household
from lianying.households.models import Household
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.care import Exit, Refusal, Risk, Source, Stage
from lianying.rules.powers import Role

#: Where nobody has written households down, these are: village and card.
HOMES = (
    ("shuanghuai", HouseholdCard("周大爷家", "周长庚", needs="腿脚不便", walk=1)),
    ("shuanghuai", HouseholdCard("周嫂家", "周桂兰", walk=2)),
    ("shuanghuai", HouseholdCard("吴师傅家", "吴满仓", walk=3)),
    ("taoling", HouseholdCard("岭上老陈家", "陈守田", walk=1)),
    ("taoling", HouseholdCard("陈婶家", "陈水英", needs="听力不好，请当面说", walk=2)),
    ("datang", HouseholdCard("塘边老何家", "何有余", walk=1)),
    ("datang", HouseholdCard("何家大姐家", "何小满", walk=2)),
    ("lutan", HouseholdCard("渔业组老陶家", "陶四海", walk=1)),
)


@dataclass(frozen=True, slots=True)
class Tale:
    """How it went: days before today, and until where."""

    days: int
    until: Stage
    risk: Risk
    clue: str
    found: str = ""


TALES = (
    Tale(2, Stage.CLUE, Risk.ACCIDENT, "男主人骑三轮车摔伤，住院一周，家里只有他一个劳动力。"),
    Tale(13, Stage.CHECKING, Risk.SCHOOLING, "大女儿今年上大学，小儿子上高中，学费是向亲戚借的。"),
    Tale(
        17,
        Stage.CHECKED,
        Risk.DISASTER,
        "汛期鱼塘漫堤，一年的收成没了。",
        "查看了鱼塘和账本：损失约四万元，没有别的收入，老人的药不能断。建议纳入。",
    ),
    Tale(
        40,
        Stage.UNDER_CARE,
        Risk.WORK,
        "在外务工的儿子失业回乡，房贷断了两个月。",
        "儿子有焊工证，愿意在本县找工作；家里另有两位老人。建议纳入。",
    ),
    Tale(
        352,
        Stage.UNDER_CARE,
        Risk.ILLNESS,
        "医保结算单上自付部分全年超过三万元。",
        "核对了结算单，报销后仍自付两万八千元，已向亲戚借款。建议纳入。",
    ),
    Tale(
        300,
        Stage.LEAVING,
        Risk.WORK,
        "夫妻二人同时没了工作。",
        "两人都有手艺，缺的是门路。建议纳入。",
    ),
    Tale(30, Stage.NOT_ADMITTED, Risk.OTHER, "邻居说这家最近常借钱。", "当面核实，借钱是为了盖房，收入稳定。"),
    Tale(330, Stage.EXITED, Risk.SCHOOLING, "两个孩子同时上学，开支大。", "学费缺口约一万二千元。建议纳入。"),
)


def care_records(cast: Cast, *, until: datetime) -> int:
    """Live through the tales with households that are there, else with some of our own; how many records there are."""
    households = list(Household.objects.select_related("place").order_by("place__path", "walk", "pk"))
    # Of many, some from everywhere.
    homes = households[:: max(len(households) // len(TALES), 1)] or list(_homes(cast, until))
    with transaction.atomic():
        for tale, household in zip(TALES, homes, strict=False):
            _live(tale, household, cast, until)
    return Care.objects.count()


def _homes(cast: Cast, until: datetime) -> Iterable[Household]:
    at = until - timedelta(days=364)
    for code, card in HOMES:
        place = cast.units[code]
        yield add_household(card, place=place, by=_of(cast, Role.HANDLER, place), at=at)


def _of(cast: Cast, role: Role, place: Unit) -> Actor:
    """The nearest person of the role, from the village upwards."""
    near = sorted(cast.units.values(), key=lambda unit: -len(unit.path))
    over = [unit for unit in near if place.path.startswith(unit.path)]
    return next(one for unit in over for one in cast.at(role, unit.code))


@dataclass(slots=True)
class Life:
    """A record under way."""

    household: Household
    cast: Cast
    until: datetime
    on: int

    def at(self, days: int) -> datetime:
        """In the morning, so many days after the clue."""
        day = local_day(self.until) - timedelta(days=self.on - days)
        return min(timezone.make_aware(datetime.combine(day, time(10, 20))), self.until)


def _live(tale: Tale, household: Household, cast: Cast, until: datetime) -> None:
    life = Life(household, cast, until, tale.days)
    village, head = (_of(cast, role, household.place) for role in (Role.HANDLER, Role.HEAD))
    source = Source.IMPORT if tale.risk is Risk.ILLNESS else Source.VISIT
    with standing_at(life.at(0)):
        clue = Clue(source, local_day(life.at(0)), tale.risk, tale.clue)
        care = actions.note(household, clue, by=village, at=life.at(0))
    if tale.until is Stage.CLUE:
        return
    with standing_at(life.at(1)):
        care = actions.take_up(care, version=care.version, by=village, at=life.at(1))
    if tale.until is Stage.CHECKING:
        return
    with standing_at(life.at(4)):
        care = actions.check(care, version=care.version, risk=tale.risk, words=tale.found, by=village, at=life.at(4))
    if tale.until is Stage.CHECKED:
        return
    _decided(tale, care, life, village, head)


def _decided(tale: Tale, care: Care, life: Life, village: Actor, head: Actor) -> None:
    at = life.at(9)
    with standing_at(at):
        if tale.until is Stage.NOT_ADMITTED:
            words = "收入稳定，没有返贫风险。"
            actions.refuse(care, version=care.version, reason=Refusal.NO_RISK, words=words, by=head, at=at)
            return
        care = actions.admit(care, version=care.version, by=head, at=at)
    # One measure done, one that is late or still to come.
    first = _measure(care, life, village, days=12, due=30, words="联系县人社局登记求职，送两场招聘会的信息。")
    with standing_at(life.at(25)):
        words = "已登记，去了一场招聘会。"
        actions.finish(first, is_done=True, words=words, by=village, at=life.at(25))
    if tale.until is Stage.UNDER_CARE:
        due = tale.days + (-4 if tale.risk is Risk.WORK else 20)
        words = "帮助申请一次性困难补助，材料由村里代交。"
        _measure(care, life, village, days=tale.days - 14, due=due, words=words)
    if tale.until in {Stage.LEAVING, Stage.EXITED}:
        _left(tale, care, life, village, head)


def _measure(care: Care, life: Life, by: Actor, *, days: int, due: int, words: str) -> Measure:
    at = life.at(days)
    care.refresh_from_db()
    plan = Plan(words, life.household.place, local_day(life.until) - timedelta(days=life.on - due))
    with standing_at(at):
        return actions.take_measure(care, plan, version=care.version, by=by, at=at)


def _left(tale: Tale, care: Care, life: Life, village: Actor, head: Actor) -> None:
    at, last = life.at(tale.days - 5), life.at(tale.days - 2)
    care.refresh_from_db()
    with standing_at(at):
        words = "半年来收入稳定，借款已还清，本人也同意退出。"
        care = actions.propose_exit(care, version=care.version, reason=Exit.STABLE, words=words, by=village, at=at)
    if tale.until is Stage.EXITED:
        with standing_at(last):
            care = actions.exit_care(care, version=care.version, by=head, at=last)
            actions.publish(care, version=care.version, by=head, at=last)
