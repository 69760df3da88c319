from collections.abc import Iterator

import pytest

from lianying.common.clock import standing_at
from tests.care.records import LATER, Place, place_of
from tests.cast import County


@pytest.fixture
def place(county: County) -> Place:
    return place_of(county)


@pytest.fixture
def later() -> Iterator[None]:
    """The program's clock stands after every step of the builders."""
    with standing_at(LATER):
        yield
