from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases import clocks
from lianying.cases.actions import Taking
from lianying.cases.forms.moves import MoveForm, UnitField, area
from lianying.cases.forms.resident import MOST_WORDS, NO_WORDS, Words
from lianying.cases.labels import PETITION_STEPS
from lianying.common.clock import local_day
from lianying.common.refusals import words
from lianying.rules.lifecycle import State
from lianying.rules.petitions import ADDING, MOST_ADDED, TOLD, Step, possible
from lianying.rules.refusals import Refused


class TransferForm(MoveForm):
    text = Words(
        label=_("What the resident reads"),
        limit=MOST_WORDS,
        widget=area(4),
        help_text=_("Say that it is handed to the petition office, why, and where to ask: office, address, telephone."),
    )


class PetitionStepForm(MoveForm):
    """Offers the steps that are possible where the petition stands."""

    step = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day of the letter; the next term is counted from it."),
    )
    unit = UnitField(label=_("To which unit"), required=False, help_text=_("Only where it is sent to a unit."))
    days = forms.IntegerField(
        label=_("Days more"),
        required=False,
        min_value=1,
        max_value=MOST_ADDED,
        help_text=_("Only for more time, or for a hearing: calendar days."),
    )
    number = forms.CharField(label=_("Number of the letter"), required=False, max_length=40)
    text = Words(
        label=_("In words"),
        limit=MOST_WORDS,
        required=False,
        widget=area(4),
        help_text=_(
            "The resident reads it where it was sent on, where more time is granted, and where it was decided; "
            "otherwise it is for staff only."
        ),
    )

    def prepare(self) -> None:
        case = self.around.case
        steps = possible(clocks.petition(case).stage) if case.state == State.PETITION else []
        self.fields["step"].choices = [(one.value, PETITION_STEPS[one]) for one in steps]  # type: ignore[attr-defined]
        if Step.SEND in steps:
            field = self.fields["unit"]
            assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
            field.offer(self.around.units)
        else:
            del self.fields["unit"]
        if not ADDING.intersection(steps):
            del self.fields["days"]
        today = local_day(self.around.at)
        self.initial = {"on": today, **({"step": steps[0].value} if steps else {}), **self.initial}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        step = Step(data["step"]) if "step" in data else None
        if step == Step.SEND and data.get("unit") is None:
            self.add_error("unit", words(Refused("no_unit")))
        if step in ADDING and not data.get("days") and "days" not in self.errors:
            self.add_error("days", words(Refused("petition_days")))
        if step in TOLD and not data.get("text") and "text" not in self.errors:
            self.add_error("text", NO_WORDS)
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data | {"step": Step(self.cleaned_data["step"]), "days": self.cleaned_data.get("days") or 0}
        return {"taking": Taking(**data)}


class ConcludeForm(MoveForm):
    text = Words(
        label=_("What the resident reads"),
        limit=MOST_WORDS,
        widget=area(4),
        help_text=_("The letter that ends it, with its number and date, and that the same facts are not heard again."),
    )
