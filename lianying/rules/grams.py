"""Chinese text cut into overlapping pairs of characters, so that a word of any length is found without a dictionary."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

#: Before what is no word: no text gives such a token.
MARK = "ɀ"
_RUNS = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[^\W_㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_PAIRED = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
#: Ids to a stretch: in one of them a word of two in a hundred stands fifty times.
AGE = 2048
#: So much of the text stands on each side of what was found.
BESIDE = 30


def plain(text: str) -> str:
    """Full-width and capital letters as half-width and small ones; the mark itself is no letter."""
    return unicodedata.normalize("NFKC", text).lower().replace(MARK, " ")


def grams(text: str) -> list[str]:
    """Tokens in the order of the text. A run of Chinese ends with its last character alone: every one begins a token.

    '路灯坏了3天' -> ['路灯', '灯坏', '坏了', '了', '3', '天']
    """
    tokens: list[str] = []
    for run in _RUNS.findall(plain(text)):
        if _PAIRED.match(run):
            tokens += [first + second for first, second in pairwise(run)]
            tokens.append(run[-1])
        else:
            tokens.append(run)
    return tokens


def asked(words: str) -> list[tuple[list[str], bool]]:
    """For each word asked for: its tokens, which must stand one after the other, and whether the last is a beginning.

    '路灯 坏' -> [(['路灯'], False), (['坏'], True)]
    """
    found = []
    for word in plain(words).split():
        runs = _RUNS.findall(word)
        tokens: list[str] = []
        for number, run in enumerate(runs):
            last = number == len(runs) - 1
            if _PAIRED.match(run) and len(run) > 1:
                # In the text the run may go on, so only what is asked for counts, unless another run follows.
                tokens += [first + second for first, second in pairwise(run)]
                tokens += [] if last else [run[-1]]
            else:
                tokens.append(run)
        if tokens:
            found.append((tokens, len(runs[-1]) == 1 or not _PAIRED.match(runs[-1])))
    return found


def places(path: str, width: int) -> Iterator[str]:
    """A token for each level of a path of segments `width` long: '/0001/000c/' -> 'ɀ0001', 'ɀ0001000c'."""
    for end in range(1 + width, len(path) + 1, width):
        yield MARK + path[:end].replace("/", "")


def age(number: int) -> str:
    """A token that the rows of one stretch of AGE ids share: the newest can be looked at first."""
    return f"{MARK}{MARK}{number // AGE}"


def excerpt(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text around the first word that stands in it, in pieces; True marks those that were asked for."""
    low = text.lower()
    wanted = sorted({word.lower() for word in words if word}, key=len, reverse=True)
    first = min((at for word in wanted if (at := low.find(word)) >= 0), default=0)
    start = max(first - BESIDE, 0)
    shown = text[start : first + 2 * BESIDE]
    parts = re.split(f"({'|'.join(map(re.escape, wanted))})", shown, flags=re.IGNORECASE) if wanted else [shown]
    pieces = [(part, part.lower() in wanted) for part in parts if part]
    before = [("…", False)] if start else []
    return before + pieces + ([("…", False)] if start + len(shown) < len(text) else [])
