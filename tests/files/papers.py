"""Papers for tests."""

OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
)


def _pdf() -> bytes:
    """One empty page, as short as a reader opens it."""
    body, places = b"%PDF-1.4\n", [b"0000000000 65535 f \n"]
    for number, what in enumerate(OBJECTS, start=1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj%sendobj\n" % (number, what)
    size = len(places)
    return body + b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        b"".join(places),
        size,
        len(body),
    )


PDF = _pdf()
