import pytest

from tests.cast import County
from tests.visits.links import Linked, linked_of


@pytest.fixture
def linked(county: County) -> Linked:
    return linked_of(county)
