import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.kinds import CaseKind
from lianying.rules.ledger import GENESIS, Replayed, canonical, day_root, event_hash, instant, replay, short

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=timezone(timedelta(hours=8)))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@dataclass
class Row:
    stream: str = "case:NH-20261112-0001"
    seq: int = 1
    kind: str = "case.heard"
    at: datetime = NOON
    recorded_at: datetime = NOON
    actor: str = "resident"
    data: Any = None
    previous: str = GENESIS


def test_event_hash_is_what_anybody_can_compute() -> None:
    # What sha256sum gives for the JSON array of the eight values, times in UTC, without spaces.
    assert event_hash(Row(data={"state": "heard"})) == (
        "1478ebde400872cc9aed50e99006faa54ecaa2f4bd0584de9db1b8dbf92d18f3"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"stream": "case:NH-20261112-0002"},
        {"seq": 2},
        {"kind": "case.noted"},
        {"at": NOON + timedelta(microseconds=1)},
        {"recorded_at": NOON + timedelta(microseconds=1)},
        {"actor": "user:1"},
        {"data": {"state": "heard"}},
        {"previous": "1" * 64},
    ],
)
def test_event_hash_covers_every_part(changed: dict[str, Any]) -> None:
    assert event_hash(replace(Row(), **changed)) != event_hash(Row())


def test_event_hash_does_not_depend_on_the_zone_a_database_gives_back() -> None:
    assert event_hash(Row(at=NOON.astimezone(UTC))) == event_hash(Row())


@given(PLAIN)
def test_canonical_survives_being_stored(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_canonical_does_not_depend_on_order(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_canonical_writes_moments_days_and_codes_plainly() -> None:
    value = {"to": NOON, "on": date(2026, 11, 12), "kind": CaseKind.HELP, "words": "诉求"}

    assert canonical(value).decode() == (
        '{"kind":"help","on":"2026-11-12","to":"2026-11-12T04:00:00.000000+00:00","words":"诉求"}'
    )


def test_canonical_refuses_what_has_no_plain_form() -> None:
    with pytest.raises(TypeError, match="set"):
        canonical({"kinds": {1, 2}})


def test_instant_is_utc_to_the_microsecond() -> None:
    assert instant(NOON) == "2026-11-12T04:00:00.000000+00:00"


def test_day_root_chains_the_day_before_and_every_hash_in_order() -> None:
    assert len({day_root(GENESIS, ["a", "b"]), day_root(GENESIS, ["b", "a"]), day_root("1" * 64, ["a", "b"])}) == 3


def test_day_root_of_a_day_without_events_is_chained_too() -> None:
    root = day_root(GENESIS, [])

    assert (len(root), root == GENESIS) == (64, False)


def test_short_is_what_a_receipt_prints() -> None:
    assert short("3f9a01bc77de" + "0" * 52) == "3f9a 01bc 77de"


def test_replay_of_nothing_is_nothing() -> None:
    assert replay([]) == Replayed("", 0, {})


def test_replay_keeps_the_last_of_each_fact_and_leaves_the_rest() -> None:
    events: list[tuple[int, dict[str, Any]]] = [
        (1, {"state": "heard", "due_at": "2026-11-26", "channel": "web"}),
        (2, {"state": "closed", "ending": "satisfied", "closed_at": "2026-11-13"}),
        (3, {"result": "no_answer"}),
        (4, {"state": "handling", "ending": "", "closed_at": None}),
    ]

    assert replay(events) == Replayed(
        "handling", 4, {"state": "handling", "due_at": "2026-11-26", "ending": "", "closed_at": None}
    )
