from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened (事件): codes and ids, never names or free text, chained by hash to the one before."""

    stream = models.CharField(_("stream"), max_length=48)
    seq = models.PositiveIntegerField(_("number in the stream"))
    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))
    actor = models.CharField(_("by"), max_length=24)
    data = models.JSONField(_("facts"), default=dict)
    previous = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        # The chain itself, and the timeline of a case.
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_stream_seq")]
        # The day's root reads what was recorded between two midnights.
        indexes = [models.Index(fields=["recorded_at", "stream", "seq"], name="event_recorded")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class DayRoot(models.Model):
    """The published hash over all events of a day (日根), chained to the day before."""

    day = models.DateField(_("day"), unique=True)
    events = models.PositiveIntegerField(_("events"))
    previous = models.CharField(_("root before"), max_length=64)
    root = models.CharField(_("root"), max_length=64)
    until = models.DateTimeField(_("events recorded before"))
    made_at = models.DateTimeField(_("made"))

    def __str__(self) -> str:
        return f"{self.day} {self.root[:12]}"
