import pytest

from tests.care.records import Place, place_of
from tests.cast import County


@pytest.fixture
def place(county: County) -> Place:
    return place_of(county)
