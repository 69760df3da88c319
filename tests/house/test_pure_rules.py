"""Forbids in `lianying/rules/` everything but plain calculation: no framework, no clock, no chance, no file."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import files, named, parsed

OF_THE_WORLD = {
    "importlib", "io", "locale", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS_AND_FILES = {"input", "now", "open", "print", "today", "utcnow", "uuid1", "uuid4"}


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "lianying.rules" if node.level else str(node.module)


def is_plain(module: str) -> bool:
    top = module.partition(".")[0]
    return module.startswith("lianying.rules") or (top in sys.stdlib_module_names and top not in OF_THE_WORLD)


def worldly(path: Path) -> Iterator[str]:
    for line, module in imported(parsed(path)):
        if not is_plain(module):
            yield f"{named(path, line)} imports {module}"
    for node in ast.walk(parsed(path)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in CLOCKS_AND_FILES:
            yield f"{named(path, node.lineno)} calls {name}()"


def test_rules_only_calculate() -> None:
    found = [line for path in files(".py", under="lianying/rules") for line in worldly(path)]

    assert found == []
