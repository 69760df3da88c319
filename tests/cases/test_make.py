import pytest

from lianying.audit.verify import chain_faults
from lianying.cases.verify import case_faults
from lianying.rules.lifecycle import State
from tests import make
from tests.cast import County


@pytest.mark.parametrize("state", State)
def test_a_case_is_made_in_every_state(county: County, state: State) -> None:
    case = make.IN_STATE[state](county)

    assert case.state == state
    assert [*chain_faults(), *case_faults()] == []
