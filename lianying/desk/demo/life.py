"""One request of the demonstration, lived through from hearing to its end, or to today."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from lianying.cases import actions, clocks
from lianying.cases.actions import Answer, Sorting, Telling, Verdict
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.common.masking import mask_text
from lianying.desk.demo.people import Cast
from lianying.notices.queries import open_notices_of
from lianying.orgs.kinds import UnitKind
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.reference.demo import county
from lianying.reference.demo.compose import Story
from lianying.rules.calendar import DAY
from lianying.rules.guards import in_line
from lianying.rules.kinds import CallResult, CaseKind, Channel, Outcome, Solved, Urgency
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power, Role

T = TypeVar("T")
#: Told where the resident lives, to the desk that is nearest.
IN_PERSON = frozenset({Channel.COUNTER, Channel.PAPER, Channel.VISIT})
OPENS, CLOSES = time(8, 30), time(17, 30)


class Today(Exception):
    """The story has reached the present: the case stays as it is."""


@dataclass(slots=True)
class Life:
    """A case under way. `at` moves forward only; nothing happens after `until`."""

    story: Story
    cast: Cast
    rng: random.Random
    at: datetime
    until: datetime
    case: Case | None = None
    desk: str = "desk"

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pass_time(self, low: float, high: float, *, office: bool = True) -> None:
        """Let between `low` and `high` hours go by; staff act in office hours, residents when they like."""
        self.at += timedelta(hours=self.rng.uniform(low, high))
        if office and self.story.urgency != Urgency.URGENT:
            self.at = office_hours(self.at, self.rng)
        if self.at > self.until:
            raise Today

    def clerk(self) -> Actor:
        """Of the desk where it lies, or else of the one that sorted it."""
        if self.case is not None and self.case.unit.kind == UnitKind.DESK:
            self.desk = self.case.unit.code
        return self.rng.choice(self.cast.at(Role.CLERK, self.desk))

    def people(self, role: Role) -> list[Actor]:
        """Those of the unit that leads, else of the nearest one above that has any; empty at the root."""
        by_pk = {unit.pk: code for code, unit in self.cast.units.items()}
        pk: int | None = self.held().unit_id
        while pk is not None:
            code = by_pk[pk]
            if self.cast.at(role, code):
                return self.cast.at(role, code)
            pk = self.cast.units[code].parent_id
        return []

    def of_unit(self, role: Role) -> Actor:
        return self.rng.choice(self.people(role))

    def held(self) -> Case:
        if self.case is None:
            raise LookupError("not yet heard")
        return self.case

    def do(self, action: Callable[..., T], by: Actor, **given: Any) -> T:
        with standing_at(self.at):
            result = action(self.held(), by=by, at=self.at, **given)
        if isinstance(result, Case):
            self.case = result
        return result

    def move(self, action: Callable[..., Case], by: Actor, **given: Any) -> None:
        self.do(action, by, version=self.held().version, **given)


def office_hours(at: datetime, rng: random.Random) -> datetime:
    """The moment itself, or one in the first hours of the next working day."""
    calendar = clocks.office().calendar
    local = timezone.localtime(at)
    if calendar.is_workday_or_guess(local.date()) and OPENS <= local.time() <= CLOSES:
        return at
    day = local.date() if local.time() < OPENS else local.date() + DAY
    while not calendar.is_workday_or_guess(day):
        day += DAY
    opening = timezone.make_aware(datetime.combine(day, OPENS))
    return opening + timedelta(minutes=rng.randrange(0, 170))


def hear(life: Life) -> None:
    story, rng = life.story, life.rng
    telling = Telling(
        text=story.text,
        address=story.address,
        lat=story.lat,
        lng=story.lng,
        name=story.resident.name if story.resident else "",
        phone=story.resident.phone if story.resident else "",
        may_publish=story.may_publish,
        channel=story.channel,
        client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
    )
    from_staff = story.channel.value not in {"web", "station"}
    if story.channel in IN_PERSON:
        life.desk = county().desk_near(story.place_code)
    with standing_at(life.at):
        life.case = actions.hear(telling, by=life.clerk() if from_staff else RESIDENT, at=life.at).case


def live(life: Life) -> None:
    """Hear the request and bring it as far as it has come."""
    hear(life)
    try:
        go_on(life)
    except Today:
        return


def _sorting(life: Life) -> Sorting:
    story = life.story
    accused = life.cast.units[story.place_code] if story.kind == CaseKind.REPORT and story.place_code else None
    none = story.kind == CaseKind.REPORT and accused is None
    return Sorting(story.kind, story.urgency, story.category, story.title[:60], accused=accused, accused_none=none)


def go_on(life: Life) -> None:
    """From the desk onwards; raises Today."""
    story = life.story
    life.pass_time(0.05, 0.8 if story.urgency == Urgency.URGENT else 7)
    if story.decline is not None:
        _declined(life)
        return
    if life.chance(0.02) and story.resident is not None and story.kind != CaseKind.REPORT:
        life.move(actions.withdraw, RESIDENT, words=story.said.withdraw)
        return
    if story.desk_answer and life.chance(0.6):
        told = story.channel.value == "phone"
        life.move(actions.answer_now, life.clerk(), text=story.desk_answer, sorting=_sorting(life), told=told)
        _checked(life)
        return
    _assigned(life)
    _handled(life)


def _declined(life: Life) -> None:
    decline = life.story.decline
    if decline is None:
        raise LookupError("not declined")
    life.move(actions.decline, life.clerk(), reason=decline.reason, text=decline.told, told=life.chance(0.5))
    _told(life)


def _assigned(life: Life, unit: str = "") -> None:
    story, cast = life.story, life.cast
    sorting = _sorting(life)
    accused = sorting.accused.path if sorting.accused else ""
    lead = cast.units[unit or story.unit_code]
    if in_line(accused, lead.path):
        lead = cast.units["oversight"]
    helpers = [cast.units[code] for code in story.assist_codes]
    assisting = [one for one in helpers if one.pk != lead.pk and not in_line(accused, one.path)]
    clerk = life.clerk()
    while not all(clerk.may(Power.SORT, one.path) for one in (lead, *assisting)):
        hand_up(life)
        life.pass_time(0.1, 3)
        clerk = life.clerk()
    life.move(actions.assign, clerk, to=lead, assisting=assisting, sorting=sorting)


def hand_up(life: Life) -> None:
    life.move(actions.hand_up, life.clerk(), reason=life.story.said.hand_up)


def _handled(life: Life) -> None:
    story = life.story
    urgent = story.urgency == Urgency.URGENT
    life.pass_time(0.05, 0.7 if urgent else 7)
    if story.dispute is not None and life.chance(0.5):
        if not _disputed(life):
            return
    else:
        if story.pass_code and story.kind != CaseKind.REPORT and life.chance(0.5):
            below = life.cast.units[story.pass_code]
            life.move(actions.pass_down, life.of_unit(Role.HANDLER), to=below, note=story.said.inner_note)
            life.pass_time(0.2, 6)
        life.move(actions.sign, life.of_unit(Role.HANDLER))
    if life.chance(0.25):
        life.pass_time(1, 20)
        inner = life.chance(0.6)
        text = story.said.inner_note if inner else story.said.staff_note
        life.do(actions.note, life.of_unit(Role.HANDLER), text=text, inner=inner)
    if story.question and story.resident is not None and life.chance(0.55):
        _asked(life)
    if life.chance(0.06) and not urgent:
        _extended(life)
    _answered(life)


def _disputed(life: Life) -> bool:
    """False where the desk took the case back and handed it to the unit proposed, which then lives its own part."""
    dispute = life.story.dispute
    if dispute is None:
        raise LookupError("nothing to dispute")
    proposed = life.cast.units[dispute.propose]
    life.move(actions.dispute, life.of_unit(Role.HANDLER), reason=dispute.reason, proposed=proposed)
    life.pass_time(0.5, 6)
    if life.chance(0.6):
        life.move(actions.uphold, life.clerk(), reason=life.story.said.uphold)
        life.pass_time(0.1, 3)
        _assigned(life, dispute.propose)
        life.pass_time(0.2, 6)
        life.move(actions.sign, life.of_unit(Role.HANDLER))
        _answered(life)
        return False
    life.move(actions.dismiss, life.clerk(), reason=life.story.said.dismiss)
    return True


def _asked(life: Life) -> None:
    life.pass_time(0.5, 16)
    is_report = life.story.kind == CaseKind.REPORT
    life.move(actions.ask, life.of_unit(Role.HANDLER), text=life.story.question, told=not is_report)
    if is_report:
        _told(life)
    if life.chance(0.12):
        life.pass_time(60, 140)
        life.move(actions.resume, life.of_unit(Role.HANDLER))
        return
    life.pass_time(1, 40, office=False)
    life.move(actions.reply, RESIDENT, text=life.story.reply)


def _extended(life: Life) -> None:
    limit = clocks.extension_limit(life.held())
    if not limit or not life.people(Role.HEAD):
        return
    handler = life.of_unit(Role.HANDLER)
    life.pass_time(8, 40)
    days = life.rng.randint(3, limit)
    reason = life.story.said.extension
    life.move(actions.propose_extension, handler, days=days, reason=reason)
    life.pass_time(1, 12)
    head = life.of_unit(Role.HEAD)
    if head.user_id == handler.user_id or life.chance(0.2):
        return
    life.move(actions.extend, head, words=reason)
    _told(life)


def _answered(life: Life) -> None:
    """Most answers come in good time, some close to the promise, a few late."""
    due_at = life.held().due_at
    left = (due_at - life.at).total_seconds() / 3600 if due_at else 24
    late = life.chance(0.055)
    life.pass_time(max(left, 0.1) * 1.02, max(left, 1) * 1.5) if late else life.pass_time(left * 0.15, left * 0.75)
    likely = list(life.story.likely) or [Outcome.SOLVED]
    outcome = life.rng.choices(likely, [_WEIGHTS[one] for one in likely])[0]
    planned_on = (life.at + timedelta(days=life.rng.randint(20, 120))).date() if outcome == Outcome.PLANNED else None
    answer = Answer(life.story.answer(outcome, planned_on), outcome, planned_on, life.story.said.inner_note)
    handler = life.of_unit(Role.HANDLER)
    life.move(actions.answer, handler, answer=answer)
    if life.held().state != State.ANSWERED and not _approved(life, handler, answer.text):
        return
    _checked(life)


def _approved(life: Life, handler: Actor, text: str) -> bool:
    """Whether the head has read the answer; a few still wait for it."""
    heads = [head for head in life.people(Role.HEAD) if head.user_id != handler.user_id]
    if not heads or life.chance(0.1):
        return False
    life.pass_time(1, 6)
    life.move(actions.approve, life.rng.choice(heads), text=text)
    return True


_WEIGHTS = {Outcome.SOLVED: 76, Outcome.PARTLY: 10, Outcome.PLANNED: 6, Outcome.CANNOT: 8}


def _checked(life: Life) -> None:
    story, case = life.story, life.held()
    if story.resident is None:
        _silent(life)
        return
    life.pass_time(4, 40)
    if life.chance(0.08):
        _unreached(life)
        return
    if life.chance(0.1):
        life.do(actions.rang, life.clerk(), result=CallResult.NO_ANSWER)
        life.pass_time(8, 30)
    happy = {Outcome.SOLVED: 0.92, Outcome.PARTLY: 0.7, Outcome.PLANNED: 0.75, Outcome.CANNOT: 0.5}
    if not life.chance(happy.get(Outcome(case.outcome), 0.9)):
        _reworked(life)
        return
    by = RESIDENT if life.chance(0.25) else life.clerk()
    solved = Solved.YES if case.outcome == Outcome.SOLVED else life.rng.choice([Solved.PARTLY, Solved.YES, Solved.NO])
    rating = life.rng.choices([5, 4, 3], [60, 30, 10])[0]
    planned_on = case.planned_on
    done = case.outcome in {Outcome.SOLVED, Outcome.PARTLY}
    words = story.said.pleased if done else story.said.understood
    life.move(actions.check_satisfied, by, verdict=Verdict(solved, rating, words))
    if planned_on is not None:
        _done_as_planned(life, planned_on)
        return
    _released(life)


def _done_as_planned(life: Life, planned_on: date) -> None:
    """The announced day comes, and the unit does what it announced."""
    life.at = clocks.closing(planned_on) + timedelta(minutes=1)
    if life.at > life.until:
        raise Today
    life.do(actions.fall_due, CLOCK)
    life.pass_time(8, 24)
    life.move(actions.answer, life.of_unit(Role.HANDLER), answer=Answer(life.story.said.done_as_planned))
    life.pass_time(4, 40)
    verdict = Verdict(Solved.YES, life.rng.choice([4, 5]), life.story.said.pleased)
    life.move(actions.check_satisfied, life.clerk(), verdict=verdict)


def _told(life: Life) -> None:
    """The desk rings and tells what is owed to be told."""
    for notice in open_notices_of(life.held().ref):
        life.pass_time(0.3, 5)
        with standing_at(life.at):
            life.case = actions.told(notice, life.held(), result=CallResult.REACHED, by=life.clerk(), at=life.at)


def _silent(life: Life) -> None:
    answered_at = life.held().answered_at
    if answered_at is None:
        raise LookupError("not answered")
    life.at = clocks.silent_at(life.held(), answered_at)
    if life.at > life.until:
        raise Today
    life.do(actions.close_silent, CLOCK)


def _unreached(life: Life) -> None:
    for _ in range(3):
        life.do(actions.rang, life.clerk(), result=CallResult.NO_ANSWER)
        # More than a day, since attempts count by distinct days.
        life.pass_time(24.5, 34)
    life.move(actions.close_unreached, life.clerk())


def _reworked(life: Life) -> None:
    case = life.held()
    said = life.story.said
    words = said.displeased if case.outcome in {Outcome.SOLVED, Outcome.PARTLY} else said.unconvinced
    verdict = Verdict(Solved.NO, life.rng.choice([1, 2]), words)
    if case.reworks >= clocks.limits().reworks:
        life.move(actions.rate_again, life.clerk(), verdict=verdict)
        life.pass_time(10, 40)
        supervisors = [
            actor for (role, _), people in life.cast.actors.items() if role == Role.SUPERVISOR for actor in people
        ]
        life.move(actions.end_unsolved, life.rng.choice(supervisors), reason=life.story.said.unsolved)
        return
    life.move(actions.check_unsatisfied, life.clerk(), verdict=verdict)
    if life.held().state == State.HEARD:
        # The desk had answered at once and must hand it on now.
        life.pass_time(0.2, 4)
        _assigned(life)
        _handled(life)
        return
    _answered(life)


def _released(life: Life) -> None:
    story, case = life.story, life.held()
    if not (story.may_publish and story.resident is not None and life.chance(0.7)):
        return
    life.pass_time(2, 30)
    answer = next(entry.text for entry in case.entries.order_by("-id") if entry.kind == "answer")
    draft = actions.Draft(title=case.title, question=mask_text(case.text), answer=mask_text(answer))
    life.do(actions.release, life.clerk(), version=case.version, draft=draft)
