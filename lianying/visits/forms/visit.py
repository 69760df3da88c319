from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.orgs.models import User
from lianying.rules.checklists import LEFT, LONGEST, Looked, Part, Question
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits import labels
from lianying.visits.actions import Raised, VisitCard
from lianying.visits.models import Link, Visit

#: Problems that one form takes; whoever heard more writes a second record of the day.
PROBLEMS = 5


def _day(value: date) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "max": value.isoformat()}, format="%Y-%m-%d")
    return forms.DateField(label=_("On which day"), widget=widget, initial=value)


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is drawn from.

    writer      the primary key of whoever fills it in
    people      of the unit: whoever may have come along, and gone where the writer may write for_others
    checklist   the version and its questions; none is demanded
    corrects    the record whose place this one takes
    """

    link: Link
    today: date
    writer: int
    people: Sequence[User]
    for_others: bool
    checklist: tuple[int, tuple[Question, ...]]
    corrects: Visit | None = None


class VisitForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    checklist = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(
        label=_("How you were there"),
        choices=labels.visit_kind_choices,
        required=False,
        widget=forms.RadioSelect,
    )
    note = Words(
        label=_("What you saw and heard"),
        limit=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "short"}),
    )

    def __init__(self, data: Any = None, *, around: Around) -> None:
        self.around, self.people = around, {one.username: one for one in around.people}
        version, questions = around.checklist
        own = next((one.username for one in around.people if one.pk == around.writer), "")
        initial = {"uuid": uuid4(), "checklist": version, "visitor": own, "kind": VisitKind.ORDINARY.value}
        super().__init__(data, initial=initial | (_written(around.corrects) if around.corrects else {}))
        self.fields["on"] = _day(around.today)
        names = [(one.username, one.name) for one in around.people]
        if around.link.user_id is None and around.for_others and len(names) > 1:
            self.fields["visitor"] = forms.ChoiceField(label=_("Who went"), choices=names)
        self.fields["companions"] = forms.MultipleChoiceField(
            label=_("Who came along"), choices=names, required=False, widget=forms.CheckboxSelectMultiple
        )
        # A village has no kitchen.
        self.questions = questions if around.link.household_id else ()
        for question in self.questions:
            self.fields[f"answer_{question.key}"] = _field_of(question)
        self.numbers = range(PROBLEMS) if around.corrects is None else range(0)
        for number in self.numbers:
            self._add_problem(number)

    def _add_problem(self, number: int) -> None:
        words = forms.Textarea(attrs={"rows": 2, "class": "short"})
        self.fields[f"problem{number}"] = Words(
            label=_("What somebody asked for"), limit=MOST_WORDS, required=False, widget=words
        )
        self.fields[f"outcome{number}"] = forms.ChoiceField(
            label=_("What became of it"),
            choices=labels.OUTCOME_CHOICES,
            initial=Outcome.REQUEST.value,
            required=False,
            widget=forms.RadioSelect,
        )

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.around.today:
            raise ValidationError(_("That day has not come yet. Please choose the day on which you were there."))
        return on

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The questions with their part: ask, look, leave."""
        for part in Part:
            found = [self[f"answer_{one.key}"] for one in self.questions if one.part is part]
            if found:
                yield str(labels.PARTS[part]), found

    def problems(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"problem{number}"], self[f"outcome{number}"]) for number in self.numbers]

    def card(self) -> VisitCard:
        given = self.cleaned_data
        went = self.people[given["visitor"]] if given.get("visitor") else self.around.link.user
        companions = [self.people[name] for name in given["companions"]]
        return VisitCard(
            given["uuid"],
            given["on"],
            given["note"],
            problems=[
                Raised(given[f"problem{number}"], Outcome(given[f"outcome{number}"] or Outcome.REQUEST))
                for number in self.numbers
                if given[f"problem{number}"].strip()
            ],
            visitor=None if went is None or went.pk == self.around.writer else went,
            companions=[one for one in companions if one.pk != (went.pk if went else self.around.writer)],
            checklist=given["checklist"],
            answers={one.key: _answer(given[f"answer_{one.key}"]) for one in self.questions},
            kind=VisitKind(given["kind"] or VisitKind.ORDINARY),
        )


def _written(visit: Visit) -> dict[str, Any]:
    return {
        "on": visit.on,
        "kind": visit.kind,
        "note": visit.note,
        "visitor": visit.user.username,
        "companions": [one.username for one in visit.companions.all()],
        **{f"answer_{key}": value for key, value in visit.answers.items()},
    }


def _answer(given: str | bool) -> str:
    return LEFT if given is True else str(given or "")


def _field_of(question: Question) -> forms.Field:
    if question.part is Part.ASK:
        return Words(label=question.text, limit=LONGEST, required=False, widget=forms.TextInput())
    if question.part is Part.LOOK:
        choices = [(one.value, labels.LOOKED[one]) for one in Looked]
        return forms.ChoiceField(label=question.text, choices=choices, required=False, widget=forms.RadioSelect)
    return forms.BooleanField(label=question.text, required=False)
