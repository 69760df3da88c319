"""The secrets of an installation, made on first start and kept beside the data, never in the database."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

NAME = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """secret: Django's; data: key id -> 16 bytes for SM4; current: the id that encrypts; index, code: HMAC keys."""

    secret: str
    data: dict[str, bytes]
    current: str
    index: bytes
    code: bytes


def _made() -> dict[str, object]:
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
        aside = directory / f".keys-{os.getpid()}-{secrets.token_hex(4)}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_made(), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return read(path)


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
