"""Compiles translations (.po) to what Django loads (.mo), in pure Python: no GNU gettext is needed to run."""

import os
import tempfile
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages(locale: Path = LOCALE) -> list[Path]:
    """Write every catalogue under `locale` that is newer than its compiled form; return the files written.

    Raises  OSError where a stale .mo cannot be replaced, or a .po is not valid
    """
    stale = [po for po in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_stale(po)]
    return [_compile(po) for po in stale]


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> Path:
    # Replaced in one step: a running server may be reading the old one.
    mo = po.with_suffix(".mo")
    handle, part = tempfile.mkstemp(dir=mo.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(polib.pofile(str(po)).to_binary())
    Path(part).chmod(0o644)
    Path(part).replace(mo)
    return mo
