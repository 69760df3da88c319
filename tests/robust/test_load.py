import time

import pytest

from tests.robust.load import Load, lost
from tests.serving import Server

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]
CLIENTS = 16
SECONDS = 6


def test_sixteen_clients_telling_at_once_lose_nothing(server: Server) -> None:
    load = Load(server)

    load.start(telling=CLIENTS)
    time.sleep(SECONDS)
    load.stop()

    assert load.wrong == []
    assert len(load.receipts) == len(load.seconds) == len({receipt["ref"] for receipt in load.receipts}) > CLIENTS
    assert lost(server, load) == []
