"""Forbids what is true on one machine only: its paths, and the addresses of its package index."""

import re

from tests.house.tree import ROOT, files, named

HERE = re.compile(
    r"(?<![\w./-])/(?:root|home|Users|work|srv|mnt)/"
    r"|file:///"
    r"|(?<!no-emit-)(?:extra-)?index-url|(?<!no-emit-)find-links"
    r"|pypi\.(?:org/simple|python)|pythonhosted|registry\.npm|npmmirror|tuna\.tsinghua|mirrors\."
)
TEXT = (".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", ".csv", ".json", ".po", "Makefile", "run")
ADDRESSED_LOCKS = {"package-lock.json", "yarn.lock", "pnpm-lock.yaml", "uv.lock", "pylock.toml", "poetry.lock"}


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{named(path, number)} {match[0]}"
        for path in files(*TEXT)
        if path != ROOT / "tests/house/test_places.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := HERE.search(line))
    ]

    assert found == []


def test_no_lock_file_holds_addresses() -> None:
    assert [named(path) for path in files() if path.name in ADDRESSED_LOCKS] == []
