from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import Words
from lianying.rules.checklists import Part


class ChecklistForm(forms.Form):
    """A line is a question."""

    ask = Words(label=_("To ask"), limit=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    look = Words(label=_("To look at"), limit=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    leave = Words(label=_("To leave behind"), limit=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def questions(self) -> dict[str, list[str]]:
        return {part.value: self.cleaned_data[part.value].splitlines() for part in Part}
