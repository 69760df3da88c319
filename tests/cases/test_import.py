import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import Settings

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.actions.bring import Old, bring_in
from lianying.cases.importing.rows import read_row
from lianying.cases.models import Case, Entry, Holding, Timer
from lianying.cases.queries.sources import of_source
from lianying.cases.verify import case_faults
from lianying.common.db import explain
from lianying.common.spreadsheets import Unfit
from lianying.households.models import Contact
from lianying.households.queries import revealed
from lianying.notices.models import Notice
from lianying.orgs.scope import CLOCK
from lianying.rules.entries import EntryKind
from lianying.rules.kinds import CaseKind
from lianying.rules.refusals import Refused
from tests.cases.workbook import Day, workbook
from tests.cast import NOON, PHONE, ZONE, County

HEADING = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
ANSWERED = ("1001", "A00012345", "路灯不亮", "2019/4/25 9:32:09", "门口路灯坏了", "已修好", "2019-05-06")
OPEN = ("1002", "A00012346", "路面破损", "2020年1月7日", "门口路面破损", "", "")
HEARD_AT = datetime(2019, 4, 25, 9, 32, 9, tzinfo=ZONE)
REPLIED_AT = datetime(2019, 5, 6, tzinfo=ZONE)

Rows = Sequence[Sequence[str]]


def as_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return path


