import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.phones import digit_count, is_mobile, normal_phone, phone_problem, searched_phone

GAPS = st.sampled_from(["", " ", "-", "－", "　", " - "])
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812348263", "13812348263"),
        ("+86 138-1234-8263", "13812348263"),
        ("8613812348263", "13812348263"),
        ("13800861234", "13800861234"),
        ("0552-3008612", "0552-3008612"),
        ("013812348263", "13812348263"),
        ("１３８　１２３４　８２６３", "13812348263"),
        ("3012345", "3012345"),
        ("0552-3012345", "0552-3012345"),
        ("（0552）3012345", "0552-3012345"),
        ("+86 552 301 2345", "0552-3012345"),
        ("010 6512 3456", "010-65123456"),
        ("0552-3012345转801", "0552-3012345-801"),
        ("0552-3012345-8", "0552-3012345-8"),
        ("3012345 ext. 12", "3012345-12"),
        (" ", ""),
    ],
)
def test_normal_phone_of_what_people_write(written: str, normal: str) -> None:
    assert (normal_phone(written), phone_problem(written)) == (normal, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("1381234", "phone_mobile_length"),
        ("138123482633", "phone_mobile_length"),
        ("13812348263-1", "phone_mobile_length"),
        ("12812348263", "phone_mobile_start"),
        ("0552-12345", "phone_landline"),
        ("021 12345678", "phone_landline"),
        ("400-123-4567", "phone_landline"),
        ("一三八", "phone_not_digits"),
        ("abc", "phone_not_digits"),
        ("138x1234", "phone_not_digits"),
    ],
)
def test_phone_problem_names_what_is_wrong(written: str, problem: str) -> None:
    assert phone_problem(written) == problem


@given(MOBILES, GAPS, GAPS, st.sampled_from(["", "+86", "86", "0086", "0"]), st.booleans())
def test_normal_phone_of_a_mobile_however_it_is_written(
    number: str, first: str, second: str, prefix: str, full_width: bool
) -> None:
    written = f"{prefix}{number[:3]}{first}{number[3:7]}{second}{number[7:]}"

    normal = normal_phone(written.translate(FULL_WIDTH) if full_width else written)

    assert (normal, is_mobile(written)) == (number, True)


@given(st.text(max_size=30))
def test_normal_phone_of_a_normal_one_is_itself(text: str) -> None:
    if phone_problem(text) is None:
        assert normal_phone(normal_phone(text)) == normal_phone(text)


@pytest.mark.parametrize(
    ("number", "searched"),
    [
        ("0552-3012345-801", "0552-3012345"),
        ("3012345-801", "3012345"),
        ("3012345", "3012345"),
        ("13812348263", "13812348263"),
        ("", ""),
    ],
)
def test_searched_phone_leaves_the_extension(number: str, searched: str) -> None:
    assert searched_phone(number) == searched


def test_digit_count_of_a_short_number() -> None:
    assert digit_count("１３８-1234") == 7
