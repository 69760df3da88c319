"""One request from the resident's first word to the last."""

from io import BytesIO

from PIL import Image

from tests.journeys.people import People, Visitor
from tests.journeys.steps import NOISE, UNIT, Receipt, answer, ask, assign, follow_up, rate, sign, tell
from tests.serving import Server

QUESTION = "是门口左边那一家，还是右边那一家？"
REPLY = "左边那一家，招牌是红色的。"
ANSWER = "已上门劝导，店家签了承诺，音响撤走，夜里十点后不再摆桌。"


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "PNG")
    return file.getvalue()


def read_receipt(resident: Visitor, receipt: Receipt) -> None:
    assert resident.place == "/receipt/"
    resident.reads("我们收到了您的话", receipt.ref, f"{receipt.code[:5]} {receipt.code[5:]}")
    resident.reads("受理台看过，交给该管的单位", "答复您")
    assert resident.page.get_by_role("img", name="二维码").is_visible()


def reply(resident: Visitor, receipt: Receipt) -> None:
    follow_up(resident, receipt)
    resident.reads("等您回答", "有句话要问您", QUESTION)
    resident.write("您的话", REPLY)
    resident.press("回答")
    resident.reads("您回答：", REPLY)


def answer_after_looking(handler: Visitor, receipt: Receipt) -> None:
    """Written, looked at as the resident will read it, sent."""
    handler.open(f"/desk/cases/{receipt.ref}/")
    handler.reads(REPLY)
    form = handler.opened("答复")
    handler.choose("已解决", within=form)
    handler.write("给群众看的答复", ANSWER, within=form)
    handler.press("先看看群众会看到什么", within=form)
    handler.reads("群众会看到下面这段话。现在还没有发出。", ANSWER)
    handler.press("答复", within=handler.opened("答复"))
    handler.reads("已记录：答复", ANSWER)


def ring_and_ask(clerk: Visitor, receipt: Receipt) -> None:
    clerk.open(f"/desk/checks/?at={receipt.ref}")
    clerk.does_not_read(receipt.phone)
    clerk.press("查看号码")
    clerk.reads(receipt.phone, ANSWER)
    clerk.choose("很满意")
    clerk.press("解决了")
    clerk.reads(f"{receipt.ref} 已记下。")


def test_a_request_goes_all_the_way(people: People, server: Server) -> None:
    resident, clerk, handler = people.as_(), people.as_("clerk"), people.as_("handler")

    receipt = tell(resident, photo=photo() if people.scripts else b"")
    read_receipt(resident, receipt)
    resident.follow("查进度")
    resident.reads("收到了", NOISE, "答复您")

    assign(clerk, receipt)
    follow_up(resident, receipt)
    resident.reads("已交办", f"现在由{UNIT}在办", f"受理台看过，交给{UNIT}办。")

    sign(handler, receipt)
    follow_up(resident, receipt)
    resident.reads("正在办", f"{UNIT}接了，正在办。")

    ask(handler, receipt, QUESTION)
    reply(resident, receipt)
    answer_after_looking(handler, receipt)
    follow_up(resident, receipt)
    resident.reads("已答复", f"{UNIT}已经答复", ANSWER, "真的解决了吗？")

    ring_and_ask(clerk, receipt)
    follow_up(resident, receipt)
    resident.reads("已办结", "您说了结果，这件事办结。", "您的评价：解决了，满意度 5 分")
    assert resident.main.locator(".timeline img").count() == int(people.scripts)
    assert server.command("verify").returncode == 0


def test_a_resident_rates_on_the_progress_page(people: People) -> None:
    resident, clerk, handler = people.as_(), people.as_("clerk"), people.as_("handler")

    receipt = tell(resident)
    assign(clerk, receipt)
    sign(handler, receipt)
    answer(handler, receipt, ANSWER)
    rate(resident, receipt, "解决了", "满意", "谢谢，晚上安静了。")

    resident.reads("已办结", "谢谢，晚上安静了。", "满意度 4 分")
