import re
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianying.orgs import labels
from lianying.orgs.kinds import AREA_CODE, PLACES, UnitKind
from lianying.orgs.models import Site, Unit, User
from lianying.orgs.queries import configurable, lead_units, units, who_may_stand_in
from lianying.orgs.scope import Actor
from lianying.reference.categories import named_categories
from lianying.rules.notices import StaffWish


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A password for `user`, typed twice, that passes the validators."""

    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.rules = password_validators_help_texts()

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("The two passwords differ."))
        return again


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old", "new", "again")

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("This is not your present password."))
        return old

    def clean_new(self) -> str:
        new = super().clean_new()
        if new == self.cleaned_data.get("old"):
            raise ValidationError(_("Please choose another password than the present one."))
        return new


class SiteForm(forms.ModelForm[Site]):
    class Meta:
        model = Site
        fields = ("name", "phone", "complaints_phone", "prefix", "icp_number", "police_number")
        help_texts = {
            "complaints_phone": _("Where residents complain of how they were treated. At the foot of public pages."),
            "prefix": _("Two to six capital letters; numbers already given stay as they are."),
            "icp_number": _("As the ministry gave it, e.g. 皖ICP备12345678号-1. At the foot of public pages."),
            "police_number": _("As the police gave it, e.g. 皖公网安备34030002000001号."),
        }

    def clean_prefix(self) -> str:
        prefix: str = self.cleaned_data["prefix"]
        RegexValidator(r"^[A-Z]{2,6}$", _("Two to six capital letters."))(prefix)
        return prefix


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("Excel, OpenDocument or CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={"required": _("Please choose a file."), "empty": _("This file is empty.")},
    )


class AbsenceForm(forms.Form):
    """When `user` is away, and who stands in."""

    substitute = forms.ModelChoiceField(
        label=_("Who stands in"), queryset=User.objects.none(), to_field_name="username", empty_label="—"
    )
    from_on = forms.DateField(
        label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_on = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data, initial={"from_on": today, "to_on": today})
        field = cast("forms.ModelChoiceField[User]", self.fields["substitute"])
        field.queryset = who_may_stand_in(user, today)


class DutyForm(forms.Form):
    category = forms.ChoiceField(label=_("Category"))
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Unit.objects.none(), to_field_name="code", empty_label="—"
    )
    unit = forms.ModelChoiceField(
        label=_("Unit that answers for it"), queryset=Unit.objects.none(), to_field_name="code", empty_label="—"
    )
    source = forms.CharField(
        label=_("Where it is written"), max_length=120, required=False, help_text=_("the document, for “why here?”")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        cast("forms.ChoiceField", self.fields["category"]).choices = [("", "—"), *named_categories().items()]
        _choose_from(self.fields["place"], units().filter(kind__in=PLACES))
        _choose_from(self.fields["unit"], lead_units())


_AREA_CODE = _("Twelve digits, of a grid fifteen.")


def _area_code_validator() -> RegexValidator:
    return RegexValidator(rf"^{AREA_CODE}\Z", _AREA_CODE, flags=re.ASCII)


#: Only of a desk that residents can come to.
ABOUT_CENTRE = ("address", "hours", "services")


class UnitForm(forms.ModelForm[Unit]):
    """What may change of a unit; its place in the tree may not, since every path would change with it."""

    class Meta:
        model = Unit
        fields = ("name", "phone", "area_code", "address", "hours", "services", "active")
        widgets = {"services": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "hours": _("As residents read them: Monday to Friday 8:30–12:00, 14:30–17:30."),
            "services": _("One to a line."),
            "area_code": _AREA_CODE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != UnitKind.DESK:
            for name in ABOUT_CENTRE:
                del self.fields[name]
        if self.instance.kind in PLACES:
            self.fields["area_code"].validators.append(_area_code_validator())
        else:
            del self.fields["area_code"]


class NewUnitForm(forms.ModelForm[Unit]):
    parent = forms.ModelChoiceField(label=_("Unit above"), queryset=Unit.objects.none(), to_field_name="code")
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=labels.unit_kind_choices, initial=UnitKind.DEPARTMENT)
    code = forms.SlugField(
        label=_("Code"), max_length=32, help_text=_("Short and unique, in letters and digits; other systems know it.")
    )

    class Meta:
        model = Unit
        fields = ("name", "kind", "parent", "phone", "code", "area_code")
        help_texts = {"area_code": _AREA_CODE}

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        _choose_from(self.fields["parent"], configurable(actor))
        self.fields["area_code"].validators.append(_area_code_validator())

    def clean_area_code(self) -> str:
        code: str = self.cleaned_data["area_code"]
        if code and self.cleaned_data.get("kind") not in PLACES:
            raise ValidationError(_("Only a place has a statistic code: a town, a village, a community, a grid."))
        return code


class PostForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code")
    role = forms.ChoiceField(label=_("Role"), choices=labels.role_choices)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, actor: Actor, today: date) -> None:
        super().__init__(data, initial={"from_on": today})
        _choose_from(self.fields["unit"], configurable(actor))


class PersonForm(PostForm):
    """A new person with a first post: without one nobody can sign in."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only."))],
        help_text=_("With this the person signs in, for example a staff number."),
    )
    field_order = ("name", "username", "unit", "role", "from_on")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username


class AddressForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("email", "wish")
        labels = {"email": _("E-mail"), "wish": _("What to write of")}
        help_texts = {"email": _("Letters hold numbers and links, never words or names of residents.")}

    def given(self) -> dict[str, Any]:
        """What `actions.set_address` takes."""
        return {"email": self.cleaned_data["email"], "wish": StaffWish(self.cleaned_data["wish"])}


class EndPostForm(forms.Form):
    """unit, role: which of the person's posts; to_on: its last day."""

    unit = forms.CharField(max_length=32, widget=forms.HiddenInput)
    role = forms.CharField(max_length=16, widget=forms.HiddenInput)
    to_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _choose_from(field: forms.Field, rows: QuerySet[Unit]) -> None:
    cast("forms.ModelChoiceField[Unit]", field).queryset = rows
