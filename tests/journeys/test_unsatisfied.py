"""What becomes of a request when somebody does not agree: the resident, another office, the calendar."""

from playwright.sync_api import expect

from tests.journeys.people import People, Visitor
from tests.journeys.steps import UNIT, Receipt, answer, assigned, follow_up, open_case, rate, signed, told
from tests.serving import Server

STILL = "只安静了一晚，昨天又摆到十二点。"
COURT = "这是合同纠纷，请向宁和县人民法院起诉，电话 0552-7654321。"
OBJECTION = "不是合同的事，是路灯不亮。"


def promise(resident: Visitor) -> str:
    """The day of the answer as the resident reads it."""
    return resident.main.locator(".ticket b").inner_text()


def ask_to_do_it_again(resident: Visitor, receipt: Receipt, words: str = STILL) -> None:
    rate(resident, receipt, "没有解决", "很不满意", words)


def end_unsolved(supervisor: Visitor, receipt: Receipt, reason: str) -> None:
    supervisor.open("/desk/")
    supervisor.follow("1", within=supervisor.main.locator("li", has_text="两次重办仍不满意"))
    open_case(supervisor, receipt)
    form = supervisor.opened("未解决而了结")
    supervisor.write("理由", reason, within=form)
    supervisor.press("未解决而了结", within=form)
    supervisor.reads("已记录：未解决而了结")


def decline(clerk: Visitor, receipt: Receipt) -> None:
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    folded = clerk.unfold("不予受理")
    clerk.choose("应走诉讼、仲裁、复议等法定渠道", within=folded)
    clerk.write("给群众看的说明", COURT, within=folded)
    clerk.press("不予受理", within=folded)
    clerk.reads("已记录：不予受理")


def merge(clerk: Visitor, receipt: Receipt, main: Receipt) -> None:
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    folded = clerk.unfold("并案")
    clerk.write("主件的编号", main.ref, within=folded)
    clerk.press("并入", within=folded)
    clerk.reads("已记录：并案")


def propose_extension(handler: Visitor, receipt: Receipt) -> None:
    open_case(handler, receipt)
    form = handler.opened("申请延期")
    handler.field("延长几个工作日", within=form).select_option("5")
    handler.write("理由", "要等新路灯到货。", within=form)
    handler.press("申请延期", within=form)
    handler.reads("已记录：申请延期")


def dispute(handler: Visitor, receipt: Receipt) -> None:
    open_case(handler, receipt)
    form = handler.opened("不是我们的职责")
    handler.write("为什么不是本单位的职责", "小区里面归物业主管部门。", within=form)
    handler.pick("应由哪个单位办理", "住房和城乡建设局", within=form)
    handler.press("不是我们的职责", within=form)
    handler.reads("已记录：不是我们的职责")


def dismiss(clerk: Visitor, receipt: Receipt) -> None:
    clerk.open(f"/desk/sort/?queue=disputed&at={receipt.ref}")
    clerk.reads("建议交给", "住房和城乡建设局", "小区里面归物业主管部门。")
    clerk.write("理由", "占道经营在小区门外，归城市管理局。")
    clerk.press("不同意")
    clerk.reads("已记录")


def test_a_resident_is_not_content_three_times(people: People, server: Server) -> None:
    resident, handler = people.as_(), people.as_("handler")
    receipt = signed(server)

    answer(handler, receipt, "已上门劝导。")
    ask_to_do_it_again(resident, receipt)
    resident.reads("正在办", f"退回{UNIT}重新办", STILL, f"最迟 {promise(resident)}答复您")
    resident.unfold("为什么是这一天？")
    resident.reads("重新办理")
    answer(handler, receipt, "已再次上门，并安排夜间巡查。")
    ask_to_do_it_again(resident, receipt)
    answer(handler, receipt, "已立案查处。")
    ask_to_do_it_again(resident, receipt, "还是一样。")
    resident.reads("您说还是没有解决，由督查人员决定下一步。")
    end_unsolved(people.as_("supervisor"), receipt, "店家已依法处罚，噪声仍有反复，转入日常巡查。")

    follow_up(resident, receipt)
    resident.reads("已办结", "督查人员看过后办结", "没有解决")
    assert server.command("verify").returncode == 0


def test_a_resident_objects_to_being_turned_away(people: People, server: Server) -> None:
    resident, clerk = people.as_(), people.as_("clerk")
    receipt = told(server, "门口的路灯不亮了，物业说不归他们管。")

    decline(clerk, receipt)
    follow_up(resident, receipt)
    resident.reads("没有受理", "这件事没能在这里受理", COURT, "您不同意？")
    resident.write("您的话", OBJECTION)
    resident.press("我有意见")

    resident.reads("受理台再看一遍", OBJECTION, "收到了")
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    clerk.reads(OBJECTION)


def test_two_requests_are_joined_and_parted(people: People, server: Server) -> None:
    resident, clerk = people.as_(), people.as_("clerk")
    main, other = told(server), told(server, "烧烤店半夜吵得很。")

    merge(clerk, other, main)
    follow_up(resident, other)
    resident.reads("与同一件事一起办", "别人也反映了同一件事，正在一起办。")
    resident.does_not_read(main.ref)
    open_case(clerk, main)
    clerk.reads("并入本件的", other.ref)
    open_case(clerk, other)
    clerk.press("拆出")

    follow_up(resident, other)
    resident.reads("收到了", "这件事改为单独办理。")


def test_more_time_is_asked_for_and_granted(people: People, server: Server) -> None:
    resident, handler, head = people.as_(), people.as_("handler"), people.as_("head")
    receipt = signed(server, "柳江路路灯坏了三天，晚上看不见路。")
    follow_up(resident, receipt)
    before = promise(resident)

    propose_extension(handler, receipt)
    follow_up(resident, receipt)
    assert promise(resident) == before
    head.open("/desk/")
    head.follow("1", within=head.main.locator("li", has_text="申请延期，待审批"))
    open_case(head, receipt)
    head.reads("陈立", "5 个工作日")
    form = head.opened("同意延期")
    head.write("告诉群众的理由", "新路灯下周才到货，装好就亮。", within=form)
    head.press("同意延期", within=form)
    head.reads("已记录：同意延期")

    follow_up(resident, receipt)
    resident.reads("批准延长一次办理时间，新的日子在上面。", "新路灯下周才到货，装好就亮。")
    assert promise(resident) != before
    expect(resident.main.locator(".ticket summary")).to_have_text("为什么是这一天？")
    resident.unfold("为什么是这一天？")
    resident.reads("5 个工作日")


def test_an_office_disputes_its_duty_in_vain(people: People, server: Server) -> None:
    resident, clerk, handler = people.as_(), people.as_("clerk"), people.as_("handler")
    receipt = assigned(server)

    dispute(handler, receipt)
    follow_up(resident, receipt)
    resident.reads("正在确定归谁办")
    dismiss(clerk, receipt)

    open_case(handler, receipt)
    handler.reads("办理中", "占道经营在小区门外，归城市管理局。")
    expect(handler.link("不是我们的职责")).to_have_count(0)
    follow_up(resident, receipt)
    resident.reads("正在办", f"现在由{UNIT}在办")
