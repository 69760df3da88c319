from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.campaigns.actions import CampaignCard, ProposalCard
from lianying.campaigns.labels import SECTIONS
from lianying.campaigns.models import Campaign
from lianying.campaigns.report import Report, draft
from lianying.cases.forms.moves import UnitField
from lianying.cases.forms.resident import MOST_WORDS, Words
from lianying.orgs.models import Unit
from lianying.rules.campaigns import Section

NOBODY = _("Without names of residents, telephone or identity numbers.")
#: Before the code of a unit: all that is offered below it.
ALL = "all:"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def few_words(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "short"})


class UnitsField(forms.MultipleChoiceField):
    """Gives the units that were chosen. A group can be chosen with one tick: 'all:' and the code of what is above."""

    units: Mapping[str, Unit] = {}
    groups: Mapping[Unit | None, list[Unit]] = {}

    def offer(self, units: Iterable[Unit]) -> None:
        self.units = {unit.code: unit for unit in units}
        groups: dict[Unit | None, list[Unit]] = {}
        for unit in self.units.values():
            groups.setdefault(unit.parent, []).append(unit)
        self.groups = groups
        above = [(f"{ALL}{unit.code}", unit.name) for unit in groups if unit]
        self.choices = [*above, *((code, unit.name) for code, unit in self.units.items())]

    def clean(self, value: Any) -> list[Unit]:
        chosen = super().clean(value)
        whole = {one.removeprefix(ALL) for one in chosen if one.startswith(ALL)}
        return [
            unit for code, unit in self.units.items() if code in chosen or (unit.parent and unit.parent.code in whole)
        ]


class CampaignForm(forms.Form):
    """A campaign as it is planned. holders: units for which it may be held; none once it is."""

    name = Words(label=_("Name of the campaign"), limit=60, widget=forms.TextInput)
    from_on = forms.DateField(label=pgettext_lazy("campaign", "First day"), widget=day_input())
    to_on = forms.DateField(label=pgettext_lazy("campaign", "Last day"), widget=day_input())
    unit = UnitField(label=_("Unit that holds it"))
    units = UnitsField(label=_("Units that take part"))
    places = UnitsField(label=_("Places to go to"))

    def __init__(
        self,
        data: Any = None,
        *,
        holders: Iterable[Unit],
        goers: Iterable[Unit],
        goals: Iterable[Unit],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        cast("UnitField", self.fields["unit"]).offer(holders)
        cast("UnitsField", self.fields["units"]).offer(goers)
        cast("UnitsField", self.fields["places"]).offer(goals)
        if not holders:
            del self.fields["unit"]

    def card(self) -> CampaignCard:
        given = self.cleaned_data
        return CampaignCard(given["name"], given["from_on"], given["to_on"], given["units"], given["places"])


def initial_of(campaign: Campaign) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "from_on": campaign.from_on,
        "to_on": campaign.to_on,
        "units": [unit.code for unit in campaign.units.all()],
        "places": [place.code for place in campaign.places.all()],
    }


class EndForm(forms.Form):
    why = Words(label=_("Why"), limit=200, widget=few_words())


class ReportForm(forms.Form):
    """The words of a report; one that is left as it was drafted stays a draft, and follows the figures.

    drafted_…: the draft that the page was drawn with, whose figures may have moved on meanwhile
    """

    def __init__(self, data: Any = None, *, report: Report) -> None:
        super().__init__(data)
        for section in Section:
            drafted = forms.CharField(required=False, widget=forms.HiddenInput, initial=draft(report, section))
            self.fields[f"drafted_{section}"] = drafted
            self.fields[section.value] = Words(
                label=SECTIONS[section],
                limit=MOST_WORDS,
                required=False,
                widget=few_words(6),
                initial=report.words(section),
            )

    def sections(self) -> list[tuple[BoundField, BoundField]]:
        """What is written, and what was drafted."""
        return [(self[one.value], self[f"drafted_{one}"]) for one in Section]

    def words(self) -> dict[Section, str]:
        given = {one: self.cleaned_data[one.value].strip() for one in Section}
        return {one: "" if text == self.cleaned_data[f"drafted_{one}"] else text for one, text in given.items()}


class ProposalForm(forms.Form):
    words = Words(label=_("Proposal"), limit=200, widget=few_words(), help_text=NOBODY)
    unit = UnitField(label=_("Who sees to it"))
    due_on = forms.DateField(label=_("Until"), widget=day_input())

    def __init__(self, data: Any = None, *, offered: Iterable[Unit], **more: Any) -> None:
        super().__init__(data, **more)
        cast("UnitField", self.fields["unit"]).offer(offered)

    def card(self) -> ProposalCard:
        given = self.cleaned_data
        return ProposalCard(given["words"], given["unit"], given["due_on"])


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("Done on"), widget=day_input())
    told = Words(label=_("What was done"), limit=200, widget=few_words(), help_text=NOBODY)
