import hashlib
import io

import pytest

from lianying.files.documents import Document, is_document, whole
from lianying.rules.refusals import Refused
from tests.files.papers import PDF


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PDF, True),
        (b"\n\n" + PDF, True),
        (b" " * 1024 + PDF, False),
        (b"\xff\xd8\xff", False),
        (b"", False),
        (b"a.pdf", False),
    ],
)
def test_a_document_is_told_by_its_beginning(data: bytes, found: bool) -> None:
    assert is_document(io.BytesIO(data)) is found


@pytest.mark.parametrize("data", [PDF, PDF + b"\r\n" * 20])
def test_a_document_is_kept_as_it_came(data: bytes) -> None:
    file = io.BytesIO(data)
    file.read()

    assert whole(file) == Document(data, hashlib.sha256(data).hexdigest(), 0, 0, "application/pdf")


@pytest.mark.parametrize("data", [PDF[:-8], PDF + bytes(2000)])
def test_a_document_without_its_end_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        whole(io.BytesIO(data))

    assert caught.value.code == "document_broken"
