"""A request that belongs to the petition office: handed over, sent on, decided, accepted, concluded, all of it read."""

from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, follow_up, told
from tests.serving import Server

WORDS = "企业改制时的安置款一直没有说法，想请信访部门处理。"


def record(clerk: Visitor, receipt: Receipt, step: str, **filled: str) -> None:
    """filled: number and text, by the names of the fields; unit: to which it is sent."""
    clerk.open(f"/desk/cases/{receipt.ref}/move/petition_step/")
    form = clerk.main.locator("#do-petition_step")
    clerk.choose(step, within=form)
    if unit := filled.pop("unit", ""):
        clerk.pick("转送给哪个单位", unit, within=form)
    for name, words in filled.items():
        form.locator(f"[name={name}]").fill(words)
    clerk.press("登记信访办理步骤", within=form)
    clerk.reads("已记录：登记信访办理步骤")


def test_a_petition_goes_its_way_to_the_end(scripted: People, server: Server) -> None:
    receipt = told(server, WORDS)
    clerk, resident = scripted.as_("clerk"), scripted.as_("")

    clerk.open(f"/desk/cases/{receipt.ref}/move/transfer/")
    clerk.write("群众看到的话", "此事按信访程序办理，已转县信访局，电话 0552-7654321。")
    clerk.press("转信访", within=clerk.main.locator("#do-transfer"))
    clerk.open("/desk/petitions/")
    clerk.reads(receipt.ref, "待转送并书面告知")
    follow_up(resident, receipt)
    resident.reads("已转信访部门", "转送有权处理的单位，并书面告知您")

    record(
        clerk,
        receipt,
        "转送有权处理的单位",
        unit="住房和城乡建设局",
        number="宁信转〔2026〕7号",
        text="已转住建局办理。",
    )
    follow_up(resident, receipt)
    resident.reads("住房和城乡建设局", "已转住建局办理。")
    resident.does_not_read("宁信转〔2026〕7号")
    record(clerk, receipt, "出具处理意见", number="宁住建信〔2026〕3号", text="安置款按原方案发放，意见书已送达。")
    follow_up(resident, receipt)
    resident.reads("安置款按原方案发放", "申请复查")

    record(clerk, receipt, "群众接受处理意见")
    clerk.reads("宁住建信〔2026〕3号", "程序终结，待办结")
    clerk.open(f"/desk/cases/{receipt.ref}/move/conclude/")
    clerk.write("群众看到的话", "已按意见书办结，同一事实和理由不再受理。")
    clerk.press("办结", within=clerk.main.locator("#do-conclude"))
    follow_up(resident, receipt)
    resident.reads("办结", "同一事实和理由不再受理")
