"""One request from hearing to its end, as the rows that `cases.actions` would have left of it."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from lianying.cases import clocks
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reference.demo.compose import Story
from lianying.rules import deadlines, petitions
from lianying.rules.deadlines import SHANGHAI, Stage, Term, TimeUnit
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Ending, Outcome, Solved, Urgency
from lianying.rules.ledger import GENESIS, event_hash, instant
from lianying.rules.lifecycle import Move, State

DAY = timedelta(days=1)


def day_of(at: datetime) -> date:
    """As `common.clock.local_day`, without asking for the zone a million times."""
    return at.astimezone(SHANGHAI).date()


@cache
def _term(stage: Stage, kind: str, urgency: str) -> Term:
    term = clocks.profile().term(stage, CaseKind(kind), Urgency(urgency))
    if term is None:
        raise LookupError(f"the profile has no term for {stage}")
    return term


@cache
def _due_on(term: Term, day: date) -> datetime:
    """A term in days ends at the same moment whatever the hour of its first day."""
    return deadlines.due(clocks.closing(day), term, clocks.office()).at


def due(stage: Stage, kind: str, urgency: str, since: datetime) -> datetime:
    term = _term(stage, kind, urgency)
    if term.unit is TimeUnit.HOUR:
        return deadlines.due(since, term, clocks.office()).at
    return _due_on(term, day_of(since))


@cache
def _snapshot(term: Term) -> str:
    return json.dumps(clocks.snapshot(term, Stage.RESOLVE), ensure_ascii=False)


@cache
def _workdays_after(day: date, days: int) -> datetime:
    return clocks.workdays_after(clocks.closing(day), days)


@dataclass(slots=True)
class Link:
    """An event as it is hashed."""

    stream: str
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    data: dict[str, Any]
    previous: str


@dataclass(slots=True)
class Life:
    """A request under way: its row, and the rows that hang on it, without their case.

    events  each with its hash;  entries  (kind, seq, text, author id, at)
    """

    ref: str
    story: Story
    rng: random.Random
    desk: Unit
    unit: Unit
    handler: Actor
    clerk: Actor
    say: Callable[[], str]
    row: dict[str, Any]
    at: datetime
    pause_due_at: datetime | None = None
    main: tuple[int, str] | None = None
    events: list[tuple[Link, str]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    holdings: list[list[Any]] = field(default_factory=list)
    pauses: list[list[Any]] = field(default_factory=list)
    proposals: list[tuple[Any, ...]] = field(default_factory=list)
    attempts: list[tuple[Any, ...]] = field(default_factory=list)
    timers: list[tuple[Any, ...]] = field(default_factory=list)
    released_at: datetime | None = None

    def happen(self, kind: EventKind, actor: str, **facts: Any) -> None:
        """Append the next event of the chain; moments among the facts become text as the ledger writes them."""
        row, at = self.row, self.at
        data = {name: instant(value) if isinstance(value, datetime) else value for name, value in facts.items()}
        event = Link(
            stream=f"case:{self.ref}",
            seq=row["version"] + 1,
            kind=kind.value,
            at=at,
            recorded_at=at,
            actor=actor,
            data=data,
            previous=row["head"] or GENESIS,
        )
        row["version"], row["head"] = event.seq, event_hash(event)
        self.events.append((event, row["head"]))

    def words(self, kind: EntryKind, text: str, author: int | None) -> None:
        self.entries.append((kind.value, self.row["version"], text, author, self.at))

    def enter(self, state: State, stage_due_at: datetime | None) -> None:
        self.row.update(state=state.value, stage_at=self.at, stage_due_at=stage_due_at)

    def stage(self, stage: Stage) -> datetime:
        return due(stage, self.row["kind"], self.row["urgency"], self.at)


def hear(life: Life) -> None:
    row = life.row
    row.update(kind=CaseKind.OTHER.value, urgency=Urgency.ORDINARY.value, received_at=life.at, clock_from=life.at)
    _give_promise(row)
    life.enter(State.HEARD, life.stage(Stage.SORT))
    life.holdings.append([life.desk, life.at, None])
    row.update(unit_id=life.desk.pk, path=life.desk.path)
    facts = {"channel": row["channel"], "case_kind": row["kind"], "urgency": row["urgency"], "rule": _rule(row)}
    life.happen(EventKind.HEARD, "resident", state=row["state"], path=row["path"], due_at=row["due_at"], **facts)


def _rule(row: Mapping[str, Any]) -> str:
    return _term(Stage.RESOLVE, row["kind"], row["urgency"]).rule


def _give_promise(row: dict[str, Any]) -> None:
    row["promise"] = _snapshot(_term(Stage.RESOLVE, row["kind"], row["urgency"]))
    row["due_at"] = due(Stage.RESOLVE, row["kind"], row["urgency"], row["clock_from"])


def assign(life: Life) -> None:
    row, story = life.row, life.story
    before = row["due_at"]
    row.update(kind=story.kind.value, urgency=story.urgency.value, category=story.category)
    _give_promise(row)
    life.holdings[-1][2] = life.at
    life.holdings.append([life.unit, life.at, None])
    row.update(unit_id=life.unit.pk, path=life.unit.path)
    life.enter(State.ASSIGNED, life.stage(Stage.SIGN))
    facts = {"case_kind": row["kind"], "category": row["category"], "rule": _rule(row), "path": row["path"]}
    moved = {"due_at": row["due_at"]} if row["due_at"] != before else {}
    life.happen(EventKind.ASSIGNED, life.clerk.label, state=row["state"], assisting=[], **facts, **moved)


def sign(life: Life) -> None:
    life.row["handler_id"] = life.handler.user_id
    life.enter(State.HANDLING, life.row["due_at"])
    life.happen(EventKind.SIGNED, life.handler.label, state=State.HANDLING.value)


def note(life: Life) -> None:
    life.happen(EventKind.NOTED, life.handler.label, state=life.row["state"])
    life.words(EntryKind.INNER, life.say(), life.handler.user_id)


def propose(life: Life) -> None:
    life.happen(EventKind.EXTENSION_PROPOSED, life.handler.label, state=life.row["state"], days=5)
    life.words(EntryKind.REASON, life.story.said.extension, life.handler.user_id)
    life.proposals.append(("extension", 5, life.handler.user_id, life.at, None, None))


def dispute(life: Life) -> None:
    life.enter(State.DISPUTED, life.stage(Stage.DECIDE))
    life.happen(EventKind.DISPUTED, life.handler.label, state=State.DISPUTED.value, proposed=life.desk.pk)
    life.words(EntryKind.REASON, life.story.said.dismiss, life.handler.user_id)


def ask(life: Life) -> None:
    life.row["asks"] += 1
    resumes_at = _workdays_after(day_of(life.at), clocks.limits().ask_days)
    life.enter(State.WAITING, resumes_at)
    life.happen(EventKind.ASKED, life.handler.label, state=State.WAITING.value, told=True)
    life.words(EntryKind.QUESTION, life.say(), life.handler.user_id)
    life.pauses.append([life.at, life.at, None])
    life.timers.append((Move.RESUME.value, resumes_at))


def reply(life: Life) -> None:
    row = life.row
    life.pauses[-1][2] = life.at
    life.timers.clear()
    term = _term(Stage.RESOLVE, row["kind"], row["urgency"])
    stood = [deadlines.Pause(asked_at, replied_at) for asked_at, _, replied_at in life.pauses]
    row["due_at"] = deadlines.due(row["clock_from"], term, clocks.office(), stood).at
    life.enter(State.HANDLING, row["due_at"])
    life.happen(EventKind.REPLIED, "resident", state=State.HANDLING.value, due_at=row["due_at"])
    life.words(EntryKind.REPLY, life.say(), None)


def answer(life: Life) -> None:
    row = life.row
    outcome = life.rng.choices([Outcome.SOLVED, Outcome.PARTLY, Outcome.PLANNED, Outcome.CANNOT], [80, 10, 4, 6])[0]
    planned_on = day_of(life.at) + timedelta(days=life.rng.randint(20, 200)) if outcome == Outcome.PLANNED else None
    row.update(answered_at=life.at, answered_late=life.at > row["due_at"])
    row.update(outcome=outcome.value, planned_on=planned_on)
    life.enter(State.ANSWERED, life.stage(Stage.CHECK))
    facts = {"answered_at": life.at, "outcome": outcome.value}
    life.happen(EventKind.ANSWERED, life.handler.label, state=State.ANSWERED.value, **facts)
    life.words(EntryKind.ANSWER, life.say(), life.handler.user_id)
    silent_at = _workdays_after(day_of(row["stage_due_at"]), clocks.profile().silent_days) + timedelta(minutes=1)
    life.timers.append((Move.CLOSE_SILENT.value, silent_at))


def rang(life: Life) -> None:
    life.happen(EventKind.RANG, life.clerk.label, result="no_answer")
    life.attempts.append(("no_answer", life.clerk.user_id, day_of(life.at), life.at))


def satisfied(life: Life) -> None:
    rating, solved = life.rng.choices([5, 4, 3], [60, 30, 10])[0], Solved.YES.value
    life.row.update(solved=solved, satisfaction=rating)
    _end(life, EventKind.SATISFIED, life.clerk.label, Ending.SATISFIED.value, solved=solved, satisfaction=rating)
    life.words(EntryKind.RATING, life.story.said.pleased, life.clerk.user_id)
    life.attempts.append(("reached", life.clerk.user_id, day_of(life.at), life.at))


def silent(life: Life) -> None:
    _end(life, EventKind.CLOSED_SILENT, "clock", Ending.SILENT.value)


def release(life: Life) -> None:
    life.happen(EventKind.RELEASED, life.clerk.label)
    life.released_at = life.at


def decline(life: Life) -> None:
    _end(life, EventKind.DECLINED, life.clerk.label, "", to=State.DECLINED, reason="no_new_fact")
    life.words(EntryKind.DECLINE, life.say(), life.clerk.user_id)


def merge(life: Life) -> None:
    if life.main is None:
        raise LookupError("nothing to merge with")
    life.row["main_id"] = life.main[0]
    _end(life, EventKind.MERGED, life.clerk.label, "", to=State.MERGED, main=life.main[1])


def withdraw(life: Life) -> None:
    _end(life, EventKind.WITHDRAWN, "resident", "", to=State.WITHDRAWN)


def transfer(life: Life) -> None:
    began = petitions.standing(day_of(life.at), ())
    life.enter(State.PETITION, clocks.petition_due(began).at)
    life.happen(EventKind.TRANSFERRED, life.clerk.label, state=State.PETITION.value)
    life.words(EntryKind.DECLINE, life.say(), life.clerk.user_id)


def _end(life: Life, kind: EventKind, actor: str, ending: str, to: State = State.CLOSED, **facts: Any) -> None:
    row = life.row
    life.timers.clear()
    if row["planned_on"] is not None:
        life.timers.append((Move.FALL_DUE.value, clocks.closing(row["planned_on"])))
    row.update(ending=ending, closed_at=life.at)
    life.enter(to, None)
    life.happen(kind, actor, state=to.value, ending=ending, closed_at=life.at, **facts)


Step = Callable[[Life], None]
