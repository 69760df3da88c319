"""What a visitor asks, looks at and leaves behind in a home (三必问三必看三必留), and which answers fit.

Source: rules.md §3. The questions of 三必问, the third of 三必留, and both limits are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lianying.rules.refusals import Refused

#: Nobody is to fill in more than that in somebody's kitchen.
MOST = 15
#: A record that was begun offline may bring the answers to a list that was replaced so long ago.
ACCEPTED_FOR = timedelta(days=180)
LONGEST = 200


class Part(StrEnum):
    ASK = "ask"
    LOOK = "look"
    LEAVE = "leave"


class Looked(StrEnum):
    """What a visitor says of a thing to look at; not to have looked is as good an answer as any."""

    FINE = "fine"
    NOTED = "noted"
    INCONVENIENT = "inconvenient"


#: What was left behind.
LEFT = "left"


@dataclass(frozen=True, slots=True)
class Question:
    """key: stands for it in the answers, within its list."""

    key: str
    part: Part
    text: str


def parse_checklist(data: Mapping[str, object]) -> tuple[Question, ...]:
    """Read `ask`, `look` and `leave`, each a list of words.

    Raises  Refused checklist_empty; checklist_long beyond MOST
    """
    found: list[Question] = []
    for part in Part:
        lines = data.get(part.value)
        texts = [str(line).strip() for line in lines] if isinstance(lines, Sequence) else []
        found += [Question(f"{part.value}{at}", part, text) for at, text in enumerate(filter(None, texts), 1)]
    if not found:
        raise Refused("checklist_empty")
    if len(found) > MOST:
        raise Refused("checklist_long", most=MOST)
    return tuple(found)


def filled(answers: Mapping[str, str]) -> dict[str, str]:
    """Those that say something."""
    return {key: value.strip() for key, value in answers.items() if value.strip()}


def fitting(questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something, by the key of their question; none is ever demanded.

    Raises  Refused("checklist_answer") for an answer to nothing that was asked, or one that its question does not take
    """
    parts = {question.key: question.part for question in questions}
    given = filled(answers)
    for key, value in given.items():
        part = parts.get(key)
        fits = (
            len(value) <= LONGEST
            if part is Part.ASK
            else value in set(Looked)
            if part is Part.LOOK
            else part is Part.LEAVE and value == LEFT
        )
        if not fits:
            raise Refused("checklist_answer")
    return given
