"""A place on a map: pointed at in a form, or shown. The map is fetched when somebody opens it."""

from typing import Any

from django import template
from django.forms import Form

from lianying.cases.models import Case
from lianying.cases.queries.maps import ground
from lianying.rules.geo import text_of

register = template.Library()


@register.inclusion_tag("cases/place.html", takes_context=True)
def place_field(context: template.Context, form: Form, *, by_position: bool = False) -> dict[str, Any]:
    """The fields `lat` and `lng` of the form, and what fills them; by_position: also where the browser stands."""
    return {"lat": form["lat"], "lng": form["lng"], "by_position": by_position, **_drawn(context)}


@register.inclusion_tag("cases/position.html", takes_context=True)
def position(context: template.Context, case: Case) -> dict[str, Any]:
    return {"at": f"{case.lat:.6f},{case.lng:.6f}", "read": f"{case.lat:.5f}, {case.lng:.5f}", **_drawn(context)}


def _drawn(context: template.Context) -> dict[str, Any]:
    """Empty where there is nothing to draw on."""
    site = context.get("site")
    drawn = ground(is_demo=site is not None and site.is_demo)
    return {"ground": drawn, "box": text_of(drawn.box)} if drawn else {}
