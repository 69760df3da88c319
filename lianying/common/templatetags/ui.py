"""Small pieces that every page uses: icons, dates, fields. Built in: no template loads them."""

from datetime import date, datetime
from math import floor
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianying.common.clock import day_words, now
from lianying.rules.ledger import short

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word that says the same; hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def when(value: datetime | date | None) -> SafeString | str:
    """'11月22日 17:30', with the year where it is another one; the exact time on hover."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        this_year = local.year == timezone.localtime(now()).year
        form = pgettext("date format", "j M H:i") if this_year else pgettext("date format", "j M Y H:i")
        # Not by format_html: a page has dozens of these, and all of it is digits and our own words.
        words = escape(date_format(local, form))
        exact = f"{local:%Y-%m-%d %H:%M:%S}"
        return mark_safe(f'<time datetime="{local.isoformat()}" title="{exact}">{words}</time>')  # noqa: S308 - escaped above
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_words(value))


@register.filter
def weekday(value: datetime | date | None) -> str:
    """'周五'."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(local, "D")


@register.filter
def short_hash(value: str) -> str:
    return short(value)


@register.filter
def percent(value: float | None) -> str:
    """0.9463 -> '94.6'; a dash where there is nothing to divide by. Rounded down: 99.96 % is not all."""
    return "—" if value is None else f"{floor(float(value) * 1000 + 1e-9) / 10:.1f}"


@register.inclusion_tag("common/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A label, its hint, the control and its error, tied together for screen readers."""
    described = " ".join(
        name
        for name, there in (
            (f"{bound.id_for_label}-hint", hint or bound.help_text),
            (f"{bound.id_for_label}-error", bound.errors),
        )
        if there
    )
    if described:
        bound.field.widget.attrs["aria-describedby"] = described
    if bound.errors:
        bound.field.widget.attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "optional": not (bound.field.required or getattr(bound.field, "or_photos", False)),
        "optional_word": _("optional"),
    }


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a table by a key that is itself a value; empty where there is none."""
    try:
        return mapping.get(key, "")
    except AttributeError:
        return ""
