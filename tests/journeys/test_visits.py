"""A household is written down and linked, somebody goes there, and what was raised comes back answered."""

from datetime import timedelta
from itertools import count

from lianying.common.clock import local_day, now
from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt, answer, assign, new_phone, sign

RAISED, ANSWERED = "门前的水沟堵了，一下雨就进水。", "水沟已经疏通，两边加了盖板。"
_homes = count(1)


def written_down(keeper: Visitor, called: str) -> None:
    keeper.open("/desk/visits/households/at/village/")
    keeper.follow("登记住户")
    keeper.press("保存")
    keeper.reads("请写上大家怎么称呼这户。")
    keeper.write("大家怎么称呼这户", called)
    keeper.write("户里由谁说话", "吴桂花")
    keeper.write("手机号", new_phone())
    keeper.press("保存")
    keeper.reads(called, "吴**", "还没有人联系")
    keeper.press("希望有人来")


def linked(head: Visitor, called: str) -> None:
    """The office with the village, once, and its handler with the household."""
    head.open("/desk/visits/units/management/?q=上柳")
    if head.button("联系上柳村").count():
        head.press("联系上柳村")
    head.follow("陈立")
    head.press(f"由陈立联系{called}")
    head.reads(called, "移交或结束")


def visited(visitor: Visitor, called: str) -> Receipt:
    visitor.open("/desk/visits/?of=all")
    visitor.follow(called)
    visitor.follow("记一次走访")
    visitor.write("提出的事", RAISED)
    visitor.write("看到和听到的", "精神不错，屋里收拾得干净。")
    visitor.press("存下这次走访")
    visitor.reads("走访已存好", called, "走了 1 次")
    ref, code = visitor.main.locator("dd.code").all_inner_texts()
    return Receipt(ref, code.replace(" ", ""), "")


def test_what_a_household_raises_comes_back_answered_at_the_next_visit(people: People) -> None:
    called = f"吴婶家{next(_homes)}"
    keeper, head, visitor = people.as_("village_handler"), people.as_("head"), people.as_("handler")
    clerk, office, household = people.as_("clerk"), people.as_("neighbour"), people.as_()
    written_down(keeper, called)
    linked(head, called)

    receipt = visited(visitor, called)
    assign(clerk, receipt, "住房和城乡建设局")
    sign(office, receipt)
    answer(office, receipt, ANSWERED)

    visitor.open("/desk/visits/?of=all")
    visitor.follow(called)
    visitor.reads(RAISED, ANSWERED, "精神不错")
    visitor.follow("记一次走访")
    visitor.reads(RAISED, "住房和城乡建设局 · 已答复")
    household.open(receipt.track)
    household.reads(RAISED, ANSWERED)


def test_a_record_is_corrected_and_a_household_changes_hands(people: People) -> None:
    called = f"孙爷爷家{next(_homes)}"
    keeper, head, visitor = people.as_("village_handler"), people.as_("head"), people.as_("handler")
    written_down(keeper, called)
    linked(head, called)
    visited(visitor, called)

    visitor.follow("更正")
    visitor.write("看到和听到的", "写错了一户，重写。")
    visitor.press("存下这次走访")
    visitor.open("/desk/visits/?of=all")
    visitor.follow(called)
    visitor.reads("已更正", "写错了一户，重写。")

    head.choose(called)
    head.unfold("移交或结束")
    head.pick("转给谁", "何广")
    head.write("从哪天起", str(local_day(now()) + timedelta(days=1)))
    head.press("移交（或结束）勾选的")
    head.open("/desk/visits/units/management/head/")
    head.reads(called)
