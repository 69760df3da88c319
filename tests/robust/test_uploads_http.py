"""What the running program makes of files: too large, not photos, too many pixels, broken off."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest
from PIL import Image

from tests.serving import CSRF, MEGABYTE, Answer, Server, multipart

pytestmark = pytest.mark.slow

TEXT = "小区门口的路灯坏了三天，晚上老人看不见路。"
FORM = {"text": TEXT, "phone": "13812348263", "csrfmiddlewaretoken": CSRF}
BOUNDARY = "-" * 20 + "lianying"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n'
UPLOAD_MEGABYTES = 200


def send(server: Server, *files: tuple[str, bytes]) -> Answer:
    return server.browser().post("/tell/", FORM, [("photos", name, content) for name, content in files])


def kept(answer: Answer) -> bool:
    """The words stand in the form of the page, with an alert."""
    return f">{TEXT}</textarea>" in unescape(answer.text).replace(">\n", ">") and 'role="alert"' in answer.text


def png(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and hardly any data."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 64)),
        (b"IEND", b""),
    ]
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    return buffer.getvalue()


@cache
def jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def large_body(megabytes: int) -> Iterator[bytes]:
    for name, value in FORM.items():
        yield HEAD.format(name, "").encode() + value.encode() + b"\r\n"
    yield HEAD.format("photos", '; filename="film.jpg"').encode() + b"\xff\xd8\xff"
    block = b"x" * MEGABYTE
    for _ in range(megabytes):
        yield block
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def test_200_megabytes_are_not_taken_and_do_not_fill_the_memory(server: Server) -> None:
    length = sum(map(len, large_body(UPLOAD_MEGABYTES)))
    send(server, ("small.jpg", jpeg(800, 600)))
    before = server.peak_megabytes()

    answer = server.browser().send(
        "POST",
        "/tell/",
        large_body(UPLOAD_MEGABYTES),
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        Content_Length=str(length),
    )

    assert answer.status == 422
    assert kept(answer)
    assert "film.jpg" in answer.text
    assert server.peak_megabytes() - before < 60


def test_50_megapixels_are_taken_and_made_small(server: Server) -> None:
    answer = send(server, ("sky.jpg", jpeg(8_660, 5_774)))

    assert answer.status == 303
    assert server.peak_megabytes() < 400


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zip.jpg", zipped()),
        ("huge.png", png(12_000, 10_000)),
        ("half.jpg", jpeg(400, 300)[:2000]),
        ("empty.jpg", b""),
        ("page.jpg", b"<script>alert(1)</script>"),
        ("vector.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ('<img src=x onerror="alert(1)">.jpg', b"nothing"),
        ("../../../etc/passwd", b"nothing"),
        ("长" * 300 + ".jpg", b"nothing"),
    ],
    ids=["zip", "huge", "half", "empty", "script", "svg", "html in name", "path", "long name"],
)
def test_what_is_no_photo_is_said_and_the_words_are_kept(server: Server, name: str, content: bytes) -> None:
    answer = send(server, (name.replace('"', "%22"), content))

    assert answer.status == 422
    assert kept(answer)
    assert not {"<img src=x", "<script>alert"} & {
        part for part in ("<img src=x", "<script>alert") if part in answer.text
    }


def test_too_many_pixels_are_refused_before_they_are_decoded(server: Server) -> None:
    before = server.peak_megabytes()

    answer = send(server, ("huge.png", png(60_000, 60_000)))

    assert answer.status == 422
    assert "3600" in answer.text
    assert server.peak_megabytes() - before < 60


def test_ten_photos_are_one_too_many(server: Server) -> None:
    answer = send(server, *[(f"{number}.jpg", jpeg(80, 60)) for number in range(10)])

    assert answer.status == 422
    assert kept(answer)


@pytest.mark.parametrize("path", ["/tell/", "/sign-in/", "/track/"])
@pytest.mark.parametrize("what", ["files", "fields", "text"])
def test_more_than_can_be_sent_is_refused_with_words(server: Server, path: str, what: str) -> None:
    fields = {f"field-{number}": "x" for number in range(10_000 if what == "fields" else 1)}
    fields |= {"text": "长" * MEGABYTE} if what == "text" else {}
    files = [("photos", f"{number}.jpg", b"x") for number in range(60 if what == "files" else 1)]

    answer = server.browser().post(path, {**FORM, **fields}, files)

    assert answer.status in {400, 413}
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b"x"),
        ("multipart/form-data; boundary=\xe9\xe9", b"--\xe9"),
        (f"multipart/form-data; boundary={BOUNDARY}", HEAD.format("text", "").encode()),
        (f"multipart/form-data; boundary={BOUNDARY}", b"\0\xff\xfe" * 1000),
        (f"multipart/form-data; boundary={BOUNDARY}", HEAD.format("photos", '; filename="x').encode() + b"x"),
        ("application/json", b'{"text": "hello"}'),
        ("application/json", b"[" * 100_000),
        ("text/plain", b"text=hello"),
        ("image/jpeg", b"\xff\xd8\xff"),
        ("", b"text=hello"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"text=hello"),
        ("application/x-www-form-urlencoded; charset=nothing", b"text=hello"),
        ("application/x-www-form-urlencoded", b"\xff%ff%%%=&&&=;=%00"),
    ],
)
@pytest.mark.parametrize("path", ["/tell/", "/track/", "/sign-in/", "/display/"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_body_that_cannot_be_read_is_no_error_of_ours(
    server: Server, content_type: str, body: bytes, path: str, accept: str
) -> None:
    answer = server.browser().send("POST", path, body, Content_Type=content_type, Accept=accept)

    assert answer.status < 500


def test_an_upload_that_breaks_off_harms_nobody(server: Server) -> None:
    boundary, body = multipart(FORM, [("photos", "sky.jpg", jpeg(800, 600))])
    browser = server.browser()
    browser.timeout = 1

    with pytest.raises(OSError, match="timed out"):
        browser.send(
            "POST",
            "/tell/",
            body[: len(body) // 2],
            Content_Type=f"multipart/form-data; boundary={boundary}",
            Content_Length=str(len(body)),
        )

    assert server.browser().get("/readyz").status == 200
