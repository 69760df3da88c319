"""What a handler types comes back after the page was left, and a colleague is seen."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import People
from tests.journeys.steps import open_case, signed
from tests.serving import Server

WORDS = "已联系施工方，明天上午到现场。"


@pytest.mark.slow
def test_a_draft_outlives_the_page(scripted: People, server: Server) -> None:
    receipt = signed(server)
    handler, colleague = scripted.as_("handler"), scripted.as_("colleague")
    open_case(handler, receipt)
    handler.write("给群众看的答复", WORDS)
    expect(handler.main.locator("#kept")).to_contain_text("已存为草稿")
    handler.look()

    open_case(colleague, receipt)
    expect(colleague.main.locator("#readers")).to_contain_text("也正在看这一件")
    handler.page.on("dialog", lambda dialog: dialog.accept())
    open_case(handler, receipt)

    expect(handler.field("给群众看的答复")).to_have_value(WORDS)
    handler.press("丢弃草稿")
    expect(handler.field("给群众看的答复")).to_have_value("")
    expect(colleague.field("给群众看的答复")).to_have_value("")
