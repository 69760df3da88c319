"""Writing what a workbook says, and taking it back: a batch at a time, each a transaction of its own."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import uuid4

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from lianying.audit.log import record, record_many
from lianying.common.db import next_number, take_turns
from lianying.common.sealing import seal
from lianying.orgs.importing.judging import ReadyDuty, ReadyPost, ReadyUnit
from lianying.orgs.importing.known import Known
from lianying.orgs.importing.tables import Ready, tables
from lianying.orgs.importing.writing import Writing
from lianying.orgs.kinds import ImportState, Made, Thing
from lianying.orgs.models import Duty, Import, ImportChange, Post, Unit, User
from lianying.orgs.paths import depth, segment
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.refusals import Refused

#: A workbook that nobody said a word about for so long is not kept.
KEPT = timedelta(days=7)
#: So many problems are kept to be shown; the rest are counted.
MOST_PROBLEMS = 2_000
#: What a row may change of a unit.
_SAID = ("name", "phone", "name_en", "area_code")


class Problem(NamedTuple):
    """Why a row of a sheet cannot be written. column: its heading."""

    sheet: str
    place: str
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook after it was looked at. tally: sheet -> made -> rows."""

    name: str
    content: bytes
    rows: int
    tally: dict[str, dict[str, int]]
    problems: Sequence[Problem]


@transaction.atomic
def keep_checked(checked: Checked, *, by: Actor, at: datetime) -> Import:
    """Keep a workbook until somebody says that it is to be written; the same one sent twice is the first."""
    digest = hashlib.sha256(checked.content).hexdigest()
    waits = Import.objects.filter(digest=digest, state__in=[ImportState.CHECKED, ImportState.RUNNING])
    take_turns(f"import:{digest}")
    if there := waits.first():
        return there
    job = Import(
        uuid=uuid4(),
        name=checked.name[:100],
        digest=digest,
        by_id=cast("int", by.user_id),
        made_at=at,
        rows=checked.rows,
        tally=checked.tally,
        problems=[list(problem[1:]) for problem in checked.problems[:MOST_PROBLEMS]],
    )
    # Residents may stand in it.
    seal(job, content=base64.b64encode(checked.content).decode())
    job.save(force_insert=True)
    return job


@transaction.atomic
def move_on(job: Import, to: ImportState, *, by: Actor, at: datetime) -> Import:
    """Start the writing or the taking back, or drop the workbook; raises Refused("import_moved") if too late."""
    before = {
        ImportState.RUNNING: ImportState.CHECKED,
        ImportState.DROPPED: ImportState.CHECKED,
        ImportState.UNDOING: ImportState.DONE,
    }[to]
    row = _row(job)
    if row.state != before:
        raise Refused("import_moved")
    row.state, row.by_id = to.value, cast("int", by.user_id)
    if to == ImportState.RUNNING:
        row.tally, row.problems = {}, []
        record(f"import:{row.pk}", EventKind.IMPORT_STARTED, by=by, at=at, rows=row.rows)
    elif to == ImportState.UNDOING:
        row.done, row.rows = 0, sum(_size(change) for change in row.changes.all())
        row.tally, row.problems = {}, []
        record(f"import:{row.pk}", EventKind.IMPORT_UNDONE, by=by, at=at, rows=row.rows)
    else:
        row.content_sealed, row.ended_at = "", at
    row.save()
    return row


def forget_unwritten(*, at: datetime) -> int:
    """Drop workbooks that were looked at long ago and never written; return how many."""
    rows = Import.objects.filter(state=ImportState.CHECKED, made_at__lt=at - KEPT)
    return rows.update(state=ImportState.DROPPED.value, content_sealed="", ended_at=at)


@transaction.atomic
def write_rows(
    job: Import, ready: Sequence[Ready], *, problems: Sequence[Problem], known: Known, by: Actor, at: datetime
) -> Import:
    """Write the next rows of a running import. `problems` are of rows among them that cannot be written.

    Raises Refused("import_moved") where somebody else wrote them.
    """
    row = _locked(job, ImportState.RUNNING)
    writing = Writing(row, known, by, at)
    for kind, table in tables().items():
        if of := [one for one in ready if one.row.sheet is kind]:
            table.write(writing, of)
    _finish(writing)
    for one in ready:
        _count(row, one.row.sheet.value, one.made.value)
    for problem in problems:
        _count(row, problem.sheet, Made.REFUSED.value)
    row.problems += [list(problem[1:]) for problem in problems][: MOST_PROBLEMS - len(row.problems)]
    _advance(row, len(ready) + len(problems), ImportState.DONE, at)
    return row


