"""What a clerk writes down while somebody speaks: on the telephone, at the counter, or from a letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianying.cases.actions import Telling
from lianying.cases.forms.resident import MOST_WORDS, TellForm, Words
from lianying.cases.labels import CHANNELS, kind_choices, urgency_choices
from lianying.rules.kinds import CaseKind, Channel, Urgency

FROM_WORDS = "auto"
SPOKEN = (Channel.PHONE, Channel.COUNTER, Channel.PAPER)


class CallForm(TellForm):
    photos = None  # type: ignore[assignment]
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=lambda: [(channel.value, CHANNELS[channel]) for channel in SPOKEN],
        initial=Channel.PHONE.value,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices, initial=CaseKind.OTHER.value)
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=lambda: [(FROM_WORDS, _("from the words")), *urgency_choices()], initial=FROM_WORDS
    )
    may_publish = forms.BooleanField(
        label=_("The resident agrees that question and answer are published without the name"), required=False
    )
    no_calls = forms.BooleanField(label=_("Does not wish to be rung"), required=False)
    answer = Words(
        label=_("What you answered"), limit=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = (
        "channel",
        "phone",
        "text",
        "address",
        "name",
        "kind",
        "urgency",
        "may_publish",
        "no_calls",
        "answer",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "name", "address", "text"):
            # The browser of a desk must not offer one resident's words to the next.
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["autofocus"] = True

    def telling(self) -> Telling:  # type: ignore[override]
        given = self.cleaned_data
        names = ("text", "address", "lat", "lng", "phone", "name", "may_publish", "client_id")
        return Telling(
            channel=Channel(given["channel"]),
            kind=CaseKind(given["kind"]),
            urgency=None if given["urgency"] == FROM_WORDS else Urgency(given["urgency"]),
            may_be_called=not given["no_calls"],
            **{name: given[name] for name in names},
        )
