from datetime import date

import pytest

from lianying.rules.hardship import Hardship, needs_review


@pytest.mark.parametrize(
    ("level", "since", "expected"),
    [
        (Hardship.NONE, None, False),
        (Hardship.ALLOWANCE, None, True),
        (Hardship.ALLOWANCE, date(2025, 11, 12), False),
        (Hardship.ALLOWANCE, date(2025, 11, 11), True),
    ],
)
def test_a_level_is_looked_at_again_after_a_year(level: Hardship, since: date | None, expected: bool) -> None:
    assert needs_review(level, since, date(2026, 11, 12)) == expected
