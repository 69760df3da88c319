"""Columns that nobody reads in the database: `<field>_sealed` is ciphertext, '' where nothing was said."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianying.common.crypto import decrypt, encrypt


class Sealed(models.Model):
    """A row with sealed columns. SEALED: their names without the ending; key_id: of the key that sealed them."""

    uuid = models.UUIDField(_("id"), unique=True, default=uuid4, editable=False)
    key_id = models.CharField(_("key"), max_length=16)

    SEALED: ClassVar[Sequence[str]]

    class Meta:
        abstract = True


def opened(row: Sealed, field: str) -> str:
    """Raises `crypto.Unreadable` where its key is lost."""
    sealed: str = getattr(row, f"{field}_sealed")
    return decrypt(sealed, about=_about(row, field)) if sealed else ""


def seal(row: Sealed, **texts: str) -> None:
    """Put texts into the row, all of SEALED at once, since they share a key; saving is the caller's."""
    for field, text in texts.items():
        setattr(row, f"{field}_sealed", encrypt(text, about=_about(row, field)) if text else "")
    row.key_id = settings.KEYS.current


def _about(row: Sealed, field: str) -> str:
    """What a sealed value is bound to, so that it opens in no other row and no other field."""
    return f"{row._meta.model_name}.{field}:{row.uuid}"
