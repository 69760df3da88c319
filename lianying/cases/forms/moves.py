"""What staff fill in to move a case: a form for each set of needs; `values()` are the arguments of the action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianying.cases import clocks
from lianying.cases.actions import Answer, Verdict
from lianying.cases.forms.resident import MOST_WORDS, NO_WORDS, Photos, Words, satisfaction_choices
from lianying.cases.labels import OUTCOMES, outcome_choices, solved_choices
from lianying.cases.models import Case
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.trial import if_extended
from lianying.common.clock import day_words, local_day
from lianying.common.refusals import words
from lianying.orgs.kinds import UnitKind
from lianying.orgs.labels import UNIT_KINDS
from lianying.orgs.models import Unit, User
from lianying.orgs.paths import parent
from lianying.orgs.queries import colleagues, lead_units
from lianying.orgs.scope import Actor
from lianying.rules.entries import EntryKind, ProposalKind
from lianying.rules.guards import CONTENT, desk_asks
from lianying.rules.kinds import CaseKind, Outcome, Solved
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

Choices = list[tuple[str, Any]]


@dataclass
class Around:
    """The case, who looks at it and when, with the lists that some forms offer; each is read once, if at all."""

    case: Case
    actor: Actor
    at: datetime

    @cached_property
    def units(self) -> list[Unit]:
        return list(lead_units())

    @cached_property
    def assignable(self) -> list[Unit]:
        """Those that the desk of whoever looks may hand it to; whoever does not sort is refused by the move itself."""
        if not self.actor.may(Power.SORT, self.case.path):
            return self.units
        return [unit for unit in self.units if self.actor.may(Power.SORT, unit.path)]

    @cached_property
    def colleagues(self) -> list[User]:
        return list(colleagues(self.case.unit_id, local_day(self.at)))


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def grouped(units: Iterable[Unit]) -> Choices:
    """Options by kind; what stands below a town or department is listed under its name. Values are unit codes."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for unit in units:
        names[unit.path] = unit.name
        above = names.get(parent(unit.path), "") if unit.depth > 2 else ""
        groups.setdefault(above or str(UNIT_KINDS[UnitKind(unit.kind)]), []).append((unit.code, unit.name))
    return [("", "—"), *groups.items()]


class UnitField(forms.ChoiceField):
    """Gives the unit that was chosen, None for an empty choice."""

    units: Mapping[str, Unit] = {}

    def offer(self, units: Iterable[Unit]) -> None:
        self.units = {unit.code: unit for unit in units}
        self.choices = grouped(self.units.values())

    def clean(self, value: Any) -> Unit | None:
        return self.units.get(super().clean(value))


