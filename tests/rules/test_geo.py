import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.geo import Box, box_of, cell_degrees, text_of, to_gcj, to_wgs


def test_the_shift_is_that_of_the_published_formula() -> None:
    assert to_gcj(39.915, 116.404) == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-9)


def test_outside_china_nothing_moves() -> None:
    assert (to_gcj(51.5, -0.12), to_wgs(51.5, -0.12)) == ((51.5, -0.12), (51.5, -0.12))


@given(st.floats(20, 50), st.floats(80, 130))
def test_there_and_back_is_the_same_place(lat: float, lng: float) -> None:
    assert to_wgs(*to_gcj(lat, lng)) == pytest.approx((lat, lng), abs=1e-7)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("31,117,32,118.5", Box(31, 117, 32, 118.5)),
        ("32,117,31,118", None),
        ("31,118,32,117", None),
        ("31,117,32", None),
        ("a,b,c,d", None),
        ("31,117,inf,118", None),
        ("nan,117,32,118", None),
        ("31,117,32,9999", None),
        ("", None),
    ],
)
def test_a_box_is_read(text: str, box: Box | None) -> None:
    assert box_of(text) == box


def test_a_box_is_written_as_it_is_read() -> None:
    assert (text_of(Box(31, 117.5, 31.3, 118)), box_of(text_of(Box(31, 117.5, 31.3, 118)))) == (
        "31.000000,117.500000,31.300000,118.000000",
        Box(31, 117.5, 31.3, 118),
    )


def test_a_cell_is_half_as_wide_at_the_next_zoom() -> None:
    assert cell_degrees(10) == 2 * cell_degrees(11)
    assert (cell_degrees(-5), cell_degrees(99)) == (cell_degrees(3), cell_degrees(19))
