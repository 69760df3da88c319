"""A resident's own request: finding it, its story, and how its promise is counted."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import Prefetch, prefetch_related_objects

from lianying.audit.models import Event
from lianying.cases import clocks
from lianying.cases.models import Case, Holding, PublicVersion
from lianying.cases.queries.board import shown_version
from lianying.cases.queries.petitions import Petition, petition_of
from lianying.cases.queries.scope import ATTACHED, case_by_code
from lianying.cases.queries.timeline import Moment, timeline
from lianying.common.clock import local_day
from lianying.rules.deadlines import Due, TimeUnit, workdays_left
from lianying.rules.entries import EntryKind, HoldingRole
from lianying.rules.events import EventKind
from lianying.rules.lifecycle import RUNNING, State

#: Of the main request, what a reporter whose request was joined to it reads.
SHOWN_OF_MAIN = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.ANSWERED_NOW,
        EventKind.SIGNED,
        EventKind.RECALLED,
        EventKind.PASSED,
        EventKind.UPHELD,
        EventKind.ANSWERED,
        EventKind.ANSWER_APPROVED,
        EventKind.ANSWER_CORRECTED,
        EventKind.EXTENDED,
        EventKind.UNSATISFIED,
        EventKind.REOPENED,
        EventKind.COMPLETED,
        EventKind.FELL_DUE,
        EventKind.TRANSFERRED,
        EventKind.CONCLUDED,
        EventKind.RETURNED,
    }
)
#: Facts of an event that hold what the resident said of the answer.
VERDICT = frozenset({"solved", "satisfaction"})
RELATIONS = ("entries", ATTACHED, "pauses", Prefetch("holdings", Holding.objects.select_related("unit")))
_REF = re.compile(r"([A-Z]+)-?(\d{8})-?(\d{4,})")


@dataclass(frozen=True, slots=True)
class Clock:
    """How a promise is counted. Days are working days unless the term is in calendar days or hours.

    passed, total   of the progress bar;  days_left: negative once the promise is broken;  hours_left: rounded up
    """

    due: Due
    count: int
    unit: TimeUnit
    since: datetime
    stage: str
    extension_days: int
    days_left: int
    hours_left: int
    passed: int
    total: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """All that the page of progress prints. `leading` is the case whose unit and promise count: a joined one's main."""

    case: Case
    leading: Case
    moments: tuple[Moment, ...]
    clock: Clock | None
    open_question: str
    petition: Petition | None

    @property
    def is_joined(self) -> bool:
        return self.leading != self.case

    @property
    def answer_of_main(self) -> PublicVersion | None:
        """What anybody may read of the main request, where this one was joined to it."""
        return shown_version(self.leading) if self.is_joined else None

    def assisting(self, moment: Moment) -> list[str]:
        """The units that the request was handed to beside the leading one."""
        return [
            held.unit.name
            for held in self.leading.holdings.all()
            if held.role == HoldingRole.ASSIST and held.from_at == moment.at
        ]


def plain_ref(typed: str) -> str:
    """'nh20261112 0042' -> 'NH-20261112-0042': full-width, lower case, spaces, missing dashes are forgiven."""
    plain = unicodedata.normalize("NFKC", typed[:60]).upper()
    ref = "".join(character for character in plain if character.isascii() and (character.isalnum() or character == "-"))
    parts = _REF.fullmatch(ref)
    return "-".join(parts.groups()) if parts else ref


def case_of_resident(ref: str, code: str) -> Case | None:
    return case_by_code(plain_ref(ref), code)


def receipt_hash(case: Case) -> str:
    return Event.objects.filter(stream=f"case:{case.ref}", seq=1).values_list("hash", flat=True).get()


def tracked(case: Case, *, at: datetime) -> Tracked:
    """The story of the case, and of the main one where it was joined to another."""
    joined = case.main if case.state == State.MERGED else None
    leading = joined or case
    prefetch_related_objects([case] if joined is None else [case, joined], *RELATIONS)
    own = timeline(case, for_resident=True)
    moments = [*own, *(_of_main(joined) if joined else [])]
    return Tracked(
        case=case,
        leading=leading,
        moments=tuple(sorted(moments, key=lambda moment: moment.at)),
        clock=clock_of(leading, at),
        open_question=_open_question(case, own),
        petition=petition_of(leading, at) if leading.state == State.PETITION else None,
    )


def _of_main(main: Case) -> list[Moment]:
    """The offices' steps: that it was answered and when; never another's words, photos, answer or verdict."""
    return [
        replace(
            moment,
            by_resident=False,
            photos=(),
            documents=(),
            said=(),
            data={name: value for name, value in moment.data.items() if name not in VERDICT},
            of_main=True,
        )
        for moment in timeline(main, for_resident=True)
        if moment.kind in SHOWN_OF_MAIN
    ]


def _open_question(case: Case, moments: Iterable[Moment]) -> str:
    """The last question that nobody has answered yet; also one asked openly, without a pause."""
    question = ""
    for moment in moments:
        asked = [said.text for said in moment.said if said.kind == EntryKind.QUESTION]
        if asked:
            question = asked[-1]
        elif moment.by_resident or moment.kind in {
            EventKind.REPLIED,
            EventKind.RESUMED,
            EventKind.ANSWERED,
            EventKind.ANSWER_APPROVED,
        }:
            question = ""
    return question if State(case.state) in RUNNING | {State.WAITING} else ""


def clock_of(case: Case, at: datetime) -> Clock | None:
    due = clocks.promise(case, case.pauses.all())
    if due is None or case.clock_from is None or State(case.state) not in RUNNING | {State.WAITING}:
        return None
    unit = TimeUnit(case.promise["unit"])
    passed, total = _share(due, unit, case.clock_from, at)
    return Clock(
        due=due,
        count=case.promise["count"],
        unit=unit,
        since=case.clock_from,
        stage=case.promise["stage"],
        extension_days=case.extension_days,
        days_left=workdays_left(at, due.at, clocks.office()),
        hours_left=ceil((due.at - at) / timedelta(hours=1)),
        passed=passed,
        total=total,
        is_late=at > due.at and case.state != State.WAITING,
    )


def _share(due: Due, unit: TimeUnit, since: datetime, at: datetime) -> tuple[int, int]:
    if unit is TimeUnit.HOUR:
        total = max(1, round((due.at - since).total_seconds() / 3600))
        return min(total, max(0, int((at - since).total_seconds() // 3600))), total
    days: tuple[date, ...] = (*due.counted, *due.given_back)
    return sum(day <= local_day(at) for day in days), len(days)
