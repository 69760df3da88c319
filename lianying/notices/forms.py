from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lianying.notices.labels import NOTICE_KINDS, TEXTS
from lianying.notices.models import NoticeText
from lianying.rules.notices import NoticeKind, unknown_placeholders

MOST = 300


class TextsForm(forms.Form):
    """A text for each kind; one that is ours, or empty, is kept as none."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        own = dict(NoticeText.objects.values_list("kind", "text"))
        for kind, label in NOTICE_KINDS.items():
            self.fields[kind.value] = forms.CharField(
                label=str(label),
                max_length=MOST,
                required=False,
                initial=own.get(kind.value) or TEXTS[kind],
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        for name, text in list(self.cleaned_data.items()):
            unknown = " ".join(f"{{{one}}}" for one in unknown_placeholders(text))
            if unknown:
                self.add_error(name, _("Not known: %(names)s") % {"names": unknown})
        return self.cleaned_data

    def texts(self) -> dict[NoticeKind, str]:
        """What differs from ours; the rest is empty."""
        return {
            kind: "" if self.cleaned_data[kind.value] == str(TEXTS[kind]) else self.cleaned_data[kind.value]
            for kind in NOTICE_KINDS
        }
