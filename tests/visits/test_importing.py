"""Households and links from a workbook: judged, written with what they owe, sent again, taken back."""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.common.actions import reseal
from lianying.common.clock import local_day
from lianying.common.sealing import opened
from lianying.common.spreadsheets import sheets_of
from lianying.config.keys import keys
from lianying.config.management.commands.worker import tidy
from lianying.households.actions import HouseholdCard, change_household, say_gone, say_wish
from lianying.households.importing.table import HOUSEHOLDS
from lianying.households.models import Contact, Household
from lianying.households.queries import home, revealed
from lianying.orgs.actions import give_post
from lianying.orgs.importing.actions import KEPT, forget_unwritten, keep_checked, move_on
from lianying.orgs.importing.known import known_now
from lianying.orgs.importing.run import advance, check
from lianying.orgs.importing.sheets import read_workbook
from lianying.orgs.importing.template import write_template
from lianying.orgs.kinds import ImportState
from lianying.orgs.models import Import, ImportChange, User
from lianying.orgs.scope import Actor
from lianying.rules.hardship import Hardship, Wish
from lianying.rules.powers import Role
from lianying.visits.actions import VisitCard, end_link, record_visit
from lianying.visits.importing.table import LINKS as TABLE_OF_LINKS
from lianying.visits.models import Link, Obligation
from lianying.visits.verify import obligation_faults
from tests.cases.workbook import workbook
from tests.cast import FOUNDED, FOUNDED_ON, NOON, PHONE, STEP, County, person, user_of

ClientOf = Callable[[User | Actor], Client]
Rows = Sequence[Sequence[object]]
HOMES = ["村、社区或网格", "户号", "大家怎么称呼这户", "组、门牌", "走访顺序", "上门时要留意的"]
HARD = ["困难程度", "困难认定依据", "困难认定日期", "户里由谁说话", "住户电话"]
LINKS = ["联系类型", "单位", "用户名", "村、社区或网格", "户号", "起始日期"]
ZHOU = ["上柳村", "0012", "周大爷家", "三组5号", "120", "耳背"]
ZHOU_HARD = ["低保", "2026年低保名单", "2026-03-01", "周建国", "138 1234 8263"]
LEADER = ["干部联系户", "", "leader", "village", "0012", "2026-10-01"]
OFFICE = ["单位联系村", "management", "", "village", "", "2026-10-01"]

pytestmark = pytest.mark.postgresql


@pytest.fixture
def leader(county: County) -> Actor:
    return person("leader", "方向", county.management, Role.VISITOR)


def book(homes: Rows = (), links: Rows = ()) -> bytes:
    return workbook({"住户": [HOMES + HARD, *homes], "联系": [LINKS, *links]})


def started(county: County, content: bytes) -> Import:
    checked, _unknown = check("住户.xlsx", content, at=NOON)
    job = keep_checked(checked, by=county.operator, at=NOON)
    return move_on(job, ImportState.RUNNING, by=county.operator, at=NOON)


def brought(county: County, content: bytes) -> Import:
    """Looked at and written to the end."""
    job = started(county, content)
    while advance(at=NOON + STEP):
        pass
    job.refresh_from_db()
    return job


def taken_back(county: County, job: Import) -> Import:
    move_on(job, ImportState.UNDOING, by=county.operator, at=NOON + 2 * STEP)
    while advance(at=NOON + 2 * STEP):
        pass
    job.refresh_from_db()
    return job


def whole(county: County) -> Import:
    return brought(county, book([[*ZHOU, *ZHOU_HARD]], [LEADER, OFFICE]))


@pytest.mark.usefixtures("leader")
def test_households_and_links_come_in_with_what_they_owe(county: County) -> None:
    job = whole(county)

    assert (job.state, job.problems, job.content_sealed) == ("done", [], "")
    assert job.tally == {"households": {"new": 1}, "links": {"new": 2}}
    household = Household.objects.get(number="0012")
    said, person_there = home(household), revealed(household.contact)
    assert (household.place, household.walk, said.called, said.needs) == (county.village, 120, "周大爷家", "耳背")
    assert (person_there.name, person_there.phone, person_there.address) == ("周建国", PHONE, "三组5号")
    assert (household.hardship, household.hardship_source, household.hardship_on, household.proposed) == (
        Hardship.ALLOWANCE,
        "2026年低保名单",
        date(2026, 3, 1),
        None,
    )
    assert sorted(Link.objects.values_list("kind", "unit__code", "user__username", "household__number")) == [
        ("leader_household", "management", "leader", "0012"),
        ("unit_village", "management", None, None),
    ]
    # A quarter and a year of the calendar.
    assert sorted(Obligation.objects.values_list("link__kind", "starts_on", "required")) == [
        ("leader_household", date(2026, 1, 1), 1),
        ("unit_village", date(2026, 10, 1), 1),
    ]
    assert list(obligation_faults(local_day(NOON + timedelta(days=9)))) == []
    assert list(chain_faults()) == []


