from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import UnitField
from lianying.cases.forms.resident import Words
from lianying.exchange.actions import PER_HOUR
from lianying.orgs.models import Unit


class ClientForm(forms.Form):
    name = Words(label=_("Name of the program or office"), limit=60, widget=forms.TextInput)
    unit = UnitField(label=_("For which place or unit it sends"))
    per_hour = forms.IntegerField(label=_("Calls an hour at most"), initial=PER_HOUR, min_value=1, max_value=100_000)

    def __init__(self, data: Any = None, *, offered: Iterable[Unit]) -> None:
        super().__init__(data)
        cast("UnitField", self.fields["unit"]).offer(offered)
