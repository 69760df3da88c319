"""What residents and staff do again and again, each step on its page."""

from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import FilePayload, expect

from tests.journeys.people import Visitor
from tests.serving import Server

NOISE = "小区门口的烧烤店每天晚上十一点以后还在路边摆桌，音响很大，孩子睡不好，希望管一管。"
PLACE = "柳江路18号 丽湖花园南门"
UNIT = "城市管理局"
_numbers = count(1)


@dataclass(frozen=True)
class Receipt:
    ref: str
    code: str
    phone: str

    @property
    def track(self) -> str:
        return f"/track/?{urlencode({'ref': self.ref, 'code': self.code})}"


def new_phone() -> str:
    """A number that nobody has told from before."""
    return f"138{next(_numbers):08d}"


def told(server: Server, words: str = NOISE, **more: str) -> Receipt:
    """A request that came from another program."""
    phone = new_phone()
    answer = server.browser().tell(words, phone=phone, address=PLACE, name="王芳", **more)
    assert answer.status == 201, answer.text
    return Receipt(answer.json["ref"], answer.json["code"], phone)


def assigned(server: Server, words: str = NOISE, **more: str) -> Receipt:
    """Told, and handed to the unit without a browser: the way there is walked in another story."""
    receipt = told(server, words, **more)
    sorting = {"version": "1", "to": "management", "kind": "help", "urgency": "ordinary"}
    sent = server.browser("clerk").post(f"/desk/sort/{receipt.ref}/assign/", sorting)
    assert sent.status == 303, sent.text
    return receipt


def signed(server: Server, words: str = NOISE, **more: str) -> Receipt:
    receipt = assigned(server, words, **more)
    sent = server.browser("handler").post(f"/desk/cases/{receipt.ref}/move/sign/", {"version": "2"})
    assert sent.status == 303, sent.text
    return receipt


def tell(resident: Visitor, words: str = NOISE, photo: bytes = b"") -> Receipt:
    phone = new_phone()
    resident.open("/")
    resident.follow("我要反映")
    resident.write("什么事", words)
    resident.write("在哪里", PLACE)
    resident.write("手机号", phone)
    resident.write("姓名", "王芳")
    if photo:
        file = FilePayload(name="烧烤店.png", mimeType="image/png", buffer=photo)
        resident.field("照片").set_input_files(file)
        expect(resident.main.locator("[data-photos] img")).to_have_count(1)
    resident.press("提交")
    query = parse_qs(urlsplit(resident.page.url).query)
    return Receipt(query["ref"][0], query["code"][0], phone)


def follow_up(resident: Visitor, receipt: Receipt) -> None:
    resident.open(receipt.track)


def assign(clerk: Visitor, receipt: Receipt, unit: str = UNIT, kind: str = "求助") -> None:
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    form = clerk.page.locator("#decide")
    clerk.pick("主办单位（全部）", unit, within=form)
    choose_kind(clerk, kind)
    clerk.press("交办", within=form)
    clerk.reads("已记录：交办", receipt.ref)


def choose_kind(clerk: Visitor, kind: str) -> None:
    """With scripts the promise is counted anew beside it."""
    form = clerk.page.locator("#decide")
    if clerk.scripts:
        with clerk.page.expect_response("**/choices/**"):
            clerk.pick("种类", kind, within=form)
    else:
        clerk.pick("种类", kind, within=form)


def open_case(staff: Visitor, receipt: Receipt) -> None:
    staff.open(f"/desk/cases/{receipt.ref}/")


def sign(handler: Visitor, receipt: Receipt) -> None:
    open_case(handler, receipt)
    handler.press("签收")
    handler.reads("已记录：签收")


def ask(handler: Visitor, receipt: Receipt, question: str) -> None:
    open_case(handler, receipt)
    form = handler.opened("问群众")
    handler.write("您想问什么", question, within=form)
    handler.choose("我已经打电话问了", within=form)
    handler.press("问群众", within=form)
    handler.reads("已记录：问群众", question)


def answer(handler: Visitor, receipt: Receipt, words: str, outcome: str = "已解决") -> None:
    open_case(handler, receipt)
    form = handler.opened("答复")
    handler.choose(outcome, within=form)
    handler.write("给群众看的答复", words, within=form)
    handler.press("答复", within=form)
    handler.reads("已记录：答复", words)


def rate(resident: Visitor, receipt: Receipt, solved: str, grade: str, words: str = "") -> None:
    follow_up(resident, receipt)
    form = resident.main.locator("form", has=resident.page.locator("[value=rate]"))
    resident.choose(solved, within=form)
    resident.choose(grade, within=form)
    resident.write("您想说什么", words, within=form)
    resident.press("提交", within=form)
