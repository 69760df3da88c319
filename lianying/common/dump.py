"""The whole database as one file and back, while the program runs: SQLite by its own backup, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from lianying.common.models import Counter

#: The counter that holds when the last backup was made, in seconds since 1970.
BACKED_UP = "backed-up"


class DumpFailed(Exception):
    """The message says what the operator can do."""


def kind() -> str:
    """'sqlite' or 'postgresql': a dump of one goes into the same kind only."""
    return connection.vendor


def backed_up_at() -> datetime | None:
    """When the last whole backup was made; None where there was none."""
    made = Counter.objects.filter(name=BACKED_UP).values_list("value", flat=True).first()
    return None if made is None else datetime.fromtimestamp(made, UTC)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def dump(path: Path) -> None:
    """Write the database as it stands at one moment; nobody who works in it waits. Raises DumpFailed."""
    if kind() == "sqlite":
        with (
            closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(path)) as target,
        ):
            source.backup(target)
    else:
        _run("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--file={path}")


def load(path: Path) -> None:
    """Put a dump into the database, which must be empty; all of it or nothing. Raises DumpFailed."""
    connection.close()
    if kind() == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        # Beside it first: what appears under the name is whole.
        aside = target.with_name(f"{target.name}.part")
        shutil.copyfile(path, aside)
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
        aside.replace(target)
    else:
        _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(path))


def _run(name: str, *arguments: str) -> None:
    place = connection.settings_dict
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {one: str(place[key]) for one, key in given.items() if place[key]}
    if "sslmode" in place["OPTIONS"]:
        environment["PGSSLMODE"] = place["OPTIONS"]["sslmode"]
    line = [_program(name), "--dbname", str(place["NAME"]), *arguments]
    done = subprocess.run(line, env=environment, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise DumpFailed(f"{name} says: {done.stderr.strip()}")


def _program(name: str) -> str:
    """As new as the newest installed: one that is older than the server refuses to work."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(name)
    if found is None:
        raise DumpFailed(f"{name} is not on this machine; it comes with PostgreSQL's client programs.")
    return found
