"""Which version is in use, and where alike requests are looked for."""

import logging
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from lianying.common.db import Each
from lianying.triage.grams import Told
from lianying.triage.models import Signature, Version
from lianying.triage.similar import buckets
from lianying.triage.weights import Weights

log = logging.getLogger("lianying.triage")
ACTIVE = "triage.active"
#: How long a process goes on with the version it knows.
KEPT_SECONDS = 60
#: So many of the newest requests of each bucket are compared.
NEWEST = 12


def folder() -> Path:
    return Path(settings.DATA_DIR) / "models"


def file_of(name: str) -> Path:
    return folder() / f"{name}.npz"


def active_version() -> Version | None:
    return Version.objects.filter(active=True).first()


def current() -> Weights | None:
    """The weights in use; None before anything was learned, or where the file is away, as after a restore."""
    known: tuple[str, str] | None = cache.get(ACTIVE)
    if known is None:
        version = active_version()
        known = (version.name, version.sha256) if version else ("", "")
        cache.set(ACTIVE, known, KEPT_SECONDS)
    return load(*known) if known[0] else None


def load(name: str, digest: str) -> Weights | None:
    try:
        return _load(name, digest)
    except (OSError, ValueError) as error:
        log.warning("version %s cannot be used: %s", name, error)
        return None


@lru_cache(maxsize=2)
def _load(name: str, digest: str) -> Weights:
    data = file_of(name).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ValueError("the file is not the one that was written")
    return Weights.unpacked(data)


def candidates(told: Told) -> Each:
    """The newest subjects of each bucket of the request, open ones and released answers."""
    newest = Signature.objects.filter(bucket=0).order_by("-subject").values_list("subject", flat=True)[:NEWEST]
    return Each(newest, buckets(told) + buckets(told, answer=True))
