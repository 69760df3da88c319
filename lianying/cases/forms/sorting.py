"""What the desk fills in: what the request is, whose duty it is, or why it cannot be accepted."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianying.cases.actions import Draft, Sorting
from lianying.cases.forms.moves import Choices, MoveForm, UnitField, area, grouped, last_answer
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.cases.labels import decline_choices, kind_choices, urgency_choices
from lianying.cases.models import Case
from lianying.cases.queries.reports import accuses_no_unit
from lianying.common.masking import mask_text
from lianying.common.refusals import words
from lianying.orgs.models import Unit
from lianying.reference.categories import Category, categories, named_categories
from lianying.rules.kinds import CaseKind, DeclineReason, Urgency
from lianying.rules.refusals import Refused

#: Stands among the codes of the units, and cannot be one.
NO_UNIT = "*none"


def name_of(category: Category) -> str:
    return category.name_en if get_language() == "en" else category.name_zh


def category_name(code: str) -> str:
    """With the name of its first level before it: '城乡建设与住房 / 公租房与住房补贴'; '' for none."""
    return named_categories().get(code, "")


def category_choices() -> Choices:
    """The second level under the names of the first, in the language of the moment."""
    return _category_choices(get_language() or "")


@cache
def _category_choices(language: str) -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    heads = {row.code: name_of(row) for row in categories() if not row.parent}
    for row in categories():
        if row.parent:
            groups.setdefault(heads[row.parent], []).append((row.code, name_of(row)))
    return [("", "—"), *groups.items()]


def accused_choices(units: Iterable[Unit]) -> Choices:
    nothing, *groups = grouped(units)
    return [nothing, (NO_UNIT, _("no unit: a person outside, or nobody knows whom")), *groups]


def accused_of(case: Case) -> str:
    """The choice that stands for what the desk has said so far; '' for nothing yet."""
    return case.accused.code if case.accused else NO_UNIT if accuses_no_unit(case) else ""


class AccusedField(UnitField):
    """Gives None for no unit as well as for an empty choice."""

    def offer(self, units: Iterable[Unit]) -> None:
        super().offer(units)
        self.choices = accused_choices(self.units.values())


class SortingForm(MoveForm):
    """What the request is, and of a report whom it accuses; begins with what is known."""

    category = forms.ChoiceField(label=_("Category"), choices=category_choices, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=urgency_choices)
    accused = AccusedField(
        label=_("Unit that is reported on"),
        required=False,
        help_text=_("Only for a report of wrongdoing; it never reaches that unit, nor those above or below it."),
    )

    def prepare(self) -> None:
        case = self.around.case
        known = {name: getattr(case, name) for name in ("category", "kind", "urgency")}
        field = self.fields["accused"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(self.around.units)
        self.initial = {**known, "accused": accused_of(case), **self.initial}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        accused, is_report = data.get("accused"), data.get("kind") == CaseKind.REPORT
        if is_report and not self["accused"].data:
            self.add_error("accused", words(Refused("accused_unsaid")))
        elif not is_report and accused is not None and accused.pk != self.around.case.accused_id:
            self.add_error("accused", _t("Only a report of wrongdoing names a unit here."))
        return data

    def sorting(self, **more: Any) -> Sorting:
        data = self.cleaned_data
        more |= {"accused": data["accused"], "accused_none": self["accused"].data == NO_UNIT}
        return Sorting(CaseKind(data["kind"]), Urgency(data["urgency"]), data["category"] or None, **more)


class AssignForm(SortingForm):
    to = UnitField(label=_("Leading unit"))
    assisting = forms.MultipleChoiceField(
        label=_("Assisting units"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("category", "kind", "urgency", "accused", "to", "assisting")

    def prepare(self) -> None:
        super().prepare()
        units = self.around.assignable
        field = self.fields["to"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(units)
        self.fields["assisting"].choices = grouped(self.helpers())[1:]  # type: ignore[attr-defined]

    def helpers(self) -> list[Unit]:
        """Units directly below the government: a village assists through its town."""
        return [unit for unit in self.around.assignable if unit.depth == 2]

    def values(self) -> dict[str, Any]:
        codes = set(self.cleaned_data["assisting"])
        assisting = [unit for unit in self.around.units if unit.code in codes]
        return {"to": self.cleaned_data["to"], "assisting": assisting, "sorting": self.sorting()}


class CorrectForm(SortingForm):
    title = Words(label=_("Title"), limit=60, required=False)
    address = Words(label=_("Place"), limit=200, required=False)
    field_order = ("title", "category", "kind", "urgency", "address", "accused")

    def prepare(self) -> None:
        super().prepare()
        case = self.around.case
        self.initial = {"title": case.title, "address": case.address, **self.initial}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"sorting": self.sorting(title=data["title"] or None, address=data["address"])}


class AnswerNowForm(SortingForm):
    text = Words(label=_("Answer that the resident reads"), limit=MOST_WORDS, widget=area(5))
    told = forms.BooleanField(label=_("Told already, on the telephone or at the counter"), required=False)
    field_order = ("text", "told", "category", "kind", "urgency", "accused")

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"text": data["text"], "told": data["told"], "sorting": self.sorting()}


class DeclineForm(MoveForm):
    reason = forms.ChoiceField(label=_("Why it cannot be accepted"), choices=decline_choices, widget=forms.RadioSelect)
    text = Words(
        label=_("Explanation that the resident reads"),
        limit=MOST_WORDS,
        widget=area(4),
        help_text=_("Say why, and where to turn: office, address, telephone."),
    )
    told = forms.BooleanField(label=_("Told already, on the telephone or at the counter"), required=False)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data) | {"reason": DeclineReason(self.cleaned_data["reason"])}


class ReleaseForm(MoveForm):
    """Question and answer for the board, drafted from the case with numbers masked."""

    title = Words(label=_("Title"), limit=60)
    question = Words(label=_("Question"), limit=MOST_WORDS, widget=area(4))
    answer = Words(label=_("Answer"), limit=MOST_WORDS, widget=area(5))
    harmless = forms.BooleanField(
        label=_("I have read it: no name, telephone or house number, no person accused, nothing about health or minors")
    )

    def prepare(self) -> None:
        case = self.around.case
        draft = {"title": case.title, "question": case.text, "answer": last_answer(case)}
        self.initial = {**{name: mask_text(text) for name, text in draft.items()}, **self.initial}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"draft": Draft(data["title"], data["question"], data["answer"])}
