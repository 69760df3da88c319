import os
import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from lianying.files.documents import Attached
from lianying.files.models import Blob
from lianying.files.queries import path_of


def keep(photo: Attached) -> Blob:
    """Write the photo or document to the disk, then its row; the same again gives the same row.

    In this order a crash leaves at worst a file that nothing names, never a row without its file.
    """
    path = path_of(photo.sha256)
    if not path.exists():
        _write(path, photo.data)
    blob, _ = Blob.objects.get_or_create(
        sha256=photo.sha256,
        defaults={"mime": photo.mime, "bytes": len(photo.data), "width": photo.width, "height": photo.height},
    )
    return blob


def drop(blob: Blob) -> None:
    """Remove the photo unless somebody else shows it too: its row now, its file when the transaction holds."""
    sha256 = blob.sha256
    try:
        blob.delete()
    except ProtectedError:
        return
    transaction.on_commit(lambda: _unlink(sha256))


def _unlink(sha256: str) -> None:
    # Somebody may have sent the same photo meanwhile.
    if not Blob.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also at a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    for directory in (path.parent, path.parent.parent):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
