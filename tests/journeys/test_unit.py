"""A unit at work: passed down to where it belongs, an answer that the head reads first, the list on a map."""

from pathlib import Path

from playwright.sync_api import FilePayload, expect

from tests.files.papers import PDF
from tests.files.test_images import picture, saved
from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, assigned, follow_up, open_case, sign, signed
from tests.serving import Server

CANNOT = "这条管线归市水务集团管，县里不能改动，已书面转市里。"
IN_OWN_WORDS = "管线归市水务集团，我们已书面转市里，月底前告诉您结果。"


def approve_with_change(head: Visitor, receipt: Receipt) -> None:
    head.open("/desk/")
    head.follow("1", within=head.main.locator("li", has_text="待审签的答复"))
    head.reads(receipt.ref)
    open_case(head, receipt)
    form = head.opened("审签答复")
    expect(head.field("给群众看的答复", within=form)).to_have_value(CANNOT)
    head.write("给群众看的答复", IN_OWN_WORDS, within=form)
    head.press("审签答复", within=form)
    head.reads("已记录：审签答复", IN_OWN_WORDS)


def test_an_answer_is_approved_by_the_head(scripted: People, server: Server) -> None:
    receipt = signed(server)
    handler, head, resident = scripted.as_("handler"), scripted.as_("head"), scripted.as_("")

    open_case(handler, receipt)
    form = handler.opened("答复")
    handler.choose("办不了", within=form)
    handler.write("给群众看的答复", CANNOT, within=form)
    handler.press("答复", within=form)
    handler.reads("已记录：答复送审", CANNOT)
    follow_up(resident, receipt)
    resident.does_not_read(CANNOT)
    approve_with_change(head, receipt)

    follow_up(resident, receipt)
    resident.reads(IN_OWN_WORDS)
    resident.does_not_read(CANNOT)


def test_the_paper_of_an_answer_reaches_the_resident(scripted: People, server: Server, tmp_path: Path) -> None:
    receipt = signed(server)
    handler, resident = scripted.as_("handler"), scripted.as_("")
    papers = [
        FilePayload(name="批复.pdf", mimeType="application/pdf", buffer=PDF),
        FilePayload(name="换好.png", mimeType="image/png", buffer=saved(picture(400, 300), "PNG").getvalue()),
    ]

    open_case(handler, receipt)
    form = handler.opened("答复")
    handler.choose("已解决", within=form)
    handler.write("给群众看的答复", IN_OWN_WORDS, within=form)
    handler.field("照片或 PDF", within=form).set_input_files(papers)
    handler.press("答复", within=form)
    handler.reads("已记录：答复", "附件 1（PDF")
    follow_up(resident, receipt)
    resident.reads(IN_OWN_WORDS)
    expect(resident.main.locator(".photos img")).to_have_count(1)
    with resident.page.expect_download() as fetched:
        resident.main.get_by_text("附件 1").click()
    fetched.value.save_as(tmp_path / "kept.pdf")

    assert (tmp_path / "kept.pdf").read_bytes() == PDF


def test_an_answer_is_sent_back_by_the_head(at_desk: People, server: Server) -> None:
    receipt = signed(server)
    sent = server.browser("handler").post(
        f"/desk/cases/{receipt.ref}/move/answer/", {"version": "3", "outcome": "cannot", "text": CANNOT}
    )
    assert sent.status == 303, sent.text
    head, handler = at_desk.as_("head"), at_desk.as_("handler")

    open_case(head, receipt)
    form = head.opened("退回修改")
    head.write("理由", "请先到现场看看，能不能绕开。", within=form)
    head.press("退回修改", within=form)
    head.reads("已记录：退回修改")
    open_case(handler, receipt)

    handler.reads("负责人退回答复", "请先到现场看看，能不能绕开。")


def test_a_request_is_passed_down_to_a_unit_below(scripted: People, server: Server) -> None:
    receipt = assigned(server)
    handler, below, resident = scripted.as_("handler"), scripted.as_("section_handler"), scripted.as_("")

    open_case(handler, receipt)
    form = handler.opened("转下级")
    handler.pick("转派给下属哪个单位", "市容科", within=form)
    handler.write("给该单位的话", "请今天去看。", within=form)
    handler.press("转下级", within=form)
    handler.reads("已记录：转下级", "市容科")
    sign(below, receipt)
    below.reads("请今天去看。")

    follow_up(resident, receipt)
    resident.reads("市容科")
    resident.does_not_read("请今天去看。")


def test_the_list_is_seen_on_a_map(at_desk: People, server: Server) -> None:
    receipt = assigned(server, "桥头护栏断了一截。", lat="32.951", lng="117.289")
    head = at_desk.as_("head")

    head.open("/desk/work/?tab=assigned")
    head.follow("地图")
    point = head.page.locator(f"#map .dot[title^='{receipt.ref}']")
    expect(point).to_be_visible()
    with head.page.expect_navigation():
        point.click()

    head.reads(receipt.ref, "桥头护栏断了一截。")
