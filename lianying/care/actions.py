"""The steps of a household under care: the only code that writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min

from lianying.audit.log import Head, record
from lianying.care.models import IS_OPEN, Care, Entry, Measure, Publicity
from lianying.care.queries import due_to_erase, may_finish, on_list, standing_of
from lianying.cases.actions.hear import Telling, hear
from lianying.cases.models import Case
from lianying.cases.queries.erasure import ended_before
from lianying.common.clock import local_day
from lianying.common.sealing import seal
from lianying.households.models import Household
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import CLOCK, Actor
from lianying.rules.care import (
    DECIDE,
    KIND_OF,
    LEAVE,
    TABLE,
    Exit,
    Move,
    Need,
    Refusal,
    Risk,
    Source,
    Stage,
    clue_hindrance,
    ends_on,
    hindrance,
    measure_hindrance,
    next_review,
    shown_as,
    shown_until,
)
from lianying.rules.events import EventKind
from lianying.rules.kinds import Channel
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: In one round of the worker.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Clue:
    """Why somebody thinks that the household may fall back. case: the request in which it was said."""

    source: Source
    on: date
    risk: Risk
    words: str
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A measure as it is taken. user: one person of the unit; request: words for an office, '' where none is asked."""

    words: str
    unit: Unit
    due_on: date
    user: User | None = None
    request: str = ""


@dataclass(slots=True)
class Doing:
    """A step under way: the locked record, and what is to be written with it."""

    care: Care
    move: Move
    by: Actor
    at: datetime
    words: str = ""
    reason: str = ""
    measure: Measure | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.at)


def stream(care: Care) -> str:
    return f"care:{care.uuid}"


@transaction.atomic
def note(household: Household, clue: Clue, *, by: Actor, at: datetime) -> Care:
    """Begin a record: from the day of the clue the days of the decision run.

    Raises  Refused not_yours; no_words; care_clue_day; care_open: one is open already
    """
    place = household.place
    by.require(Power.CARE, place.path)
    if code := clue_hindrance(clue.on, local_day(at)):
        raise Refused(code)
    if not clue.words.strip():
        raise Refused("no_words")
    decide_by = ends_on(clue.on, DECIDE)
    care = Care(
        household=household,
        place=place,
        stage=Stage.CLUE.value,
        source=clue.source.value,
        case=clue.case,
        clue_on=clue.on,
        decide_by=decide_by,
        due_on=decide_by,
    )
    seal(care, risk=clue.risk.value)
    try:
        with transaction.atomic():
            care.save(force_insert=True)
    except IntegrityError:
        raise Refused("care_open") from None
    facts = {"place": place.path, "source": clue.source, "clue_on": clue.on, "decide_by": decide_by}
    return _end(Doing(care, Move.NOTE, by, at, clue.words, facts=facts))


@transaction.atomic
def take_up(care: Care, *, version: int, by: Actor, at: datetime) -> Care:
    """Say that one goes there to check."""
    doing = _begin(care, Move.TAKE_UP, version, by=by, at=at)
    doing.care.checker_id = by.user_id
    return _end(doing)


@transaction.atomic
def check(care: Care, *, version: int, risk: Risk, words: str, by: Actor, at: datetime) -> Care:
    """Write down what was found there; another person decides."""
    doing = _begin(care, Move.CHECK, version, by=by, at=at, words=words)
    doing.care.checker_id = by.user_id
    seal(doing.care, risk=risk.value)
    return _end(doing)


@transaction.atomic
def send_back(care: Care, *, version: int, words: str, by: Actor, at: datetime) -> Care:
    """Not enough is known to decide. The days run on."""
    return _end(_begin(care, Move.SEND_BACK, version, by=by, at=at, words=words))


@transaction.atomic
def admit(care: Care, *, version: int, words: str = "", by: Actor, at: datetime) -> Care:
    """Take the household under care: it is looked at again within a year."""
    doing = _begin(care, Move.ADMIT, version, by=by, at=at, words=words)
    doing.care.decided_on = doing.today
    doing.care.review_on = next_review(doing.today)
    return _end(doing)


