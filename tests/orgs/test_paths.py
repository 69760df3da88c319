import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.orgs.models import Unit
from lianying.orgs.paths import LENGTH, LEVELS, WIDTH, depth, parent, segment, within
from tests import make
from tests.cast import County

MOST = 36**4 - 1


@pytest.mark.parametrize(("number", "digits"), [(0, "0000"), (12, "000c"), (36, "0010"), (MOST, "zzzz")])
def test_segment(number: int, digits: str) -> None:
    assert segment(number) == digits


def test_segment_past_the_last_is_refused() -> None:
    with pytest.raises(ValueError, match="more units"):
        segment(MOST + 1)


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_no_segment_begins_another(one: int, other: int) -> None:
    assert len(segment(one)) == WIDTH - 1
    assert one == other or not segment(one).startswith(segment(other))
    assert (one < other) == (segment(one) < segment(other))


@given(st.lists(st.integers(0, MOST), min_size=1, max_size=LEVELS))
def test_depth_and_parent(numbers: list[int]) -> None:
    path = "/" + "".join(f"{segment(number)}/" for number in numbers)
    above = "/" + "".join(f"{segment(number)}/" for number in numbers[:-1])

    assert depth(path) == len(numbers)
    assert parent(path) == (above if len(numbers) > 1 else path)
    assert len(path) <= LENGTH


def test_within_finds_a_unit_and_all_below_it(county: County) -> None:
    cases = [make.assigned(county, to=unit) for unit in (county.management, county.section, county.housing)]
    rows = type(cases[0]).objects.order_by("pk")

    found = {name: list(rows.filter(within(unit.path))) for name, unit in county.units.items()}

    assert found["root"] == cases
    assert found["management"] == cases[:2]
    assert found["section"] == cases[1:2]
    assert found["town"] == []


@pytest.mark.postgresql
def test_units_sort_by_their_path_byte_by_byte(county: County) -> None:
    paths = list(Unit.objects.order_by("path").values_list("path", flat=True))

    assert paths == sorted(paths)
