"""How many rows to write at once, so that others who write wait no longer than they notice."""

from dataclasses import dataclass

FIRST, SMALLEST, LARGEST = 50, 5, 500
#: Others wait for a batch: a quarter of the second that they may be made to wait, as machines hiccup.
BATCH_SECONDS = 0.25


@dataclass(slots=True)
class Pace:
    """rows: the size of the next batch."""

    rows: int = FIRST

    def took(self, rows: int, seconds: float) -> None:
        """Take as many next time as fit into the time, at most twice as many."""
        fitting = min(int(rows * BATCH_SECONDS / max(seconds, 0.001)), 2 * self.rows)
        self.rows = max(SMALLEST, min(fitting, LARGEST))
