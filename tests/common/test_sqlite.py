"""The gate before SQLite's writers; on PostgreSQL there is none."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from lianying.common.models import Counter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the gate stands before SQLite alone"),
]


def gate() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.gate")


@contextmanager
def handle() -> Iterator[int]:
    descriptor = os.open(gate(), os.O_RDWR | os.O_CREAT)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_free() -> bool:
    with handle() as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_the_gate_is_held_for_the_length_of_a_transaction() -> None:
    before = is_free()
    with transaction.atomic():
        inside = is_free()
        with transaction.atomic():
            nested = is_free()
        still = is_free()
    after = is_free()

    assert (before, inside, nested, still, after) == (True, False, False, False, True)


def test_the_gate_opens_after_a_rollback() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Counter.objects.create(name="a", value=-1)

    assert (is_free(), Counter.objects.count()) == (True, 0)


def test_the_gate_opens_when_the_connection_closes() -> None:
    transaction.set_autocommit(False)
    held = is_free()
    connection.close()

    assert (held, is_free()) == (True, True)
    transaction.set_autocommit(True)


def test_the_gate_opens_when_a_transaction_cannot_begin() -> None:
    connection.ensure_connection()
    connection.connection.execute("BEGIN")

    with pytest.raises(DatabaseError), transaction.atomic():
        Counter.objects.count()

    connection.connection.execute("ROLLBACK")
    assert is_free()


def test_a_writer_waits_at_the_gate() -> None:
    written = Event()

    def write() -> None:
        with transaction.atomic():
            Counter.objects.create(name="a", value=1)
        connection.close()
        written.set()

    with handle() as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        thread = Thread(target=write)
        thread.start()
        waited = not written.wait(0.3)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        thread.join(timeout=20)

    assert (waited, written.is_set(), Counter.objects.count()) == (True, True, 1)


def test_a_database_in_memory_has_no_gate() -> None:
    from lianying.common.sqlite.base import DatabaseWrapper

    memory = DatabaseWrapper({**connection.settings_dict, "NAME": "file:memory?mode=memory"})

    assert memory._gate_path() is None


def test_the_database_keeps_what_a_power_cut_would_take() -> None:
    with connection.cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert values == ["wal", 2, 1]
