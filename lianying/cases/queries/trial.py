"""What a promise would be, before anybody decides: nothing here is saved."""

from copy import copy
from datetime import datetime

from lianying.cases import clocks
from lianying.cases.models import Case
from lianying.rules.deadlines import Due, Stage
from lianying.rules.kinds import CaseKind, Urgency


def if_extended(case: Case, days: int) -> Due | None:
    """None for a case without a promise; reads its pauses."""
    trial = copy(case)
    trial.extension_days = days
    return clocks.promise(trial, case.pauses.all())


def if_sorted(case: Case, kind: CaseKind, urgency: Urgency, *, at: datetime) -> Case:
    """The case with the promise that `assign` would give: from its receipt, or from `at` for one without any yet."""
    trial = copy(case)
    trial.kind, trial.urgency = kind.value, urgency.value
    stage = Stage(case.promise["stage"]) if case.promise else Stage.RESOLVE
    clocks.give_promise(trial, stage, case.clock_from or at)
    clocks.recount(trial, case.pauses.all())
    return trial
