"""Requests in every state, made through the actions: each builder goes one move further than the one before it.

Builders take the county, `at` (when it was heard; each move follows 10 minutes later) and what the resident told.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TypedDict, Unpack
from uuid import UUID

from PIL import Image

from lianying.campaigns.actions import CampaignCard, ProposalCard, hold_campaign, propose
from lianying.campaigns.models import Campaign, Proposal
from lianying.cases import actions
from lianying.cases.actions import Answer, Sorting, Telling, Verdict
from lianying.cases.models import Case
from lianying.exchange.actions import outward
from lianying.exchange.actions.clients import make_client
from lianying.exchange.models import Client, Referral
from lianying.files.images import shrink_logo
from lianying.orgs.actions import LogoCard, UnitCard, make_unit, set_logo
from lianying.orgs.importing.actions import keep_checked
from lianying.orgs.importing.run import check
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Import, Unit
from lianying.orgs.scope import CLOCK, RESIDENT, Actor, HeldPost
from lianying.reviews.actions import GoalCard, ResultCard, TaskCard, enter, set_goal, set_task
from lianying.reviews.models import Result, Task
from lianying.rules.kinds import CaseKind, Channel, DeclineReason, Outcome, Solved, Urgency
from lianying.rules.lifecycle import State
from lianying.rules.petitions import ADDING, Step
from lianying.rules.powers import Role
from lianying.rules.programmes import Counting, Field
from lianying.rules.results import Detail, ResultKind
from tests.cases.workbook import workbook
from tests.cast import FOUNDED, NOON, PHONE, STEP, County

TEXT = "小区门口的路灯坏了三天。晚上老人出门看不见路。"
QUESTION = "请问坏的是哪几盏？"
ANSWER = "路灯已于今天修好，共更换三盏。"
ADVICE = "请带身份证到县政务服务中心一楼办理。"


class Told(TypedDict, total=False):
    """What the resident told, where it is not the broken street light; the fields of Telling."""

    text: str
    address: str
    lat: float | None
    lng: float | None
    name: str
    phone: str
    home: str
    may_publish: bool
    channel: Channel
    kind: CaseKind
    urgency: Urgency | None
    category: str
    client_id: UUID | None


def telling(**told: Unpack[Told]) -> Telling:
    return Telling(**(Told(text=TEXT, phone=PHONE, kind=CaseKind.HELP) | told))


def heard(county: County, *, by: Actor = RESIDENT, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """A help at the desk; the resident left a number. The county is asked for so that there is a desk."""
    return actions.hear(telling(**told), by=by, at=at).case


def assigned(
    county: County,
    *,
    to: Unit | None = None,
    assisting: tuple[Unit, ...] = (),
    at: datetime = NOON,
    **told: Unpack[Told],
) -> Case:
    """In the hands of `to`, else of `management`."""
    case = heard(county, at=at, **told)
    unit = to or county.management
    return actions.assign(case, version=case.version, to=unit, assisting=assisting, by=county.clerk, at=at + STEP)


def handling(
    county: County, *, to: Unit | None = None, by: Actor | None = None, at: datetime = NOON, **told: Unpack[Told]
) -> Case:
    """Signed by `by`, else by the handler of `management`."""
    case = assigned(county, to=to, at=at, **told)
    return actions.sign(case, version=case.version, by=by or county.handler, at=at + 2 * STEP)


def waiting(county: County, *, told_now: bool = True, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """The resident was asked; `told_now` says that they heard the question on the telephone."""
    case = handling(county, at=at, **told)
    return actions.ask(case, version=case.version, text=QUESTION, told=told_now, by=county.handler, at=at + 3 * STEP)


def disputed(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """`management` says that it is the duty of `housing`."""
    case = assigned(county, at=at, **told)
    return actions.dispute(
        case, version=case.version, reason="属住建局职责", proposed=county.housing, by=county.handler, at=at + 2 * STEP
    )


def answered(
    county: County,
    *,
    outcome: Outcome = Outcome.SOLVED,
    planned_days: int | None = None,
    at: datetime = NOON,
    **told: Unpack[Told],
) -> Case:
    """planned_days: calendar days after `at`, for the outcome `planned`."""
    case = handling(county, at=at, **told)
    planned_on = None if planned_days is None else (at + timedelta(days=planned_days)).date()
    answer = Answer(ANSWER, outcome, planned_on)
    return actions.answer(case, version=case.version, answer=answer, by=county.handler, at=at + 3 * STEP)


def answered_now(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """Answered by the desk at once, told on the telephone."""
    case = heard(county, at=at, **told)
    return actions.answer_now(case, version=case.version, text=ADVICE, told=True, by=county.clerk, at=at + STEP)


def closed(
    county: County,
    *,
    outcome: Outcome = Outcome.SOLVED,
    planned_days: int | None = None,
    at: datetime = NOON,
    **told: Unpack[Told],
) -> Case:
    """The resident is content: solved, 5."""
    case = answered(county, outcome=outcome, planned_days=planned_days, at=at, **told)
    verdict = Verdict(Solved.YES, 5)
    return actions.check_satisfied(case, version=case.version, verdict=verdict, by=RESIDENT, at=at + 4 * STEP)


def reworked(county: County, *, times: int = 1, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """Answered again after `times` verdicts of 1; each round takes an hour."""
    case = answered(county, at=at, **told)
    verdict = Verdict(Solved.NO, 1, "还是没有亮。")
    for count in range(1, times + 1):
        later = at + timedelta(hours=count)
        case = actions.check_unsatisfied(case, version=case.version, verdict=verdict, by=RESIDENT, at=later)
        case = actions.answer(case, version=case.version, answer=Answer(ANSWER), by=county.handler, at=later + STEP)
    return case


def declined(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    case = heard(county, at=at, **told)
    text = "此事正由法院审理，请向县人民法院查询。"
    reason = DeclineReason.LEGAL_CHANNEL
    return actions.decline(case, version=case.version, reason=reason, text=text, by=county.clerk, at=at + STEP)


def merged(county: County, *, main: Case | None = None, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """Joined to `main`, else to another request about the same matter in the hands of `management`."""
    leading = main or assigned(county, at=at)
    case = heard(county, at=at, **told)
    return actions.merge(case, version=case.version, main=leading, by=county.clerk, at=at + 2 * STEP)


def withdrawn(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    case = heard(county, at=at, **told)
    return actions.withdraw(case, version=case.version, by=RESIDENT, at=at + STEP)


def petition(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    case = heard(county, at=at, **told)
    text = "此事属信访事项，已转县信访局，电话 0552-7654321。"
    return actions.transfer(case, version=case.version, text=text, by=county.clerk, at=at + STEP)


#: Days of the steps, all within the terms of each other; the county is made on the first.
ON = NOON.date()


def stepped(county: County, case: Case, *steps: Step, on: date = ON, at: datetime = NOON + 9 * STEP) -> Case:
    """The petition office took these steps, all on one day."""
    for step in steps:
        days = 7 if step in ADDING else 0
        taking = actions.Taking(step, on, ANSWER, "宁信〔2026〕7号", county.housing, days)
        case = actions.petition_step(case, version=case.version, taking=taking, by=county.clerk, at=at)
    return case


def town_clerk(county: County) -> Actor:
    """A clerk of the town's own desk, which is made with the first."""
    unit = Unit.objects.filter(code="town-desk").first() or make_unit(
        UnitCard("town-desk", "柳溪镇为民服务中心", UnitKind.DESK, "0552-3333333"),
        parent=county.town,
        by=CLOCK,
        at=FOUNDED,
    )
    post = HeldPost(Role.CLERK, unit.pk, unit.name, unit.path, county.town.path)
    return Actor(user_id=county.clerk.user_id, name="镇受理员", posts=(post,))