@transaction.atomic
def refuse(care: Care, *, version: int, reason: Refusal, words: str, by: Actor, at: datetime) -> Care:
    doing = _begin(care, Move.REFUSE, version, by=by, at=at, words=words, reason=reason)
    doing.care.decided_on = doing.care.ended_on = doing.today
    return _end(doing)


@transaction.atomic
def take_measure(care: Care, plan: Plan, *, version: int, by: Actor, at: datetime) -> Measure:
    """Give a unit, or one person of it, something to do for the household; with words for it also as a request.

    Raises  Refused care_measure_day, and as `hear` does
    """
    doing = _begin(care, Move.MEASURE, version, by=by, at=at)
    if code := measure_hindrance(plan.due_on, doing.today):
        raise Refused(code)
    if not plan.words.strip():
        raise Refused("no_words")
    case = None
    if plan.request.strip():
        telling = Telling(plan.request, channel=Channel.VISIT)
        case = hear(telling, near=doing.care.place.path, by=by, at=at).case
    measure = Measure(care=doing.care, unit=plan.unit, user=plan.user, due_on=plan.due_on, case=case)
    seal(measure, text=plan.words.strip())
    measure.save(force_insert=True)
    doing.measure = measure
    doing.facts = {"measure": str(measure.uuid), "unit": plan.unit.path, "due_on": plan.due_on}
    _end(doing)
    return measure


@transaction.atomic
def finish(measure: Measure, *, is_done: bool, words: str, by: Actor, at: datetime) -> Measure:
    """The measure is done, or not needed any more. Of those who may at once, the first ends it.

    Raises  Refused not_yours; no_words; care_not_now where it has ended already
    """
    care = Care.objects.select_for_update(of=("self",)).select_related("place").get(pk=measure.care_id)
    row = Measure.objects.select_related("unit").get(pk=measure.pk)
    row.care = care
    if not may_finish(row, by):
        raise Refused("not_yours")
    if row.ended_on is not None:
        raise Refused("care_not_now")
    doing = _decided(care, Move.FINISH, by=by, at=at, words=words)
    row.ended_on, row.is_done = doing.today, is_done
    row.save(update_fields=["ended_on", "is_done"])
    doing.measure = row
    doing.facts = {"measure": str(row.uuid), "done": is_done}
    _end(doing)
    return row


@transaction.atomic
def review(care: Care, *, version: int, words: str, by: Actor, at: datetime) -> Care:
    """Somebody looked again, and it stays under care for another year."""
    doing = _begin(care, Move.REVIEW, version, by=by, at=at, words=words)
    doing.care.review_on = next_review(doing.today)
    return _end(doing)


@transaction.atomic
def propose_exit(care: Care, *, version: int, reason: Exit, words: str, by: Actor, at: datetime) -> Care:
    """Raises Refused("care_measures_open") where the risk is said to be gone while something is still to be done."""
    was_leaving = care.stage == Stage.LEAVING
    doing = _begin(care, Move.PROPOSE_EXIT, version, by=by, at=at, words=words, reason=reason)
    doing.care.checker_id = by.user_id
    if not was_leaving:
        doing.care.due_on = ends_on(doing.today, LEAVE)
    return _end(doing)


@transaction.atomic
def exit_care(care: Care, *, version: int, words: str = "", by: Actor, at: datetime) -> Care:
    """The care ends; what was still to be done is not needed any more."""
    doing = _begin(care, Move.EXIT, version, by=by, at=at, words=words)
    doing.care.ended_on = doing.today
    doing.care.measures.filter(IS_OPEN).update(ended_on=doing.today)
    return _end(doing)


@transaction.atomic
def keep(care: Care, *, version: int, words: str, by: Actor, at: datetime) -> Care:
    """The household stays; whoever proposed the exit has looked at it, so that the year begins anew."""
    doing = _begin(care, Move.KEEP, version, by=by, at=at, words=words)
    doing.care.review_on = next_review(doing.today)
    return _end(doing)