@pytest.mark.usefixtures("leader")
def test_the_ledger_says_that_it_came_by_import_and_names_nobody(county: County) -> None:
    job = whole(county)

    events = Event.objects.filter(stream__startswith="household:").order_by("seq").values_list("kind", "data")
    said = " ".join(str(data) for data in Event.objects.values_list("data", flat=True))
    assert list(events) == [
        ("household.made", {"place": county.village.path, "by_import": job.pk}),
        ("household.hardship_set", {"level": "allowance", "by_import": job.pk}),
    ]
    assert [word for word in ("周", PHONE, "三组", "耳背") if word in said] == []


def test_a_workbook_that_waits_is_sealed_and_not_kept_for_ever(county: County) -> None:
    content = book([[*ZHOU, *ZHOU_HARD]])
    job = keep_checked(check("住户.xlsx", content, at=NOON)[0], by=county.operator, at=NOON)

    assert base64.b64encode(content).decode()[:60] not in job.content_sealed
    assert base64.b64decode(opened(job, "content")) == content
    assert forget_unwritten(at=NOON + KEPT) == 0
    assert forget_unwritten(at=NOON + KEPT + STEP) == 1
    job.refresh_from_db()
    assert (job.state, job.content_sealed) == ("dropped", "")


@pytest.mark.usefixtures("leader")
def test_the_same_again_changes_nothing_and_a_changed_row_changes(county: County) -> None:
    whole(county)
    events = Event.objects.exclude(stream__startswith="import:").count()

    again = whole(county)
    written = Event.objects.exclude(stream__startswith="import:").count()
    moved = [*ZHOU[:3], "四组1号", "", "", "", "", "", "周小明", ""]
    changed = brought(county, book([moved], [["干部联系户", "management", "leader", "上柳村", "0012", ""]]))

    household = Household.objects.get()
    assert (again.tally, written) == ({"households": {"same": 1}, "links": {"same": 2}}, events)
    assert changed.tally == {"households": {"changed": 1}, "links": {"same": 1}}
    assert revealed(household.contact).address == "四组1号"
    # An empty cell empties words, but says nothing of hardship or way.
    assert (home(household).needs, household.walk, household.hardship) == ("", 120, Hardship.ALLOWANCE)
    assert household.contact.phone_index == ""
    assert list(chain_faults()) == []


def test_a_column_left_out_changes_nothing(county: County) -> None:
    brought(county, book([[*ZHOU, *ZHOU_HARD]]))

    job = brought(county, workbook({"住户": [HOMES[:3], ["village", "0012", "周家"]]}))

    household = Household.objects.get()
    assert job.tally == {"households": {"changed": 1}}
    assert (home(household).called, home(household).needs) == ("周家", "耳背")
    assert revealed(household.contact).phone == PHONE


def hard(*cells: str) -> list[str]:
    return [*ZHOU, *cells]


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (["无此村", "1", "王家"], "村、社区或网格", "没有这个单位，系统里和表里都没有。"),
        (["town", "1", "王家"], "村、社区或网格", "“柳溪镇”不是在用的村、社区或网格。"),
        (["village", "", "王家"], "户号", "这一格是空的。"),
        (["village", "一号", "王家"], "户号", "只能用字母、数字和连字符，最多 16 个。"),
        (["village", "1", ""], "大家怎么称呼这户", "这一格是空的。"),
        (["village", "1", "王" * 31], "大家怎么称呼这户", "最多 30 个字。"),
        (["village", "1", "王家", "", "一"], "走访顺序", "请填整数，最多六位。"),
        (["village", "1", "王家", "", "1000000"], "走访顺序", "请填整数，最多六位。"),
        (hard("特别困难"), "困难程度", "这里填的不在困难程度之列，请从下拉列表里选。"),
        (hard("低保", "", "2026-03-01"), "困难认定依据", "请填困难情况写在哪份名单或文件里。"),
        (hard("低保", "名单", ""), "困难认定日期", "请填困难认定的日期。"),
        (hard("低保", "名单", "去年"), "困难认定日期", "这里看不出是哪一天，请写成 2026-03-01 这样。"),
        (hard("低保", "名单", "2026-11-13"), "困难认定日期", "这一天还没有到。"),
        (hard("", "", "", "周", "1381234"), "住户电话", "手机号是 11 位数字，您填了 7 位。"),
        (
            ["village", "340304195001011234", "王家"],
            "户号",
            "这里像是身份证号。本系统不收身份证号，请去掉。",
        ),
        (
            ["village", "1", "王家", "", "", "身份证３４０３０４１９５００１０１１２３Ｘ"],
            "上门时要留意的",
            "这里像是身份证号。本系统不收身份证号，请去掉。",
        ),
    ],
)
def test_a_household_that_cannot_be_written_is_said_by_column(
    county: County, row: list[str], column: str, why: str
) -> None:
    checked, _unknown = check("住户.xlsx", book([row]), at=NOON)

    (problem,) = checked.problems
    assert problem[1:3] == ("住户!2", column)
    assert problem.why.startswith(why)


