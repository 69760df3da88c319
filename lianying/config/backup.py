"""One file that brings an installation back: database, photos and a list of what it holds. The keys stay apart."""

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import lianying
from lianying.common import dump
from lianying.common.crypto import sm3_hmac

FORMAT = 1
LIST, DATABASE, FILES = "backup.json", "database.gz", "files"
CHUNK = 1 << 20
KEPT = 3


class BadBackup(Exception):
    """The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in `backup.json`. keys: tells whether keys fit, and nothing of them; sha256: of the database."""

    format: int
    program: str
    made_at: str
    kind: str
    keys: str
    sha256: str
    photos: int


def keys_mark(index: bytes) -> str:
    """The same for the same keys: an old backup opens with keys to which newer ones were added."""
    return sm3_hmac(index, b"lianying backup").hex()[:16]


def write(path: Path, *, photos: bool = True, at: datetime, tell: Callable[[str], None] = lambda words: None) -> Held:
    """Write a backup while everything goes on; the file appears under its name when it is whole.

    photos   False leaves them out: for a copy beside them
    tell     called with what is being done
    Raises   BadBackup, dump.DumpFailed, OSError
    """
    if path.exists():
        raise BadBackup(f"{path} exists already; a backup never replaces another.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        plain, packed, whole = (Path(folder) / name for name in ("plain", DATABASE, "whole"))
        tell("database")
        dump.dump(plain)
        _pack(plain, packed)
        plain.unlink()
        # After the database: a photo is on the disk before a row names it, so none that is named is missing.
        found = sorted(one for one in _files().rglob("*") if _is_photo(one)) if photos else []
        mark = keys_mark(settings.KEYS.index)
        held = Held(FORMAT, lianying.__version__, at.isoformat(), dump.kind(), mark, _sha256(packed), len(found))
        tell("photos")
        # It holds every request in the clear: for the operator's eyes alone.
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _tar(out, held, packed, found)
            out.flush()
            os.fsync(out.fileno())
        whole.rename(path)
    return held


def keep_before_change(*, at: datetime) -> Path | None:
    """Copy the database into `backups/` where migrations wait for one that holds something; None where none do.

    Photos stay where they are: no migration touches them. The copies before the last KEPT are deleted.
    """
    if dump.is_empty() or not _waiting():
        return None
    folder = Path(settings.DATA_DIR) / "backups"
    path = folder / f"before-{at:%Y%m%dT%H%M%SZ}.tar"
    write(path, photos=False, at=at)
    for old in sorted(folder.glob("before-*.tar"))[:-KEPT]:
        old.unlink()
    return path


def _waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _tar(out: IO[bytes], held: Held, packed: Path, photos: list[Path]) -> None:
    with tarfile.open(fileobj=out, mode="w") as tar:
        text = json.dumps(asdict(held), indent=2).encode()
        entry = tarfile.TarInfo(LIST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        tar.add(packed, DATABASE)
        for photo in photos:
            try:
                tar.add(photo, f"{FILES}/{photo.relative_to(_files())}")
            except FileNotFoundError:
                # Erased meanwhile, as its owner wished.
                continue


def _files() -> Path:
    return Path(settings.FILES_DIR)


def _is_photo(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _pack(plain: Path, packed: Path) -> None:
    with plain.open("rb") as source, gzip.open(packed, "wb", compresslevel=1) as target:
        shutil.copyfileobj(source, target, CHUNK)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def look(path: Path) -> Held:
    """What a backup says of itself. Raises BadBackup."""
    try:
        with tarfile.open(path) as tar:
            first = tar.next()
            file = tar.extractfile(first) if first is not None and first.name == LIST else None
            said = json.loads(file.read()) if file is not None else {}
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BadBackup(f"{path} cannot be read as a backup: {error}") from error
    if not isinstance(said, dict) or set(said) != {one.name for one in fields(Held)}:
        raise BadBackup(f"{path} is no backup of this program.")
    held = Held(**said)
    if held.format != FORMAT:
        raise BadBackup(f"{path} was written by a newer program ({held.program}); install that one first.")
    return held


def restore(path: Path, index: bytes, *, tell: Callable[[str], None] = lambda words: None) -> Held:
    """Bring a backup into an empty place; on any fault the place is as empty as before.

    index    of the keys that are to open it
    Raises   BadBackup, dump.DumpFailed
    """
    held = look(path)
    if held.kind != dump.kind():
        raise BadBackup(f"This backup is of {held.kind}, but this installation is set to {dump.kind()}.")
    if not dump.is_empty() or any(_is_photo(one) for one in _files().rglob("*")):
        raise BadBackup(
            f"{settings.DATA_DIR} or its database holds data already; restore goes into an empty place only."
        )
    if held.keys != keys_mark(index):
        raise BadBackup(
            "The keys do not fit this backup: without its own, no name, telephone or query code can be read. "
            "Give the keys.json of the old place with --keys FILE."
        )
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
        tell("reading")
        with tarfile.open(path) as tar:
            try:
                tar.extractall(folder, filter="data")
            except (tarfile.TarError, OSError) as error:
                raise BadBackup(f"{path} is damaged: {error}") from error
        packed, plain, photos = Path(folder) / DATABASE, Path(folder) / "plain", Path(folder) / FILES
        if not packed.exists() or _sha256(packed) != held.sha256:
            raise BadBackup(f"{path} is damaged: the database in it is not the one that was written.")
        with gzip.open(packed, "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        if photos.exists():
            tell("photos")
            shutil.rmtree(_files(), ignore_errors=True)
            photos.rename(_files())
        tell("database")
        try:
            dump.load(plain)
        except BaseException:
            shutil.rmtree(_files(), ignore_errors=True)
            raise
    return held
