from hypothesis import given
from hypothesis import strategies as st

from lianying.triage.grams import MOST, Told, fields, grams, plain

WORDS = st.text(alphabet="路灯坏了 Ａa1,。\n好", max_size=40)


def test_plain_keeps_words_alone() -> None:
    assert plain("Ａ3市，路灯（2盏）坏了！APP 打不开 x") == "市 路灯 盏 坏了 app 打不开"


def test_runs_do_not_cross_a_space() -> None:
    assert list(grams("路灯 坏")) == ["路", "灯", "路灯", "坏"]


@given(WORDS)
def test_plain_of_plain_is_the_same(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(WORDS, st.integers(1, 3))
def test_every_run_stands_in_the_text(text: str, longest: int) -> None:
    assert all(run in plain(text) and len(run) <= longest for run in grams(plain(text), 1, longest))


def test_what_stands_late_is_not_counted() -> None:
    assert plain("路" * MOST + "灯") == "路" * MOST


def test_parts_are_told_apart() -> None:
    counted = fields(Told("灯", "灯", "东路"))

    assert [(letter, dict(runs)) for letter, runs in counted] == [
        ("t", {"灯": 1}),
        ("w", {"灯": 1}),
        ("p", {"东": 1, "路": 1, "东路": 1}),
    ]


def test_listed_words_of_title_and_text_count_once_and_whole() -> None:
    counted = dict(fields(Told("消防通道堵了", "消防通道，消防通道，KTV", "消防通道")))

    assert {"消防通道", "消防"} <= set(counted["T"])
    assert (counted["W"]["消防通道"], counted["W"]["ktv"], "P" in counted) == (1, 1, False)
