from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianying.common.refusals import words
from lianying.files.images import Logo, shrink_logo
from lianying.orgs.forms import SiteForm
from lianying.rules.refusals import Refused


class PlaceForm(SiteForm):
    """The site with its logo; `too_large`: whether a file was sent that nobody took."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, best on a transparent ground. Beside the name on every page, and in print."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": _("This file is empty.")},
    )
    without_logo = forms.BooleanField(label=_("Show no logo any more"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.too_large = too_large
        if self.instance.logo_id is None:
            del self.fields["without_logo"]

    def clean_logo(self) -> Logo | None:
        file = self.cleaned_data["logo"]
        if self.too_large:
            most = settings.FILE_UPLOAD_MAX_BYTES // (1024 * 1024)
            raise ValidationError(words(Refused("logo_too_large", megabytes=most)))
        try:
            return shrink_logo(file) if file else None
        except Refused as refused:
            raise ValidationError(words(refused)) from refused
