from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """A photo (照片) or document as it is kept on disk: named by the SHA-256 of its bytes, so the same is kept once.

    A document has no width and height: 0.
    """

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    mime = models.CharField(_("type"), max_length=40)
    bytes = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("kept"), auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_photo(self) -> bool:
        return self.mime.startswith("image/")

    @property
    def ending(self) -> str:
        return "jpg" if self.is_photo else "pdf"
