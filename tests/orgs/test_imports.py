"""A workbook of units, people and duties: looked at, written by the worker, taken back."""

import io
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.common.spreadsheets import Unreadable, sheets_of
from lianying.orgs.importing.actions import keep_checked, move_on
from lianying.orgs.importing.known import known_now
from lianying.orgs.importing.run import advance, check
from lianying.orgs.importing.sheets import read_workbook
from lianying.orgs.importing.template import write_template
from lianying.orgs.kinds import ImportState
from lianying.orgs.models import Duty, Import, Post, Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.refusals import Refused
from tests import make
from tests.cases.workbook import workbook
from tests.cast import NOON, STEP, County

ClientOf = Callable[[User | Actor], Client]
Rows = Sequence[Sequence[object]]
UNITS = ["代码", "名称", "单位类型", "上级单位", "电话"]
PEOPLE = ["用户名", "姓名", "单位", "角色", "起始日期"]
DUTIES = ["类别", "地点", "承办单位", "依据"]


def book(units: Rows = (), people: Rows = (), duties: Rows = ()) -> bytes:
    return workbook({"单位": [UNITS, *units], "人员": [PEOPLE, *people], "职责": [DUTIES, *duties]})


def brought(county: County, content: bytes) -> Import:
    """Looked at and written to the end."""
    checked, _unknown = check("名册.xlsx", content, at=NOON)
    job = keep_checked(checked, by=county.operator, at=NOON)
    move_on(job, ImportState.RUNNING, by=county.operator, at=NOON)
    while advance(at=NOON + STEP):
        pass
    job.refresh_from_db()
    return job


def taken_back(county: County, job: Import) -> Import:
    move_on(job, ImportState.UNDOING, by=county.operator, at=NOON)
    while advance(at=NOON + STEP):
        pass
    job.refresh_from_db()
    return job


def test_units_people_and_duties_come_in_whatever_their_order(county: County) -> None:
    content = book(
        [
            ["3403001", "河湾村", "村", "340300", ""],
            ["340300", "河湾镇", "乡镇街道", county.root.name, "0552-1"],
        ],
        [["hw01", "韩某", "河湾镇", "承办人", "2026年11月1日"], ["hw01", "韩某", "3403001", "承办人", ""]],
        [["0101", "河湾镇", "住房和城乡建设局", "县政发〔2026〕3号"], ["城乡建设与住房", "", "housing", ""]],
    )

    job = brought(county, content)

    assert (job.state, job.problems, job.content_sealed) == ("done", [], "")
    assert job.tally == {"units": {"new": 2}, "people": {"new": 1, "changed": 1}, "duties": {"new": 2}}
    town = Unit.objects.get(code="340300")
    assert (town.parent, Unit.objects.get(code="3403001").parent) == (county.root, town)
    assert list(Post.objects.filter(user__username="hw01").order_by("pk").values_list("unit__code", "from_on")) == [
        ("340300", date(2026, 11, 1)),
        ("3403001", NOON.date()),
    ]
    assert sorted(Duty.objects.values_list("category", "place__code", "unit__code", "source")) == [
        ("01", "root", "housing", ""),
        ("0101", "340300", "housing", "县政发〔2026〕3号"),
    ]
    assert list(chain_faults()) == []


def test_what_is_there_is_told_from_what_is_new(county: County) -> None:
    content = book(
        [
            ["town", "柳溪镇", "乡镇街道", "root", county.town.phone],
            ["housing", "住建局", "部门", "root", "0552-9"],
        ],
        [["clerk", county.clerk.name, "desk", "受理员", ""], ["clerk", county.clerk.name, "town", "承办人", ""]],
    )
    brought(county, book(duties=[["0101", "", "housing", "旧"]]))

    job = brought(county, content)
    again = brought(county, book(duties=[["0101", "", "housing", "新"]]))

    assert job.tally == {"units": {"same": 1, "changed": 1}, "people": {"same": 1, "changed": 1}}
    assert again.tally == {"duties": {"changed": 1}}
    assert list(Unit.objects.filter(code="housing").values_list("name", "phone")) == [("住建局", "0552-9")]
    assert Duty.objects.get().source == "新"


