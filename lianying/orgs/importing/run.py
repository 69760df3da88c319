"""A workbook from its upload to the last row, and back: looked at at once, written by the worker in slices."""

import base64
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianying.common.clock import local_day
from lianying.common.pace import Pace
from lianying.common.sealing import opened
from lianying.common.spreadsheets import Unfit
from lianying.orgs.importing import actions
from lianying.orgs.importing.actions import Checked, Problem
from lianying.orgs.importing.cells import unfit
from lianying.orgs.importing.known import Known, known_now
from lianying.orgs.importing.sheets import read_workbook
from lianying.orgs.importing.tables import Ready, Row, label_of, tables
from lianying.orgs.kinds import ImportState, Made, SheetKind
from lianying.orgs.models import Import
from lianying.orgs.scope import Actor
from lianying.rules.duties import DutyRow
from lianying.rules.refusals import Refused

log = logging.getLogger("lianying.worker")
#: The worker has other things to do, too.
SLICE_SECONDS = 2.0
UNDER_WAY = (ImportState.RUNNING, ImportState.UNDOING)


@dataclass(slots=True)
class _Plan:
    """What the worker holds of a workbook under way, so that it is not read anew for every batch."""

    job: Import
    rows: list[Row]
    known: Known
    pace: Pace = field(default_factory=Pace)


_plans: dict[int, _Plan] = {}


def check(name: str, content: bytes, *, at: datetime) -> tuple[Checked, list[str]]:
    """Look at every row, write nothing; also the names of sheets that are not ours. Raises Unreadable."""
    found = read_workbook(content)
    known = known_now(today=local_day(at))
    tally: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    for row in found.rows:
        one = _judged(row, known)
        made = one.made if isinstance(one, Ready) else Made.REFUSED
        if not isinstance(one, Ready):
            problems.append(one)
        counts = tally.setdefault(row.sheet.value, {})
        counts[made.value] = counts.get(made.value, 0) + 1
    return Checked(name, content, len(found.rows), tally, problems), found.unknown


def duties_with(job: Import, *, at: datetime) -> list[DutyRow]:
    """The duty list as it would be after the workbook was written. What is new there stands under its code."""
    known = known_now(today=local_day(at))
    for row in _rows(job):
        if row.sheet in {SheetKind.UNITS, SheetKind.DUTIES}:
            _judged(row, known)
    paths = {code: unit.path or f"{code}/" for code, unit in known.units.items()}
    return [DutyRow(key[0], paths[key[1]], paths[key[2]], source) for key, source in known.duties.items()]


def advance(*, at: datetime) -> int:
    """Do a slice of the oldest import or taking back that is under way; return how many rows that were."""
    job = Import.objects.filter(state__in=UNDER_WAY).order_by("pk").first()
    if job is None:
        _plans.clear()
        return 0
    before = job.done
    ends = time.monotonic() + SLICE_SECONDS
    # Problems are kept as words, in the language of the house: whoever reads them is not known here.
    with override(settings.LANGUAGE_CODE):
        try:
            job = _step(job, at=at)
            while job.state in UNDER_WAY and time.monotonic() < ends:
                job = _step(job, at=at)
        except (Refused, IntegrityError) as error:
            # Another worker was quicker, or somebody made the same unit by hand: the next round looks anew.
            log.info("import %s is looked at anew: %s", job.pk, type(error).__name__)
            _plans.clear()
            return 1
    return max(job.done - before, 1)


def _step(job: Import, *, at: datetime) -> Import:
    if job.state == ImportState.RUNNING:
        return _write(job, at=at)
    return actions.take_back(job, by=Actor(user_id=job.by_id), at=at)


def _write(job: Import, *, at: datetime) -> Import:
    plan = _plans.get(job.pk)
    if plan is None or plan.job.done != job.done:
        _plans.clear()
        plan = _plans[job.pk] = _Plan(job, _rows(job), known_now(today=local_day(at)))
    start = time.monotonic()
    rows = plan.rows[job.done : job.done + plan.pace.rows]
    plan.known.today = local_day(at)
    judged = [_judged(row, plan.known) for row in rows]
    ready = [one for one in judged if isinstance(one, Ready)]
    problems = [one for one in judged if not isinstance(one, Ready)]
    by = Actor(user_id=job.by_id)
    plan.job = actions.write_rows(job, ready, problems=problems, known=plan.known, by=by, at=at)
    plan.pace.took(len(rows), time.monotonic() - start)
    return plan.job


def _rows(job: Import) -> list[Row]:
    return read_workbook(base64.b64decode(opened(job, "content"))).rows


def _judged(row: Row, known: Known) -> Ready | Problem:
    table = tables()[row.sheet]
    try:
        for column in table.columns:
            if column.longest and len(row.cells.get(column.field, "")) > column.longest:
                unfit(column.field, _("At most %(most)s characters, please.") % {"most": column.longest})
        return table.judge(row, known)
    except Unfit as fault:
        return Problem(row.sheet.value, row.place, label_of(row.sheet, fault.column), fault.why)
