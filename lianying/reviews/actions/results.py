"""Results that somebody enters, corrects and takes back; nothing of it is ever deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianying import reference
from lianying.audit.log import record
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.common.masking import plain
from lianying.orgs.kinds import PLACES
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reviews.models import STANDS, GoalRow, Result
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Ending
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.results import Detail, Entering, ResultKind, hindrance


@dataclass(frozen=True, slots=True)
class ResultCard:
    """A result as it is written down. case or source: where it can be looked up."""

    kind: ResultKind
    unit: Unit
    place: Unit
    on: date
    text: str
    detail: Detail | None = None
    case: Case | None = None
    source: str = ""


@transaction.atomic
def enter(card: ResultCard, *, by: Actor, at: datetime) -> Result:
    """Raises Refused not_yours, no_words, numbers_in_words, result_* as `rules.results.hindrance` says,
    result_place, result_of_report, result_case_used."""
    result = _written(card, None, by=by, at=at)
    facts: dict[str, Any] = {"result_kind": card.kind, "detail": card.detail, "unit": card.unit.path, "on": card.on}
    record(f"result:{result.uuid}", EventKind.RESULT_ENTERED, by=by, at=at, **facts)
    return result


@transaction.atomic
def correct(result: Result, card: ResultCard, *, by: Actor, at: datetime) -> Result:
    """Put another record in the place of one; goals that counted it go on with the new one. Raises as `enter`, and
    Refused("result_ended") where somebody corrected it or took it back already."""
    row = _standing(result, by)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    corrected = _written(card, row, by=by, at=at)
    for linked in GoalRow.objects.filter(result=row).select_related("goal__unit"):
        if _is_at(linked.goal.unit, card):
            linked.result = corrected
            linked.save(update_fields=["result"])
    record(f"result:{row.uuid}", EventKind.RESULT_CORRECTED, by=by, at=at, to=str(corrected.uuid))
    return corrected


@transaction.atomic
def take_back(result: Result, *, why: str, by: Actor, at: datetime) -> Result:
    """What should not have been entered. Raises Refused not_yours, no_words, numbers_in_words, result_ended."""
    row = _standing(result, by)
    row.ended_at, row.ended_why = at, plain(why)
    row.save(update_fields=["ended_at", "ended_why"])
    record(f"result:{row.uuid}", EventKind.RESULT_TAKEN_BACK, by=by, at=at)
    return row


def _standing(result: Result, by: Actor) -> Result:
    row = Result.objects.select_for_update(of=("self",)).select_related("unit").get(pk=result.pk)
    by.require(Power.RESULTS, row.unit.path)
    if row.ended_at is not None:
        raise Refused("result_ended")
    return row


def _written(card: ResultCard, replaces: Result | None, *, by: Actor, at: datetime) -> Result:
    by.require(Power.RESULTS, card.unit.path)
    text, source = plain(card.text), card.source.strip()
    if card.place.kind not in PLACES:
        raise Refused("result_place")
    case = _evidence(card.case)
    entering = Entering(
        kind=card.kind,
        detail=card.detail,
        on=card.on,
        has_source=bool(source),
        category=case.category if case else None,
        is_petition=case is not None and (case.state == State.PETITION or case.ending == Ending.CONCLUDED),
    )
    if code := hindrance(entering, reference.families(), local_day(at)):
        raise Refused(code)
    return Result.objects.create(
        kind=card.kind.value,
        detail=card.detail.value if card.detail else "",
        unit=card.unit,
        place=card.place,
        on=card.on,
        text=text,
        case=case,
        source=source,
        by_id=by.staff_id,
        at=at,
        replaces=replaces,
    )


def _evidence(case: Case | None) -> Case | None:
    """Under lock, so that two who name the same request come one after the other."""
    if case is None:
        return None
    row = Case.objects.select_for_update().get(pk=case.pk)
    if row.kind == CaseKind.REPORT:
        raise Refused("result_of_report")
    if Result.objects.filter(STANDS, case=row).exists():
        raise Refused("result_case_used")
    return row


def _is_at(unit: Unit, card: ResultCard) -> bool:
    return card.unit.path.startswith(unit.path) or card.place.path.startswith(unit.path)
