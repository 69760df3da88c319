from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import UnitField, area
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.orgs.models import Unit


class StandardForm(forms.Form):
    unit = UnitField(label=_("Unit that vouches for it"))
    title = Words(label=_("Title"), limit=60)
    text = Words(label=_("Answer that the resident reads"), limit=MOST_WORDS, widget=area(6))
    expires_on = forms.DateField(
        label=_("True until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "At most two years; afterwards it is offered no more until somebody has looked at it. "
            "A day that has passed takes it out of use."
        ),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(units)
