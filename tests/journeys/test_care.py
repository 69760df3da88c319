"""A household is noted, checked, admitted, helped, shown to the village, and leaves: two persons, and the public."""

from datetime import timedelta

from lianying.common.clock import local_day, now
from tests.journeys.people import People, Visitor

SEEN = "男主人住院一周，家里没有别的劳动力。"


def decided(visitor: Visitor, step: str) -> None:
    """Open the step's form by its button and send it as it is."""
    visitor.follow(step)
    visitor.press(step, within=visitor.page.locator("#write"))


def noted(keeper: Visitor) -> str:
    """The path of its record."""
    keeper.open("/desk/care/new/")
    keeper.write("姓名，或者平时怎么称呼这户", "周大爷")
    keeper.press("查找")
    keeper.follow("周大爷家")
    keeper.choose("疾病")
    keeper.write("看到、听到了什么", SEEN)
    keeper.press("登记线索")
    keeper.reads("认定还剩 15 天", SEEN)
    return keeper.place


def written(visitor: Visitor, step: str, words: str) -> None:
    """Take a step that asks for what was found."""
    visitor.write("核实到的情况", words)
    visitor.press(step, within=visitor.page.locator("#write"))


def helped(keeper: Visitor) -> None:
    keeper.follow("添加帮扶措施")
    keeper.write("要办什么", "帮助申请困难补助。")
    keeper.pick("由谁落实", "柳青 · 上柳村")
    keeper.write("期限", str(local_day(now()) + timedelta(days=20)))
    keeper.press("添加帮扶措施", within=keeper.page.locator("#write"))
    keeper.reads("措施还剩 20 天")
    keeper.follow("结束")
    keeper.write("办得怎么样", "补助已到账。")
    keeper.press("记下")
    keeper.reads("已落实", "补助已到账。")


def shown(head: Visitor, resident: Visitor) -> None:
    head.follow("公示")
    head.choose("已告诉这户")
    head.press("公示", within=head.page.locator("#write"))
    resident.open("/care/")
    resident.reads("上柳村", "周**", "纳入帮扶")
    resident.does_not_read("周大爷", "周建国", "疾病", SEEN)
    head.press("撤下公示")
    resident.open("/care/")
    resident.reads("目前没有公示的住户")


def test_a_household_is_looked_after_from_the_clue_to_the_exit(people: People) -> None:
    keeper, head, resident = people.as_("village_handler"), people.as_("town_head"), people.as_()
    record = noted(keeper)
    keeper.press("我去核实")
    keeper.follow("写核实情况")
    written(keeper, "写核实情况", "借款两万元，建议纳入。")
    keeper.does_not_read("纳入帮扶")

    head.open("/desk/care/?tab=decide")
    head.follow("周大爷家")
    decided(head, "纳入帮扶")
    head.reads("用了 0 天")

    keeper.open(record)
    helped(keeper)
    head.open(record)
    shown(head, resident)

    keeper.open(record)
    keeper.follow("提出退出")
    keeper.choose("风险稳定消除")
    written(keeper, "提出退出", "收入稳定。")
    head.open(record)
    decided(head, "同意退出")
    head.reads("已退出", "风险稳定消除")
