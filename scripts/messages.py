"""Keeps the Chinese catalogue: English msgids in the code, `zh_Hans` in lianying/locale. Pure Python, no GNU gettext.

collect         take new msgids from code and templates, drop the vanished ones
take FILE.json  merge {msgid: Chinese} (a plural under its singular, as a string or a list of forms), then compile
compile         write django.mo
missing         print the msgids without Chinese as JSON, ready to be filled in and taken
check           exit 1 and name every msgid that is missing, fuzzy, unused or has other placeholders

A msgid with a context is written "context|msgid" in JSON.
"""

import argparse
import ast
import fcntl
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "lianying"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "lianying",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# What each gettext function takes, in order.
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "_": ("msgid",),
    "_t": ("msgid",),
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|%|\{\w*\}")
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\({STRING}(?:, {STRING})?(?:, {STRING})?(?:,count)?")


@dataclass(frozen=True, order=True)
class Message:
    """One translatable text; `plural` and `context` are empty where there is none."""

    msgid: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> str:
        return f"{self.context}|{self.msgid}" if self.context else self.msgid


def in_python(text: str) -> Iterator[Message]:
    """Yield the messages of gettext calls whose arguments are literals."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        fields = FUNCTIONS.get(name, ())
        values = [arg.value for arg in node.args[: len(fields)] if isinstance(arg, ast.Constant)]
        if fields and len(values) == len(fields):
            yield Message(**dict(zip(fields, map(str, values), strict=True)))


def in_template(text: str, origin: str) -> Iterator[Message]:
    """Yield the messages of a Django template, as Django itself reads it; `origin` names it in errors."""
    for call in TEMPLATE_CALL.finditer(templatize(text, origin)):
        fields = FUNCTIONS[call[1]]
        values = [ast.literal_eval(value) for value in call.groups()[1 : len(fields) + 1] if value]
        yield Message(**dict(zip(fields, values, strict=True)))


def in_tree(source: Path = SOURCE) -> dict[str, Message]:
    """Return every message of the code by its key; a form with a plural wins over one without."""
    found: dict[str, Message] = {}
    for path in sorted(source.rglob("*")):
        if path.suffix == ".py":
            messages = in_python(path.read_text("utf-8"))
        elif "templates" in path.parts and path.suffix in {".html", ".txt", ".xml"}:
            messages = in_template(path.read_text("utf-8"), str(path))
        else:
            continue
        for message in messages:
            if message.msgid and (message.key not in found or message.plural):
                found[message.key] = message
    return found


def key_of(entry: polib.POEntry) -> str:
    return Message(entry.msgid, entry.msgctxt or "").key


def chinese_of(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def entry_for(message: Message, chinese: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: chinese}
    else:
        entry.msgstr = chinese
    if "%(" in message.msgid + message.plural:
        entry.flags.append("python-format")
    return entry


@contextmanager
def locked(catalogue: Path) -> Iterator[None]:
    """Keep other runs of this script out: several people translate at once."""
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    directory = os.open(catalogue.parent, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def read(catalogue: Path) -> dict[str, polib.POEntry]:
    return {key_of(entry): entry for entry in polib.pofile(str(catalogue))} if catalogue.exists() else {}


def write(catalogue: Path, entries: Mapping[str, polib.POEntry]) -> None:
    """Write sorted, without line numbers or dates, so that a diff shows only what changed."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = HEADER
    file.extend(sorted(entries.values(), key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    part = catalogue.with_suffix(".part")
    file.save(str(part))
    part.replace(catalogue)


def merged(
    old: Mapping[str, polib.POEntry], found: Mapping[str, Message], taken: Mapping[str, str], *, prune: bool
) -> dict[str, polib.POEntry]:
    """Return the catalogue with the messages of the code and the translations taken.

    prune   leave out what the code does not have; without it, it stays under its key until the code has it
    """
    kept = {key: Message(e.msgid, e.msgctxt or "", e.msgid_plural or "") for key, e in old.items()}
    early = {key: Message(key) for key in taken}
    messages = dict(found) if prune else {**early, **kept, **found}
    earlier = {key: chinese_of(entry) for key, entry in old.items()}
    return {key: entry_for(message, taken.get(key, earlier.get(key, ""))) for key, message in messages.items()}


def collect(catalogue: Path = CATALOGUE, source: Path = SOURCE) -> None:
    with locked(catalogue):
        write(catalogue, merged(read(catalogue), in_tree(source), {}, prune=True))


def take(file: Path, catalogue: Path = CATALOGUE, source: Path = SOURCE) -> None:
    """Merge translations; a msgid that the code does not have yet is kept until the next `collect`."""
    data: dict[str, str | list[str]] = json.loads(file.read_text("utf-8"))
    taken = {key: value if isinstance(value, str) else value[-1] for key, value in data.items()}
    with locked(catalogue):
        write(catalogue, merged(read(catalogue), in_tree(source), taken, prune=False))


def missing(catalogue: Path = CATALOGUE, source: Path = SOURCE) -> list[str]:
    old = read(catalogue)
    return sorted(key for key in in_tree(source) if key not in old or not chinese_of(old[key]))


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def faults(catalogue: Path = CATALOGUE, source: Path = SOURCE) -> list[str]:
    """Return one line for every msgid that is not translated as it should be."""
    found, old = in_tree(source), read(catalogue)
    lines = [f"no Chinese: {key}" for key in missing(catalogue, source)]
    lines += [f"not in the code: {key}" for key in old if key not in found]
    lines += [f"fuzzy: {key}" for key, entry in old.items() if entry.fuzzy]
    for key in sorted(found.keys() & old.keys()):
        allowed = [placeholders(found[key].msgid), placeholders(found[key].plural or found[key].msgid)]
        chinese = chinese_of(old[key])
        if chinese and placeholders(chinese) not in allowed:
            lines.append(f"other placeholders: {key}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["collect", "take", "compile", "missing", "check"])
    parser.add_argument("file", nargs="?", type=Path, help="JSON file for `take`")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from lianying.common.messages import compile_messages

    status = 0
    if options.verb == "collect":
        collect()
    elif options.verb == "take":
        take(options.file)
    elif options.verb == "missing":
        print(json.dumps(dict.fromkeys(missing(), ""), ensure_ascii=False, indent=1))
    elif options.verb == "check":
        lines = faults()
        print("\n".join(lines) or f"{len(in_tree())} messages, all in Chinese")
        status = 1 if lines else 0
    if options.verb in {"collect", "take", "compile"}:
        compile_messages()
    return status


if __name__ == "__main__":
    sys.exit(main())
