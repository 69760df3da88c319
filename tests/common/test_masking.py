import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.common.masking import mask_name, mask_phone, mask_text

GAPS = st.sampled_from(["", "", " ", "-", "　", "－", " - "[:2]])
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITIES = st.builds(
    lambda place, year, rest, last: place + year + rest + last,
    st.from_regex(r"[1-8][0-9]{5}", fullmatch=True),
    st.integers(1900, 2026).map(str),
    st.from_regex(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}", fullmatch=True),
    st.sampled_from("0123456789Xx"),
)
WORDS = st.text(max_size=20)
NUMBERED_WORDS = st.text(alphabet="0123456789 -－　（）号楼", max_size=20)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@st.composite
def written(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """(the number, the number as somebody may write it)"""
    number = draw(numbers)
    parts = [character + draw(GAPS) for character in number[:-1]] if draw(st.booleans()) else list(number[:-1])
    shown = "".join(parts) + number[-1]
    return number, shown.translate(FULL_WIDTH) if draw(st.booleans()) else shown


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


@given(WORDS, written(MOBILES), WORDS)
def test_mask_text_leaves_no_mobile_among_words(before: str, number: tuple[str, str], after: str) -> None:
    plain, shown = number

    masked = mask_text(before + shown + after)

    assert (plain not in _digits(masked), plain[-8:] not in _digits(masked)) == (True, True)


@given(NUMBERED_WORDS, written(MOBILES), NUMBERED_WORDS)
def test_mask_text_leaves_no_mobile_among_digits(before: str, number: tuple[str, str], after: str) -> None:
    plain, shown = number

    masked = mask_text(before + shown + after)

    assert plain not in _digits(masked)


@given(NUMBERED_WORDS, written(IDENTITIES), NUMBERED_WORDS)
def test_mask_text_leaves_no_identity_number(before: str, number: tuple[str, str], after: str) -> None:
    plain, shown = number

    masked = mask_text(before + shown + after)

    assert plain[:17] not in _digits(masked)


@given(st.from_regex(r"[0-9]{15}|[0-9]{16,19}", fullmatch=True))
def test_mask_text_leaves_no_card(number: str) -> None:
    assert mask_text(f"卡号{number}。") == "卡号********。"


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "Cs"])))
def test_mask_text_without_digits_changes_nothing(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812348263，15212345678", "电话138********，152********"),
        ("2026-11-12 13812348263", "2026-11-12 138********"),
        ("微信wx13812348263", "微信wx138********"),
        ("身份证340322 19880113 123Ｘ", "身份证********"),
        ("340322880113123", "********"),
        ("卡号6222 0212 0800 1234 567", "卡号********"),
        ("(0552)3012345转801", "0552-********转801"),
        ("请打3012345找我", "请打********找我"),
        ("20190425上报，欠2300000元", "20190425上报，欠2300000元"),
        ("３号楼2-301室，2019-2020年，12345热线", "３号楼2-301室，2019-2020年，12345热线"),
        ("编号20261112-0012", "编号20261112-0012"),
    ],
)
def test_mask_text_of_what_people_write(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812348263", "138****8263"),
        ("138-1234-8263", "138****8263"),
        ("0552-3012345-801", "0552-****345"),
        ("010 65123456", "010-****3456"),
        ("3012345", "****345"),
        ("1381234", "****"),
        ("", ""),
    ],
)
def test_mask_phone(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("王五", "王*"), ("王", "王*"), ("阿卜杜·热合曼", "阿**"), (" ", "")]
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
