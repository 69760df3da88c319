"""Copies pinned front-end files out of npm packages into the tree, so that running and testing need no Node.

(no argument)  fetch the packages with `npm pack`, refuse one whose SHA-256 differs, write files and README.md
--check        without network: exit 1 and name every file that is not as README.md says
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = Path("lianying/static/vendor")
FOLDERS = [STATIC, Path("tests/vendor")]
LIST = STATIC / "README.md"


@dataclass(frozen=True)
class Package:
    """`sha256` is of the packed package; `files` maps a path in the package to one in the tree."""

    name: str
    version: str
    sha256: str
    licence: str
    use: str
    files: Mapping[str, Path]


def placed(folder: Path, *names: str) -> dict[str, Path]:
    return {name: folder / name.removeprefix("dist/") for name in names}


PACKAGES = [
    Package(
        "htmx.org",
        "2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        "0BSD",
        "forms and refreshed parts of a page",
        placed(STATIC / "htmx", "dist/htmx.min.js", "LICENSE"),
    ),
    Package(
        "leaflet",
        "1.9.4",
        "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        "BSD-2-Clause",
        "maps, where a page has one",
        placed(
            STATIC / "leaflet",
            "dist/leaflet.js",
            "dist/leaflet.css",
            "dist/images/layers.png",
            "dist/images/layers-2x.png",
            "dist/images/marker-icon.png",
            "dist/images/marker-icon-2x.png",
            "dist/images/marker-shadow.png",
            "LICENSE",
        ),
    ),
    Package(
        "dexie",
        "4.4.7",
        "e6d50a205b0b3c1c1321e513ab66158868bafc8e1d28ef84aeb99cf5e58e4628",
        "Apache-2.0",
        "visits that a phone keeps until there is a signal",
        placed(STATIC / "dexie", "dist/dexie.min.js", "LICENSE"),
    ),
    Package(
        "bootstrap-icons",
        "1.13.2",
        "7b5960145e1ab14a49a117f96a9e5a54a94fdf07f21e302d9e4f88d73dd19f9c",
        "MIT",
        "the icons of `icons.svg`",
        placed(STATIC / "bootstrap-icons", "LICENSE"),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        "MPL-2.0",
        "tests only: accessibility of every page",
        {
            "axe.min.js": Path("tests/vendor/axe.min.js"),
            "LICENSE": Path("tests/vendor/axe.LICENSE"),
            "LICENSE-3RD-PARTY.txt": Path("tests/vendor/axe.LICENSE-3RD-PARTY"),
        },
    ),
]
SPRITE = STATIC / "icons.svg"
ICONS = """
arrow-left bar-chart box-arrow-right camera chat-dots check-circle clock download exclamation-circle gear geo-alt house
journal-text link-45deg list-check people person plus printer rss search shield-check telephone translate volume-up x
""".split()  # noqa: SIM905  one icon a line would hide the list
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\n?\s*$")


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """Return the files of the package by path.

    Raises  SystemExit where npm fails or the package is not the pinned one
    """
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    packed = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    archive = folder / packed.splitlines()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.name} {package.version} has SHA-256 {found}, pinned is {package.sha256}")
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        return {m.name.removeprefix("package/"): file.read() for m in members if (file := tar.extractfile(m))}


def sprite(files: Mapping[str, bytes]) -> bytes:
    """Return one SVG with a symbol per icon, drawn by `<svg class="icon"><use href="…icons.svg#name"></use></svg>`."""
    symbols = []
    for icon in ICONS:
        body = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", files[f"icons/{icon}.svg"].decode()).strip()
        symbols.append(f'<symbol id="{icon}" viewBox="0 0 16 16" fill="currentColor">{body}</symbol>')
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]).encode()


def copies() -> dict[Path, bytes]:
    """Return the content of every vendored file, by its path in the tree."""
    wanted: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            files = fetch(package, Path(folder))
            for name, target in package.files.items():
                # A source map that is not shipped would be a broken link, which the static file storage refuses.
                wanted[target] = SOURCE_MAP.sub(b"\n", files[name]) if target.suffix == ".js" else files[name]
            if package.name == "bootstrap-icons":
                wanted[SPRITE] = sprite(files)
    return wanted


def listing(wanted: Mapping[Path, bytes]) -> str:
    packages = [f"| {p.name} | {p.version} | {p.licence} | {p.use} |" for p in PACKAGES]
    hashes = [f"| `{path}` | `{hashlib.sha256(data).hexdigest()}` |" for path, data in sorted(wanted.items())]
    return "\n".join(
        [
            "# Vendored front-end files",
            "",
            "Written by `make vendor` from the npm packages pinned in `scripts/vendor.py`; not edited by hand.",
            "The comment that names a source map is removed, everything else is as published.",
            "",
            *["| package | version | licence | use |", "|---|---|---|---|", *packages, ""],
            *["| file | SHA-256 |", "|---|---|", *hashes, ""],
        ]
    )


def write() -> None:
    wanted = copies()
    for path, data in wanted.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(data)
    (ROOT / LIST).write_text(listing(wanted), "utf-8")


def faults() -> list[str]:
    """Return one line for every vendored file that differs from README.md, is missing, or is not listed."""
    listed = dict(re.findall(r"\| `(\S+)` \| `(\w{64})` \|", (ROOT / LIST).read_text("utf-8")))
    folders = {
        target.parts[: 3 if target.is_relative_to(STATIC) else 2] for p in PACKAGES for target in p.files.values()
    }
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in ROOT.joinpath(*folder).rglob("*")
        if path.is_file() and path.relative_to(ROOT) != LIST
    }
    lines = [f"not listed: {name}" for name in sorted(present - listed.keys())]
    for name, sha256 in listed.items():
        if name not in present:
            lines.append(f"missing: {name}")
        elif hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != sha256:
            lines.append(f"changed: {name}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        write()
    lines = faults()
    print("\n".join(lines) or "vendored files are as listed")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
