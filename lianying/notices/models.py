import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.notices import labels


class Notice(models.Model):
    """A message owed to a resident (告知), written with the change it tells of.

    Until a message channel exists each one is a call that the desk makes: "please ring and tell".
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(_("number of the request"), max_length=24)
    path = models.CharField(_("path of the desk that rings"), max_length=26)
    contact = models.ForeignKey("households.Contact", models.PROTECT, related_name="notices")
    kind = models.CharField(_("what is told"), max_length=20, choices=labels.notice_kind_choices)
    channel = models.CharField(_("channel"), max_length=8, choices=labels.notice_channel_choices, default="call")
    made_at = models.DateTimeField(_("made"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("no longer needed"), null=True, blank=True)

    class Meta:
        # The desk's list of calls to make, oldest first.
        indexes = [
            models.Index(
                fields=["path", "made_at", "id", "kind", "subject"],
                name="notice_open",
                condition=Q(told_at__isnull=True, dropped_at__isnull=True),
            ),
            models.Index(fields=["subject"], name="notice_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"
