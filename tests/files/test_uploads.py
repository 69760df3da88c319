import io
import resource
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from pytest_django import Settings

from lianying.files.uploads import FILES_KEPT, too_large

LIMIT = 3 * 1024 * 1024
BOUNDARY = "frontier"


@pytest.fixture(autouse=True)
def limit(settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_BYTES = LIMIT


def part(name: str, filename: str = "") -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: image/jpeg' if filename else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()


class Body(io.RawIOBase):
    """A body that is made while it is read: (head, number of bytes) after each other, then the words."""

    def __init__(self, files: list[tuple[str, int]]) -> None:
        self.parts = self._made(files)
        self.rest = b""
        self.length = sum(len(piece) for piece in self._made(files))

    def _made(self, files: list[tuple[str, int]]) -> Iterator[bytes]:
        for filename, size in files:
            yield part("photos", filename)
            for start in range(0, size, 65536):
                yield b"x" * min(65536, size - start)
            yield b"\r\n"
        yield part("text") + "楼下的灯坏了".encode() + f"\r\n--{BOUNDARY}--\r\n".encode()

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            piece = next(self.parts, b"")
            if not piece:
                break
            self.rest += piece
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def posted(files: list[tuple[str, int]], *, stops_after: int | None = None) -> WSGIRequest:
    body = Body(files)
    sent: io.RawIOBase | io.BytesIO = body if stops_after is None else io.BytesIO(body.read(stops_after))
    environ: dict[str, Any] = {
        "wsgi.input": sent,
        "CONTENT_LENGTH": str(body.length),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
    }
    return RequestFactory().generic("POST", "/tell/", **environ)


def kept(request: WSGIRequest) -> list[tuple[str | None, int | None, int]]:
    return [(file.name, file.size, len(file.read())) for file in request.FILES.getlist("photos")]


def test_upload_within_the_limit_is_kept_in_memory_or_on_disk() -> None:
    with closing(posted([("small.jpg", 10), ("large.jpg", LIMIT), ("empty.jpg", 0)])) as request:
        names = too_large(request)

        assert kept(request) == [("small.jpg", 10, 10), ("large.jpg", LIMIT, LIMIT), ("empty.jpg", 0, 0)]
        assert (names, request.POST["text"]) == ([], "楼下的灯坏了")


def test_upload_past_the_limit_is_named_and_the_rest_is_kept() -> None:
    with closing(posted([("first.jpg", 10), ("huge.jpg", LIMIT + 1), ("last.jpg", 20)])) as request:
        names = too_large(request)

        assert kept(request) == [("first.jpg", 10, 10), ("last.jpg", 20, 20)]
        assert (names, request.POST["text"]) == (["huge.jpg"], "楼下的灯坏了")


def test_uploads_past_what_one_request_may_keep_are_named() -> None:
    with closing(posted([(f"{number}.jpg", LIMIT) for number in range(FILES_KEPT + 2)])) as request:
        names = too_large(request)

        assert len(kept(request)) == FILES_KEPT
        assert (names, request.POST["text"]) == (["9.jpg", "10.jpg"], "楼下的灯坏了")


def test_upload_of_200_megabytes_uses_no_more_than_the_limit() -> None:
    with closing(posted([("video.mp4", 200 * 1024 * 1024)])) as request:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        names = too_large(request)

        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert (names, request.POST["text"], kept(request)) == (["video.mp4"], "楼下的灯坏了", [])
        assert after - before <= 20 * 1024


def test_upload_that_breaks_off_ends_without_an_error() -> None:
    with closing(posted([("half.jpg", LIMIT)], stops_after=2 * 1024 * 1024)) as request:
        assert too_large(request) == []
