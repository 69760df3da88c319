"""A short title from a resident's words, until a clerk writes a better one."""

import re

LENGTH = 30


def title_of(text: str) -> str:
    """The first sentence or line, at most 30 characters; cut ones end in '…'."""
    words = " ".join(text.split())
    first = re.split(r"[。！？!?；;\n]", words, maxsplit=1)[0].strip() or words
    return first if len(first) <= LENGTH else f"{first[: LENGTH - 1]}…"