class MoveForm(forms.Form):
    """A move without needs, and the base of those with some."""

    #: Whether the action compares the version that the form was drawn from.
    versioned = True

    def __init__(self, *args: Any, around: Around, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around = around
        self.prepare()

    def prepare(self) -> None:
        """Offer the choices that depend on the case."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


#: Nothing of ours can take them out.
AS_IT_IS = _("A photo is freed of where and when it was taken; a PDF goes as it is, with its author and properties.")


class ReasonForm(MoveForm):
    reason = Words(label=_("Reason"), limit=MOST_WORDS, widget=area(3))


class NoteForm(MoveForm):
    versioned = False
    text = Words(label=_("Note"), limit=MOST_WORDS, or_photos=True, required=False, widget=area(3))
    photos = Photos(label=_("Photos or PDFs"), help_text=AS_IT_IS, documents=True)
    inner = forms.BooleanField(label=_("For staff only: the resident does not read it"), required=False, initial=True)

    def prepare(self) -> None:
        if not self.around.actor.may(Power.SPEAK, self.around.case.path):
            # A unit that assists speaks to the leading one, not to the resident.
            del self.fields["inner"]
            self.fields["text"].help_text = _("Only staff read it; the unit in charge answers the resident.")

    def values(self) -> dict[str, Any]:
        return {"inner": True, **self.cleaned_data}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not data["text"] and not data["photos"]:
            self.add_error("text", NO_WORDS)
        return data


class PassForm(MoveForm):
    to = UnitField(label=_("To which unit below yours"))
    note = Words(label=_("Note for that unit"), limit=MOST_WORDS, required=False, widget=area(2))

    def prepare(self) -> None:
        path = self.around.case.path
        field = self.fields["to"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(unit for unit in self.around.units if unit.path.startswith(path) and unit.path != path)


class HandToForm(MoveForm):
    to = forms.ChoiceField(label=_("To whom"))

    def prepare(self) -> None:
        people = [(one.username, one.name) for one in self.around.colleagues if one.pk != self.around.case.handler_id]
        self.fields["to"].choices = [("", "—"), *people]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        name = self.cleaned_data["to"]
        return {"to": next(one for one in self.around.colleagues if one.username == name)}


class DisputeForm(MoveForm):
    reason = Words(label=_("Why it is not your unit's duty"), limit=MOST_WORDS, widget=area(3))
    proposed = UnitField(label=_("Whose duty it is"))

    def prepare(self) -> None:
        field = self.fields["proposed"]
        assert isinstance(field, UnitField)  # noqa: S101 - tells mypy
        field.offer(unit for unit in self.around.units if unit.pk != self.around.case.unit_id)


def told_choices() -> list[tuple[str, Promise]]:
    return [
        ("yes", _("I have rung and asked; the clock stands still from now")),
        ("no", _("The desk should ring; the clock stands still when it has")),
    ]


class AskForm(MoveForm):
    text = Words(label=_("What do you need to know?"), limit=MOST_WORDS, widget=area(3))
    told = forms.ChoiceField(
        label=_("How does the resident learn of it?"), choices=told_choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        if desk_asks(CaseKind(self.around.case.kind)):
            self.fields["told"].choices = told_choices()[1:]  # type: ignore[attr-defined]
            self.initial["told"] = "no"

    def values(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "told": self.cleaned_data["told"] == "yes"}


class AskOpenlyForm(MoveForm):
    text = Words(label=_("What do you need to know?"), limit=MOST_WORDS, widget=area(3))


class ReplyForm(MoveForm):
    text = Words(label=_("What the resident said"), limit=MOST_WORDS, widget=area(3))


class AnswerForm(MoveForm):
    outcome = forms.ChoiceField(label=_("What came of it"), choices=outcome_choices, widget=forms.RadioSelect)
    planned_on = forms.DateField(
        label=_("Planned for"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = Words(label=_("Answer that the resident reads"), limit=MOST_WORDS, widget=area(6))
    inner = Words(
        label=_("Record for staff; the resident does not read it"), limit=MOST_WORDS, required=False, widget=area(2)
    )
    photos = Photos(label=_("Photos or PDFs, e.g. before and after"), help_text=AS_IT_IS, documents=True)

    def prepare(self) -> None:
        approved = [str(OUTCOMES[one]) for one in Outcome if one in clocks.profile().approved_outcomes]
        if approved and not self.around.actor.may(Power.APPROVE, self.around.case.path):
            text = _("“%(outcomes)s”: the head of the unit reads it first.")
            self.fields["outcome"].help_text = text % {"outcomes": _t(", ").join(approved)}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        day = data.get("planned_on")
        planned = data.get("outcome") == Outcome.PLANNED
        if planned and "planned_on" not in self.errors and (day is None or day <= local_day(self.around.at)):
            self.add_error("planned_on", words(Refused("no_planned_day")))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        answer = Answer(data["text"], Outcome(data["outcome"]), data["planned_on"], data["inner"])
        return {"answer": answer, "photos": data["photos"]}


class ApproveForm(MoveForm):
    """Begins with the answer that was proposed."""

    text = Words(
        label=_("Answer that the resident reads"),
        limit=MOST_WORDS,
        widget=area(6),
        help_text=_("You may change the words before you approve them."),
    )

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial = {"text": proposed_answer(self.around.case), **self.initial}


def proposed_answer(case: Case) -> str:
    """What waits for the head; '' where nothing does."""
    waiting = [row.at for row in case.proposals.all() if row.kind == ProposalKind.ANSWER and row.decided_at is None]
    texts = [row.text for row in case.entries.all() if row.kind == EntryKind.PROPOSED and row.at in waiting]
    return texts[-1] if texts else ""


class CorrectAnswerForm(AnswerForm):
    """Begins with the answer as it stands."""

    def prepare(self) -> None:
        case = self.around.case
        self.initial = {
            "outcome": case.outcome,
            "planned_on": case.planned_on,
            "text": last_answer(case),
            **self.initial,
        }


def last_answer(case: Case) -> str:
    """The answer in force; '' before the first."""
    answers = [entry.text for entry in case.entries.all() if entry.kind == "answer"]
    return answers[-1] if answers else ""


class ExtensionForm(MoveForm):
    days = forms.TypedChoiceField(label=_("How many working days more"), coerce=int)
    reason = Words(label=_("Reason"), limit=MOST_WORDS, widget=area(3))

    def prepare(self) -> None:
        case = self.around.case
        days = range(1, clocks.extension_limit(case) + 1)
        self.fields["days"].choices = [(count, _option(case, count)) for count in days]  # type: ignore[attr-defined]


class ExtendForm(MoveForm):
    """Begins with the reason that was proposed to the head."""

    words = Words(
        label=_("Reason that the resident reads"),
        limit=MOST_WORDS,
        widget=area(3),
        help_text=_("It stands on the progress page, and the desk says it when it rings."),
    )

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial = {"words": proposed_reason(self.around.case), **self.initial}


def proposed_reason(case: Case) -> str:
    """Why more time is asked for; '' where none is."""
    asked = [row.at for row in case.proposals.all() if row.kind == ProposalKind.EXTENSION and row.decided_at is None]
    reasons = [row.text for row in case.entries.all() if row.kind == EntryKind.REASON and row.at in asked]
    return reasons[-1] if reasons else ""


def _option(case: Case, days: int) -> str:
    due = if_extended(case, days)
    text = ngettext("%(days)s working day: until %(day)s", "%(days)s working days: until %(day)s", days)
    return text % {"days": days, "day": day_words(local_day(due.at)) if due else "—"}


def content_choices() -> list[tuple[str, Promise]]:
    return [(value, label) for value, label in satisfaction_choices() if int(value) >= CONTENT]


class ContentForm(MoveForm):
    solved = forms.ChoiceField(label=_("Is it solved?"), choices=lambda: solved_choices()[:2], widget=forms.RadioSelect)
    satisfaction = forms.ChoiceField(
        label=_("How satisfied is the resident?"), choices=content_choices, widget=forms.RadioSelect
    )
    words = Words(label=_("In the resident's words"), limit=MOST_WORDS, required=False, widget=area(2))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"verdict": Verdict(Solved(data["solved"]), int(data["satisfaction"]), data["words"])}


class NotContentForm(ContentForm):
    solved = forms.ChoiceField(label=_("Is it solved?"), choices=lambda: solved_choices()[1:], widget=forms.RadioSelect)
    satisfaction = forms.ChoiceField(
        label=_("How satisfied is the resident?"), choices=satisfaction_choices, widget=forms.RadioSelect
    )
    words = Words(label=_("What is still wrong"), limit=MOST_WORDS, widget=area(3))


class CompleteForm(MoveForm):
    words = Words(
        label=_("What was done, as the resident reads it"),
        limit=MOST_WORDS,
        widget=area(3),
        help_text=_("It stands on the progress page, and the desk says it when it rings."),
    )


class ReopenForm(MoveForm):
    words = Words(label=_("What is new"), limit=MOST_WORDS, widget=area(3))


class MergeForm(MoveForm):
    main = Words(
        label=_("Number of the main request"),
        limit=24,
        widget=forms.TextInput(attrs={"placeholder": "NH-20261112-0042"}),
    )

    def clean_main(self) -> Case:
        try:
            return case_for(self.around.actor, self.cleaned_data["main"].strip().upper())
        except Http404:
            raise ValidationError(words(Refused("no_such_main"))) from None
