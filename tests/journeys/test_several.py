"""One night, one burst pipe, four callers: handed over together, joined to one, taken apart, all told of it."""

from urllib.parse import urlencode

from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, answer, follow_up, sign, told
from tests.serving import Server

PIPE = "滨河路水管爆了，路面全是水，第{}户家里停水。"


def tick(clerk: Visitor, *receipts: Receipt) -> None:
    """Tick them in the queue, however long it is, and go to what is done with several."""
    clerk.open(f"/desk/sort/?at={receipts[0].ref}")
    boxes = clerk.page.locator("#queue")
    here = [one for one in receipts if boxes.get_by_label(f"勾选 {one.ref}").count()]
    for one in here:
        boxes.get_by_label(f"勾选 {one.ref}").check()
    if len(here) == len(receipts):
        clerk.press("批量处理")
    else:
        # The queue of the other stories is long: the page takes numbers as well.
        clerk.open(f"/desk/sort/several/?{urlencode({'ref': [one.ref for one in receipts]}, doseq=True)}")


def look_first(clerk: Visitor, heading: str) -> None:
    card = clerk.main.locator("section.card", has=clerk.page.get_by_role("heading", name=heading, exact=True))
    clerk.press("先预览", within=card)


def test_several_are_joined_taken_apart_and_answered(scripted: People, server: Server) -> None:
    main, *others = (told(server, PIPE.format(number)) for number in range(4))
    clerk, resident = scripted.as_("clerk"), scripted.as_("")

    tick(clerk, main, *others)
    clerk.main.locator(f"input[name=main][value='{main.ref}']").check()
    look_first(clerk, "并案")
    clerk.reads(f"3 件诉求并入 {main.ref}。")
    clerk.press("并案 3 件")
    clerk.reads("已并案")
    follow_up(resident, others[0])
    resident.reads("与同一件事一起办")

    clerk.unfold("撤回")
    clerk.press("全部拆开")
    clerk.reads("已拆开")
    follow_up(resident, others[0])
    resident.does_not_read("与同一件事一起办", main.ref)

    tick(clerk, main, *others)
    clerk.main.locator(f"input[name=main][value='{main.ref}']").check()
    look_first(clerk, "并案")
    clerk.press("并案 3 件")
    tick(clerk, main)
    clerk.pick("主办单位", "城市管理局")
    look_first(clerk, "一起交办")
    clerk.reads("1 件诉求交给城市管理局。")
    clerk.press("交办 1 件")
    clerk.reads("已交办")

    handler = scripted.as_("handler")
    sign(handler, main)
    answer(handler, main, "水管已修好，今晚恢复供水。")
    clerk.open(f"/desk/checks/?at={others[0].ref}")
    clerk.reads("您反映的事还有其他群众反映，城市管理局已经答复了。")
    follow_up(resident, others[0])
    resident.reads("答复")
    resident.does_not_read("第0户")
