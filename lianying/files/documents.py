"""Documents as units attach them: kept as they came, since no part of them can be drawn anew."""

import hashlib
from dataclasses import dataclass
from typing import IO

from lianying.files.images import Photo
from lianying.rules.refusals import Refused

HEADER, TRAILER = b"%PDF-", b"%%EOF"
#: Readers look so far from either end.
NEAR_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF; width and height are a photo's."""

    data: bytes
    sha256: str
    width: int = 0
    height: int = 0
    mime: str = "application/pdf"


Attached = Photo | Document


def is_document(file: IO[bytes]) -> bool:
    """By what stands in it: a name says nothing."""
    file.seek(0)
    return HEADER in file.read(NEAR_BYTES)


def whole(file: IO[bytes]) -> Document:
    """Return the document as it may be kept; raises Refused document_broken where its end is missing."""
    file.seek(0)
    data = file.read()
    if TRAILER not in data[-NEAR_BYTES:]:
        raise Refused("document_broken")
    return Document(data, hashlib.sha256(data).hexdigest())
