"""When a case's promise and stages fall due: the profile in force, and the snapshot that a case keeps of it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from lianying import reference
from lianying.cases.models import Case, Pause
from lianying.rules import deadlines, petitions
from lianying.rules.calendar import workdays_between
from lianying.rules.deadlines import Due, Office, Stage, Term, TimeUnit
from lianying.rules.guards import Limits
from lianying.rules.kinds import CaseKind, Urgency
from lianying.rules.petitions import OBJECTION, Standing, Step, Taken
from lianying.rules.profiles import Profile


def profile() -> Profile:
    return reference.profile(settings.ENV["PROFILE"])


def office() -> Office:
    return profile().office(reference.calendar())


def limits() -> Limits:
    rules = profile()
    return Limits(
        reworks=rules.reworks,
        asks=rules.asks,
        ask_days=rules.ask_days,
        object_days=rules.object_days,
        reopen_days=rules.reopen_days,
    )


def term(case: Case, stage: Stage) -> Term | None:
    return profile().term(stage, CaseKind(case.kind), Urgency(case.urgency))


def stage_due(case: Case, stage: Stage, since: datetime) -> datetime | None:
    row = term(case, stage)
    return deadlines.due(since, row, office()).at if row else None


def workdays_after(since: datetime, days: int) -> datetime:
    """Close of business of the `days`-th working day after `since`."""
    return deadlines.due(since, Term(days, TimeUnit.WORKING_DAY, "", ""), office()).at


def snapshot(row: Term, stage: Stage) -> dict[str, Any]:
    """The row as it stands today: a later change of the profile never moves a promise that was given."""
    place = office()
    return {
        "stage": stage.value,
        "rule": row.rule,
        "source": row.source,
        "count": row.count,
        "unit": row.unit.value,
        "closes_at": place.closes_at.isoformat("minutes"),
        "zone": str(place.zone),
        "calendar": place.calendar.version,
    }


def give_promise(case: Case, stage: Stage, since: datetime) -> None:
    """Set the promise of the case anew, counted from `since`; saving is the caller's."""
    row = term(case, stage)
    if row is None:
        raise LookupError(f"profile without a term for {stage}")
    case.promise = snapshot(row, stage)
    case.clock_from = since
    case.extension_days = 0
    recount(case, ())


def promise(case: Case, pauses: Iterable[Pause]) -> Due | None:
    """The promise with its explanation, from the case's own snapshot; None for a case that carries none."""
    if not case.promise or case.clock_from is None:
        return None
    kept = case.promise
    row = Term(kept["count"], TimeUnit(kept["unit"]), kept["rule"], kept["source"])
    place = Office(reference.calendar(), time.fromisoformat(kept["closes_at"]), ZoneInfo(kept["zone"]))
    given = [
        deadlines.Pause(pause.told_at, pause.replied_at)
        for pause in pauses
        if pause.told_at is not None and pause.replied_at is not None and pause.replied_at > case.clock_from
    ]
    return deadlines.due(case.clock_from, row, place, given, case.extension_days)


def recount(case: Case, pauses: Iterable[Pause]) -> None:
    due = promise(case, pauses)
    if due is not None:
        case.due_at, case.due_provisional = due.at, due.provisional


def waited_days(pauses: Iterable[Pause], now: datetime) -> int:
    """Working days in which the promise stood still, an open pause counted to `now`."""
    place = office()
    return sum(
        workdays_between(place.local(pause.told_at).date(), place.local(pause.replied_at or now).date(), place.calendar)
        for pause in pauses
        if pause.told_at is not None
    )


def extension_limit(case: Case) -> int:
    """The most working days that may be added, 0 where the profile grants none."""
    row = term(case, Stage.EXTENSION)
    unit = case.promise.get("unit")
    return row.count if row and unit != TimeUnit.HOUR.value else 0


def workdays_since(moment: datetime | None, now: datetime) -> int:
    if moment is None:
        return 0
    place = office()
    return workdays_between(place.local(moment).date(), place.local(now).date(), place.calendar)


def assist_due(case: Case, at: datetime) -> datetime | None:
    """Until when assisting units answer to the lead: half of what is left of the promise, in working days (ours)."""
    due_at = case.due_at
    if due_at is None or at >= due_at:
        return due_at
    if case.promise["unit"] == TimeUnit.HOUR.value:
        return at + (due_at - at) / 2
    left = deadlines.workdays_left(at, due_at, office())
    return min(due_at, workdays_after(at, max(1, left // 2)))


def petition(case: Case) -> Standing:
    """Where a case stands that is with the petition office; its steps may be prefetched."""
    rows = sorted((row for row in case.petition_steps.all() if row.at >= case.stage_at), key=lambda row: row.pk)
    place = office()
    steps = [Taken(Step(row.step), row.on, row.days) for row in rows]
    return petitions.standing(place.local(case.stage_at).date(), steps)


def petition_due(standing: Standing) -> Due:
    """The end of the stage's term, with its explanation."""
    return deadlines.due(closing(standing.since), standing.term, office())


def objection_due(standing: Standing) -> datetime:
    """Until when the unit may say that it was sent to the wrong one."""
    return deadlines.due(closing(standing.since), OBJECTION, office()).at


def closing(day: date) -> datetime:
    return office().closing(day)


def silent_at(case: Case, answered_at: datetime) -> datetime:
    """When an answered case without a word from the resident closes: the check term and the days of the profile."""
    checked = stage_due(case, Stage.CHECK, answered_at) or answered_at
    return workdays_after(checked, profile().silent_days) + timedelta(minutes=1)
