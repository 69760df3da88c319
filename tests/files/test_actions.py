import hashlib
from pathlib import Path

import pytest
from django.http import Http404
from pytest_django import Settings

from lianying.files.actions import keep
from lianying.files.images import Photo
from lianying.files.models import Blob
from lianying.files.queries import open_blob, path_of
from lianying.files.views import respond

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def photo(data: bytes = b"a photo") -> Photo:
    return Photo(data, hashlib.sha256(data).hexdigest(), 40, 30)


def test_keep_writes_the_photo_under_its_hash(directory: Path) -> None:
    blob = keep(photo())

    name = photo().sha256
    assert (blob.sha256, blob.mime, blob.bytes, blob.width, blob.height) == (name, "image/jpeg", 7, 40, 30)
    assert [path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()] == [
        f"{name[:2]}/{name[2:]}"
    ]
    with open_blob(blob) as file:
        assert file.read() == b"a photo"


def test_keep_twice_gives_one_row_and_one_file(directory: Path) -> None:
    first, second = keep(photo()), keep(photo())

    assert (first, Blob.objects.count()) == (second, 1)
    assert len([path for path in directory.rglob("*") if path.is_file()]) == 1


def test_keep_puts_back_a_file_that_the_disk_lost() -> None:
    blob = keep(photo())
    path_of(blob.sha256).unlink()

    keep(photo())

    assert path_of(blob.sha256).read_bytes() == b"a photo"


def test_keep_that_cannot_be_finished_leaves_nothing(directory: Path) -> None:
    with pytest.raises(TypeError):
        keep(Photo("not bytes", "ff" * 32, 1, 1))  # type: ignore[arg-type]

    assert (Blob.objects.count(), list((directory / "ff").iterdir())) == (0, [])


def test_respond_lets_the_browser_show_and_nothing_else() -> None:
    blob = keep(photo())

    response = respond(blob)

    assert dict(response.items()) == {
        "Content-Type": "image/jpeg",
        "Content-Length": "7",
        "Content-Disposition": f'inline; filename="{blob.sha256[:12]}.jpg"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
    }
    assert b"".join(response) == b"a photo"
    response.close()


def test_respond_for_a_lost_file_is_not_found() -> None:
    blob = keep(photo())
    path_of(blob.sha256).unlink()

    with pytest.raises(Http404):
        respond(blob)