@transaction.atomic
def take_back(job: Import, *, by: Actor, at: datetime) -> Import:
    """Take back the last batch that still stands; what is in use since then stays, and is named in `problems`."""
    row = _locked(job, ImportState.UNDOING)
    change = row.changes.order_by("-pk").first()
    if change is None:
        _advance(row, row.rows - row.done, ImportState.UNDONE, at)
        return row
    writing = Writing(row, Known(), by, at)
    what = Thing(change.what)
    back = next(table.back[what] for table in tables().values() if what in table.back)
    kept = back(writing, change)
    row.problems += [[what.value, "", words] for words in kept][: MOST_PROBLEMS - len(row.problems)]
    _count(row, what.value, "kept", len(kept))
    _count(row, what.value, "removed", _size(change) - len(kept))
    record_many(writing.events)
    change.delete()
    _advance(row, _size(change), ImportState.UNDONE, at)
    return row


def _size(change: ImportChange) -> int:
    return len(change.made) + len(change.before)


def _row(job: Import) -> Import:
    """Without the workbook: it is large, and every batch asks for the row."""
    return Import.objects.select_for_update().defer("content_sealed").get(pk=job.pk)


def _locked(job: Import, state: ImportState) -> Import:
    row = _row(job)
    if row.state != state or row.done != job.done:
        raise Refused("import_moved")
    return row


def _count(row: Import, sheet: str, made: str, count: int = 1) -> None:
    counts = row.tally.setdefault(sheet, {})
    counts[made] = counts.get(made, 0) + count


def _advance(row: Import, done: int, end: ImportState, at: datetime) -> None:
    row.done += done
    if row.done >= row.rows:
        row.state, row.ended_at, row.content_sealed = end.value, at, ""
    row.save()


def _finish(writing: Writing) -> None:
    record_many(writing.events)
    # In the order in which they are taken back, the last first: posts go before those who held them.
    ImportChange.objects.bulk_create(
        ImportChange(
            of=writing.job, what=what.value, made=writing.made.get(what, []), before=writing.before.get(what, {})
        )
        for what in Thing
        if what in writing.made or what in writing.before
    )


def write_units(writing: Writing, ready: Sequence[ReadyUnit]) -> None:
    new = [one.unit for one in ready if one.made is Made.NEW]
    first = next_number("unit", count=len(new)) if new else 0
    for number, unit in enumerate(new, first):
        above = writing.known.units.get(unit.parent)
        unit.path = f"{above.path if above else '/'}{segment(number)}/"
    # A level after the other: a unit needs the number of the one above it.
    for level in sorted({unit.depth for unit in new}):
        made = [unit for unit in new if unit.depth == level]
        rows = Unit.objects.bulk_create(
            Unit(
                code=unit.code,
                name=unit.name,
                name_en=unit.name_en,
                kind=unit.kind.value,
                parent_id=writing.known.units[unit.parent].pk if unit.parent else None,
                path=unit.path,
                phone=unit.phone,
                area_code=unit.area_code,
            )
            for unit in made
        )
        for unit, saved in zip(made, rows, strict=True):
            unit.pk = saved.pk
            writing.note(f"unit:{unit.pk}", EventKind.UNIT_MADE, is_new=True, path=unit.path, unit_kind=unit.kind)
            writing.keep(Thing.UNIT, unit.pk)
    changed = {one.unit.pk: one.unit for one in ready if one.made is Made.CHANGED}
    there = Unit.objects.in_bulk(changed)
    for pk, unit in changed.items():
        saved = there[pk]
        writing.keep(Thing.UNIT, pk, **{name: getattr(saved, name) for name in _SAID})
        for name in _SAID:
            setattr(saved, name, getattr(unit, name))
        writing.note(f"unit:{pk}", EventKind.UNIT_CHANGED, active=saved.active)
    Unit.objects.bulk_update(there.values(), _SAID)


def write_people(writing: Writing, ready: Sequence[ReadyPost]) -> None:
    new = [one.user for one in ready if one.made is Made.NEW]
    users = [User(username=user.username, name=user.name, made_at=writing.at) for user in new]
    for user in users:
        # As `set_unusable_password` does, which takes a tenth of the whole import.
        user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)
    for known, saved in zip(new, User.objects.bulk_create(users), strict=True):
        known.pk = saved.pk
        writing.note(f"user:{saved.pk}", EventKind.USER_MADE, is_new=True)
        writing.keep(Thing.USER, saved.pk)
    posts = Post.objects.bulk_create(
        Post(user_id=one.user.pk, unit_id=one.unit.pk, role=one.role.value, from_on=one.from_on)
        for one in ready
        if one.made is not Made.SAME
    )
    for post in posts:
        stream = f"user:{post.user_id}"
        writing.note(stream, EventKind.POST_GIVEN, post=post.pk, unit=post.unit_id, role=post.role)
        writing.keep(Thing.POST, post.pk)