@pytest.mark.parametrize(
    ("units", "people", "duties", "problem"),
    [
        ([["", "甲局", "部门", "root"]], [], [], ["单位!2", "代码", "这一格是空的。"]),
        (
            [["a b", "甲局", "部门", "root"]],
            [],
            [],
            ["单位!2", "代码", "只能用字母、数字、连字符和下划线，最多 32 个。"],
        ),
        ([["a", "甲局", "衙门", "root"]], [], [], ["单位!2", "单位类型", "“衙门”不在单位类型之列。"]),
        ([["a", "甲局", "部门", "乙局"]], [], [], ["单位!2", "上级单位", "没有“乙局”这个单位，系统里和表里都没有。"]),
        ([["a", "甲局", "部门", ""]], [], [], ["单位!2", "上级单位", "请填上级单位；没有上级的只有“宁和县人民政府”。"]),
        ([["a", "甲" * 61, "部门", "root"]], [], [], ["单位!2", "名称", "最多 60 个字。"]),
        (
            [["a", "甲", "部门", "root"], ["a", "乙", "部门", "root"]],
            [],
            [],
            ["单位!3", "代码", "这个代码在 单位!2 行已经有了。"],
        ),
        (
            [["town", "柳溪镇", "部门", "root"]],
            [],
            [],
            ["单位!2", "单位类型", "代码已属于“柳溪镇”；它的类型和上级不能由表格改变。"],
        ),
        (
            [[f"u{n}", f"第{n}层", "部门", f"u{n - 1}" if n else "village"] for n in range(3)],
            [],
            [],
            ["单位!4", "上级单位", "单位层级不能再深了。"],
        ),
        ([], [["x y", "某", "town", "承办人"]], [], ["人员!2", "用户名", "只能用字母、数字和 . @ + - _。"]),
        ([], [["x", "某", "town", "厨师"]], [], ["人员!2", "角色", "“厨师”不在角色之列。"]),
        (
            [],
            [["x", "某", "town", "承办人", "明天"]],
            [],
            ["人员!2", "起始日期", "这里看不出是哪一天，请写成 2026-03-01 这样。"],
        ),
        ([], [["clerk", "别人", "town", "承办人"]], [], ["人员!2", "用户名", "这个用户名已属于“周敏”。"]),
        ([], [], [["9998", "", "town"]], ["职责!2", "类别", "“9998”不是本系统的类别。"]),
        (
            [],
            [],
            [["0101", "housing", "housing"]],
            ["职责!2", "地点", "地点应是乡镇街道、村或社区；留空表示全域。"],
        ),
        ([], [], [["0101", "", "desk"]], ["职责!2", "承办单位", "“群众诉求服务中心”不承接诉求。"]),
    ],
)
def test_what_cannot_be_written_is_said_by_row_and_column(
    county: County, units: Rows, people: Rows, duties: Rows, problem: list[str]
) -> None:
    job = brought(county, book(units, people, duties))

    assert job.problems == [problem]
    assert job.state == "done"


AREAS = ["代码", "名称", "单位类型", "上级单位", "统计用区划代码"]


def areas(*rows: Sequence[object]) -> bytes:
    return workbook({"单位": [AREAS, *rows]})


def test_places_come_in_with_their_statistic_codes(county: County) -> None:
    job = brought(
        county,
        areas(
            ["village", "上柳村", "村", "town", "340304100201"],
            ["grid1", "上柳村第一网格", "网格", "village", "340304100201001"],
        ),
    )
    again = brought(county, book([["village", "上柳村", "村", "town", county.village.phone]]))

    assert (job.problems, again.tally) == ([], {"units": {"same": 1}})
    assert dict(Unit.objects.exclude(area_code="").values_list("code", "area_code")) == {
        "village": "340304100201",
        "grid1": "340304100201001",
    }
    taken_back(county, job)
    assert not Unit.objects.exclude(area_code="").exists()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["village", "上柳村", "村", "town", "3403041002"], "统计用区划代码是 12 位数字，网格是 15 位。"),
        (["housing", "住建局", "部门", "root", "340304100201"], "只有乡镇、村、社区、网格这样的地方有统计用区划代码。"),
        (["town", "柳溪镇", "乡镇街道", "root", "340304100200"], "“上柳村”已经用了这个代码。"),
    ],
)
def test_a_wrong_statistic_code_is_said(county: County, row: list[object], why: str) -> None:
    Unit.objects.filter(code="village").update(area_code="340304100200")

    checked, _unknown = check("名册.xlsx", areas(row), at=NOON)

    assert [list(problem[1:]) for problem in checked.problems] == [["单位!2", "统计用区划代码", why]]