@pytest.mark.usefixtures("leader")
@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (["亲戚", "", "leader", "village", "0012"], "联系类型", "“亲戚”不在单位类型之列。"),
        (["单位联系社区", "management", "", "village"], "村、社区或网格", "“上柳村”和这种联系类型对不上。"),
        (["单位联系村", "management", "", "town"], "村、社区或网格", "“柳溪镇”和这种联系类型对不上。"),
        (["单位联系村", "management", "leader", "village"], "用户名", "单位联系的是整个村或社区，这一格请留空。"),
        (["单位联系村", "management", "", "village", "0012"], "户号", "单位联系的是整个村或社区，这一格请留空。"),
        (["单位联系村", "section", "", "village"], "单位", "“市容科”已停用。"),
        (["干部联系户", "", "无人", "village", "0012"], "用户名", "没有“无人”这个用户名，系统里和表里都没有。"),
        (["干部联系户", "", "clerk", "village", "0012"], "用户名", "周敏没有可以走访的岗位。"),
        (["干部联系户", "housing", "leader", "village", "0012"], "单位", "方向在这个单位没有可以走访的岗位。"),
        (["干部联系户", "", "both", "village", "0012"], "单位", "两头在几个单位都有走访的岗位，请填是哪个单位。"),
        (["干部联系户", "", "leader", "village", "0013"], "户号", "“上柳村”没有这个户号，系统里和表里都没有。"),
        (["干部联系户", "", "leader", "town", "0012"], "村、社区或网格", "“柳溪镇”不是在用的村、社区或网格。"),
        (
            ["干部联系户", "", "leader", "village", "0012", "2025-01-05"],
            "起始日期",
            "这一天所在的周期已经关账，最早可以填2026年1月1日。",
        ),
    ],
)
def test_a_link_that_cannot_be_written_is_said_by_column(county: County, row: list[str], column: str, why: str) -> None:
    both = person("both", "两头", county.management, Role.VISITOR)
    give_post(user_of(both), unit=county.housing, role=Role.VISITOR, from_on=FOUNDED_ON, by=county.operator, at=FOUNDED)
    type(county.section).objects.filter(pk=county.section.pk).update(active=False)

    checked, _unknown = check("住户.xlsx", book([[*ZHOU, *ZHOU_HARD]], [row]), at=NOON)

    assert [list(problem[1:]) for problem in checked.problems] == [["联系!2", column, why]]


def test_a_link_may_begin_in_a_term_that_is_not_closed_yet(county: County) -> None:
    rows = [[*OFFICE[:5], "2026-06-01"]], [[*OFFICE[:5], "2026-07-01"]]

    early, open_still = (check("x", book(links=row), at=NOON - timedelta(days=33))[0].problems for row in rows)

    assert [problem.why for problem in early] == ["这一天所在的周期已经关账，最早可以填2026年7月1日。"]
    assert open_still == []


@pytest.mark.usefixtures("leader")
def test_what_stands_already_is_not_made_twice_nor_moved(county: County) -> None:
    whole(county)
    other = ["党员联系户", *LEADER[1:]]
    later = [*LEADER[:5], "2026-11-01"]

    checked = [check("x", book(links=[row]), at=NOON)[0] for row in (other, later)]
    twice = check("x", book([[*ZHOU, *ZHOU_HARD], ["village", "12", "李家"], ["上柳村", "12", "李家"]]), at=NOON)[0]
    twice_linked = check("x", book(links=[OFFICE, OFFICE]), at=NOON)[0]

    assert [one.problems[0].why for one in (*checked, twice, twice_linked)] == [
        "他们已经是“干部联系户”，不能再换一种类型。",
        "他们从2026年10月1日起已经联系，导入不改这个日期。",
        "这个户号在 住户!3 行已经有了。",
        "这条联系在 联系!2 行已经有了。",
    ]


