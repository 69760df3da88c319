"""Expected failures: a code and its facts. The words and the HTTP status stand in `common/refusals.py`."""


class Refused(Exception):
    """code: a key of the words' table; facts: plain values that the words may name, never a resident's."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
