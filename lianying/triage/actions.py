"""What is written for proposals: versions of what was learned, and the marks by which alike requests are found."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from lianying.triage.grams import Decision, Told
from lianying.triage.learning import Held, accuracy, bounds_of, held_out, learn
from lianying.triage.models import Signature, Version
from lianying.triage.queries import ACTIVE, active_version, file_of, folder, load
from lianying.triage.similar import buckets

#: So many of the newest files stay, the one in use apart: to go back by hand needs no training.
KEPT_FILES = 3
#: Fewer requests that the version in use never saw say nothing about which is better.
FEWEST_NEW = 20


def make_version(decisions: Sequence[Decision], *, source: str, at: datetime) -> Version:
    """Learn, measure, and put into use where it is no worse than what is in use; the row says which.

    source   where the decisions come from, for the list of versions
    """
    held = held_out(decisions)
    weights = learn(decisions, bounds_of(held))
    data = weights.packed()
    digest = sha256(data).hexdigest()
    before = active_version()
    version = Version(
        name=f"{at:%Y%m%dT%H%M%S}-{digest[:8]}",
        sha256=digest,
        made_at=at,
        source=source,
        rows=sum(bool(decision.category) for decision in decisions),
        accuracy=accuracy(held["category"]),
        unit_accuracy=accuracy(held["unit"]) if held["unit"] else None,
        active=bool(weights.heads) and (before is None or _no_worse(before, decisions, held["category"])),
    )
    _write(file_of(version.name), data)
    with transaction.atomic():
        if version.active:
            Version.objects.filter(active=True).update(active=False)
        version.save(force_insert=True)
    cache.delete(ACTIVE)
    _tidy()
    return version


def _no_worse(before: Version, decisions: Sequence[Decision], held: Sequence[Held]) -> bool:
    """On requests that neither saw; where those are too few, by what each reached when it was made."""
    old = load(before.name, before.sha256)
    if old is None:
        return True
    fresh = [one for one in held if (moment := decisions[one.row].at) is not None and moment > before.made_at]
    if len(fresh) < FEWEST_NEW:
        return accuracy(held) >= before.accuracy
    guesses = [(old.guess("category", decisions[one.row].told), decisions[one.row].category) for one in fresh]
    return accuracy(fresh) >= sum(guess is not None and guess.label == label for guess, label in guesses) / len(fresh)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(path)


def _tidy() -> None:
    """Files that no row keeps any more; the rows stay, they are the history."""
    names = list(Version.objects.order_by("-made_at").values_list("name", flat=True)[:KEPT_FILES])
    kept = {*names, *Version.objects.filter(active=True).values_list("name", flat=True)}
    for path in folder().glob("*.npz"):
        if path.stem not in kept:
            path.unlink()


def mark(subjects: Iterable[tuple[int, Told]], *, answer: bool = False) -> None:
    """Let these requests be found by what is alike; inside the caller's transaction, none of them marked before."""
    Signature.objects.bulk_create(
        [
            Signature(bucket=bucket, subject=subject, answer=answer)
            for subject, told in subjects
            for bucket in buckets(told, answer=answer)
        ],
        batch_size=500,
    )


def unmark(subject: int, *, answer: bool = False) -> None:
    Signature.objects.filter(subject=subject, answer=answer).delete()
