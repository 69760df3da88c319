"""A campaign is planned, somebody goes there in the evening, and what was found becomes a report and a task."""

from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

from docx import Document

from lianying.common.clock import local_day, now
from tests.journeys.people import People, Visitor
from tests.journeys.test_visits import linked, written_down

RAISED = "村口到小学的路没有路灯。"
_numbers = count(1)


def planned(supervisor: Visitor, name: str) -> None:
    today = local_day(now())
    supervisor.open("/desk/campaigns/")
    supervisor.follow("安排一次大走访")
    supervisor.write("名称", name)
    supervisor.press("定下来")
    assert supervisor.field("名称").input_value() == name
    supervisor.write("开始日期", str(today))
    supervisor.write("结束日期", str(today + timedelta(days=20)))
    supervisor.pick("牵头单位", "宁和县人民政府")
    for group, chosen in (("参加单位", "城市管理局"), ("要走的村和社区", "上柳村")):
        part = supervisor.main.locator("fieldset", has_text=group).first
        for summary in part.locator("details:not([open]) > summary").all():
            summary.click()
        supervisor.choose(chosen, within=part)
    supervisor.press("定下来")
    supervisor.reads(name, " / 1", "宁和县人民政府")


def reported(supervisor: Visitor, name: str) -> None:
    """Its letter has the words of its holder and none of those who were visited."""
    supervisor.follow("写调研报告")
    supervisor.write("下一步打算", "先把路灯装起来。")
    supervisor.press("保存")
    assert supervisor.field("下一步打算").input_value() == "先把路灯装起来。"
    with supervisor.page.expect_download() as download:
        supervisor.link("下载 Word 文档").click()
    letter = Document(BytesIO(Path(download.value.path()).read_bytes()))
    text = "\n".join(one.text for one in letter.paragraphs)
    assert f"{name}调研报告" in text
    assert "先把路灯装起来。" in text
    assert RAISED not in text


def test_a_campaign_from_its_plan_to_what_was_done(people: People) -> None:
    number = next(_numbers)
    name, called, todo = f"冬季大走访{number}", f"孟大娘家{number}", f"从村口到小学装路灯{number}"
    supervisor, head = people.as_("supervisor"), people.as_("head")
    visitor = people.as_("handler")
    written_down(people.as_("village_handler"), called)
    linked(head, called)
    planned(supervisor, name)
    campaign = supervisor.place

    visitor.open("/desk/visits/?of=all")
    visitor.follow(called)
    visitor.follow("记一次走访")
    visitor.choose("夜访")
    visitor.write("提出的事", RAISED)
    visitor.press("存下这次走访")
    visitor.open(campaign)
    visitor.reads("1 / 1")
    visitor.follow("查看问题明细")
    visitor.reads(RAISED)

    supervisor.open(campaign)
    supervisor.reads("1 / 1", "每个地方都走到了，辛苦了。")
    supervisor.follow("逐村查看")
    supervisor.reads("上柳村")
    supervisor.open(campaign)
    supervisor.unfold("加一条建议")
    supervisor.write("建议", todo)
    supervisor.pick("责任单位", "城市管理局")
    supervisor.write("期限", str(local_day(now()) + timedelta(days=10)))
    supervisor.press("加上这条建议")
    supervisor.reads("已记录。", todo)

    reported(supervisor, name)
    head.open("/desk/")
    head.reads("大走访：两周内到期的建议")
    head.open("/desk/campaigns/proposals/")
    head.follow(todo)
    head.write("做了什么", "装了六盏。")
    head.press("已完成")
    supervisor.open(campaign)
    supervisor.reads("装了六盏。")
