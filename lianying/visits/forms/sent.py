"""A visit as a phone sends it: the fields of the form in JSON, and the hashes of its photos."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.resident import MOST_PHOTOS
from lianying.visits.actions import VisitCard
from lianying.visits.forms.visit import PROBLEMS, VisitForm

#: A phone whose clock is a year ahead still writes its visits down; they are kept and not counted.
AHEAD = timedelta(days=400)
HASH = re.compile(r"[0-9a-f]{64}")
#: What is sent, and as what.
SHAPE: Mapping[str, type] = {
    "link": str,
    "on": str,
    "kind": str,
    "companions": list,
    "checklist": int,
    "answers": dict,
    "problems": list,
    "note": str,
    "photos": list,
}


class SentForm(VisitForm):
    photos = forms.Field(required=False)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.around.today + AHEAD:
            raise ValidationError(_("That day has not come yet. Please choose the day on which you were there."))
        return on

    def clean_photos(self) -> tuple[str, ...]:
        hashes: list[str] = self.cleaned_data["photos"] or []
        if len(set(hashes)) > MOST_PHOTOS or not all(HASH.fullmatch(one) for one in hashes):
            raise ValidationError(_("At most %(most)s photos belong to a visit."), params={"most": MOST_PHOTOS})
        return tuple(dict.fromkeys(hashes))

    def clean(self) -> dict[str, Any]:
        """Nothing that was written down is left out without a word."""
        asked = {f"answer_{one.key}" for one in self.questions}
        if any(name.startswith("answer_") and name not in asked for name in self.data):
            self.add_error(None, _("An answer does not fit its question. Please look at the checklist again."))
        if f"problem{PROBLEMS}" in self.data:
            self.add_error(
                None,
                _("One record takes %(most)s things asked for. Please write a second record.") % {"most": PROBLEMS},
            )
        return self.cleaned_data

    def card(self) -> VisitCard:
        return replace(super().card(), photos=self.cleaned_data["photos"])


def is_readable(body: object) -> bool:
    """Whether it has the shape of a visit, whatever stands in it."""
    if not isinstance(body, dict) or set(body) - set(SHAPE):
        return False
    if not all(isinstance(body.get(name, kind()), kind) for name, kind in SHAPE.items()):
        return False
    lists = [*body.get("companions", []), *body.get("photos", []), *body.get("answers", {}).values()]
    problems = body.get("problems", [])
    return all(isinstance(one, str) for one in lists) and all(
        isinstance(one, dict) and isinstance(one.get("text"), str) and isinstance(one.get("outcome"), str)
        for one in problems
    )


def fields_of(body: Mapping[str, Any], uuid: UUID, writer: str) -> dict[str, Any]:
    """As the form takes them; writer: the name of the account."""
    problems = body.get("problems", [])
    return {
        "uuid": str(uuid),
        "visitor": writer,
        **{name: body.get(name, SHAPE[name]()) for name in ("on", "kind", "companions", "checklist", "note", "photos")},
        **{f"answer_{key}": value for key, value in body.get("answers", {}).items()},
        **{f"problem{number}": one["text"] for number, one in enumerate(problems)},
        **{f"outcome{number}": one["outcome"] for number, one in enumerate(problems)},
    }
