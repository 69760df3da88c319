from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from lianying.audit import triggers
from lianying.audit.log import Head, chained, head, make_root, make_roots, record, record_many
from lianying.audit.models import DayRoot, Event
from lianying.audit.verify import Fault, chain_faults, receipt_fault, root_faults
from lianying.common.clock import standing_at
from lianying.orgs.scope import CLOCK, RESIDENT, Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind
from lianying.rules.ledger import GENESIS, day_root, event_hash, short
from tests.cast import NOON
from tests.look import day

pytestmark = pytest.mark.django_db

SETTLED = timedelta(minutes=10)


def written(stream: str = "case:X-1", count: int = 1, at: datetime = NOON) -> Head:
    """So many events of the stream, recorded at `at`."""
    end = head(stream)
    with standing_at(at):
        for _ in range(count):
            end = record(stream, EventKind.NOTED, by=RESIDENT, at=at)
    return end


def tamper(statement: str, *values: str) -> None:
    """What only somebody with the database in their hands can do: the guard is taken away first."""
    with connection.cursor() as cursor:
        triggers.drop(None, SimpleNamespace(connection=connection, execute=cursor.execute))
        cursor.execute(statement, values)


def test_record_begins_a_stream_at_genesis() -> None:
    with standing_at(NOON + timedelta(hours=1)):
        end = record("case:X-1", EventKind.HEARD, by=RESIDENT, at=NOON, kind_of=CaseKind.HELP, on=date(2026, 1, 5))

    event = Event.objects.get()
    assert (event.stream, event.seq, event.kind, event.actor, event.previous) == (
        "case:X-1",
        1,
        "case.heard",
        "resident",
        GENESIS,
    )
    assert (event.at, event.recorded_at) == (NOON, NOON + timedelta(hours=1))
    assert event.data == {"kind_of": "help", "on": "2026-01-05"}
    assert end == Head(1, event.hash) == head("case:X-1")
    assert event.hash == event_hash(event)


def test_record_chains_each_stream_by_itself() -> None:
    first = written("case:X-1")
    other = written("case:X-2")
    second = written("case:X-1")

    rows = Event.objects.order_by("stream", "seq").values_list("stream", "seq", "previous", "hash")
    assert list(rows) == [
        ("case:X-1", 1, GENESIS, first.hash),
        ("case:X-1", 2, first.hash, second.hash),
        ("case:X-2", 1, GENESIS, other.hash),
    ]
    assert list(chain_faults()) == []


def test_record_after_a_stale_end_is_refused_by_the_database() -> None:
    stale = written()
    written()

    with pytest.raises(DatabaseError), transaction.atomic():
        record("case:X-1", EventKind.NOTED, by=RESIDENT, at=NOON, after=stale)


def test_record_says_who_by_a_code() -> None:
    for by in (RESIDENT, CLOCK, Actor(), Actor(user_id=7, name="陈立")):
        record("case:X-1", EventKind.NOTED, by=by, at=NOON)

    assert list(Event.objects.order_by("seq").values_list("actor", flat=True)) == [
        "resident",
        "clock",
        "anyone",
        "user:7",
    ]


def test_record_many_writes_what_was_chained() -> None:
    events = [
        chained(
            f"case:X-{number}",
            EventKind.IMPORTED,
            after=Head(),
            by=Actor(),
            at=NOON,
            recorded_at=NOON,
            data={"state": "heard"},
        )
        for number in range(3)
    ]

    record_many(events)

    assert (Event.objects.count(), list(chain_faults())) == (3, [])


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
@pytest.mark.parametrize(("table", "column"), [("audit_event", "actor"), ("audit_dayroot", "root")])
def test_the_database_refuses_to_change_the_ledger(statement: str, table: str, column: str) -> None:
    written()
    make_root(at=NOON + timedelta(days=1))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))
    assert (Event.objects.count(), DayRoot.objects.count()) == (1, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_those_who_write_to_one_stream_at_once_take_turns() -> None:
    start = Barrier(6)

    def write(number: int) -> int:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            with transaction.atomic():
                return record("user:1", EventKind.LINK_MADE, by=Actor(user_id=number), at=NOON).seq
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(write, range(6)))

    assert (sorted(numbers), list(chain_faults())) == ([1, 2, 3, 4, 5, 6], [])


# roots


