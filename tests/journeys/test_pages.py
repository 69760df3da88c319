"""Every page, opened and looked at: by whom it is for, on both widths, also where it is empty or wrong."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, answer, choose_kind, signed, told
from tests.serving import Server

PUBLIC = [
    "/",
    "/tell/",
    "/track/",
    "/board/",
    "/board/?q=没有这样的事",
    "/numbers/",
    "/ledger/",
    "/privacy/",
    "/centres/",
    "/care/",
    "/sign-in/",
]
DESK = {
    "clerk": [
        "/desk/",
        "/desk/new/",
        "/desk/sort/",
        "/desk/sort/?queue=disputed",
        "/desk/sort/?queue=old",
        "/desk/sort/several/",
        "/desk/watch/",
        "/desk/watch/remind/",
        "/desk/petitions/",
        "/desk/work/",
        "/desk/work/?tab=closed",
        "/desk/checks/",
        "/desk/find/?q=11月",
        "/desk/find/?q=烧烤",
        "/password/",
    ],
    "handler": [
        "/desk/",
        "/desk/work/",
        "/desk/find/",
        "/desk/watch/owed/",
        "/desk/answers/",
        "/desk/care/new/",
        "/desk/visits/",
        "/desk/visits/burden/",
        "/desk/visits/households/",
        "/desk/campaigns/",
        "/desk/campaigns/proposals/",
        "/desk/tally/new/",
        "/desk/tally/new/job/",
        "/desk/tally/new/petition/",
    ],
    "head": [
        "/desk/",
        "/desk/calendar/",
        "/desk/work/export/?tab=handling",
        "/desk/work/map/?tab=handling",
        "/desk/work/?tab=approvals",
    ],
    "village_handler": [
        "/desk/",
        "/desk/visits/?of=all",
        "/desk/visits/households/at/village/",
        "/desk/visits/households/at/village/new/",
        "/desk/work/",
        "/desk/care/",
        "/desk/care/?tab=ended",
        "/desk/care/new/",
        "/desk/care/measures/",
        "/desk/care/import/",
    ],
    "supervisor": [
        "/desk/",
        "/desk/work/?tab=reworked",
        "/desk/watch/",
        "/desk/watch/owed/?of=answered",
        "/desk/access/",
        "/desk/care/",
        "/desk/watch/circular/",
        "/desk/watch/sheet/",
        "/desk/watch/sheet/?of=week",
        "/desk/campaigns/",
        "/desk/campaigns/new/",
        "/desk/campaigns/proposals/",
        "/desk/tally/",
        "/desk/tally/household/?of=year",
        "/desk/tally/infrastructure/?part=left",
        "/desk/programmes/",
        "/desk/programmes/income/",
        "/desk/programmes/income/?field=city",
        "/desk/programmes/goals/new/",
        "/desk/visits/units/",
        "/desk/visits/units/management/?q=柳",
        "/desk/visits/units/management/handler/",
    ],
    "operator": [
        "/desk/",
        "/desk/settings/",
        "/desk/settings/site/",
        "/desk/settings/health/",
        "/desk/settings/clients/",
        "/desk/settings/endpoints/",
        "/desk/settings/units/",
        "/desk/settings/units/management/",
        "/desk/settings/duties/",
        "/desk/settings/duties/trial/",
        "/desk/settings/imports/",
        "/desk/settings/programmes/",
        "/desk/settings/visits/",
        "/desk/settings/erasure/",
        "/desk/settings/notices/",
        "/desk/settings/messages/",
        "/desk/settings/people/",
        "/desk/settings/people/handler/",
        "/desk/settings/people/handler/absence/",
        "/desk/settings/people/handler/hand-over/",
        "/desk/absence/",
    ],
}
#: Forms of a case that are opened by their address.
OPENED = {
    "clerk": ["note", "correct", "recall"],
    "handler": ["ask", "pass", "hand_to", "dispute", "propose_extension", "answer"],
    "head": ["propose_end"],
}
OUTLINE = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shown = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0;
  return [one.tagName, one.textContent.trim().slice(0, 20), shown && style.outlineStyle !== "none"];
}"""


