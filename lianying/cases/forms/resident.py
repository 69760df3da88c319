"""What residents fill in. The field names of `TellForm` are stable: other programs post them."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianying.cases.actions import Telling, Verdict
from lianying.cases.labels import solved_choices
from lianying.common.refusals import words
from lianying.files.documents import Attached, is_document, whole
from lianying.files.images import shrink
from lianying.files.uploads import too_large
from lianying.rules.guards import CONTENT
from lianying.rules.kinds import Solved
from lianying.rules.phones import digit_count, phone_problem
from lianying.rules.refusals import Refused

MOST_WORDS = 5000
MOST_PHOTOS = 9
#: Control characters and lone surrogates: no keyboard writes them, and a database refuses some of them.
UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
NO_WORDS = _("Please write a few words.")
NO_POSITION = _(
    "The place on the map did not arrive whole, so it was left out. "
    "Please point at it again, or send it without: the address is enough."
)


class Words(forms.CharField):
    """Text whose unkeepable characters are named, and left out when the form is shown again."""

    def __init__(self, *, limit: int, or_photos: bool = False, **kwargs: Any) -> None:
        #: Empty only where photos are sent: the page must not call it optional.
        self.or_photos = or_photos
        # Not `max_length`: the browser would cut what is pasted without a word.
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(limit))
        self.error_messages["required"] = NO_WORDS
        self.error_messages["max_length"] = _(
            "At most %(limit_value)d characters fit here, and these are %(show_value)d. Please shorten it a little."
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if UNKEEPABLE.search(text):
            raise ValidationError(
                _(
                    "There were characters in it that cannot be kept. "
                    "We took them out; please look at it and send it again."
                )
            )
        return text.replace("\r\n", "\n")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return UNKEEPABLE.sub("", data) if isinstance(data, str) else data


class Consent(forms.CheckboxInput):
    """Only a clear yes counts: '0' and 'no' of another program are none."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return str(data.get(name, "")).strip().lower() in {"on", "true", "yes", "1"}


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class Photos(forms.FileField):
    """Up to nine files; they are opened by `take_photos`, after all else is right. documents: PDFs as well."""

    def __init__(self, *, documents: bool = False, **given: Any) -> None:
        accept = "image/*,.pdf,application/pdf" if documents else "image/*"
        super().__init__(**given, required=False, widget=PhotosInput(attrs={"accept": accept, "multiple": True}))
        self.documents = documents

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = list(data or [])
        if len(files) > MOST_PHOTOS:
            raise ValidationError(
                _t("At most %(most)s photos can be sent at once; these are %(count)s.")
                % {"most": MOST_PHOTOS, "count": len(files)}
            )
        return files


def take_photos(form: forms.Form, request: HttpRequest) -> tuple[Attached, ...]:
    """What came with a valid form, as it may be kept; one that cannot be taken becomes an error of the form."""
    megabytes = settings.FILE_UPLOAD_MAX_BYTES // (1024 * 1024)
    for name in too_large(request):
        form.add_error("photos", words(Refused("photo_too_large", name=name, megabytes=megabytes)))
    if form.errors:
        return ()
    documents = getattr(form.fields["photos"], "documents", False)
    photos: list[Attached] = []
    for file in form.cleaned_data["photos"]:
        try:
            photos.append(whole(file) if documents and is_document(file) else shrink(file))
        except Refused as refused:
            form.add_error("photos", f"{file.name}: {words(refused)}")
    return tuple(photos)


class Degrees(forms.FloatField):
    """Written by the map, not by a hand: whatever is wrong with it, there is one thing to do."""

    def __init__(self, most: int) -> None:
        super().__init__(required=False, min_value=-most, max_value=most, widget=forms.HiddenInput)

    def clean(self, value: Any) -> float | None:
        try:
            degrees: float | None = super().clean(value)
        except ValidationError as error:
            raise ValidationError(NO_POSITION) from error
        return degrees


class TellForm(forms.Form):
    text = Words(label=_("What happened"), limit=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 6}))
    address = Words(
        label=_("Where"), limit=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    lat = Degrees(90)
    lng = Degrees(180)
    photos = Photos(label=_("Photos"))
    phone = Words(
        label=_("Telephone"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    no_calls = forms.BooleanField(
        label=_("Please do not ring me; I look at the progress page myself"), required=False, widget=Consent
    )
    name = Words(label=_("Name"), limit=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    may_publish = forms.BooleanField(
        label=_(
            "When it is done, question and answer may be published "
            "(without your name, telephone or house number; you can take it back at any time)"
        ),
        required=False,
        widget=Consent,
    )
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        problem = phone_problem(phone)
        if problem:
            raise ValidationError(words(Refused(problem, digits=digit_count(phone))))
        return phone

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "lat" in data and "lng" in data and (data["lat"] is None) != (data["lng"] is None):
            self.add_error("lat", NO_POSITION)
        if self.has_error("lat") or self.has_error("lng"):
            # Nobody can mend a field that they do not see: sent again, it must not be refused again.
            kept = QueryDict(mutable=True)
            kept.update(self.data)
            kept["lat"] = kept["lng"] = ""
            self.data = kept
        return data

    def telling(self, photos: Sequence[Attached]) -> Telling:
        names = ("text", "address", "lat", "lng", "phone", "name", "may_publish", "client_id")
        may_be_called = not self.cleaned_data["no_calls"]
        return Telling(photos=photos, may_be_called=may_be_called, **{name: self.cleaned_data[name] for name in names})


class ContactForm(forms.Form):
    """What is kept of the resident from now on; an empty field is forgotten."""

    name = Words(label=_("Name"), limit=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = Words(
        label=_("Telephone"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    clean_phone = TellForm.clean_phone


class WordsForm(forms.Form):
    """Words that a step needs: an objection, new facts."""

    words = Words(label=_("Your words"), limit=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))


class ReplyForm(WordsForm):
    photos = Photos(label=_("Photos"))


class NoteForm(ReplyForm):
    """Photos alone are a note too."""

    words = Words(
        label=_("Your words"),
        limit=MOST_WORDS,
        or_photos=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not data["words"] and not data["photos"]:
            self.add_error("words", NO_WORDS)
        return data


class WithdrawForm(forms.Form):
    words = Words(
        label=_("Why (you need not say)"), limit=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def satisfaction_choices() -> list[tuple[str, Promise]]:
    return [
        ("5", _("very satisfied")),
        ("4", _("satisfied")),
        ("3", _("so-so")),
        ("2", _("dissatisfied")),
        ("1", _("very dissatisfied")),
    ]


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, erase it for good"))


class RateForm(forms.Form):
    solved = forms.ChoiceField(label=_("Is it solved?"), choices=solved_choices, widget=forms.RadioSelect)
    satisfaction = forms.ChoiceField(
        label=_("How satisfied are you?"), choices=satisfaction_choices, widget=forms.RadioSelect
    )
    words = Words(
        label=_("What would you like to say?"),
        limit=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("solved", "satisfaction"):
            self.fields[name].error_messages["required"] = _("Please choose one.")

    @property
    def is_content(self) -> bool:
        return self.cleaned_data["solved"] != Solved.NO and int(self.cleaned_data["satisfaction"]) >= CONTENT

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not self.is_content and not data["words"]:
            self.add_error("words", _t("Please say what is still wrong: the office needs to know what to do again."))
        return data

    def verdict(self) -> Verdict:
        data = self.cleaned_data
        return Verdict(Solved(data["solved"]), int(data["satisfaction"]), data["words"])
