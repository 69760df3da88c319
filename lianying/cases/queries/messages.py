"""What is known of a request, put into the text that tells of it."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext

from lianying.cases.models import Case
from lianying.notices.models import Notice
from lianying.orgs.queries import site


def filled(notice: Notice, text: str) -> str:
    """`text` with its placeholders filled in; nothing of the request's words is among them."""
    fields = ("unit__name", "due_at", "main__unit__name", "main__due_at")
    case = Case.objects.select_related("unit", "main__unit").only(*fields).get(ref=notice.subject)
    # Whoever was joined to another waits for what that one's unit does.
    case = case.main or case
    place = site()
    due = date_format(localtime(case.due_at), pgettext("date format", "j M")) if case.due_at else ""
    known = {
        "site": place.name if place else "",
        "ref": notice.subject,
        "unit": case.unit.name,
        "date": due,
        "phone": place.phone if place else "",
    }
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text