def test_a_name_of_two_units_needs_the_code(county: County) -> None:
    units = [["v1", "和平村", "村", "town", ""], ["v2", "和平村", "村", "root", ""]]

    job = brought(county, book(units, [["x", "某", "和平村", "承办人", ""]]))

    assert job.problems == [["人员!2", "单位", "叫“和平村”的单位不止一个，请填代码。"]]


def test_a_unit_out_of_use_gets_nobody(county: County) -> None:
    Unit.objects.filter(pk=county.housing.pk).update(active=False)

    job = brought(county, book([], [["x", "某", "housing", "承办人", ""]]))

    assert job.problems == [["人员!2", "单位", "“住房和城乡建设局”已停用。"]]


def test_parents_in_a_circle_are_refused(county: County) -> None:
    job = brought(county, book([["a", "甲", "部门", "b", ""], ["b", "乙", "部门", "a", ""]]))

    assert [problem[1] for problem in job.problems] == ["上级单位", "上级单位"]


def test_the_template_of_a_county_changes_nothing_in_it(county: County) -> None:
    brought(county, book(duties=[["0101", "town", "housing", "依据"]]))
    out = io.BytesIO()
    write_template(out, known_now(today=NOON.date()))

    assert check("", out.getvalue(), at=NOON)[1] == []
    job = brought(county, out.getvalue())

    assert job.problems == []
    assert job.tally == {"units": {"same": 8}, "people": {"same": 10}, "duties": {"same": 1}}


def test_all_of_it_is_taken_back(county: County) -> None:
    before = (Unit.objects.count(), User.objects.count(), Post.objects.count())
    job = brought(
        county,
        book(
            [
                ["a", "甲镇", "乡镇街道", "root", ""],
                ["b", "乙村", "村", "a", ""],
                ["housing", "住建局", "部门", "root", ""],
            ],
            [["x", "某", "乙村", "承办人", ""]],
            [["0101", "a", "b", ""]],
        ),
    )

    undone = taken_back(county, job)

    assert (undone.state, undone.problems) == ("undone", [])
    assert (Unit.objects.count(), User.objects.count(), Post.objects.count()) == before
    assert Unit.objects.get(code="housing").name == "住房和城乡建设局"
    assert not Duty.objects.exists()
    assert list(chain_faults()) == []


def test_a_changed_duty_gets_its_source_back_unless_it_is_gone(county: County) -> None:
    brought(county, book(duties=[["0101", "", "housing", "旧"], ["0102", "", "housing", "旧"]]))
    job = brought(county, book(duties=[["0101", "", "housing", "新"], ["0102", "", "housing", "新"]]))
    Duty.objects.filter(category="0102").delete()

    taken_back(county, job)

    assert list(Duty.objects.values_list("category", "source")) == [("0101", "旧")]


def test_what_is_in_use_since_stays(county: County) -> None:
    job = brought(
        county,
        book(
            [["a", "甲镇", "乡镇街道", "root", ""], ["b", "乙镇", "乡镇街道", "root", ""]],
            [["x", "某甲", "a", "承办人", ""], ["y", "某乙", "b", "承办人", ""]],
        ),
    )
    make.assigned(county, to=Unit.objects.get(code="b"))
    User.objects.filter(username="x").update(last_login=NOON)

    undone = taken_back(county, job)

    assert undone.problems == [["post", "", "某甲"], ["user", "", "某甲"], ["unit", "", "甲镇"], ["unit", "", "乙镇"]]
    assert list(User.objects.filter(username__in=["x", "y"]).values_list("username", flat=True)) == ["x"]
    assert undone.tally["unit"] == {"kept": 2, "removed": 0}


def test_the_same_workbook_sent_twice_is_one(county: County) -> None:
    content = book([["a", "甲镇", "乡镇街道", "root", ""]])
    first = keep_checked(check("1.xlsx", content, at=NOON)[0], by=county.operator, at=NOON)
    second = keep_checked(check("2.xlsx", content, at=NOON)[0], by=county.operator, at=NOON)

    move_on(first, ImportState.RUNNING, by=county.operator, at=NOON)
    with pytest.raises(Refused) as refused:
        move_on(second, ImportState.RUNNING, by=county.operator, at=NOON)

    assert (first, refused.value.code) == (second, "import_moved")


