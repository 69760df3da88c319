"""A county of any size: N requests over 24 months, as rows whose chains verify.

The rows are what the actions would have left; the actions themselves would take hours for 500,000 requests.
"""

import random
import uuid
from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from bench import lives
from bench.lives import Life, Step
from bench.tables import Table, reset_numbers
from lianying.audit.log import make_roots
from lianying.audit.models import Event
from lianying.cases.models import Attempt, Case, Entry, Holding, Pause, Proposal, PublicVersion, Timer
from lianying.cases.titles import title_of
from lianying.common.clock import standing_at
from lianying.common.crypto import encrypt
from lianying.common.models import Counter
from lianying.desk.demo.people import make_people
from lianying.households.models import Contact
from lianying.households.queries import index_of
from lianying.notices.models import Notice
from lianying.reference.demo import county, words
from lianying.reference.demo.compose import Story, compose
from lianying.rules.entries import HoldingRole
from lianying.rules.kinds import CaseKind, Urgency
from lianying.rules.lifecycle import State
from lianying.rules.notices import NoticeKind
from lianying.rules.powers import Role

SEED = 20261122
SPAN = timedelta(days=730)
BATCH = 5_000
STORIES = 600
#: The open ones are among those that came last: two thirds of the last 15 %, so that 90 % are at their end.
LATELY, STILL_OPEN = 0.15, 0.667
ENDS: dict[State, int] = {State.CLOSED: 92, State.DECLINED: 4, State.MERGED: 2, State.WITHDRAWN: 2}
OPEN: dict[State, int] = {
    State.HEARD: 12, State.ASSIGNED: 30, State.HANDLING: 28, State.WAITING: 6, State.DISPUTED: 3, State.ANSWERED: 20,
    State.PETITION: 1,
}  # fmt: skip
WAYS: dict[State, tuple[Step, ...]] = {
    State.HEARD: (),
    State.ASSIGNED: (lives.assign,),
    State.HANDLING: (lives.assign, lives.sign),
    State.WAITING: (lives.assign, lives.sign, lives.ask),
    State.DISPUTED: (lives.assign, lives.dispute),
    State.ANSWERED: (lives.assign, lives.sign, lives.answer),
    State.PETITION: (lives.transfer,),
    State.DECLINED: (lives.decline,),
    State.MERGED: (lives.merge,),
    State.WITHDRAWN: (lives.withdraw,),
    State.CLOSED: (lives.assign, lives.sign, lives.answer),
}
CASE = (
    "id", "uuid", "client_id", "ref", "version", "head", "channel", "kind", "urgency", "category", "title", "text",
    "address", "lat", "lng", "contact_id", "may_publish", "state", "unit_id", "path", "handler_id", "main_id",
    "received_at", "stage_at", "stage_due_at", "due_at", "promise", "clock_from", "answered_at", "answered_late",
    "outcome", "planned_on", "closed_at", "ending", "solved", "satisfaction", "asks",
)  # fmt: skip
LINK = ("stream", "seq", "kind", "at", "recorded_at", "actor", "data", "previous")
EMPTY = {
    "version": 0, "head": "", "category": "", "contact_id": None, "handler_id": None, "main_id": None,
    "answered_at": None, "answered_late": False, "outcome": "", "planned_on": None,
    "closed_at": None, "ending": "", "solved": "", "satisfaction": None, "asks": 0,
}  # fmt: skip


