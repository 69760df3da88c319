from scripts.rule_tables import diagram, events, lifecycle, powers
from tests.house.tree import ROOT


def test_the_printed_tables_are_those_of_the_code() -> None:
    assert powers() in (ROOT / "docs/rules/powers.md").read_text("utf-8")
    assert events() in (ROOT / "docs/rules/events.md").read_text("utf-8")
    page = (ROOT / "docs/rules/lifecycle.md").read_text("utf-8")
    assert lifecycle() in page
    assert diagram() in page
