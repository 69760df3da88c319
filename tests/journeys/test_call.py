"""A telephone call, taken without touching a mouse."""

from playwright.sync_api import Keyboard, expect

from tests.journeys.people import People, Visitor
from tests.journeys.steps import NOISE, PLACE, told
from tests.serving import Server

ANSWER = "老年证在社区办，带身份证和一寸照片，当场就能领。"


def begin_call(clerk: Visitor, phone: str) -> Keyboard:
    """The number first: the cursor stands there already, and what the number told before appears."""
    clerk.open("/desk/new/")
    keyboard = clerk.page.keyboard
    keyboard.type(phone)
    if clerk.scripts:
        keyboard.press("Tab")
        expect(clerk.page.locator("#earlier")).to_contain_text("138****")
        keyboard.press("Tab")
    else:
        with clerk.page.expect_navigation():
            keyboard.press("Enter")
        expect(clerk.field("手机号")).to_be_focused()
        keyboard.press("Tab")
        keyboard.press("Tab")
    clerk.look()
    expect(clerk.field("什么事")).to_be_focused()
    return keyboard


def keep(clerk: Visitor, keyboard: Keyboard) -> None:
    if clerk.scripts:
        with clerk.page.expect_navigation():
            keyboard.press("Control+Enter")
    else:
        tab_to(clerk, "保存，念编号给群众")
        with clerk.page.expect_navigation():
            keyboard.press("Enter")
    clerk.look()


def tab_to(clerk: Visitor, words: str) -> None:
    """Press Tab until what begins with these words has the focus."""
    wanted = f":focus:text-matches('^{words}')"
    for _ in range(20):
        clerk.page.keyboard.press("Tab")
        if clerk.page.locator(wanted).count():
            return
    raise AssertionError(f"Tab does not lead to {words}")


def read_aloud(clerk: Visitor, *words: str) -> None:
    clerk.reads("请念给群众听", "编号是", "查询码是", *words)
    assert clerk.place.startswith("/desk/new/NH-")


def next_call(clerk: Visitor, keyboard: Keyboard) -> None:
    expect(clerk.link("接下一个")).to_be_focused()
    with clerk.page.expect_navigation():
        keyboard.press("n" if clerk.scripts else "Enter")
    expect(clerk.field("手机号")).to_be_focused()


def test_a_call_is_taken_by_keyboard_alone(people: People, server: Server) -> None:
    clerk = people.as_("clerk")
    earlier = told(server, "楼道的灯坏了。")

    keyboard = begin_call(clerk, earlier.phone)
    clerk.reads("这个号码以前反映的", earlier.ref, "楼道的灯坏了")
    keyboard.type(NOISE)
    keyboard.press("Tab")
    keyboard.type(PLACE)
    keyboard.press("Tab")
    keyboard.type("王芳")
    keyboard.press("Tab")
    keyboard.type("投诉")
    keep(clerk, keyboard)

    read_aloud(clerk, "最晚答复您的时间是")
    next_call(clerk, keyboard)


def test_a_question_is_answered_at_once_by_keyboard_alone(people: People, server: Server) -> None:
    clerk = people.as_("clerk")

    keyboard = begin_call(clerk, told(server).phone)
    keyboard.type("老年证怎么办？")
    tab_to(clerk, "当场答复了？")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type(ANSWER)
    keep(clerk, keyboard)

    read_aloud(clerk, "刚才已经答复您了。要是没解决，请凭这个编号再打过来。")
    next_call(clerk, keyboard)
