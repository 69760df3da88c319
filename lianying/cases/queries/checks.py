"""Calls that the desk owes: what residents are to be told, and answers to be checked with them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Min, Prefetch, Q, QuerySet, prefetch_related_objects

from lianying.cases.models import IS_OPEN, Attempt, Case, Entry
from lianying.cases.queries.scope import visible
from lianying.households.queries import Masked, masked_many
from lianying.notices.models import Notice
from lianying.notices.queries import open_notices
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind
from lianying.rules.lifecycle import State
from lianying.rules.notices import TOLD_BY_CHECK
from lianying.rules.powers import POWERS, Power

SIZE = 20
SALT = "calls to make"
Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One resident to ring: what they are to be told, and whether the answer is to be checked. `due_at` orders."""

    case: Case
    due_at: datetime
    person: Masked
    notices: tuple[Notice, ...]

    @property
    def is_check(self) -> bool:
        return self.case.state == State.ANSWERED

    @property
    def answer(self) -> str:
        return self._last(EntryKind.ANSWER)

    @property
    def question(self) -> str:
        return self._last(EntryKind.QUESTION)

    @property
    def extension(self) -> str:
        return self._last(EntryKind.EXTENSION)

    @property
    def completion(self) -> str:
        return self._last(EntryKind.COMPLETION)

    @property
    def decline(self) -> str:
        return self._last(EntryKind.DECLINE)

    def _last(self, kind: EntryKind) -> str:
        return next((entry.text for entry in reversed(self.case.entries.all()) if entry.kind == kind), "")


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of calls; `chosen` is the one that was asked for, else the first. next is the token of the next page."""

    calls: list[Call]
    chosen: Call | None
    next: str


def awaiting_supervisor() -> Q:
    """Answered and already rated: not content, and the reworks used up, so that a supervisor decides how it ends."""
    return Q(state=State.ANSWERED, satisfaction__isnull=False)


def to_check(actor: Actor) -> QuerySet[Case]:
    """Answered cases whose resident can be rung and has not been asked yet."""
    rows = Case.objects.filter(
        IS_OPEN,
        state=State.ANSWERED,
        stage_due_at__isnull=False,
        contact__phone_index__gt="",
        contact__may_be_called=True,
    )
    return visible(rows, actor, Power.CALL).filter(satisfaction__isnull=True)


def to_tell(actor: Actor) -> QuerySet[Notice]:
    """Open notices but those of an answer: the call that checks it tells as well."""
    paths = [post.path for post in actor.posts if Power.CALL in POWERS[post.role]]
    return open_notices(paths).exclude(kind__in=TOLD_BY_CHECK)


def queue(actor: Actor, *, after: str = "", at: str = "") -> Queue:
    """The calls after the token `after`, what is owed longest first; six queries."""
    keys = _keys(actor, _read(after))
    more = len(keys) > SIZE
    keys = keys[:SIZE]
    calls = _calls(actor, [ref for _, ref in keys] + [at])
    listed = [calls[ref] for _, ref in keys if ref in calls]
    chosen = calls.get(at) or (listed[0] if listed else None)
    if chosen is not None:
        whole(chosen.case)
    return Queue(listed, chosen, _token(keys[-1]) if more else "")


def _keys(actor: Actor, after: Key | None) -> list[Key]:
    cases: QuerySet[Case, Any] = to_check(actor).order_by("stage_due_at", "ref")
    notices = to_tell(actor).values("subject").annotate(first_at=Min("made_at")).order_by("first_at", "subject")
    if after is not None:
        cases = cases.filter(_beyond("stage_due_at", "ref", after))
        notices = notices.filter(_beyond("first_at", "subject", after))
    checks = cases.values_list("stage_due_at", "ref")[: SIZE + 1]
    tells = notices.values_list("first_at", "subject")[: SIZE + 1]
    return sorted([*((at, ref) for at, ref in checks if at is not None), *tells])[: SIZE + 1]


def _beyond(moment: str, ref: str, after: Key) -> Q:
    at, last = after
    return Q(**{f"{moment}__gte": at}) & (Q(**{f"{moment}__gt": at}) | Q(**{f"{ref}__gt": last}))


def _token(key: Key) -> str:
    return signing.dumps([key[0].isoformat(), key[1]], salt=SALT)


def _read(token: str) -> Key | None:
    """None for a token that is not ours: the list then begins at its start."""
    try:
        moment, ref = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(moment), ref


def _calls(actor: Actor, refs: list[str]) -> dict[str, Call]:
    """By number: the calls still owed among these, inside the actor's scope."""
    rows = visible(Case.objects.filter(ref__in=refs), actor, Power.CALL)
    cases = list(rows.select_related("contact", "unit"))
    owed: dict[str, list[Notice]] = defaultdict(list)
    found = Notice.objects.filter(subject__in=refs, told_at__isnull=True, dropped_at__isnull=True)
    for notice in found.order_by("made_at", "id"):
        owed[notice.subject].append(notice)
    people = masked_many(case.contact for case in cases if case.contact is not None)
    calls = {}
    for case in cases:
        notices = tuple(owed[case.ref])
        if case.contact is None or not (notices or _is_checked(case)):
            continue
        due_at = case.stage_due_at if _is_checked(case) else notices[0].made_at
        calls[case.ref] = Call(case, due_at or case.stage_at, people[case.contact.pk], notices)
    return calls


def _is_checked(case: Case) -> bool:
    return case.state == State.ANSWERED and case.satisfaction is None


def call_for(actor: Actor, ref: str) -> Call | None:
    """The call that is owed for the number; None where nobody needs to be rung any more."""
    call = _calls(actor, [ref]).get(ref)
    if call is not None:
        whole(call.case)
    return call


def whole(case: Case) -> None:
    """Load what the script of a call says: words and earlier attempts."""
    entries = Prefetch("entries", Entry.objects.order_by("id"))
    prefetch_related_objects([case], entries, Prefetch("attempts", Attempt.objects.order_by("id")), "main__unit")
