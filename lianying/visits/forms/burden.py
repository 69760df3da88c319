from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import MOST_WORDS, Words


class BurdenForm(forms.Form):
    """What is too much, or asked for in vain."""

    words = Words(
        label=_("What is too much?"),
        limit=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("for example: the same table asked for twice, photos demanded, visits to count instead of to help"),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
