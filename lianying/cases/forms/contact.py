from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import Words
from lianying.households.labels import open_reason_choices
from lianying.rules.openings import OpenReason


def offered() -> list[tuple[str, Promise]]:
    """The code is read out by a button of its own."""
    return [(value, label) for value, label in open_reason_choices() if value != OpenReason.CODE]


class OpenForm(forms.Form):
    """Why somebody needs the full number."""

    reason = forms.ChoiceField(label=_("What do you need it for?"), choices=offered)
    note = Words(label=_("In a few words"), limit=200, required=False)

    def values(self) -> dict[str, Any]:
        return {"reason": OpenReason(self.cleaned_data["reason"]), "note": self.cleaned_data["note"]}
