"""The secrets of an installation, made on first start and kept beside the data, never in the database."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """secret: Django's; data: key id -> 16 bytes for SM4; current: the id that encrypts; index, code: HMAC keys."""

    secret: str
    data: dict[str, bytes]
    current: str
    index: bytes
    code: bytes


class KeyRing:
    """The keys as their file says at this moment: whoever runs goes over to a new one without a new start."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._keys = keys(directory)
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def __getattr__(self, name: str) -> Any:
        stamp = self._stamp()
        # A file that somebody moved away is no reason to lose what it said.
        if stamp not in {None, self._seen}:
            self._keys, self._seen = read(self._path), stamp
        return getattr(self._keys, name)


def _made() -> dict[str, Any]:
    return {
        "secret": secrets.token_urlsafe(48),
        "data": {"k1": secrets.token_hex(16)},
        "current": "k1",
        "index": secrets.token_hex(32),
        "code": secrets.token_hex(32),
    }


def keys(directory: Path) -> Keys:
    """Read the file, or make it where it is absent.

    The file appears whole (written aside, then linked), so that two processes that start at once agree on one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / NAME
    if not path.exists():
        aside = _written(directory, _made())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return read(path)


def _written(directory: Path, made: dict[str, Any]) -> Path:
    """A file beside the keys, for its owner's eyes alone, on the disk when this returns."""
    aside = directory / f".keys-{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return aside


def copy_keys(source: Path, target: Path) -> None:
    """Whole or not at all, and never readable by anybody else."""
    _written(target.parent, json.loads(source.read_text(encoding="utf-8"))).replace(target)


def add_data_key(directory: Path) -> str:
    """Make a new key, with which everything is sealed from now on, and return its id; the old ones still open."""
    path = directory / NAME
    with (directory / ".keys.lock").open("w") as gate:
        # Of two at once neither may lose the other's key: something is sealed with it by then.
        fcntl.flock(gate, fcntl.LOCK_EX)
        stored = json.loads(path.read_text(encoding="utf-8"))
        stored["current"] = f"k{1 + max(int(name.removeprefix('k')) for name in stored['data'])}"
        stored["data"][stored["current"]] = secrets.token_hex(16)
        _written(directory, stored).replace(path)
    return str(stored["current"])


def read(path: Path) -> Keys:
    """Raises OSError, or ValueError or KeyError where it is no file of keys."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Keys(
        secret=stored["secret"],
        data={name: bytes.fromhex(value) for name, value in stored["data"].items()},
        current=stored["current"],
        index=bytes.fromhex(stored["index"]),
        code=bytes.fromhex(stored["code"]),
    )
