"""What is done with several requests at once: to whom they go, or which of them the others join."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import UnitField, area
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.cases.forms.sorting import category_choices
from lianying.cases.models import Case
from lianying.orgs.queries import lead_units


class AssignSeveralForm(forms.Form):
    to = UnitField(label=_("Leading unit"))
    category = forms.ChoiceField(
        label=_("Category"),
        choices=category_choices,
        required=False,
        help_text=_("Left empty, each keeps the category it has."),
    )

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(lead_units())


class MergeSeveralForm(forms.Form):
    main = forms.ChoiceField(
        label=_("Main request"),
        help_text=_("The others join it: its unit resolves the matter, and all who told it follow its public steps."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["main"].choices = [(case.ref, f"{case.ref} {case.title}") for case in cases]  # type: ignore[attr-defined]


class RecallSeveralForm(forms.Form):
    reason = Words(label=_("Why they come back"), limit=MOST_WORDS, widget=area(2))
