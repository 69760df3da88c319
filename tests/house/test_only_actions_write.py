"""Forbids writing to the database outside actions, so that every change has its rule, its power and its event."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.house.tree import files, named, parsed

WRITES = {
    "abulk_create", "acreate", "adelete", "asave", "aupdate", "bulk_create", "bulk_update", "create", "delete",
    "execute", "executemany", "get_or_create", "update_or_create",
}  # fmt: skip
# Who may write, and why it is no way around the rules.
MAY_WRITE = {
    "lianying/*/actions.py": "the rule itself",
    "lianying/*/actions/*.py": "the rule itself",
    "lianying/*/migrations/*.py": "changes the schema, not the facts",
    "lianying/common/db.py": "the one place for SQL of either database",
    "lianying/audit/triggers.py": "changes the schema, for a migration",
    "lianying/audit/log.py": "appends events, the only thing that may",
}


def is_write(call: ast.Call) -> bool:
    """Rows are saved and updated by keywords; with a positional argument it is a picture, a dict or a hash."""
    if not isinstance(call.func, ast.Attribute):
        return False
    by_keywords = call.func.attr == "save" or (call.func.attr == "update" and bool(call.keywords))
    return call.func.attr in WRITES or (by_keywords and not call.args)


def writes(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_write(node):
            yield f"{named(path, node.lineno)} .{node.func.attr}()"


def test_only_actions_write() -> None:
    others = [path for path in files(".py", under="lianying") if not any(fnmatch(named(path), p) for p in MAY_WRITE)]

    found = [line for path in others for line in writes(path)]

    assert found == []


@pytest.mark.parametrize(
    ("code", "writes_rows"),
    [
        ("case.save(update_fields=['state'])", True),
        ("Case.objects.filter(pk=1).update(state='closed')", True),
        ("rows.delete()", True),
        ("cursor.execute('DELETE FROM cases_case')", True),
        ("image.save(buffer, 'JPEG')", False),
        ("digest.update(b'bytes')", False),
        ("context.update({'case': case})", False),
        ("delete(case)", False),
    ],
)
def test_a_write_is_told_from_a_dict(code: str, writes_rows: bool) -> None:
    call = ast.parse(code, mode="eval").body

    assert isinstance(call, ast.Call)
    assert is_write(call) == writes_rows
