"""Pure: which requests may be about the same matter, found by equal numbers and then compared word by word.

MinHash: of the pairs of characters of a request the one with the lowest hash, under several hashes. Two requests agree
in one such number as often as their pairs overlap; several together make a rare mark, one alone finds few words.
"""

import re
from hashlib import blake2b

import numpy as np

from lianying.triage.grams import Told, plain
from lianying.triage.weights import EMPTY

#: How many such numbers make a mark: three where many are open, of which two alike share few; one for few words.
TOGETHER = (3,) * 5 + (2,) * 7 + (1,)
_SPLIT = re.compile(f"[ {''.join(sorted(EMPTY))}]")
_PRIME = (1 << 31) - 1
_RANDOM = np.random.default_rng(7)
_TIMES = _RANDOM.integers(1, _PRIME, (sum(TOGETHER), 1), np.uint64)
_PLUS = _RANDOM.integers(0, _PRIME, (sum(TOGETHER), 1), np.uint64)
#: From this part of common pairs on two requests are shown as alike.
ALIKE = 0.16
MOST_RUNS, LONGEST_RUN = 3, 8


def pairs(text: str) -> frozenset[str]:
    """Pairs of characters that stand in words of the matter."""
    parts = _SPLIT.split(plain(text))
    return frozenset(part[at : at + 2] for part in parts for at in range(len(part) - 1))


def buckets(told: Told, *, answer: bool = False) -> list[int]:
    """Numbers of 63 bits that a similar request shares at least one of; answer: those of answers are others."""
    side = "answer" if answer else "open"
    found = {_bucket(f"{side} place {place}")} if (place := plain(told.place)) else set()
    ofmatter = sorted(pairs(told.text))
    if ofmatter:
        numbers = np.array(
            [int.from_bytes(blake2b(pair.encode(), digest_size=3).digest()) for pair in ofmatter], np.uint64
        )
        lowest = ((_TIMES * numbers + _PLUS) % np.uint64(_PRIME)).min(axis=1).tolist()
        start = 0
        for together in TOGETHER:
            found.add(_bucket(f"{side} {start} {lowest[start : start + together]}"))
            start += together
    return sorted(found)


def _bucket(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) >> 1


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all their pairs that both have, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def shared_words(text: str, common: frozenset[str]) -> tuple[str, ...]:
    """The longest runs of `text` that are made of common pairs, in the order of their length."""
    runs: list[str] = []
    for part in plain(text).split():
        run = ""
        for start in range(len(part) - 1):
            pair = part[start : start + 2]
            if pair in common:
                run = run + pair[1] if run else pair
            elif run:
                runs.append(run)
                run = ""
        runs += [run] if run else []
    longest = sorted(dict.fromkeys(runs), key=lambda run: -len(run))
    return tuple(run[:LONGEST_RUN] for run in longest[:MOST_RUNS])
