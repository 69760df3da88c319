"""`lianying up` behind a proxy: it knows that it is ready although it answers nobody but the proxy."""

import signal
import subprocess
import sys
import time

import pytest

from tests.serving import empty

pytestmark = pytest.mark.slow
SECONDS = 50


def test_the_addresses_are_printed_where_only_the_proxy_is_answered() -> None:
    with empty("", HTTPS="on", HOSTS="lianying.example") as server:
        start = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "lianying.config.cli", "up", "--port", str(server.port)],
            env=dict(server.environment),
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            process.send_signal(signal.SIGINT)
            process.stdout.read()

    assert any(f":{server.port}/desk/" in line for line in said)
    assert time.monotonic() - start < SECONDS
    assert process.returncode == 0
