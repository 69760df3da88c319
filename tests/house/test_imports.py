"""Forbids imports against the floors and rooms of docs/house.md; the contracts stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT


def test_imports_keep_the_contracts() -> None:
    # In a process of its own: it must see the imports as they are, not as pytest changed them.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout + ended.stderr
