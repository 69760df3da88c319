"""Everything is killed while people tell and decide: whoever holds a receipt finds their request afterwards."""

import json
import os
import random
import signal
import time

import psycopg
import pytest

from tests.robust.load import Load, lost
from tests.services import find_postgresql, postgresql
from tests.serving import Server, serving

pytestmark = pytest.mark.slow
TIMES = 5
MOMENTS = random.Random(20261122)


def is_clean(server: Server) -> bool:
    return bool(json.loads(server.command("verify", "--json").stdout)["ok"])


def under_load(load: Load) -> None:
    load.start(telling=6, deciding=2)
    time.sleep(MOMENTS.uniform(0.4, 1.6))


def test_receipts_outlive_being_killed_five_times() -> None:
    with serving(database_url="") as server:
        loads = []
        for _ in range(TIMES):
            load = Load(server)
            under_load(load)
            server.kill()
            load.stop()
            server.start()
            loads.append(load)

        assert [load.wrong for load in loads] == [[]] * TIMES
        assert sum(len(load.receipts) for load in loads) > TIMES
        assert [lost(server, load) for load in loads] == [[]] * TIMES
        assert is_clean(server)


@pytest.mark.postgresql(only=True)
def test_receipts_outlive_the_end_of_program_and_database() -> None:
    programs = find_postgresql()
    assert programs is not None
    # A cluster of its own, since the tests beside this one would lose theirs; and one that commits before it says so.
    with postgresql(programs, synchronous_commit="on") as url, serving(url) as server:
        first, second = Load(server), Load(server)
        under_load(first)
        server.kill()
        first.stop()
        server.start()
        under_load(second)
        with psycopg.connect(server.environment["LIANYING_DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
            ).fetchone()
            assert row is not None
            os.kill(row[0], signal.SIGKILL)
        time.sleep(1)
        second.stop()

        assert first.wrong == []
        assert len(first.receipts) + len(second.receipts) > 2
        assert [lost(server, first), lost(server, second)] == [[], []]
        assert is_clean(server)
