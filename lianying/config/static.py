"""Static files with hashed names in the data directory, made again only when they changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in sorted(Path(folder) for folder in settings.STATICFILES_DIRS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                status = path.stat()
                digest.update(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(fingerprint)