def write_duties(writing: Writing, ready: Sequence[ReadyDuty]) -> None:
    rows = Duty.objects.bulk_create(
        Duty(category=one.category, place_id=one.place.pk, unit_id=one.unit.pk, source=one.source)
        for one in ready
        if one.made is Made.NEW
    )
    for duty in rows:
        _note_duty(writing, duty)
        writing.keep(Thing.DUTY, duty.pk)
    for one in ready:
        if one.made is Made.CHANGED:
            duty = Duty.objects.get(category=one.category, place_id=one.place.pk, unit_id=one.unit.pk)
            writing.keep(Thing.DUTY, duty.pk, source=duty.source)
            duty.source = one.source
            duty.save(update_fields=["source"])
            _note_duty(writing, duty)


def _note_duty(writing: Writing, duty: Duty, *, removed: bool = False) -> None:
    stream = f"unit:{duty.unit_id}"
    writing.note(stream, EventKind.DUTY_CHANGED, category=duty.category, place=duty.place_id, removed=removed)


def units_back(writing: Writing, change: ImportChange) -> list[str]:
    for row, before in _before(Unit.objects.all(), change):
        _say_again(row, before)
        writing.note(f"unit:{row.pk}", EventKind.UNIT_CHANGED, active=row.active)
    return _remove_units(writing, change.made)


def duties_back(writing: Writing, change: ImportChange) -> list[str]:
    for row, before in _before(Duty.objects.all(), change):
        _say_again(row, before)
        _note_duty(writing, row)
    duties = Duty.objects.filter(pk__in=change.made)
    for duty in duties:
        _note_duty(writing, duty, removed=True)
    duties.delete()
    return []


def posts_back(writing: Writing, change: ImportChange) -> list[str]:
    """Accounts that were opened keep their posts."""
    posts = list(Post.objects.filter(pk__in=change.made).select_related("user"))
    opened = [post for post in posts if post.user.last_login is not None]
    gone = [post for post in posts if post.user.last_login is None]
    for post in gone:
        writing.note(f"user:{post.user_id}", EventKind.POST_ENDED, post=post.pk)
    Post.objects.filter(pk__in=[post.pk for post in gone]).delete()
    return [str(post.user) for post in opened]


def people_back(writing: Writing, change: ImportChange) -> list[str]:
    rows = User.objects.filter(pk__in=change.made)
    users = _removed(writing, rows.filter(last_login__isnull=True), EventKind.USER_REMOVED, "user")
    return [*users, *rows.filter(last_login__isnull=False).values_list("name", flat=True)]


def _before(rows: QuerySet[Any], change: ImportChange) -> list[tuple[Any, dict[str, str]]]:
    """Rows with their words as they were before; what was taken away since then stays away."""
    there = rows.in_bulk([int(pk) for pk in change.before])
    return [(there[int(pk)], before) for pk, before in change.before.items() if int(pk) in there]


def _say_again(row: Unit | Duty, before: dict[str, str]) -> None:
    for name, value in before.items():
        setattr(row, name, value)
    row.save(update_fields=list(before))


def _remove_units(writing: Writing, pks: Sequence[int]) -> list[str]:
    """The lowest first: none goes before those below it."""
    paths = dict(Unit.objects.filter(pk__in=pks).values_list("pk", "path"))
    kept: list[str] = []
    for level in sorted({depth(path) for path in paths.values()}, reverse=True):
        rows = Unit.objects.filter(pk__in=[pk for pk, path in paths.items() if depth(path) == level])
        kept += _removed(writing, rows, EventKind.UNIT_REMOVED, "unit")
    return kept


def _removed(writing: Writing, rows: QuerySet[Any], kind: EventKind, stream: str) -> list[str]:
    """All at once; where the database keeps one of them, one by one. Returns the names of those kept."""
    pks = list(rows.values_list("pk", flat=True))
    kept: dict[int, str] = {}
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError:
        for row in rows:
            try:
                with transaction.atomic():
                    row.delete()
            except ProtectedError:
                kept[row.pk or 0] = row.name
    for pk in pks:
        if pk not in kept:
            writing.note(f"{stream}:{pk}", kind)
    return list(kept.values())
