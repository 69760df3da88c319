from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import area
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.cases.labels import MEASURES
from lianying.oversight.labels import GROUNDS
from lianying.rules.supervision import Ground, Measure


class StepForm(forms.Form):
    """Offers the steps that are possible now, and the grounds that were found first."""

    measure = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Ground"))
    text = Words(label=_("Words to the unit"), limit=MOST_WORDS, widget=area(3))
    answer_on = forms.DateField(
        label=_("Answer until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only for a leader's note; left empty, three working days. A reminder is answered within one."),
    )

    def __init__(self, *args: Any, measures: list[Measure], grounds: list[Ground], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.value, MEASURES[one]) for one in measures]
        order = [*grounds, *(one for one in Ground if one not in grounds)]
        self.fields["measure"].choices = offered  # type: ignore[attr-defined]
        self.fields["ground"].choices = [(one.value, GROUNDS[one]) for one in order]  # type: ignore[attr-defined]

    def clean_measure(self) -> Measure:
        return Measure(self.cleaned_data["measure"])

    def clean_ground(self) -> Ground:
        return Ground(self.cleaned_data["ground"])


class AnswerForm(forms.Form):
    text = Words(label=_("What your unit answers"), limit=MOST_WORDS, widget=area(3))


class DecideForm(forms.Form):
    text = Words(label=_("Why"), limit=MOST_WORDS, widget=area(2))


class RemindForm(forms.Form):
    text = Words(label=_("Words to the units"), limit=MOST_WORDS, widget=area(3))


class CircularForm(RemindForm):
    title = forms.CharField(label=_("Title"), max_length=60)
    field_order = ("title", "text")
