"""A report of wrongdoing is handed over only when it says whom it accuses."""

from playwright.sync_api import expect

from tests.journeys.people import People
from tests.journeys.steps import told
from tests.serving import Server


def test_the_desk_says_whom_a_report_accuses(people: People, server: Server) -> None:
    receipt = told(server, "城管局市容科有人收了摊主的烟。")
    clerk = people.as_("clerk")
    clerk.open(f"/desk/sort/?at={receipt.ref}")
    clerk.pick("种类", "举报")
    if not clerk.scripts:
        clerk.main.locator("select[name=to_all]").select_option(label="住房和城乡建设局")
        clerk.press("交办")
        clerk.reads("请先写明被举报的是哪个单位")
    accused = clerk.field("被举报单位")
    expect(accused).to_be_visible()
    clerk.look()

    accused.select_option(label="城市管理局")
    clerk.main.locator("select[name=to_all]").select_option(label="住房和城乡建设局")
    clerk.press("交办")

    clerk.open(f"/desk/cases/{receipt.ref}/")
    clerk.reads("被举报单位 城市管理局", "住房和城乡建设局")
