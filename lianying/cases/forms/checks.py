from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import MOST_WORDS, RateForm, Words


class CheckForm(RateForm):
    """The resident's verdict, taken down by a clerk; `solved` is the button that is pressed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = Words(
        label=_("In the resident's words"), limit=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ToldForm(forms.Form):
    words = Words(
        label=_("What the resident replied"), limit=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
