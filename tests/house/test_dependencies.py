"""Forbids dependencies without a hash, a reason or an allowed licence, and two locks that disagree."""

import re
from importlib import metadata

import pytest

from tests.house.tree import ROOT

REFUSED = re.compile(r"\b(?:A?GPL|SSPL|Affero)|GNU General", re.IGNORECASE)
PINNED = re.compile(
    r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==(\S+)(?: ; [^\n]*?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
EXTRA = re.compile(r"^([A-Za-z0-9._-]+\[[A-Za-z0-9,-]+\])(?!.*extra ==)", re.MULTILINE)
NAMED = re.compile(r"^([A-Za-z0-9._-]+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return {
        package: version for package, version, _ in PINNED.findall((ROOT / "requirements" / name).read_text("utf-8"))
    }


def asked(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return {match[1] for line in lines if (match := NAMED.match(line)) and not line.startswith("-")}


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_line_of_a_lock_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")

    assert PINNED.sub("", text) == ""
    assert asked(f"{name}.in") <= locked(f"{name}.txt").keys()


def test_what_one_package_asks_of_another_is_locked_by_that_name() -> None:
    """pip takes coverage[toml] for another package than coverage and would look for its newest version."""
    pinned = set(EXTRA.findall((ROOT / "requirements" / "dev.txt").read_text("utf-8")))
    wanted = {found[1] for name in locked("dev.txt") for one in asks(name) if (found := EXTRA.match(one))}

    assert "coverage[toml]" in wanted
    assert wanted - pinned == set()


def asks(name: str) -> list[str]:
    """The requirements of a package; none of one for another system."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def test_the_locks_agree() -> None:
    base, dev = locked("base.txt"), locked("dev.txt")

    assert {name: dev.get(name) for name in base} == base


def test_every_dependency_says_what_it_is_for() -> None:
    told = set(
        re.findall(r"^\| `?([\w.-]+)`? \|", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE)
    )

    assert (asked("base.in") | asked("dev.in")) - told == set()


def test_the_product_has_allowed_licences() -> None:
    def licence(name: str) -> str:
        about = metadata.metadata(name)
        return " ".join([*about.get_all("License-Expression", []), *about.get_all("Classifier", [])])

    installed = {about.metadata["Name"].lower() for about in metadata.distributions()}
    found = {name: licence(name) for name in locked("base.txt") if name in installed}

    assert {name: words for name, words in found.items() if REFUSED.search(words)} == {}