def larger_type(visitor: Visitor) -> None:
    visitor.press("关怀版", within=visitor.page.locator("header"))


def in_english(visitor: Visitor) -> None:
    visitor.press("English", within=visitor.page.locator("header"))


def wait_for(page: Page, seconds: int) -> None:
    """Let the browser's clock run on; nobody waits for it."""
    page.clock.fast_forward(seconds * 1000)


@pytest.mark.parametrize("how", ["ordinary", "larger type", "English"])
def test_public_pages_are_sound(scripted: People, how: str) -> None:
    resident = scripted.as_()
    resident.open("/")
    if how == "larger type":
        larger_type(resident)
    if how == "English":
        in_english(resident)
        resident.reads("Tell us")

    for path in PUBLIC:
        resident.open(path)
    receipt = tell_in(resident)
    resident.open(receipt.track)
    resident.open("/nothing/", status=404)
    resident.open(receipt.track.replace(receipt.code, "WRONGCODE2"), status=404)


def tell_in(resident: Visitor) -> Receipt:
    """Told with nothing first, so that the page with a fault is looked at as well."""
    resident.open("/tell/")
    page = resident.page
    for words in ("", "柳江路路灯坏了三天。"):
        # The browser itself would stop an empty form.
        page.evaluate("document.querySelector('[data-tell]').noValidate = true")
        page.fill("[name=text]", words)
        with page.expect_navigation():
            page.locator(".dock button").click()
        resident.look()
    ref, code = page.locator("dd.code").all_inner_texts()
    return Receipt(ref, code.replace(" ", ""), "")


@pytest.mark.parametrize("person", DESK)
def test_desk_pages_are_sound(scripted: People, person: str) -> None:
    somebody = scripted.as_(person)

    for path in DESK[person]:
        somebody.open(path)
    somebody.open("/desk/cases/NH-20200101-0001/", status=403 if person == "operator" else 404)


@pytest.mark.parametrize("person", OPENED)
def test_forms_of_a_case_are_sound(scripted: People, server: Server, person: str) -> None:
    receipt = signed(server)
    somebody = scripted.as_(person)

    somebody.open(f"/desk/cases/{receipt.ref}/print/")
    somebody.open(f"/desk/cases/{receipt.ref}/why/")
    for name in OPENED[person]:
        somebody.open(f"/desk/cases/{receipt.ref}/move/{name}/")
        if name == "note":
            somebody.press("补充说明")
            somebody.reads("请写几句话")


def test_an_answer_is_published_and_found(scripted: People, server: Server) -> None:
    clerk, handler, resident = scripted.as_("clerk"), scripted.as_("handler"), scripted.as_()
    receipt = signed(server, "柳江路口的红绿灯不亮了。", may_publish="yes")
    answer(handler, receipt, "线路已修好，今天起恢复。")

    clerk.open(f"/desk/cases/{receipt.ref}/")
    form = clerk.opened("公开答复")
    clerk.choose("我已通读", within=form)
    clerk.press("公开答复", within=form)

    resident.open("/board/?q=红绿灯")
    resident.follow("柳江路口的红绿灯不亮了")
    resident.reads("线路已修好，今天起恢复。")


@pytest.mark.parametrize(
    ("person", "path"), [("", "/"), ("", "/tell/"), ("clerk", "/desk/sort/"), ("clerk", "/desk/new/")]
)
def test_the_keyboard_shows_where_it_is(scripted: People, person: str, path: str) -> None:
    visitor = scripted.as_(person)
    visitor.open(path)
    page = visitor.page
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")

    page.keyboard.press("Tab")
    assert page.evaluate(OUTLINE) == ["A", "跳到正文", True]
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        tag, words, visible = page.evaluate(OUTLINE)
        if tag == "BODY":
            break
        assert visible, f"the focus on {tag} {words} is not seen"


