"""The one place where the program reads the time. Rules and actions are given it."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()
