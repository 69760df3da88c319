"""Forbids dead links in the documentation: files, headings and pictures must be there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, files, named

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
OUTSIDE = ("http:", "https:", "mailto:", "tel:")


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ +(.+?) *#*$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def dead(path: Path) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        if link.startswith(OUTSIDE):
            continue
        place, _, anchor = link.partition("#")
        target = (ROOT / place.lstrip("/") if place.startswith("/") else path.parent / place) if place else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            yield f"{named(path)}: {link}"


def test_every_link_of_the_docs_resolves() -> None:
    assert [line for path in files(".md") for line in dead(path)] == []