def report_of(path: Path) -> list[list[str]]:
    with path.with_name(f"{path.name}.report.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def import_cases(path: Path, **options: Any) -> None:
    call_command("import_cases", path, **options)


def columns(*names: str) -> list[dict[str, Any]]:
    return list(Case.objects.order_by("source_id").values(*names))


@pytest.fixture
def sheet(county: County, tmp_path: Path) -> Path:
    return as_csv(tmp_path / "board.csv", [HEADING, ANSWERED, OPEN])


def test_an_answered_row_arrives_closed_with_its_own_times(sheet: Path, county: County) -> None:
    import_cases(sheet)

    case = Case.objects.get(source_id="1001")
    assert (case.ref, case.state, case.ending, case.channel) == ("NH-20190425-0001", "closed", "imported", "import")
    assert (case.received_at, case.answered_at, case.closed_at) == (HEARD_AT, REPLIED_AT, REPLIED_AT)
    assert (case.title, case.text, case.source) == ("路灯不亮", "门口路灯坏了", "board")
    answer = Entry.objects.get()
    assert (answer.case, answer.kind, answer.text, answer.event_seq) == (case, EntryKind.ANSWER, "已修好", 1)
    lead = Holding.objects.get(case=case)
    assert (lead.unit, lead.role, lead.path, lead.to_at) == (county.desk, "lead", county.desk.path, None)


def test_a_row_without_an_answer_waits_without_promise_or_clock(sheet: Path) -> None:
    import_cases(sheet)

    case = Case.objects.get(source_id="1002")
    assert (case.state, case.ending, case.closed_at) == ("heard", "", None)
    assert (case.promise, case.due_at, case.stage_due_at, case.clock_from) == ({}, None, None, None)
    assert (Timer.objects.count(), Notice.objects.count(), Contact.objects.count()) == (0, 0, 0)


def test_each_row_is_one_event_that_replays_to_its_case(sheet: Path, county: County) -> None:
    import_cases(sheet)

    event = Event.objects.get(stream="case:NH-20190425-0001")
    assert (event.seq, event.kind, event.at, event.actor) == (1, "case.imported", HEARD_AT, "clock")
    assert event.data == {
        "state": "closed",
        "path": county.desk.path,
        "channel": "import",
        "case_kind": "other",
        "answered_at": "2019-05-05T16:00:00.000000+00:00",
        "closed_at": "2019-05-05T16:00:00.000000+00:00",
        "ending": "imported",
    }
    assert [*chain_faults(), *case_faults()] == []


@pytest.mark.postgresql
def test_importing_again_doubles_nothing(sheet: Path) -> None:
    import_cases(sheet)
    import_cases(sheet)

    assert Counter(Case.objects.values_list("source_id", flat=True)) == {"1001": 1, "1002": 1}
    assert report_of(sheet) == [
        ["2", "1001", "已有", "", "", "NH-20190425-0001"],
        ["3", "1002", "已有", "", "", "NH-20200107-0001"],
    ]


def test_a_screen_shows_some_of_many_refusals_and_a_trial_all(
    county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = as_csv(tmp_path / "board.csv", [HEADING, *[(str(n), "", "", "昨天", "灯", "", "") for n in range(25)]])

    import_cases(path)
    shown = capsys.readouterr().out
    import_cases(path, dry_run=True)
    all_shown = capsys.readouterr().out

    assert (shown.count("未收，"), "……还有 5 条。" in shown) == (20, True)
    assert (all_shown.count("未收，"), "还有" in all_shown) == (25, False)


def test_the_same_file_under_another_source_is_other_requests(sheet: Path) -> None:
    import_cases(sheet)
    import_cases(sheet, source="热线")

    assert Counter(Case.objects.values_list("source", flat=True)) == {"board": 2, "热线": 2}


def test_a_dry_run_writes_nothing_and_says_the_same(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_cases(sheet, dry_run=True)

    assert (Case.objects.count(), Event.objects.filter(kind="case.imported").count()) == (0, 0)
    assert [path.name for path in sheet.parent.iterdir()] == ["board.csv"]
    assert "收入 2 条，已有 0 条，未收 0 条" in capsys.readouterr().out


BAD: Mapping[str, tuple[Sequence[str], str, str]] = {
    "no words": (("1", "", "", "2020-01-06", " \t　", "", ""), "留言详情", "没有内容。"),
    "no time": (("1", "", "", "", "路灯坏了", "", ""), "留言时间", "没有时间。"),
    "no date": (("1", "", "", "2020-13-45", "路灯坏了", "", ""), "留言时间", "“2020-13-45”认不出是什么日期。"),
    "future": (("1", "", "", "2099-01-01", "路灯坏了", "", ""), "留言时间", "“2099-01-01”还没有到。"),
    "nul": (("1", "", "", "2020-01-06", "路灯\0坏了", "", ""), "留言详情", "里面有空字符（NUL），文件可能已损坏。"),
    "long": (("1", "", "", "2020-01-06", "灯" * 20_001, "", ""), "留言详情", "有 20001 个字，最多只能收 20000 个。"),
    "long number": (("1" * 61, "", "", "2020-01-06", "灯", "", ""), "留言编号", "有 61 个字，最多只能收 60 个。"),
    "lost reply": (("1", "", "", "2020-01-06", "灯", "", "2020-01-07"), "答复时间", "有答复时间，却没有答复。"),
    "early reply": (("1", "", "", "2020-01-06", "灯", "好", "2020-01-05"), "答复时间", "答复早于诉求。"),
    "double": (("1001", "", "", "2020-01-06", "灯", "", ""), "留言编号", "第 2 行用了同一个编号，内容却不同。"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_refused_alone(county: County, tmp_path: Path, name: str) -> None:
    row, column, why = BAD[name]
    path = as_csv(tmp_path / "board.csv", [HEADING, ANSWERED, row, OPEN])

    import_cases(path)

    assert list(Case.objects.order_by("source_id").values_list("source_id", flat=True)) == ["1001", "1002"]
    assert [line for line in report_of(path) if line[2] == "未收"] == [["3", row[0], "未收", column, why, ""]]


def test_a_refusal_has_english_words_too() -> None:
    with translation.override("en"), pytest.raises(Unfit) as unfit:
        read_row({"text": "灯", "received_at": "昨天"}, at=NOON)

    assert (unfit.value.column, unfit.value.why) == ("received_at", "“昨天” is not a date that can be read.")


def test_the_same_row_twice_in_a_file_is_already_there(county: County, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "board.csv", [HEADING, ANSWERED, ANSWERED])

    import_cases(path)

    assert Case.objects.count() == 1
    assert sorted(line[:3] + line[4:5] for line in report_of(path)) == [
        ["2", "1001", "已收入", ""],
        ["3", "1001", "已有", "与第 2 行相同。"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_is_read(county: County, tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = as_csv(tmp_path / "board.csv", [HEADING, ANSWERED, OPEN], encoding=encoding, delimiter=delimiter)

    import_cases(path)

    assert columns("source_id", "title", "text") == [
        {"source_id": "1001", "title": "路灯不亮", "text": "门口路灯坏了"},
        {"source_id": "1002", "title": "路面破损", "text": "门口路面破损"},
    ]


def test_a_workbook_is_read_sheet_by_sheet(county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "board.xlsx"
    head: list[object] = ["编号", "标题", "时间", "内容"]
    years: dict[str, list[list[object]]] = {
        "2019": [
            ["历年留言"],
            head,
            [1.0, "路灯", Day(43580.39732638889), "路灯坏了"],
            [],
            [2, "灯", 43580.5, "灯坏了"],
        ],
        "2020": [head, ["3", None, "2020.1.7", "没有标题的一条。第二句"], ["4", "坏", "不知道", "没有日期"]],
        "说明": [["由系统导出"]],
    }
    path.write_bytes(workbook(years))

    import_cases(path)

    assert [tuple(case.values()) for case in columns("source_id", "title", "received_at")] == [
        ("1", "路灯", HEARD_AT),
        ("2", "灯", datetime(2019, 4, 25, 12, tzinfo=ZONE)),
        ("3", "没有标题的一条", datetime(2020, 1, 7, tzinfo=ZONE)),
    ]
    assert sorted((line[0], line[2]) for line in report_of(path)) == [
        ("2019!3", "已收入"),
        ("2019!5", "已收入"),
        ("2020!2", "已收入"),
        ("2020!3", "未收"),
    ]
    assert "工作表“说明”里没有可导入的列，已跳过。" in capsys.readouterr().out


def test_english_headings_and_values_are_read(
    county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ("Case ID", "Text", "Received at", "Category", "Type", "Address", "Colour"),
        ("A-1", "The lamp is dark; please come.", "2020-01-06T01:32:09Z", "Health", "Complaint", "Lane 3", "red"),
    ]

    import_cases(as_csv(tmp_path / "board.csv", rows))

    assert columns("source_id", "title", "received_at", "category", "kind", "address") == [
        {
            "source_id": "A-1",
            "title": "The lamp is dark",
            "received_at": datetime(2020, 1, 6, 9, 32, 9, tzinfo=ZONE),
            "category": "10",
            "kind": "complaint",
            "address": "Lane 3",
        }
    ]
    assert "未导入的列：Colour" in capsys.readouterr().out


def test_words_are_cleaned() -> None:
    cells = {
        "id": " 1\n",
        "text": "\t\t第一行　　　很宽\r\n\r\n \t\n第二行\u200b\x07\n",
        "received_at": "\t2020-01-06 ",
        "title": "题" * 61,
        "reply": "暂无",
    }

    old = read_row(cells, at=NOON).old

    assert (old.id, old.text, old.title, old.reply) == ("1", "第一行 很宽\n第二行", "题" * 59 + "…", "")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("投诉举报", CaseKind.REPORT),
        ("咨询类", CaseKind.CONSULT),
        ("意见建议", CaseKind.SUGGESTION),
        ("其他", CaseKind.OTHER),
        ("", CaseKind.OTHER),
    ],
)
def test_a_kind_is_found_by_a_word_in_it(cell: str, kind: CaseKind) -> None:
    read = read_row({"text": "灯", "received_at": "2020-01-06", "kind": cell}, at=NOON)

    assert (read.old.kind, read.remarks) == (kind, [])


def test_what_is_not_known_is_left_out_and_told() -> None:
    cells = {"text": "灯", "received_at": "2020-01-06", "reply": "好", "kind": "甲类", "category": "乙类"}

    read = read_row(cells, at=NOON)

    assert (read.old.kind, read.old.category, read.old.replied_at) == (CaseKind.OTHER, "", None)
    assert read.remarks == [
        ("replied_at", "答复没有时间，以导入的时间作为办结时间。"),
        ("category", "类别“乙类”不在本系统的类别表里，已留空。"),
        ("kind", "类型“甲类”认不出，已按“其他”收入。"),
    ]


def test_a_reply_of_the_same_day_without_an_hour_came_with_the_request() -> None:
    cells = {"text": "灯", "received_at": "2020-01-06 15:00", "reply": "好", "replied_at": "2020/1/6"}

    old = read_row(cells, at=NOON).old

    assert old.replied_at == old.received_at


def test_a_row_without_a_number_is_known_by_its_words() -> None:
    cells = {"text": "灯", "received_at": "2020-01-06"}

    first, same, other = (read_row(cells | changed, at=NOON).old.id for changed in ({}, {"id": "无"}, {"text": "路"}))

    assert (first == same, first == other, len(first)) == (True, False, 32)


@pytest.mark.parametrize(
    ("name", "phone", "kept"),
    [
        ("王小明", PHONE, ("王小明", PHONE)),
        ("A00012345", "138 1234 8263", ("", PHONE)),
        ("王小明", "无", None),
        ("王小明", "", None),
        ("", PHONE, ("", PHONE)),
    ],
)
def test_a_name_is_kept_only_with_a_number_to_ring(
    county: County, name: str, phone: str, kept: tuple[str, str] | None
) -> None:
    old = read_row({"text": "灯", "received_at": "2020-01-06", "name": name, "phone": phone}, at=NOON).old

    bring_in([old], source="board", by=CLOCK, at=NOON)

    contact = Case.objects.get().contact
    person = revealed(contact) if contact else None
    assert (person and (person.name, person.phone)) == kept


def test_a_wrong_telephone_number_is_refused() -> None:
    with pytest.raises(Unfit) as unfit:
        read_row({"text": "灯", "received_at": "2020-01-06", "phone": "1381234"}, at=NOON)

    assert (unfit.value.column, "7" in unfit.value.why) == ("phone", True)


def test_bring_in_takes_all_or_none(county: County) -> None:
    olds = [Old("1", "灯", "灯", NOON), Old("2", "灯", "灯", NOON, phone="1381234")]

    with pytest.raises(Refused):
        bring_in(olds, source="board", by=CLOCK, at=NOON)

    assert (Case.objects.count(), Event.objects.filter(kind="case.imported").count()) == (0, 0)


def test_an_answer_without_a_time_ends_at_the_import(county: County) -> None:
    bring_in([Old("1", "灯", "灯", HEARD_AT, reply="好")], source="board", by=CLOCK, at=NOON)

    assert columns("answered_at", "closed_at", "state") == [{"answered_at": None, "closed_at": NOON, "state": "closed"}]
    assert list(case_faults()) == []


def test_what_is_there_is_found_by_its_index(county: County) -> None:
    assert "case_source_once" in explain(of_source("board", ["1", "2"]))


def unreadable(kind: str) -> bytes:
    whole = workbook({"留言": [HEADING, ANSWERED]})
    return {
        "no encoding": b"\x81\x20\xff\xfe\xff" * 40,
        "half a workbook": whole[: len(whole) // 2],
        "locked workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "no heading": "姓名,电话\n王小明,1\n".encode(),
        "empty": b"",
        "open quotation": ",".join(HEADING).encode() + b'\n1,,,2020-01-06,"open\n2,,,2020-01-07,next\n',
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)),
    }[kind]


UNREADABLE = {
    "no encoding": "既不是 Excel",
    "half a workbook": "工作簿打不开",
    "locked workbook": "工作簿打不开",
    "no heading": "看到的列：姓名、电话",
    "empty": "看到的列：–",
    "open quotation": "从文件第 2 行开始的那一条，引号没有配对",
    "jpeg": "没有导入",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_file_imports_nothing(county: County, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "board.csv"
    path.write_bytes(unreadable(kind))

    with pytest.raises(CommandError) as error:
        import_cases(path)

    assert (UNREADABLE[kind] in str(error.value), error.value.returncode) == (True, 1)
    assert (Case.objects.count(), list(tmp_path.iterdir())) == (0, [path])


def test_a_file_that_is_not_there_is_told(county: County, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="文件打不开"):
        import_cases(tmp_path / "none.csv")


def test_a_source_must_be_short(sheet: Path) -> None:
    with pytest.raises(CommandError, match="--source"):
        import_cases(sheet, source="长" * 61)


@pytest.mark.django_db
def test_without_a_county_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="lianying init"):
        import_cases(as_csv(tmp_path / "board.csv", [HEADING, ANSWERED]))


def test_a_report_that_cannot_stand_beside_the_file_goes_to_the_data(
    sheet: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path / "var"
    settings.DATA_DIR.mkdir()
    sheet.with_name("board.csv.report.csv").mkdir()

    import_cases(sheet)

    assert (settings.DATA_DIR / "board.csv.report.csv").is_file()
    assert "文件所在目录不能写入" in capsys.readouterr().out


def test_a_report_holds_no_formula(county: County, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "board.csv", [HEADING, ("=1+1", "", "", "昨天", "灯", "", "")])

    import_cases(path)

    assert report_of(path)[0][1] == "'=1+1"
