"""Two people on one request: the second reads what changed, keeps what was typed, and sends it again."""

from tests.journeys.people import People
from tests.journeys.steps import follow_up, open_case, signed, told
from tests.serving import Server


def test_two_clerks_decide_at_once(people: People, server: Server) -> None:
    first, second = people.as_("clerk"), people.as_("second_clerk")
    receipt = told(server)
    for clerk in (first, second):
        clerk.open(f"/desk/sort/?at={receipt.ref}")

    folded = second.unfold("直接答复")
    second.write("给群众看的答复", "夜市十点收摊，请放心。", within=folded)
    open_case(first, receipt)
    form = first.opened("更正")
    first.pick("种类", "投诉", within=form)
    first.press("更正", within=form)
    second.press("直接答复", within=folded)

    second.reads("更正", "投诉")
    folded = second.main.locator("details", has=second.page.locator("[formaction*=answer_now]"))
    assert second.field("给群众看的答复", within=folded).input_value() == "夜市十点收摊，请放心。"
    second.press("直接答复", within=folded)
    second.reads("已记录：直接答复")


def test_a_resident_adds_something_while_the_office_answers(people: People, server: Server) -> None:
    resident, handler = people.as_(), people.as_("handler")
    receipt = signed(server)

    open_case(handler, receipt)
    form = handler.opened("答复")
    handler.choose("已解决", within=form)
    handler.write("给群众看的答复", "已经上门劝导。", within=form)
    follow_up(resident, receipt)
    resident.write("您的话", "昨晚又来了第二家。")
    resident.press("补充")
    handler.press("答复", within=form)

    handler.reads("昨晚又来了第二家。", "新")
    form = handler.opened("答复")
    assert handler.field("给群众看的答复", within=form).input_value() == "已经上门劝导。"
    handler.press("答复", within=form)
    handler.reads("已记录：答复")
