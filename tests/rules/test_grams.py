import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.grams import MARK, asked, excerpt, grams, places

CHINESE = st.text(st.sampled_from("路灯坏了三天没人管"), min_size=1, max_size=12)
ANYTHING = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("路灯坏了3天", ["路灯", "灯坏", "坏了", "了", "3", "天"]),
        ("ＡBC楼, d_e", ["abc", "楼", "d", "e"]),
        ("", []),
        (f"甲{MARK}乙", ["甲", "乙"]),
    ],
)
def test_text_is_cut_into_pairs(text: str, tokens: list[str]) -> None:
    assert grams(text) == tokens


def test_what_is_asked_for_is_cut_alike() -> None:
    assert asked("路灯坏 坏 3号楼 nh-2026") == [
        (["路灯", "灯坏"], False),
        (["坏"], True),
        (["3", "号楼"], False),
        (["nh", "2026"], True),
    ]
    assert asked("， 。") == []


def stands(tokens: list[str], word: tuple[list[str], bool]) -> bool:
    """As the databases look: one after the other, the last perhaps only begun."""
    wanted, begun = word
    for at in range(len(tokens) - len(wanted) + 1):
        part = tokens[at : at + len(wanted)]
        if part[:-1] == wanted[:-1] and (part[-1].startswith(wanted[-1]) if begun else part[-1] == wanted[-1]):
            return True
    return False


@given(CHINESE, st.data())
def test_every_part_of_a_text_is_found_and_nothing_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    other = data.draw(CHINESE)

    assert all(stands(grams(text), word) for word in asked(text[start:end]))
    assert all(stands(grams(text), word) for word in asked(other)) == (other in text)


@given(ANYTHING, ANYTHING)
def test_an_excerpt_is_part_of_the_text(text: str, words: str) -> None:
    pieces = excerpt(text, words.split())

    assert "".join(piece for piece, _marked in pieces).strip("…") in text.strip("…") or "…" in text
    assert all(piece.lower() in {word.lower() for word in words.split()} for piece, marked in pieces if marked)


def test_an_excerpt_shows_what_stands_around() -> None:
    text = "前" * 40 + "路灯坏了" + "后" * 80

    assert excerpt(text, ["路灯"]) == [
        ("…", False),
        ("前" * 30, False),
        ("路灯", True),
        ("坏了" + "后" * 56, False),
        ("…", False),
    ]
    assert excerpt("没有", []) == [("没有", False)]


def test_a_place_has_a_token_for_each_level() -> None:
    assert list(places("/0001/000c/", 5)) == [f"{MARK}0001", f"{MARK}0001000c"]
