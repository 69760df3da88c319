from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from lianying.households.models import Contact
from lianying.notices.labels import TEXTS
from lianying.notices.models import Letter, Notice, NoticeText
from lianying.rules.notices import NoticeChannel, NoticeKind


def channel_of(contact: Contact | None) -> NoticeChannel | None:
    """How a resident is told; None where they left no number or will not be rung: the progress page has to do."""
    if contact is None or not contact.phone_index:
        return None
    if settings.ENV["SMS_URL"]:
        return NoticeChannel.SMS
    return NoticeChannel.CALL if contact.may_be_called else None


def link(path: str) -> str:
    """A page's whole address, for a letter; '' where the operator has not said where the site is reached."""
    site_url = settings.ENV["SITE_URL"].rstrip("/")
    return f"{site_url}{path}" if site_url else ""


def open_notices(paths: Iterable[str]) -> QuerySet[Notice]:
    """Calls that the desks at `paths` still owe, oldest first."""
    rows = Notice.objects.filter(path__in=list(paths), told_at__isnull=True, dropped_at__isnull=True)
    rows = rows.filter(channel=NoticeChannel.CALL)
    return rows.order_by("made_at", "id")


def open_notices_of(subject: str) -> QuerySet[Notice]:
    return Notice.objects.filter(subject=subject, told_at__isnull=True, dropped_at__isnull=True).order_by("id")


def failed() -> QuerySet[Notice]:
    """Messages that were given up, the newest first; most became calls."""
    return Notice.objects.exclude(error="").order_by("-made_at", "-id")


def failed_letters() -> QuerySet[Letter]:
    """Letters to the staff that were given up, the newest first."""
    return Letter.objects.exclude(error="").select_related("user").order_by("-made_at", "-id")


def text_of(kind: NoticeKind) -> str:
    """The operator's text, else ours; with its placeholders."""
    own = NoticeText.objects.filter(kind=kind.value).values_list("text", flat=True).first()
    return own or str(TEXTS[kind])