class Filling:
    """`cases` requests that end at `until`, the same for the same two."""

    def __init__(self, cases: int, *, until: datetime, span: timedelta = SPAN) -> None:
        self.cases, self.until, self.span, self.start = cases, until, span, until - span
        self.rng = random.Random(SEED)
        self.days: Tally[str] = Tally()
        self.last_open: tuple[int, str] | None = None
        self.indexes: dict[str, str] = {}
        self.contact = Table(
            Contact, "id", "uuid", "name_sealed", "phone_sealed", "phone_index", "key_id", "created_at"
        )
        self.case = Table(Case, *CASE)
        self.event = Table(Event, *LINK, "hash")
        self.holding = Table(Holding, "case_id", "unit_id", "path", "role", "from_at", "to_at")
        self.entry = Table(Entry, "case_id", "kind", "event_seq", "text", "author_id", "at")
        self.pause = Table(Pause, "case_id", "asked_at", "told_at", "replied_at")
        self.proposal = Table(Proposal, "case_id", "kind", "days", "by_id", "at", "decided_at", "granted")
        self.attempt = Table(Attempt, "case_id", "result", "user_id", "on", "at")
        self.timer = Table(Timer, "case_id", "move", "at")
        self.public = Table(
            PublicVersion, "case_id", "title", "question", "answer", "category", "unit_id", "asked_on", "released_at"
        )
        self.notice = Table(Notice, "subject", "path", "contact_id", "kind", "made_at", "told_at")
        self.tables = [value for value in vars(self).values() if isinstance(value, Table)]

    def run(self, *, tidy: bool = True) -> None:
        """tidy: do what the database would have done by itself in two years; not inside a transaction."""
        with standing_at(self.start):
            self.cast = make_people(at=self.start)
        self._draw()
        moments = sorted(self.start + self.rng.random() * self.span for _ in range(self.cases))
        for first in range(0, self.cases, BATCH):
            with transaction.atomic():
                for number, received_at in enumerate(moments[first : first + BATCH], first + 1):
                    self._one(number, received_at)
                for table in self.tables:
                    table.write()
        Counter.objects.bulk_create(Counter(name=f"ref:{day}", value=count) for day, count in self.days.items())
        reset_numbers(Case, Contact)
        make_roots(at=self.until)
        if tidy and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def _draw(self) -> None:
        """Stories, long words and people, drawn once and used again and again."""
        rng, spoken = self.rng, words()
        stories = [compose(spoken, rng) for _ in range(min(STORIES, self.cases))]
        self.stories = [story for story in stories if story.kind != CaseKind.REPORT]
        self.said = [_long(self.stories, rng) for _ in self.stories]
        self.units = {
            code: (self.cast.units[code], people)
            for (role, code), people in self.cast.actors.items()
            if role == Role.HANDLER
        }
        self.desk = self.cast.units["desk"]
        self.names = [surname + given for surname in spoken.surnames for given in spoken.given_names]

    def _words(self) -> str:
        return self.rng.choice(self.said)

    def _fate(self, number: int, received_at: datetime) -> State:
        rng = self.rng
        lately = number > self.cases * (1 - LATELY)
        if (lately and rng.random() < STILL_OPEN) or received_at > self.until - timedelta(hours=6):
            return rng.choices(list(OPEN), list(OPEN.values()))[0]
        fate = rng.choices(list(ENDS), list(ENDS.values()))[0]
        return State.WITHDRAWN if fate == State.MERGED and self.last_open is None else fate

    def _one(self, number: int, received_at: datetime) -> None:
        life = self._begin(number, received_at)
        fate = self._fate(number, received_at)
        steps = self._steps(fate, life.story)
        lives.hear(life)
        for step, at in zip(steps, self._moments(life, fate, len(steps)), strict=True):
            life.at = at
            step(life)
        if fate in {State.HANDLING, State.HEARD}:
            self.last_open = (number, life.ref)
        self._collect(number, life)

    def _begin(self, number: int, received_at: datetime) -> Life:
        rng = self.rng
        story = rng.choice(self.stories)
        unit, people = self.units.get(story.unit_code) or rng.choice(list(self.units.values()))
        day = f"{lives.day_of(received_at):%Y%m%d}"
        self.days[day] += 1
        ref = f"{county().ref_prefix}-{day}-{self.days[day]:04d}"
        text = self._words()
        row = EMPTY | {
            "id": number, "uuid": self._uuid(), "client_id": self._uuid(), "ref": ref, "channel": story.channel.value,
            "title": title_of(text), "text": text, "address": story.address, "lat": story.lat, "lng": story.lng,
            "may_publish": story.may_publish,
        }  # fmt: skip
        if story.resident is not None:
            row["contact_id"] = self._contact(number, received_at)
        clerk = rng.choice(self.cast.at(Role.CLERK, "desk"))
        return Life(
            ref=ref, story=story, rng=rng, desk=self.desk, unit=unit, handler=rng.choice(people), clerk=clerk,
            say=self._words, row=row, at=received_at, main=self.last_open,
        )  # fmt: skip

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _contact(self, number: int, at: datetime) -> int:
        """Sealed as the program does; every telephone rings four times in the two years."""
        own = self._uuid()
        phone = f"138{self.rng.randrange(max(1, self.cases // 4)):08d}"
        if phone not in self.indexes:
            self.indexes[phone] = index_of(phone)
        name = encrypt(self.rng.choice(self.names), about=f"contact.name:{own}")
        sealed = encrypt(phone, about=f"contact.phone:{own}")
        self.contact.add(number, own, name, sealed, self.indexes[phone], sealed.partition(":")[0], at)
        return number

    def _steps(self, fate: State, story: Story) -> list[Step]:
        """The way to this state, with what happens on some ways: a note, a question, a call that nobody took."""
        rng, steps = self.rng, list(WAYS[fate])
        if fate in {State.CLOSED, State.ANSWERED}:
            if rng.random() < 0.2:
                steps[2:2] = [lives.ask, lives.reply]
            if rng.random() < 0.5:
                steps.insert(2, lives.note)
        if fate == State.CLOSED:
            steps += [lives.rang] if rng.random() < 0.15 else []
            steps.append(lives.silent if rng.random() < 0.15 else lives.satisfied)
            steps += [lives.release] if rng.random() < 0.06 else []
        if fate == State.HANDLING and rng.random() < 0.05 and story.urgency != Urgency.URGENT:
            steps.append(lives.propose)
        return steps

    def _moments(self, life: Life, fate: State, count: int) -> list[datetime]:
        """Within two weeks; what the worker would end by itself has its last step in the last three days."""
        latest = self.until - timedelta(minutes=1)
        end = min(life.at + timedelta(days=self.rng.uniform(2, 14)), latest)
        if fate in {State.WAITING, State.ANSWERED}:
            end = max(life.at, latest - self.rng.random() * timedelta(days=3))
        return sorted(life.at + self.rng.random() * (end - life.at) for _ in range(count - 1)) + [end] * (count > 0)

    def _collect(self, number: int, life: Life) -> None:
        row = life.row
        self.case.add(*(row[name] for name in CASE))
        for event, hashed in life.events:
            self.event.add(*(getattr(event, name) for name in LINK), hashed)
        for unit, from_at, to_at in life.holdings:
            self.holding.add(number, unit.pk, unit.path, HoldingRole.LEAD.value, from_at, to_at)
        for table, rows in (
            (self.entry, life.entries), (self.pause, life.pauses), (self.proposal, life.proposals),
            (self.attempt, life.attempts), (self.timer, life.timers),
        ):  # fmt: skip
            for one in rows:
                table.add(number, *one)
        if row["answered_at"] and row["contact_id"]:
            made_at = row["answered_at"]
            self.notice.add(life.ref, self.desk.path, number, NoticeKind.ANSWERED.value, made_at, row["closed_at"])
        if life.released_at is not None:
            question, answer = row["text"], next(text for kind, _, text, _, _ in life.entries if kind == "answer")
            asked_on, released_at = lives.day_of(row["received_at"]), life.released_at
            self.public.add(
                number, row["title"], question, answer, row["category"], row["unit_id"], asked_on, released_at
            )


def _long(stories: Sequence[Story], rng: random.Random) -> str:
    """100 to 600 characters of what residents and offices say."""
    wanted, text = rng.randint(100, 600), ""
    while len(text) < wanted:
        story = rng.choice(stories)
        text += rng.choice([story.text, story.question, story.reply, *story.answers.values()])
    return text[:wanted]
