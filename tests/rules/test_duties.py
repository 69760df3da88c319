from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.duties import DutyRow, answering, gives_to, overlapping

ROOT, TOWN, VILLAGE = "/0001/", "/0001/0002/", "/0001/0002/0003/"
ROWS = [
    DutyRow("01", ROOT, "/0001/housing/"),
    DutyRow("0101", ROOT, "/0001/planning/"),
    DutyRow("01", TOWN, TOWN),
    DutyRow("02", TOWN, TOWN),
]


def units(category: str, *places: str) -> list[str]:
    return [row.unit for row in answering(ROWS, category, places, ROOT)]


def test_the_nearest_place_comes_first_then_the_finer_category() -> None:
    assert units("0101", VILLAGE) == [TOWN, "/0001/planning/", "/0001/housing/"]
    assert units("0101") == ["/0001/planning/", "/0001/housing/"]
    assert units("0102", "/0001/0009/") == ["/0001/housing/"]
    assert units("0201") == []
    assert units("", VILLAGE) == []


def test_the_list_gives_to_the_first_it_names_and_to_its_parts() -> None:
    rows = answering(ROWS, "0101", [], ROOT)

    assert [gives_to(rows, unit, ROOT) for unit in ("/0001/planning/", "/0001/planning/0009/")] == [True, True]
    assert not gives_to(rows, "/0001/housing/", ROOT)
    assert not gives_to([], "/0001/planning/", ROOT)
    assert not gives_to([DutyRow("01", ROOT, ROOT)], "/0001/planning/", ROOT)


def test_two_units_for_the_same_are_found() -> None:
    twice = DutyRow("02", TOWN, "/0001/other/")

    assert list(overlapping([*ROWS, twice])) == [[DutyRow("02", TOWN, TOWN), twice]]


rows = st.builds(
    DutyRow,
    st.sampled_from(["01", "0101", "0102", "02"]),
    st.sampled_from([ROOT, TOWN, VILLAGE]),
    st.sampled_from(["/0001/a/", "/0001/b/"]),
)


@given(st.lists(rows), st.sampled_from(["01", "0101", "02"]), st.sampled_from([ROOT, TOWN, VILLAGE]))
def test_every_row_that_answers_fits_and_none_is_forgotten(known: list[DutyRow], category: str, place: str) -> None:
    found = answering(known, category, [place], ROOT)

    assert sorted(found) == sorted(r for r in known if category.startswith(r.category) and place.startswith(r.place))
    assert [len(row.place) for row in found] == sorted((len(row.place) for row in found), reverse=True)
