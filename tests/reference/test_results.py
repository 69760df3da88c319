"""The shipped rows of results and programme lines fit the lists that they name."""

from lianying import reference
from lianying.reference.categories import categories
from lianying.rules.results import OF_CASES, kind_of


def test_every_family_is_a_category_of_ours() -> None:
    assert set(reference.families()) <= {one.code for one in categories()}
    assert {kind_of(one.code, reference.families()) for one in categories()} == {None, *OF_CASES}


def test_what_a_row_names_is_not_named_again_by_its_first_level() -> None:
    families = reference.families()

    assert [code for code, kind in families.items() if len(code) > 2 and families.get(code[:2]) == kind] == []


def test_there_are_five_lines_each_in_both_languages() -> None:
    lines = reference.programme_lines()

    assert len({line.code for line in lines}) == len({line.name_zh for line in lines}) == 5
    assert all(len(line.name_zh) <= 20 and len(line.purpose_zh) <= 120 for line in lines)
