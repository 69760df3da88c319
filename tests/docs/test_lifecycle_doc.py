"""What docs/rules/lifecycle.md prints is what the program does."""

import ast
import re

from django.utils import translation

from lianying.cases.labels import STATES
from lianying.rules.guards import GUARDS
from scripts.rule_tables import diagram, lifecycle
from tests.house.tree import ROOT, parsed

PAGE = (ROOT / "docs/rules/lifecycle.md").read_text("utf-8")


def codes_of_guards() -> set[str]:
    """What they return, the petition's own among them."""
    returns = [
        node
        for name in ("guards", "petitions")
        for node in ast.walk(parsed(ROOT / f"lianying/rules/{name}.py"))
        if isinstance(node, ast.Return)
    ]
    texts = [part.value for node in returns for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and re.fullmatch("[a-z]+(_[a-z]+)+", text)}


def test_the_page_prints_the_table_and_its_picture() -> None:
    assert lifecycle() in PAGE
    assert diagram() in PAGE


def test_the_page_names_every_state_as_the_screens_do() -> None:
    rows = PAGE.partition("## The states")[2].partition("## The table")[0]

    with translation.override("zh-hans"):
        labels = [(state.value, str(label)) for state, label in STATES.items()]

    assert re.findall(r"^\| `([a-z]+)` \| (.+?) \|", rows, re.MULTILINE) == labels


def test_the_page_names_every_guard_and_what_it_refuses() -> None:
    rows = re.findall(r"^\| (.+?) \| `([a-z_]+)` \|", PAGE.partition("## What a move needs")[2], re.MULTILINE)

    moves = {move for cell, _ in rows for move in re.findall("`([a-z_]+)`", cell)}

    assert moves == {move.value for move in GUARDS}
    assert {code for _, code in rows} == codes_of_guards()
