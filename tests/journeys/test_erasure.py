"""A resident corrects what is held and has it erased: on the phone, without a clerk, and nobody finds it any more."""

from tests.journeys.people import People
from tests.journeys.steps import answer, follow_up, rate, signed
from tests.serving import Server

WORDS = "紫藤巷口的猫头鹰招牌掉下来了，差点砸到人。"


def test_a_resident_erases_what_was_said(people: People, server: Server) -> None:
    receipt = signed(server, WORDS)
    handler, clerk, resident = people.as_("handler"), people.as_("clerk"), people.as_("")
    answer(handler, receipt, "招牌已经拆除。")
    rate(resident, receipt, "解决了", "满意", "谢谢。")

    follow_up(resident, receipt)
    resident.follow("我们留着您的什么、谁看过")
    resident.reads(WORDS, "还没有人看过")
    resident.write("姓名", "李兰")
    resident.press("保存")
    resident.reads("已经改好了")
    resident.follow("← 回到办理进度")
    folded = resident.unfold("删除我的内容")
    resident.choose("确认删除", within=folded)
    resident.press("删除", within=folded)

    resident.reads("已删除您说的话", receipt.ref)
    resident.does_not_read(WORDS)
    clerk.open("/desk/find/?q=猫头鹰")
    clerk.does_not_read(receipt.ref)
    clerk.open(f"/desk/cases/{receipt.ref}/")
    clerk.reads("内容、照片和联系方式已删除")
    clerk.does_not_read(WORDS)
