"""Every refusal that the program can utter has its words, in both languages, and every word has its refusal."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from lianying.common.refusals import WORDS, status, words
from lianying.rules.guards import GUARDS, Facts, require
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import State
from lianying.rules.refusals import Refused
from tests.house.tree import files, parsed

#: What guards give as facts, whatever the code.
OF_GUARDS = {"asks", "days", "attempts", "reworks"}


def uttered() -> Iterator[tuple[str, set[str]]]:
    """Code and names of the facts of every Refused("…", name=…) in the program."""
    for path in files(".py", under="lianying"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                names = {word.arg for word in node.keywords if word.arg}
                yield from ((code, names) for code in codes(node.args[0]))


def codes(expression: ast.expr) -> list[str]:
    texts = [node.value for node in ast.walk(expression) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str)]


def returned(place: str, begin: str = "") -> set[str]:
    """Codes that functions of a module return for others to raise."""
    path = next(one for one in files(".py", under="lianying") if one.as_posix().endswith(place))
    values = [node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Return) and node.value]
    found = {text for value in values for text in codes(value)}
    return {text for text in found if re.fullmatch(r"[a-z]+(_[a-z]+)+", text) and text.startswith(begin)}


def test_every_refusal_has_its_words_and_every_word_its_refusal() -> None:
    known = {code for code, _ in uttered()} | returned("rules/phones.py", "phone_")
    known |= returned("rules/guards.py") | returned("rules/supervision.py") | returned("rules/petitions.py")
    known |= returned("rules/care.py", "care_")
    known |= returned("rules/results.py") | returned("rules/programmes.py")
    known |= returned("rules/campaigns.py")

    assert known == set(WORDS)


def test_every_refusal_brings_the_facts_that_its_words_name() -> None:
    brought = [*uttered(), *((code, OF_GUARDS) for code in returned("rules/guards.py"))]

    missing = {code: named(code) - names for code, names in brought}

    assert {code: names for code, names in missing.items() if names} == {}


def named(code: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", str(WORDS[code].text)))


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_refusal_speaks_both_languages(code: str) -> None:
    refused = Refused(code, **dict.fromkeys(named(code), 987))

    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = words(refused)

    assert said["en"].isascii() or re.search("[一-鿿]", said["en"]) is None
    assert re.search("[一-鿿]", said["zh-hans"])
    assert ("987" in said["en"], "987" in said["zh-hans"]) == (bool(named(code)),) * 2
    assert 400 <= status(refused) < 500


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        words(Refused("unheard_of"))


def test_the_words_name_the_limits_of_the_profile() -> None:
    facts = Facts(State.ANSWERED, CaseKind.HELP)

    said = {}
    for move in GUARDS:
        try:
            require(move, facts)
        except Refused as refused:
            said[move.value] = words(refused)

    assert said["end_unsolved"] == words(Refused("reworks_left", reworks=2))
    assert said["close_unreached"] == words(Refused("attempts_missing", attempts=3))