def test_sorting_goes_by_keys(at_desk: People, server: Server) -> None:
    clerk = at_desk.as_("clerk")
    assign_with_category(clerk, told(server))
    first = told(server, "井盖松了。")
    told(server, "垃圾三天没有收。")
    page, keyboard = clerk.page, clerk.page.keyboard
    clerk.open(f"/desk/sort/?at={first.ref}")
    learn_habits(clerk)

    with page.expect_navigation():
        keyboard.press("j")
    clerk.reads("垃圾三天没有收。")
    with page.expect_navigation():
        keyboard.press("k")
    clerk.reads("井盖松了。")
    named = page.locator("#choices [data-key=q] span").inner_text()
    with page.expect_response("**/choices/**"):
        keyboard.press("1")
        keyboard.press("q")
    expect(page.locator("#known [data-key='1'] input")).to_be_checked()
    expect(page.locator("#choices .pick", has_text=named).locator("input")).to_be_checked()
    with page.expect_navigation():
        keyboard.press("a")

    clerk.reads("已记录：交办", first.ref, "垃圾三天没有收。")
    clerk.open(f"/desk/cases/{first.ref}/")
    clerk.reads(f"交办：{named}主办")


def test_proposal_is_taken_and_taken_back_by_keys(at_desk: People, server: Server) -> None:
    receipt = told(server, "幼儿园食堂的饭菜不卫生，校园安全没人管。")
    clerk = at_desk.as_("clerk")
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    category = clerk.page.locator("#decide :is(input[name=category]:checked, select[name=category_all])").last

    with clerk.page.expect_response("**/choices/**"):
        clerk.page.keyboard.press("c")
    taken = category.input_value()
    expect(clerk.page.locator("#taken")).to_be_visible()
    with clerk.page.expect_response("**/choices/**"):
        clerk.page.keyboard.press("z")

    assert (taken, category.input_value()) == ("1105", "")
    expect(clerk.page.locator("#taken")).to_be_hidden()


def assign_with_category(clerk: Visitor, receipt: Receipt) -> None:
    """So that the county has a habit that a key can stand for."""
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    form = clerk.page.locator("#decide")
    with clerk.page.expect_response("**/choices/**"):
        clerk.field("类别（全部）", within=form).select_option(index=1)
    clerk.pick("主办单位（全部）", "城市管理局", within=form)
    choose_kind(clerk, "求助")
    clerk.press("交办", within=form)


def learn_habits(clerk: Visitor) -> None:
    """A young county counts its habits anew every five seconds."""
    give_up = time.monotonic() + 20
    while not clerk.page.locator("#known [data-key='1']").count():
        assert time.monotonic() < give_up
        clerk.page.reload()


def test_what_waits_is_counted_anew_by_itself(at_desk: People, server: Server) -> None:
    clerk = at_desk.as_("clerk")
    clerk.page.clock.install()
    clerk.open("/desk/")
    count = clerk.page.locator(".rail a", has_text="梳理").locator("b")
    before = int(re.sub(r"\D", "", count.inner_text()))

    told(server)
    wait_for(clerk.page, 31)

    expect(count).to_have_text(str(before + 1))


def test_new_requests_join_the_queue_by_themselves(at_desk: People, server: Server) -> None:
    clerk = at_desk.as_("clerk")
    clerk.page.clock.install()
    first = told(server)
    clerk.open(f"/desk/sort/?at={first.ref}")
    clerk.unfold("直接答复")
    clerk.write("给群众看的答复", "正在写")

    told(server, "公厕没有水。")
    wait_for(clerk.page, 21)

    expect(clerk.page.locator("#queue")).to_contain_text("公厕没有水。")
    expect(clerk.field("给群众看的答复")).to_have_value("正在写")
    expect(clerk.page.locator("#queue [aria-current=true]")).to_have_count(1)
