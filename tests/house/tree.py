"""The files of the tree as the laws see them: ours, without what is built, vendored or private to a machine."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {"vendor", "var", "build", "node_modules", "__pycache__"}


@cache
def files(*suffixes: str, under: str = "") -> tuple[Path, ...]:
    """Return our files whose names end in one of `suffixes`, sorted; none given means all."""
    found = []
    for folder, folders, names in os.walk(ROOT / under):
        folders[:] = [
            name
            for name in folders
            if name not in NOT_OURS and not name.endswith(".egg-info") and (not name.startswith(".") or name == ".ci")
        ]
        found += [Path(folder) / name for name in names if not suffixes or name.endswith(suffixes)]
    return tuple(sorted(found))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def named(path: Path, line: int | None = None) -> str:
    place = path.relative_to(ROOT).as_posix()
    return f"{place}:{line}" if line else place


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
