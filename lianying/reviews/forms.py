from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import UnitField
from lianying.cases.forms.resident import Words
from lianying.cases.models import Case
from lianying.cases.queries.scope import case_for
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.reviews.actions import GoalCard, ResultCard, TaskCard
from lianying.reviews.labels import COUNTINGS, DETAILS, FIELDS
from lianying.reviews.models import Result
from lianying.rules.programmes import Counting, Field
from lianying.rules.results import DETAILS as DETAILS_OF
from lianying.rules.results import Detail, ResultKind

#: No figure of a county is larger; a column of the database holds it.
MOST = 2_000_000_000
NOBODY = _("Without names of residents, telephone or identity numbers.")
#: What the words of a result tell, by kind.
TELLS: Mapping[ResultKind, Promise] = {
    ResultKind.PETITION: _("Which leader took it, and what was agreed"),
    ResultKind.INDUSTRY: _("What was founded or acknowledged"),
    ResultKind.JOB: _("Which work, and where"),
    ResultKind.SERVICE: _("What was done"),
    ResultKind.INFRASTRUCTURE: _("What was built or repaired"),
}


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def few_words() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2, "class": "short"})


class RequestField(forms.CharField):
    """The number of a request that the actor may read."""

    actor = Actor()

    def __init__(self, **given: Any) -> None:
        super().__init__(label=_("Number of a request"), max_length=24, **given)

    def clean(self, value: Any) -> Case | None:
        typed = super().clean(value).strip().upper()
        if not typed:
            return None
        try:
            return case_for(self.actor, typed)
        except Http404 as error:
            raise ValidationError(_("There is no such request, or it is not for your post.")) from error


class ResultForm(forms.Form):
    """A result of one kind. offered: units that the actor may enter it for; places: where it can have been."""

    detail = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    unit = UnitField(label=_("Unit that did it"))
    place = UnitField(label=_("Where"))
    on = forms.DateField(label=_("Day"), widget=day_input())
    text = Words(limit=200, widget=few_words(), help_text=NOBODY)
    ref = RequestField(required=False, help_text=_("If it came of a request; one request is one result."))
    source = Words(
        label=_("Where it is written"),
        limit=120,
        required=False,
        widget=forms.TextInput,
        help_text=_("Document, register or folder with photos, so that somebody can look it up."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: ResultKind,
        actor: Actor,
        offered: Iterable[Unit],
        places: Iterable[Unit],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.kind = kind
        self.fields["text"].label = str(TELLS[kind])
        details = DETAILS_OF[kind]
        cast("forms.ChoiceField", self.fields["detail"]).choices = [(one.value, DETAILS[one]) for one in details]
        if not details:
            del self.fields["detail"]
        cast("UnitField", self.fields["unit"]).offer(offered)
        cast("UnitField", self.fields["place"]).offer(places)
        cast("RequestField", self.fields["ref"]).actor = actor
        if kind == ResultKind.PETITION:
            self.fields["ref"].required = True

    def card(self) -> ResultCard:
        given = self.cleaned_data
        detail = Detail(given["detail"]) if given.get("detail") else None
        return ResultCard(
            self.kind, given["unit"], given["place"], given["on"], given["text"], detail, given["ref"], given["source"]
        )


def initial_of(result: Result) -> dict[str, Any]:
    """What a correction begins with."""
    return {
        "detail": result.detail,
        "unit": result.unit.code,
        "place": result.place.code,
        "on": result.on,
        "text": result.text,
        "ref": result.case.ref if result.case else "",
        "source": result.source,
    }


class WhyForm(forms.Form):
    why = Words(label=_("Why"), limit=200, widget=few_words())


class GoalWordsForm(forms.Form):
    """What of a goal can be changed."""

    words = Words(label=_("Goal"), limit=120, widget=few_words())
    target = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST)
    noun = Words(
        label=_("Of what"), limit=10, required=False, widget=forms.TextInput, help_text=_("e.g. households, km, yuan")
    )


class GoalForm(GoalWordsForm):
    line = forms.ChoiceField(label=_("Line"), widget=forms.RadioSelect)
    field = forms.ChoiceField(
        label=_("Field"), widget=forms.RadioSelect, choices=[(one.value, label) for one, label in FIELDS.items()]
    )
    unit = UnitField(label=_("Unit that is to reach it"))
    year = forms.ChoiceField(label=_("Year of the goal"))
    counting = forms.ChoiceField(
        label=_("How far it is"),
        widget=forms.RadioSelect,
        choices=[(one.value, label) for one, label in COUNTINGS.items()],
        initial=Counting.ROWS.value,
    )
    field_order = ("line", "field", "unit", "year", "words", "target", "noun", "counting")

    def __init__(
        self, data: Any = None, *, lines: Mapping[str, str], offered: Iterable[Unit], today: date, **more: Any
    ) -> None:
        super().__init__(data, **more)
        cast("forms.ChoiceField", self.fields["line"]).choices = list(lines.items())
        cast("UnitField", self.fields["unit"]).offer(offered)
        years = [str(today.year), str(today.year + 1)]
        cast("forms.ChoiceField", self.fields["year"]).choices = [(year, year) for year in years]

    def card(self) -> GoalCard:
        given = self.cleaned_data
        return GoalCard(
            given["line"],
            Field(given["field"]),
            given["unit"],
            int(given["year"]),
            given["words"],
            Counting(given["counting"]),
            given["target"],
            given["noun"],
        )


class FigureForm(forms.Form):
    value = forms.IntegerField(label=_("How far it is now"), min_value=0, max_value=MOST)
    on = forms.DateField(label=_("As of"), widget=day_input())
    source = Words(label=_("Where it is written"), limit=200, widget=forms.TextInput)


class LinkForm(forms.Form):
    ref = RequestField()

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        cast("RequestField", self.fields["ref"]).actor = actor


class TaskForm(forms.Form):
    words = Words(label=_("Task"), limit=120, widget=forms.TextInput)
    unit = UnitField(label=_("Unit that takes it"))
    due_on = forms.DateField(label=_("Until"), widget=day_input())

    def __init__(self, data: Any = None, *, offered: Iterable[Unit], **more: Any) -> None:
        super().__init__(data, **more)
        cast("UnitField", self.fields["unit"]).offer(offered)

    def card(self) -> TaskCard:
        given = self.cleaned_data
        return TaskCard(given["unit"], given["words"], given["due_on"])


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("Done on"), widget=day_input())
    evidence = Words(label=_("Where it is written"), limit=200, widget=forms.TextInput)


class LineForm(forms.Form):
    """What this place calls a line."""

    name = Words(label=_("Name of the line"), limit=20, widget=forms.TextInput)
    purpose = Words(label=_("What it is for"), limit=120, required=False, widget=few_words())
