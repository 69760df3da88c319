"""A variable that nobody can look up does not exist for an operator."""

from lianying.config.env import markdown
from tests.house.tree import ROOT


def test_the_table_of_variables_is_the_one_in_the_code() -> None:
    page = (ROOT / "docs/operate/settings.md").read_text("utf-8")

    assert markdown() in page
