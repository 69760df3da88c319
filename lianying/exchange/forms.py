"""What is filled in about other systems, and what is handed to them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.moves import UnitField
from lianying.cases.forms.resident import Words
from lianying.cases.models import Case
from lianying.common.masking import mask_text
from lianying.exchange.actions.clients import PER_HOUR
from lianying.exchange.actions.outward import Access
from lianying.exchange.models import Client, Endpoint
from lianying.orgs.models import Unit
from lianying.rules.open311 import MOST_WORDS


class ClientForm(forms.Form):
    name = Words(label=_("Name of the program or office"), limit=60, widget=forms.TextInput)
    unit = UnitField(label=_("For which place or unit it sends"))
    per_hour = forms.IntegerField(label=_("Calls an hour at most"), initial=PER_HOUR, min_value=1, max_value=100_000)

    def __init__(self, data: Any = None, *, offered: Iterable[Unit]) -> None:
        super().__init__(data)
        cast("UnitField", self.fields["unit"]).offer(offered)


class EndpointForm(forms.Form):
    name = Words(label=_("Name of the program or office"), limit=60, widget=forms.TextInput)
    url = Words(
        label=_("Address"),
        limit=200,
        help_text=_("Of its Open311 service, up to before /requests.json"),
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    key = Words(
        label=_("Our key there"), limit=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    jurisdiction = Words(
        label="jurisdiction_id",
        limit=100,
        required=False,
        help_text=_("Only where they ask for it"),
        widget=forms.TextInput,
    )
    takes_once = forms.BooleanField(
        label=_("It knows a request again by client_request_id, as Lianying does: what is uncertain is sent again"),
        required=False,
    )
    client = forms.ModelChoiceField(
        Client.objects.none(),
        label=_("Its own key here"),
        required=False,
        empty_label=_("none"),
        help_text=_("So that nothing is sent back to where it came from"),
    )

    def __init__(self, data: Any = None, *, endpoint: Endpoint | None = None, offered: Sequence[Client]) -> None:
        super().__init__(data, initial=model_to_dict(endpoint, self.base_fields) if endpoint else None)
        choice = cast("forms.ModelChoiceField[Client]", self.fields["client"])
        choice.queryset = Client.objects.filter(pk__in=[one.pk for one in offered])
        if endpoint is not None:
            self.fields["key"].help_text = _("Left empty, the key that is there stays.")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).rstrip("/")
        try:
            parts = urlsplit(url)
            known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            known = False
        if not known or parts.query or parts.fragment or parts.username:
            raise ValidationError(_("Please write it as https://host/path, with nothing behind."))
        return url

    def access(self) -> Access:
        return Access(**self.cleaned_data)


class ReferForm(forms.Form):
    """service: uuid of the endpoint and code of the service, with a colon between."""

    service = forms.ChoiceField(label=_("To whom, and what they are asked for"))
    text = Words(
        label=_("What they are told"),
        limit=MOST_WORDS,
        help_text=_("Only what they need. Name and telephone of the resident do not go along; numbers are hidden."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    with_place = forms.BooleanField(label=_("Tell them the place"), required=False)

    def __init__(self, data: Any = None, *, case: Case, offered: Sequence[Endpoint]) -> None:
        self.offered = {str(one.uuid): one for one in offered}
        alike = next((f"{one.uuid}:{case.category}" for one in offered if case.category in dict(one.services)), "")
        initial = {"text": mask_text(case.text), "with_place": True, "service": alike}
        super().__init__(data, initial=initial, auto_id="refer-%s")
        groups = [
            (one.name, [(f"{one.uuid}:{code}", name) for code, name in one.services]) for one in offered if one.services
        ]
        choice = cast("forms.ChoiceField", self.fields["service"])
        choice.choices = [("", _("please choose")), *groups]

    def chosen(self) -> tuple[Endpoint, str]:
        uuid, _colon, code = self.cleaned_data["service"].partition(":")
        return self.offered[uuid], code