@pytest.mark.usefixtures("leader")
def test_who_was_linked_once_can_be_linked_again(county: County) -> None:
    whole(county)
    for link in Link.objects.all():
        end_link(link, to_on=date(2026, 10, 31), by=county.head, at=NOON)

    job = brought(county, book(links=[[*LEADER[:5], ""], [*OFFICE[:5], "2026-11-01"]]))

    assert job.tally == {"links": {"new": 2}}
    assert sorted(Link.objects.filter(to_on=None).values_list("from_on", flat=True)) == [
        date(2026, 11, 1),
        local_day(NOON),
    ]


@pytest.mark.usefixtures("leader")
def test_a_household_that_declined_gets_nobody(county: County) -> None:
    brought(county, book([[*ZHOU, *ZHOU_HARD]]))
    say_wish(Household.objects.get(), Wish.DECLINES, by=county.village_handler, at=NOON)

    job = brought(county, book(links=[LEADER]))

    assert job.problems == [["联系!2", "户号", "这户人家不愿被走访。"]]
    say_gone(Household.objects.get(), True, by=county.village_handler, at=NOON)
    assert check("x", book(links=[LEADER]), at=NOON)[0].problems[0].why == "这户人家已经搬走。"


@pytest.mark.usefixtures("leader")
def test_all_of_it_is_taken_back(county: County) -> None:
    job = whole(county)

    undone = taken_back(county, job)

    assert (undone.state, undone.problems) == ("undone", [])
    assert undone.tally == {"link": {"kept": 0, "removed": 2}, "household": {"kept": 0, "removed": 1}}
    assert not any(model.objects.exists() for model in (Household, Link, Obligation, ImportChange))
    assert not Contact.objects.exists()
    assert list(chain_faults()) == []


def test_what_is_in_use_since_stays_and_says_why(county: County, leader: Actor) -> None:
    homes = [[*ZHOU, *ZHOU_HARD], ["village", "0013", "李家"], ["village", "0014", "王家"], ["village", "0015", "赵家"]]
    links = [LEADER, [*LEADER[:4], "0013", "2026-10-01"], [*LEADER[:4], "0014", "2026-10-01"], OFFICE]
    job = brought(county, book(homes, links))
    visit = VisitCard(uuid4(), NOON.date())
    record_visit(visit, link=Link.objects.get(household__number="0012"), by=leader, at=NOON + STEP)
    end_link(Link.objects.get(household=None), to_on=NOON.date(), by=county.head, at=NOON + STEP)
    edited = Household.objects.get(number="0014")
    change_household(edited, HouseholdCard("王大妈家"), by=county.village_handler, at=NOON + STEP)

    undone = taken_back(county, job)

    assert sorted(undone.problems) == [
        ["household", "", "上柳村 0012 户：后来已经在用"],
        ["household", "", "上柳村 0014 户：后来有人改过"],
        ["link", "", "城市管理局联系上柳村：后来有人改过"],
        ["link", "", "方向联系上柳村 0012 户：后来已有走访记录"],
    ]
    assert sorted(Household.objects.values_list("number", flat=True)) == ["0012", "0014"]
    assert Link.objects.count() == 2
    assert list(obligation_faults(local_day(NOON + timedelta(days=9)))) == []
    assert list(chain_faults()) == []


def test_words_that_an_import_changed_come_back_unless_changed_since(county: County) -> None:
    brought(county, book([[*ZHOU, *ZHOU_HARD], ["village", "0013", "李家"]]))
    job = brought(
        county,
        book(
            [
                ["village", "0012", "老周家", "", "7", "", "特困供养", "特困名单", "2026-11-01"],
                ["village", "0013", "小李家"],
            ]
        ),
    )
    change_household(
        Household.objects.get(number="0013"), HouseholdCard("大李家"), by=county.village_handler, at=NOON + STEP
    )

    undone = taken_back(county, job)

    first, second = Household.objects.order_by("number")
    assert (home(first).called, first.walk, first.hardship, first.hardship_on) == (
        "周大爷家",
        120,
        Hardship.ALLOWANCE,
        date(2026, 3, 1),
    )
    assert (revealed(first.contact).phone, first.contact.phone_index != "") == (PHONE, True)
    assert home(second).called == "大李家"
    assert undone.problems == [["household", "", "上柳村 0013 户：后来有人改过"]]


def test_what_stood_before_lies_sealed(county: County) -> None:
    brought(county, book([[*ZHOU, *ZHOU_HARD]]))
    brought(county, book([["village", "0012", "老周家"]]))

    kept = str(list(ImportChange.objects.values_list("before", flat=True)))

    assert [word for word in ("周大爷家", "周建国", PHONE, "耳背") if word in kept] == []