def test_a_root_is_made_when_its_day_has_settled() -> None:
    end = written()
    midnight = day(11, 13, 0, 0)

    early = make_root(at=midnight + SETTLED - timedelta(seconds=1))
    root = make_root(at=midnight + SETTLED)

    assert early is None
    assert root == DayRoot.objects.get()
    assert (root.day, root.events, root.previous, root.root, root.until, root.made_at) == (
        date(2026, 11, 12),
        1,
        GENESIS,
        day_root(GENESIS, [end.hash]),
        midnight,
        midnight + SETTLED,
    )
    assert make_root(at=midnight + SETTLED) is None


def test_a_ledger_without_events_has_no_root() -> None:
    assert make_roots(at=NOON) == 0


def test_roots_are_made_for_days_without_events_too() -> None:
    first, last = written(at=day(11, 12, 23, 59)), written("case:X-2", at=day(11, 14, 0, 0))

    made = make_roots(at=day(11, 15, 12, 0))

    roots = list(DayRoot.objects.order_by("day"))
    assert (made, [(root.day.day, root.events) for root in roots]) == (3, [(12, 1), (13, 0), (14, 1)])
    assert roots[0].root == day_root(GENESIS, [first.hash])
    assert roots[1].root == day_root(roots[0].root, [])
    assert roots[2].root == day_root(roots[1].root, [last.hash])
    assert list(root_faults()) == []


def test_a_day_is_that_of_recording_not_of_happening() -> None:
    with standing_at(day(11, 13, 9, 0)):
        record("case:X-1", EventKind.IMPORTED, by=Actor(), at=datetime(2019, 4, 25, 1, 32, tzinfo=UTC))

    root = make_root(at=day(11, 14, 9, 0))

    assert root is not None
    assert root.day == date(2026, 11, 13)


# verify


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("UPDATE audit_event SET actor = 'user:9' WHERE seq = 2", [Fault("case:X-1#2", "changed")]),
        ('UPDATE audit_event SET data = \'{"state":"closed"}\' WHERE seq = 2', [Fault("case:X-1#2", "changed")]),
        (
            "DELETE FROM audit_event WHERE seq = 2",
            [Fault("case:X-1#3", "gap"), Fault("case:X-1#3", "broken_chain")],
        ),
        (
            "UPDATE audit_event SET hash = previous WHERE seq = 2",
            [Fault("case:X-1#2", "changed"), Fault("case:X-1#3", "broken_chain")],
        ),
    ],
)
def test_a_changed_ledger_is_found(statement: str, faults: list[Fault]) -> None:
    written(count=3)

    tamper(statement)

    assert list(chain_faults()) == faults


def test_a_rebuilt_chain_is_found_by_the_published_root() -> None:
    written(count=2)
    make_roots(at=NOON + timedelta(days=2))
    other = chained(
        "case:X-1",
        EventKind.NOTED,
        after=Head(*Event.objects.filter(seq=1).values_list("seq", "hash").get()),
        by=CLOCK,
        at=NOON,
        recorded_at=NOON,
        data={},
    )

    tamper("UPDATE audit_event SET actor = 'clock', hash = %s WHERE seq = 2", other.hash)

    assert list(chain_faults()) == []
    assert list(root_faults()) == [Fault("2026-11-12", "root_differs")]


def test_a_changed_root_breaks_those_after_it() -> None:
    written()
    make_roots(at=NOON + timedelta(days=3))

    tamper("UPDATE audit_dayroot SET root = previous WHERE day = '2026-11-12'")

    assert list(root_faults()) == [Fault("2026-11-12", "root_differs"), Fault("2026-11-13", "root_differs")]


@pytest.mark.parametrize(
    ("stream", "typed", "code"),
    [
        ("case:X-1", "{short}", None),
        ("case:X-1", " {upper} ", None),
        ("case:X-1", "{hash}", None),
        ("case:X-1", "ffff ffff ffff", "receipt_differs"),
        ("case:X-1", "{three}", "receipt_differs"),
        ("case:X-2", "{short}", "not_found"),
    ],
)
def test_a_receipt_is_compared_with_the_first_event(stream: str, typed: str, code: str | None) -> None:
    full = written().hash
    written()
    given = typed.format(short=short(full), upper=short(full).upper(), hash=full, three=full[:3])

    assert receipt_fault(stream, given) == (Fault(stream, code) if code else None)