def at_town(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """Told at the counter of the town's desk."""
    return heard(county, by=town_clerk(county), at=at, **told)


def report(county: County, *, accused: Unit | None = None, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """A report against `accused`, else against `section`, which the desk has recognised as one."""
    case = heard(county, at=at, **(Told(text="市容科有人吃拿卡要。") | told))
    sorting = Sorting(kind=CaseKind.REPORT, accused=accused or county.section)
    return actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=at + STEP)


def released(county: County, *, at: datetime = NOON, **told: Unpack[Told]) -> Case:
    """Closed, with the resident's consent, and on the board."""
    case = closed(county, at=at, **(Told(may_publish=True) | told))
    draft = actions.Draft(case.title, case.text, ANSWER)
    return actions.release(case, version=case.version, draft=draft, by=county.clerk, at=at + 5 * STEP).case


IN_STATE: dict[State, Callable[[County], Case]] = {
    State.HEARD: heard,
    State.ASSIGNED: assigned,
    State.HANDLING: handling,
    State.WAITING: waiting,
    State.DISPUTED: disputed,
    State.ANSWERED: answered,
    State.PETITION: petition,
    State.DECLINED: declined,
    State.MERGED: merged,
    State.WITHDRAWN: withdrawn,
    State.CLOSED: closed,
}


def result(county: County, *, at: datetime = NOON) -> Result:
    """A job in the village, entered by `management`."""
    card = ResultCard(
        ResultKind.JOB, county.management, county.village, at.date(), "到园区上班", Detail.EMPLOYER, source="用工登记表"
    )
    return enter(card, by=county.handler, at=at)


def task(county: County, *, at: datetime = NOON) -> Task:
    """Of a goal of `management` that counts rows."""
    card = GoalCard("income", Field.CITY, county.management, at.year, "帮十个人找到工作", Counting.ROWS, 10)
    goal = set_goal(card, by=county.supervisor, at=at)
    return set_task(goal, TaskCard(county.management, "办招聘会", at.date()), by=county.head, at=at)


def campaign(county: County, *, at: datetime = NOON) -> Campaign:
    """Three weeks in which `management` goes to the village."""
    first = at.date()
    card = CampaignCard("冬季大走访", first, first + timedelta(days=20), [county.management], [county.village])
    return hold_campaign(county.root, card, by=county.supervisor, at=at)


def proposal(county: County, *, at: datetime = NOON) -> Proposal:
    """Of a campaign, for `management`, within a month."""
    card = ProposalCard("村口装路灯", county.management, at.date() + timedelta(days=30))
    return propose(campaign(county, at=at), card, by=county.supervisor, at=at)


def client(county: County, *, at: datetime = NOON) -> Client:
    """A hotline that may put requests in for the county."""
    made, _key = make_client("市热线", county.root, by=county.operator, at=at)
    return made


def workbook_checked(county: County, *, at: datetime = NOON) -> Import:
    """A workbook with a new village, looked at and not yet written."""
    content = workbook({"单位": [["代码", "名称", "单位类型", "上级单位"], ["heping", "和平村", "村", "town"]]})
    checked, _unknown = check("名册.xlsx", content, at=at)
    return keep_checked(checked, by=county.operator, at=at)


def logo() -> str:
    """The site's logo, and the digest that names its address."""
    drawn = BytesIO()
    Image.new("RGB", (300, 100), "red").save(drawn, "PNG")
    site = set_logo(LogoCard(**asdict(shrink_logo(drawn))), by=CLOCK, at=FOUNDED)
    return site.logo.digest if site.logo else ""


def referral(county: County, case: Case, *, at: datetime = NOON) -> Referral:
    """Waiting to go to a system that nobody asks in this test."""
    endpoint = outward.set_endpoint(
        None, outward.Access("市政平台", "http://127.0.0.1:1/open311"), by=county.operator, at=at
    )
    endpoint = outward.keep_services(endpoint, [("12", "路灯")], by=county.operator, at=at)
    return outward.refer(case, endpoint, "12", "路灯不亮", with_place=False, by=county.handler, at=at)
