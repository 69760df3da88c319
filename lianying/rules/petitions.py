"""The petition track (信访): its stages, the steps between them, and how long each may take.

Source: 信访工作条例 (2022), rules.md §2.5. Days are calendar days, but for the unit's objection.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianying.rules.deadlines import Term, TimeUnit


class Stage(StrEnum):
    RECEIVED = "received"  # to be sent to the unit whose duty it is, and the resident told in writing
    SENT = "sent"  # the unit resolves it
    DECIDED = "decided"  # the resident may apply for a review
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"  # the resident may apply for the last review
    IN_LAST_REVIEW = "in_last_review"
    FINAL = "final"  # nothing is left to decide: to be concluded


class Step(StrEnum):
    SEND = "send"
    OBJECT = "object"
    EXTEND = "extend"
    DECIDE = "decide"
    APPLY = "apply"
    REVIEW = "review"
    APPLY_AGAIN = "apply_again"
    HEAR = "hear"
    REVIEW_AGAIN = "review_again"
    ACCEPT = "accept"


TABLE: Mapping[tuple[Stage, Step], Stage] = {
    (Stage.RECEIVED, Step.SEND): Stage.SENT,
    (Stage.SENT, Step.OBJECT): Stage.RECEIVED,
    (Stage.SENT, Step.EXTEND): Stage.SENT,
    (Stage.SENT, Step.DECIDE): Stage.DECIDED,
    (Stage.DECIDED, Step.APPLY): Stage.IN_REVIEW,
    (Stage.DECIDED, Step.ACCEPT): Stage.FINAL,
    (Stage.IN_REVIEW, Step.REVIEW): Stage.REVIEWED,
    (Stage.REVIEWED, Step.APPLY_AGAIN): Stage.IN_LAST_REVIEW,
    (Stage.REVIEWED, Step.ACCEPT): Stage.FINAL,
    (Stage.IN_LAST_REVIEW, Step.HEAR): Stage.IN_LAST_REVIEW,
    (Stage.IN_LAST_REVIEW, Step.REVIEW_AGAIN): Stage.FINAL,
}
LAW, OURS = "信访工作条例（2022）", "本系统设定"


def _days(stage: Stage, count: int, source: str = LAW, unit: TimeUnit = TimeUnit.CALENDAR_DAY) -> Term:
    return Term(count, unit, f"petition/{stage}", source)


TERMS: Mapping[Stage, Term] = {
    Stage.RECEIVED: _days(Stage.RECEIVED, 15),
    Stage.SENT: _days(Stage.SENT, 60),
    Stage.DECIDED: _days(Stage.DECIDED, 30),
    Stage.IN_REVIEW: _days(Stage.IN_REVIEW, 30),
    Stage.REVIEWED: _days(Stage.REVIEWED, 30),
    Stage.IN_LAST_REVIEW: _days(Stage.IN_LAST_REVIEW, 30),
    Stage.FINAL: _days(Stage.FINAL, 5, OURS, TimeUnit.WORKING_DAY),
}
#: From the day on which it was sent to the unit.
OBJECTION = Term(5, TimeUnit.WORKING_DAY, "petition/objection", LAW)
#: Calendar days that the head of the unit may add, once.
MOST_ADDED = 30
#: The resident has the next step; when the term ends without one, the decision stands.
OPEN_TO_RESIDENT = frozenset({Stage.DECIDED, Stage.REVIEWED})
DECISIONS = frozenset({Step.DECIDE, Step.REVIEW, Step.REVIEW_AGAIN})
#: What the resident is told of in words of their own.
TOLD = frozenset({Step.SEND, Step.EXTEND, *DECISIONS})
#: Steps that add days to the term in which they are taken.
ADDING = frozenset({Step.EXTEND, Step.HEAR})


@dataclass(frozen=True, slots=True)
class Taken:
    """A step and its local day. days: those it adds."""

    step: Step
    on: date
    days: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a petition is: since which day, with how many days added, and whether the one extension is used."""

    stage: Stage
    since: date
    last_on: date
    added: int = 0
    extended: bool = False

    @property
    def term(self) -> Term:
        term = TERMS[self.stage]
        return Term(term.count + self.added, term.unit, term.rule, term.source)


def standing(began_on: date, steps: Iterable[Taken]) -> Standing:
    """After the steps, the earliest first, since the day on which the request was handed to the petition office."""
    now = Standing(Stage.RECEIVED, began_on, began_on)
    for one in steps:
        to = TABLE[now.stage, one.step]
        if one.step in ADDING:
            extended = now.extended or one.step == Step.EXTEND
            now = Standing(to, now.since, one.on, now.added + one.days, extended)
        else:
            now = Standing(to, one.on, one.on)
    return now


def possible(stage: Stage) -> list[Step]:
    return [step for step in Step if (stage, step) in TABLE]


def hindrance(taking: Taken, now: Standing, *, due_on: date, objection_on: date, today: date) -> str | None:
    """The code of the refusal that stands against the step, or None.

    due_on        last day of the stage's term;  objection_on: last day on which the unit may object
    """
    if (now.stage, taking.step) not in TABLE:
        return "petition_not_now"
    if not now.last_on <= taking.on <= today:
        return "petition_day"
    if taking.step == Step.OBJECT and taking.on > objection_on:
        return "petition_objection_late"
    if taking.step in {Step.APPLY, Step.APPLY_AGAIN} and taking.on > due_on:
        return "petition_apply_late"
    if taking.step == Step.EXTEND and now.extended:
        return "petition_extended"
    if taking.step in ADDING and not 1 <= taking.days <= MOST_ADDED:
        return "petition_days"
    return None


def end_hindrance(now: Standing, *, due_on: date, today: date) -> str | None:
    """Why it cannot be concluded yet: undecided, or the resident may still apply."""
    if now.stage == Stage.FINAL:
        return None
    if now.stage not in OPEN_TO_RESIDENT:
        return "petition_undecided"
    return "petition_open" if today <= due_on else None


def return_hindrance(now: Standing) -> str | None:
    """What was decided is no ordinary request any more."""
    return None if now.stage in {Stage.RECEIVED, Stage.SENT} else "petition_decided"