@transaction.atomic
def publish(care: Care, *, version: int, by: Actor, at: datetime) -> Care:
    """Let the public list name it for its days, as admitted or as exited."""
    doing = _begin(care, Move.PUBLISH, version, by=by, at=at)
    shown = shown_as(Stage(doing.care.stage))
    Publicity.objects.create(care=doing.care, what=shown.value, from_on=doing.today, until_on=shown_until(doing.today))
    doing.facts = {"what": shown}
    return _end(doing)


@transaction.atomic
def unpublish(care: Care, *, version: int, by: Actor, at: datetime) -> Care:
    """It stood there by mistake, or the household does not wish it; it may be put there again."""
    doing = _begin(care, Move.UNPUBLISH, version, by=by, at=at)
    on_list(doing.today).filter(care=doing.care).update(withdrawn_at=at)
    return _end(doing)


def _begin(
    care: Care, move: Move, version: int, *, by: Actor, at: datetime, words: str = "", reason: str = ""
) -> Doing:
    """Lock the record and decide whether this person may take this step now.

    version   what the form was drawn from
    Raises    Refused care_stale; not_yours; no_words; a code of `rules.care.hindrance`
    """
    fresh = Care.objects.select_for_update(of=("self",)).select_related("place").get(pk=care.pk)
    if fresh.version != version:
        raise Refused("care_stale")
    step = TABLE.get((Stage(fresh.stage), move))
    if step is not None:
        by.require(step.power, fresh.place.path)
    return _decided(fresh, move, by=by, at=at, words=words, reason=reason)


def _decided(care: Care, move: Move, *, by: Actor, at: datetime, words: str = "", reason: str = "") -> Doing:
    if code := hindrance(move, standing_of(care, local_day(at)), by=by.staff_id, reason=reason):
        raise Refused(code)
    step = TABLE[Stage(care.stage), move]
    if Need.WORDS in step.needs and move is not Move.MEASURE and not words.strip():
        raise Refused("no_words")
    return Doing(care, move, by, at, words, reason)


def _end(doing: Doing) -> Care:
    """Set stage and due day, save, chain the event, and keep the words beside it."""
    care, move = doing.care, doing.move
    before = Stage(care.stage)
    step = TABLE.get((before, move))
    if step is not None:
        care.stage = step.to.value
    if care.ended_on is not None:
        care.due_on = None
    elif care.stage == Stage.UNDER_CARE:
        first = care.measures.filter(IS_OPEN).aggregate(first=Min("due_on"))["first"]
        care.due_on = min(filter(None, [first, care.review_on]))
    facts = {"stage": care.stage, **doing.facts}
    after = Head(care.version, care.head) if care.version else Head()
    head = record(stream(care), KIND_OF[move], by=doing.by, at=doing.at, after=after, **facts)
    care.version, care.head = head.seq, head.hash
    care.save()
    entry = Entry(
        care=care, move=move.value, reason=doing.reason, measure=doing.measure, by_id=doing.by.staff_id, at=doing.at
    )
    seal(entry, text=doing.words.strip())
    entry.save(force_insert=True)
    return care


@transaction.atomic
def erase(care: Care, *, by: Actor, at: datetime) -> Care:
    """Forget what was written of a household whose care has ended, and whose it was.

    Days, place and stage remain for the counts, and the events, which never held a name or a word.
    """
    care = Care.objects.select_for_update().get(pk=care.pk)
    care.entries.all().delete()
    care.measures.all().delete()
    care.publicity.all().delete()
    care.household, care.case, care.checker, care.risk_sealed, care.erased_at = None, None, None, "", at
    head = record(stream(care), EventKind.CARE_ERASED, by=by, at=at, after=Head(care.version, care.head))
    care.version, care.head = head.seq, head.hash
    care.save()
    return care


def erase_due(*, at: datetime) -> int:
    """Erase what has been kept for as long as a request, each in a transaction of its own; how many."""
    rows = list(due_to_erase(local_day(ended_before(at)))[:BATCH])
    for care in rows:
        erase(care, by=CLOCK, at=at)
    return len(rows)
