from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.orgs.models import Unit, User
from lianying.visits.models import Link


class ChangeForm(forms.Form):
    """Which links end, or go over to somebody else (by username, or by the code of a unit), and on which day."""

    on = forms.DateField(
        label=_("From which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Whoever has it now has it until the day before."),
    )

    def __init__(
        self, data: Any = None, *, links: Sequence[Link], others: Mapping[str, User | Unit], today: date
    ) -> None:
        super().__init__(data, initial={"on": today})
        self.by_uuid = {str(link.uuid): link for link in links}
        self.others = others
        self.fields["links"] = forms.MultipleChoiceField(
            choices=[(uuid, uuid) for uuid in self.by_uuid],
            error_messages={"required": _("Please choose one at least.")},
        )
        self.fields["to"] = forms.ChoiceField(
            label=_("To whom"),
            required=False,
            choices=[("", _("nobody: they end")), *((key, one.name) for key, one in others.items())],
        )

    def chosen(self) -> list[Link]:
        return [self.by_uuid[uuid] for uuid in self.cleaned_data["links"]]

    def successor(self) -> User | Unit | None:
        return self.others.get(self.cleaned_data["to"])
