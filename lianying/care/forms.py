"""What staff fill in: a field for each need of a step; `values()` are the arguments of the action."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianying.care.actions import Clue, Plan
from lianying.care.labels import exit_choices, refusal_choices, risk_choices, source_choices
from lianying.care.models import Care
from lianying.care.queries import owner_people, owner_units, risk_of
from lianying.cases.forms.moves import area, grouped
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.cases.models import Case
from lianying.cases.queries.scope import case_for
from lianying.common.refusals import words
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.care import (
    SHOWN_FOR,
    TABLE,
    Exit,
    Move,
    Need,
    Refusal,
    Risk,
    Source,
    clue_hindrance,
    measure_hindrance,
)
from lianying.rules.refusals import Refused

DAY = {"type": "date"}
#: What the words of a step are; elsewhere they are reasons.
WORDS = {
    Move.CHECK: _("What was found"),
    Move.SEND_BACK: _("What is still to be found out"),
    Move.MEASURE: _("What is to be done"),
    Move.REVIEW: _("What was found"),
    Move.PROPOSE_EXIT: _("What was found"),
}
SEALED = _("Only those who look after the place read it; it is kept encrypted.")
#: Of a measure, which somebody else may do.
SHARED = _("Those who look after the place and whoever does it read it; it is kept encrypted.")


def _day(**given: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs=dict(DAY), format="%Y-%m-%d"), **given)


class ClueForm(forms.Form):
    """Why a household may fall back, and since when somebody knows."""

    source = forms.ChoiceField(label=_("Where the clue comes from"), widget=forms.RadioSelect)
    on = _day(label=_("Day of the clue"), help_text=_("The 15 days of the decision run from it."))
    risk = forms.ChoiceField(label=_("Main risk"), choices=risk_choices, widget=forms.RadioSelect)
    words = Words(label=_("What was seen or said"), limit=MOST_WORDS, widget=area(4), help_text=SEALED)
    ref = Words(
        label=_("Number of the request in which it was said"),
        limit=24,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "NH-20261112-0042"}),
    )

    def __init__(self, data: Any = None, *, actor: Actor, today: date) -> None:
        super().__init__(data, initial={"on": today, "source": Source.VISIT.value})
        self.actor, self.today = actor, today
        choices = [(value, label) for value, label in source_choices() if value != Source.IMPORT]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if code := clue_hindrance(on, self.today):
            raise ValidationError(words(Refused(code)))
        return on

    def clean_ref(self) -> Case | None:
        ref = self.cleaned_data["ref"].strip().upper()
        if not ref:
            return None
        try:
            return case_for(self.actor, ref)
        except Http404:
            raise ValidationError(_t("There is no such request, or it is not for your post.")) from None

    def clue(self) -> Clue:
        data = self.cleaned_data
        source = Source.REQUEST if data["ref"] else Source(data["source"])
        return Clue(source, data["on"], Risk(data["risk"]), data["words"], data["ref"])


class StepForm(forms.Form):
    """One step of a record; which fields it has stands in the table."""

    def __init__(self, data: Any = None, *, care: Care, move: Move, today: date) -> None:
        super().__init__(data, auto_id=f"{move}-%s")
        self.care, self.move, self.today = care, move, today
        self.needs = next(step.needs for (_stage, one), step in TABLE.items() if one is move)
        for need in self.needs:
            self.fields.update(self._fields(need))

    def _fields(self, need: Need) -> dict[str, forms.Field]:
        if need is Need.WORDS:
            label = WORDS.get(self.move, _("Why"))
            hint = SHARED if self.move is Move.MEASURE else SEALED
            return {"words": Words(label=label, limit=MOST_WORDS, widget=area(4), help_text=hint)}
        if need is Need.REMARK:
            return {"words": Words(label=_("Remark"), limit=MOST_WORDS, required=False, widget=area(2))}
        if need is Need.RISK:
            risk = risk_of(self.care)
            field = forms.ChoiceField(label=_("Main risk"), choices=risk_choices, widget=forms.RadioSelect)
            field.initial = risk.value if risk else None
            return {"risk": field}
        if need is Need.TOLD:
            return {"told": forms.BooleanField(label=_told())}
        reasons = {Need.REFUSAL: refusal_choices, Need.EXIT: exit_choices}.get(need)
        # Who does a measure and until when: `MeasureForm`.
        return {"reason": _reason(reasons)} if reasons else {}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        values: dict[str, Any] = {"words": data["words"]} if "words" in data else {}
        if Need.RISK in self.needs:
            values["risk"] = Risk(data["risk"])
        if Need.REFUSAL in self.needs:
            values["reason"] = Refusal(data["reason"])
        if Need.EXIT in self.needs:
            values["reason"] = Exit(data["reason"])
        return values


def _reason(choices: Callable[[], list[tuple[str, Promise]]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Reason"), choices=choices, widget=forms.RadioSelect)


def _told() -> str:
    text = ngettext(
        "The household knows that its village, its masked name and the day stand on the public list for %(days)s day",
        "The household knows that its village, its masked name and the day stand on the public list for %(days)s days",
        SHOWN_FOR.days,
    )
    return text % {"days": SHOWN_FOR.days}


class MeasureForm(StepForm):
    """What is to be done, by whom and until when."""

    owner = forms.ChoiceField(
        label=_("Who does it"),
        help_text=_("They see how the household is called, where it lives and these words; nothing of what was found."),
    )
    due_on = _day(label=_("Until"))
    request = Words(
        label=_("Ask an office for it, as a request"),
        limit=MOST_WORDS,
        required=False,
        widget=area(2),
        help_text=_(
            "What is written here goes to the reception desk as a request, and from there to the office. "
            "Write what is needed, not what the household suffers from."
        ),
    )

    def __init__(self, data: Any = None, *, care: Care, today: date) -> None:
        super().__init__(data, care=care, move=Move.MEASURE, today=today)
        self.order_fields(["words"])
        self.owners: dict[str, tuple[Unit, User | None]] = {}
        people = []
        for post in owner_people(care.place, today):
            value = f"{post.unit.code}/{post.user.username}"
            self.owners[value] = (post.unit, post.user)
            people.append((value, f"{post.user.name} · {post.unit.name}"))
        offered = owner_units(care.place)
        self.owners |= {unit.code: (unit, None) for unit in offered}
        (empty, *groups) = grouped(offered)
        self.fields["owner"].choices = [empty, (_("People who look after the place"), people), *groups]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if code := measure_hindrance(due_on, self.today):
            raise ValidationError(words(Refused(code)))
        return due_on

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        unit, user = self.owners[data["owner"]]
        return {"plan": Plan(data["words"], unit, data["due_on"], user, data["request"])}


class FinishForm(forms.Form):
    is_done = forms.ChoiceField(
        label=_("How it ended"),
        choices=[("done", _("done")), ("dropped", _("not needed any more"))],
        initial="done",
        widget=forms.RadioSelect,
    )
    words = Words(label=_("What came of it"), limit=MOST_WORDS, widget=area(3), help_text=SHARED)

    def values(self) -> dict[str, Any]:
        return {"is_done": self.cleaned_data["is_done"] == "done", "words": self.cleaned_data["words"]}


class SeekForm(forms.Form):
    """A name, sent and not put into an address, where it would stay."""

    seek = forms.CharField(label=_("Name, or what one calls the household"), max_length=40)
