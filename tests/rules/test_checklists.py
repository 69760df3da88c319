"""Which checklists may be published, and which answers fit one."""

import pytest

from lianying import reference
from lianying.rules.checklists import LEFT, LONGEST, MOST, Part, Question, fitting, parse_checklist
from lianying.rules.refusals import Refused

LIST = parse_checklist({"ask": ["生活怎么样"], "look": [" 厨房 ", ""], "leave": ["联系卡"]})


def test_a_line_is_a_question_and_an_empty_one_is_none() -> None:
    assert (
        Question("ask1", Part.ASK, "生活怎么样"),
        Question("look1", Part.LOOK, "厨房"),
        Question("leave1", Part.LEAVE, "联系卡"),
    ) == LIST


def test_the_shipped_list_asks_what_the_source_names() -> None:
    texts = {part: [one.text for one in reference.checklist() if one.part is part] for part in Part}

    assert (texts[Part.LOOK], texts[Part.LEAVE][:2]) == (["厨房", "卧室", "卫生间"], ["联系电话", "解决办法"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "checklist_empty"),
        ({"ask": 5, "look": None}, "checklist_empty"),
        ({"ask": [" "]}, "checklist_empty"),
        ({"ask": ["?"] * MOST, "leave": ["卡"]}, "checklist_long"),
    ],
)
def test_a_list_has_at_least_one_and_at_most_fifteen(data: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_checklist(data)

    assert caught.value.code == code


def test_fifteen_are_few_enough() -> None:
    assert len(parse_checklist({"ask": ["?"] * MOST})) == 15


def test_no_answer_is_demanded_and_empty_ones_are_none() -> None:
    assert fitting(LIST, {}) == fitting(LIST, {"ask1": " ", "look1": ""}) == {}


def test_not_to_have_looked_is_an_answer() -> None:
    answers = {"ask1": "还好", "look1": "inconvenient", "leave1": LEFT}

    assert fitting(LIST, answers) == answers


@pytest.mark.parametrize(
    "answers",
    [{"ask1": "字" * (LONGEST + 1)}, {"look1": "yes"}, {"leave1": "yes"}, {"ask2": "没有这一问"}],
)
def test_an_answer_fits_its_question(answers: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        fitting(LIST, answers)

    assert caught.value.code == "checklist_answer"
