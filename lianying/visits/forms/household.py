from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import Words
from lianying.households.actions import HouseholdCard
from lianying.households.labels import hardship_choices
from lianying.rules.hardship import Hardship


class HouseholdForm(forms.Form):
    """What is written down of a home; nothing of it is demanded but what one calls it."""

    called = Words(
        label=_("What one calls it"),
        limit=30,
        help_text=_("as people there say it, for example “Grandpa Zhou's home”"),
    )
    name = Words(label=_("Who speaks for it"), limit=30, required=False)
    phone = Words(label=_("Telephone"), limit=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = Words(label=_("Group and door"), limit=100, required=False)
    needs = Words(
        label=_("What visitors should mind"),
        limit=100,
        required=False,
        help_text=_("for example: walks with difficulty, hears badly. No diagnosis, no identity number."),
    )
    walk = forms.IntegerField(
        label=_("Order on the way"),
        required=False,
        min_value=0,
        max_value=999_999,
        help_text=_("in which order one comes to the doors; leave room between the numbers"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["called"].error_messages["required"] = _("Please write what people call this home.")

    def card(self) -> HouseholdCard:
        return HouseholdCard(**(self.cleaned_data | {"walk": self.cleaned_data["walk"] or 0}))


class HardshipForm(forms.Form):
    """A level and where it is written; a second person confirms it."""

    level = forms.TypedChoiceField(
        label=_("Hardship"), choices=hardship_choices, coerce=lambda typed: Hardship(int(typed))
    )
    source = Words(label=_("Where it is written"), limit=120, help_text=_("the list or document, with its date"))

    def values(self) -> dict[str, Any]:
        return {"level": self.cleaned_data["level"], "source": self.cleaned_data["source"]}