def test_a_new_key_seals_a_workbook_that_waits_and_words_that_come_back(county: County, settings: Settings) -> None:
    brought(county, book([[*ZHOU, *ZHOU_HARD]]))
    job = brought(county, book([["village", "0012", "老周家"]]))
    content = book([["village", "0013", "李家"]])
    waits = keep_checked(check("住户.xlsx", content, at=NOON)[0], by=county.operator, at=NOON)
    old = keys(configured.DATA_DIR)
    settings.KEYS = replace(old, data={**old.data, "k2": b"2" * 16}, current="k2")

    reseal(Import, after=0, most=9)
    reseal(Household, after=0, most=9)
    taken_back(county, job)

    waits.refresh_from_db()
    household = Household.objects.get()
    assert (waits.key_id, base64.b64decode(opened(waits, "content"))) == ("k2", content)
    assert (household.key_id, household.called_sealed[:3], home(household).called) == ("k2", "k2:", "周大爷家")


def test_the_worker_forgets_what_nobody_wrote(county: County) -> None:
    keep_checked(check("住户.xlsx", book([[*ZHOU, *ZHOU_HARD]]), at=NOON)[0], by=county.operator, at=NOON)

    tidy(at=NOON + timedelta(days=8))

    assert Import.objects.get().content_sealed == ""


def test_a_household_that_two_workbooks_bring_is_one(county: County) -> None:
    jobs = [
        started(county, book([[*ZHOU, *ZHOU_HARD], row])) for row in (["village", "1", "甲"], ["village", "2", "乙"])
    ]
    while advance(at=NOON + STEP):
        pass

    assert [Import.objects.get(pk=job.pk).tally["households"] for job in jobs] == [{"new": 2}, {"new": 1, "same": 1}]
    assert Household.objects.count() == 3


def test_the_template_shows_an_example_that_is_left_out(county: County) -> None:
    out = io.BytesIO()
    write_template(out, known_now(today=NOON.date()))

    sheets = {sheet.name: sheet.rows for sheet in sheets_of(out.getvalue(), bool)}
    rows = read_workbook(out.getvalue()).rows

    assert list(sheets) == ["单位", "人员和岗位", "权责清单", "住户", "联系关系", "填写说明"]
    assert sheets["住户"][1][:3] == ["例：上柳村", "0012", "王叔家"]
    assert sheets["联系关系"][1][0] == "例：干部联系户"
    assert {row.sheet for row in rows} == {"units", "people"}


@pytest.mark.usefixtures("leader")
def test_the_example_can_be_written_once_its_mark_is_gone(county: County) -> None:
    examples = {table.label: [str(one.example) for one in table.columns] for table in (HOUSEHOLDS, TABLE_OF_LINKS)}
    heads = {table.label: [str(one.label) for one in table.columns] for table in (HOUSEHOLDS, TABLE_OF_LINKS)}
    person("nh0001", "郭某", county.management, Role.VISITOR)

    job = brought(county, workbook({str(label): [heads[label], examples[label]] for label in heads}))

    assert (job.problems, job.tally) == ([], {"households": {"new": 1}, "links": {"new": 1}})


@pytest.mark.usefixtures("leader")
def test_the_operator_sees_what_would_be_written_and_no_resident(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)
    bad = ["village", "0013", "李大妈家", "", "", "", "", "", "", "李秀英", "1381234"]
    file = SimpleUploadedFile("住户.xlsx", book([[*ZHOU, *ZHOU_HARD], bad], [LEADER]))

    sent = browser.post("/desk/settings/imports/", {"file": file})
    address = sent.headers["Location"]
    checked = browser.get(address).content.decode()
    browser.post(address, {"do": "run"})
    while advance(at=NOON):
        pass
    say_wish(Household.objects.get(), Wish.ASKS, by=county.village_handler, at=NOON)
    browser.post(address, {"do": "undo"})
    while advance(at=NOON):
        pass
    undone = browser.get(address).content.decode()

    assert "写入 2 行" in checked
    assert "住户!3" in checked
    assert [word for word in ("周大爷", "李大妈", "李秀英", "1381234") if word in checked] == []
    assert "已撤回 1 项；1 项此后已在使用，予以保留。" in undone
    assert "<b>住户</b> 上柳村 0012 户：后来有人改过" in undone


def test_nobody_else_brings_households_in(county: County, client_of: ClientOf) -> None:
    answers = [
        client_of(actor).get("/desk/settings/imports/").status_code
        for actor in (county.village_handler, county.head, county.supervisor)
    ]

    assert answers == [403, 403, 403]
