from __future__ import annotations

from collections import Counter

import pytest

from lianying.reference.categories import categories, emergency_hints, urgent_because


def test_categories_are_two_levels_with_an_other_in_each() -> None:
    rows = categories()

    parents = [row.code for row in rows if not row.parent]
    children = Counter(row.parent for row in rows if row.parent)

    assert 12 <= len(parents) <= 16
    assert list(children) == parents
    assert max(children.values()) <= 10
    assert {row.code for row in rows if row.code.endswith("99") and row.parent} == {code + "99" for code in parents}


def test_categories_have_distinct_codes_and_names() -> None:
    rows = categories()

    distinct = [len({getattr(row, name) for row in rows}) for name in ("code", "name_zh", "name_en")]

    assert distinct == [len(rows)] * 3
    assert [row.code for row in rows if row.parent and not row.code.startswith(row.parent)] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("沙洲村自来水又停水了，老人没水做饭，请马上派人。", "停水"),
        ("楼道里有很重的燃气味", "燃气味"),
        ("有人被困在里面了", "被困"),
        ("路面塌陷了一个大坑", "塌陷"),
        ("请问燃气费怎么交", None),
        ("被困扰很久了", None),
        ("贴了停水通知，想问哪天", None),
        ("停停水通知水", None),
        ("", None),
    ],
)
def test_urgent_because_finds_the_word_that_is_meant(text: str, word: str | None) -> None:
    found = urgent_because(text)

    assert (found.word if found else None) == word


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("对面楼起火了", ["119"]), ("车祸，有人昏迷", ["120", "122"]), ("路灯不亮", []), ("有人打人", ["110"])],
)
def test_emergency_hints_name_the_number_to_ring(text: str, numbers: list[str]) -> None:
    shown = [hint.number for hint in emergency_hints() if hint.stands_in(text)]

    assert shown == numbers
