from collections.abc import Iterable

from django.db.models import QuerySet

from lianying.notices.labels import TEXTS
from lianying.notices.models import Notice, NoticeText
from lianying.rules.notices import NoticeChannel, NoticeKind


def open_notices(paths: Iterable[str]) -> QuerySet[Notice]:
    """Calls that the desks at `paths` still owe, oldest first."""
    rows = Notice.objects.filter(path__in=list(paths), told_at__isnull=True, dropped_at__isnull=True)
    rows = rows.filter(channel=NoticeChannel.CALL)
    return rows.order_by("made_at", "id")


def open_notices_of(subject: str) -> QuerySet[Notice]:
    return Notice.objects.filter(subject=subject, told_at__isnull=True, dropped_at__isnull=True).order_by("id")


def failed() -> QuerySet[Notice]:
    """Messages that became calls, the newest first."""
    return Notice.objects.exclude(error="").order_by("-made_at", "-id")


def text_of(kind: NoticeKind) -> str:
    """The operator's text, else ours; with its placeholders."""
    own = NoticeText.objects.filter(kind=kind.value).values_list("text", flat=True).first()
    return own or str(TEXTS[kind])
