from hypothesis import given
from hypothesis import strategies as st

from lianying.triage.grams import Told
from lianying.triage.similar import ALIKE, buckets, likeness, pairs, shared_words

WORDS = st.text(alphabet="路灯坏道噪音学校施工水电", min_size=2, max_size=60)


@given(WORDS, WORDS)
def test_likeness_is_even_and_bounded(one: str, other: str) -> None:
    there, back = likeness(pairs(one), pairs(other)), likeness(pairs(other), pairs(one))

    assert there == back
    assert 0 <= there <= 1
    assert (there == 1) == (pairs(one) == pairs(other))


@given(WORDS, WORDS)
def test_marks_depend_on_the_pairs_alone(one: str, other: str) -> None:
    assert buckets(Told("", f"{one}。{other}")) == buckets(Told("标题", f"{other}。{one}。{one}"))


@given(WORDS)
def test_marks_fit_into_a_column_and_answers_have_their_own(text: str) -> None:
    told = Told("", text, "人民路")
    found = buckets(told)

    assert all(0 <= number < 2**63 for number in found)
    assert len(set(found)) == len(found) == 14
    assert not set(found) & set(buckets(told, answer=True))


def test_words_of_no_matter_have_no_mark() -> None:
    assert buckets(Told("", "是的，我们都在")) == []


def test_requests_about_one_matter_meet() -> None:
    one = "人民路小学门口的路灯坏了三天，晚上接孩子看不清路"
    other = "小学门口路灯坏了，晚上看不清路面，请来修"
    apart = "自来水发黄，水压很低，洗澡都不行"

    assert set(buckets(Told("", one))) & set(buckets(Told("", other)))
    assert likeness(pairs(one), pairs(other)) > ALIKE > likeness(pairs(one), pairs(apart))


def test_place_alone_makes_two_meet() -> None:
    assert len(set(buckets(Told("", "噪音", "人民路 8 号"))) & set(buckets(Told("", "停水", "人民路8号")))) == 1


def test_shared_words_are_the_longest_runs() -> None:
    text = "小学门口路灯坏了，路灯全灭，请修"

    assert shared_words(text, pairs("门口路灯坏，求修路灯全灭")) == ("门口路灯坏", "路灯全灭")
    assert shared_words(text, frozenset()) == ()
