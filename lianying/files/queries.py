from io import BufferedReader
from pathlib import Path

from django.conf import settings

from lianying.files.models import Blob


def path_of(sha256: str) -> Path:
    """'ab/cdef…' below FILES_DIR: no directory holds more than a 256th of all photos."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:]


def open_blob(blob: Blob) -> BufferedReader:
    """Raises FileNotFoundError where the disk has lost what the database knows."""
    return path_of(blob.sha256).open("rb")
