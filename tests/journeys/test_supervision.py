"""A request that is late: reminded of, supervised, answered by the unit, accepted; its day on paper and as a sheet."""

from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, signed
from tests.serving import Server

WHY = "灯杆厂家停产，新灯杆周五到货，周六装好。"


def remind(clerk: Visitor, receipt: Receipt) -> None:
    clerk.open(f"/desk/watch/remind/?ref={receipt.ref}")
    clerk.reads(receipt.ref, "1 个工作日内回复")
    clerk.press("催办")
    clerk.reads("已催办 1 件")


def supervise(supervisor: Visitor, receipt: Receipt) -> None:
    open_ladder(supervisor, receipt)
    form = supervisor.main.locator("form", has_text="执行")
    supervisor.choose("领导批示", within=form)
    supervisor.write("给单位的话", "县长批示：请城管局三天内解决。", within=form)
    supervisor.press("执行", within=form)
    supervisor.reads("已记录。", "县长批示：请城管局三天内解决。")


def open_ladder(staff: Visitor, receipt: Receipt) -> None:
    staff.open(f"/desk/cases/{receipt.ref}/")
    staff.follow("督办")


def test_a_request_is_supervised_until_the_answer_is_accepted(scripted: People, server: Server) -> None:
    receipt = signed(server)
    clerk, supervisor, handler = scripted.as_("clerk"), scripted.as_("supervisor"), scripted.as_("handler")

    clerk.open("/desk/watch/")
    remind(clerk, receipt)
    supervise(supervisor, receipt)
    handler.open("/desk/watch/owed/")
    handler.reads(receipt.ref)
    open_ladder(handler, receipt)
    for _number in range(2):
        form = handler.main.locator("form", has_text="提交回复").first
        handler.write("本单位的回复", WHY, within=form)
        handler.press("提交回复", within=form)
    handler.reads("已回复，待认定", WHY)
    supervisor.open("/desk/watch/owed/?of=answered")
    supervisor.reads(receipt.ref)
    open_ladder(supervisor, receipt)
    for _number in range(2):
        form = supervisor.main.locator("form", has_text="认可回复").first
        supervisor.write("原因", "日期明确，可以。", within=form)
        supervisor.press("认可回复", within=form)

    supervisor.reads("回复已认可")
    open_ladder(handler, receipt)
    handler.reads("回复已认可", "日期明确，可以。")


def test_the_day_is_printed_and_taken_as_a_workbook(scripted: People, server: Server) -> None:
    signed(server)
    supervisor = scripted.as_("supervisor")

    supervisor.open("/desk/watch/")
    supervisor.follow("日报")
    supervisor.reads("合计", "城市管理局")
    supervisor.follow("周报")
    with supervisor.page.expect_download() as download:
        supervisor.link("下载").click()

    assert download.value.suggested_filename.startswith("周报-")
