from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """A photo (照片) as it is kept on disk: named by the SHA-256 of its bytes, so the same one is kept once."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    mime = models.CharField(_("type"), max_length=40)
    bytes = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("kept"), auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]
