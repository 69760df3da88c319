"""The same step for several requests: each in a transaction of its own, so that none stands in another's way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lianying.cases.models import Case
from lianying.rules.refusals import Refused

#: More are not looked through before a step is taken.
MOST = 50


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one request: its version after the step, or why it was not made."""

    ref: str
    version: int
    refused: Refused | None = None


def one_by_one(chosen: Iterable[tuple[Case, int]], step: Callable[[Case, int], Case]) -> list[Result]:
    """Make the step for each case at the version in which it was seen."""
    results = []
    for case, version in chosen:
        try:
            results.append(Result(case.ref, step(case, version).version))
        except Refused as refused:
            results.append(Result(case.ref, version, refused))
    return results