def test_a_unit_made_by_hand_meanwhile_is_looked_at_anew(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from lianying.orgs.actions import UnitCard, make_unit
    from lianying.orgs.importing import run
    from lianying.orgs.kinds import UnitKind

    monkeypatch.setattr(run, "SLICE_SECONDS", 0)
    content = book([[f"a{n}", f"第{n}村", "村", "town", ""] for n in range(60)])
    job = keep_checked(check("1.xlsx", content, at=NOON)[0], by=county.operator, at=NOON)
    move_on(job, ImportState.RUNNING, by=county.operator, at=NOON)
    advance(at=NOON)
    by_hand = UnitCard("a59", "第59村", UnitKind.VILLAGE)
    make_unit(by_hand, parent=county.town, by=county.operator, at=NOON)

    while advance(at=NOON):
        pass

    job.refresh_from_db()
    assert (job.state, job.problems, job.tally) == ("done", [], {"units": {"new": 59, "same": 1}})


def test_another_worker_that_was_quicker_is_noticed(county: County) -> None:
    from lianying.orgs.importing.actions import write_rows

    job = keep_checked(check("1.xlsx", book([["a", "甲", "村", "town", ""]]), at=NOON)[0], by=county.operator, at=NOON)
    stale = move_on(job, ImportState.RUNNING, by=county.operator, at=NOON)
    advance(at=NOON)

    with pytest.raises(Refused):
        write_rows(stale, [], problems=[], known=known_now(today=NOON.date()), by=county.operator, at=NOON)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", workbook({"x": [["a", "b"], ["1", "2"]]}), book()])
def test_a_file_without_rows_is_refused_with_words(db: None, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_workbook(content)


def test_a_csv_of_people_will_do(county: County) -> None:
    content = "姓名,用户名,单位,角色\n某,x,town,承办人\n".encode("gb18030")

    job = brought(county, content)

    assert job.tally == {"people": {"new": 1}}


def test_the_operator_brings_a_workbook_in(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)
    content = book(
        [["a", "甲镇", "乡镇街道", "root", ""]], [["x", "某", "a", "承办人", ""], ["y", "", "a", "承办人", ""]]
    )
    file = SimpleUploadedFile("名册.xlsx", content)

    sent = browser.post("/desk/settings/imports/", {"file": file})
    address = sent.headers["Location"]
    checked = browser.get(address).content.decode()
    started = browser.post(address, {"do": "run"})
    running = browser.get(address).content.decode()
    while advance(at=NOON):
        pass
    finished = browser.get(address).content.decode()
    slips = browser.post(address, {"do": "slips", "first": "0"})
    beyond = browser.post(address, {"do": "slips", "first": "500"})
    late = browser.post(address, {"do": "run"})
    undone = browser.post(address, {"do": "undo"})

    assert (sent.status_code, started.status_code, late.status_code, undone.status_code) == (303, 303, 409, 303)
    assert "写入 2 行" in checked
    assert "人员!3" in checked
    assert "hx-trigger" in running
    assert "下载登录链接" in finished
    assert sheets_of(slips.content, bool)[0].rows[1][:3] == ["某", "x", "甲镇"]
    assert beyond.status_code == 303
    assert browser.post(address, {"do": "dance"}).status_code == 404


def test_a_workbook_can_be_dropped(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)
    file = SimpleUploadedFile("名册.xlsx", book([["a", "甲镇", "乡镇街道", "root", ""]]))
    address = browser.post("/desk/settings/imports/", {"file": file}).headers["Location"]

    browser.post(address, {"do": "drop"})

    job = Import.objects.get()
    assert (job.state, job.content_sealed, Unit.objects.filter(code="a").exists()) == ("dropped", "", False)


def test_a_wrong_file_is_said_beside_the_form(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)

    nothing = browser.post("/desk/settings/imports/", {})
    wrong = browser.post("/desk/settings/imports/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})

    assert (nothing.status_code, wrong.status_code) == (422, 422)
    assert "请选择文件" in nothing.content.decode()


def test_events_carry_no_names(county: County) -> None:
    brought(county, book([["a", "甲镇", "乡镇街道", "root", ""]], [["x", "韩梅梅", "a", "承办人", ""]]))

    said = " ".join(str(data) for data in Event.objects.values_list("data", flat=True))

    assert ("甲镇" in said, "韩梅梅" in said) == (False, False)
