from collections.abc import Iterator

import pytest

from tests.serving import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One program for all the tests of this folder that only talk to it."""
    with serving() as running:
        yield running
