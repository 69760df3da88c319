"""LibreOffice, as somebody would open our files with it."""

import shutil
import subprocess
from pathlib import Path

import pytest


def converted(content: bytes, name: str, to: str, folder: Path) -> Path:
    """The file as LibreOffice writes it. to: an ending, with the name and options of a filter behind a colon."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (libreoffice-calc-nogui, libreoffice-writer-nogui)")
    given = folder / name
    given.write_bytes(content)
    written = folder / "written"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    arguments = [program, profile, "--headless", "--convert-to", to, "--outdir", str(written), str(given)]
    subprocess.run(arguments, check=True, capture_output=True, timeout=120)
    return written / f"{given.stem}.{to.partition(':')[0]}"
