import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.notices import labels
from lianying.rules.notices import GIVEN_UP_AFTER


class Outgoing(models.Model):
    """What the worker hands over at `next_at`, None where nothing is to be sent any more.

    While `sending_at` stands it is being handed over, and whoever finds it later cannot know whether it was. The uuid
    is the message's id at the receiver.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("tried next"), null=True, blank=True)
    sending_at = models.DateTimeField(_("being sent since"), null=True, blank=True)
    error = models.CharField(_("why it was not sent"), max_length=12, choices=labels.delivery_choices, blank=True)

    #: For so long it is tried again.
    given_up_after: ClassVar[timedelta] = GIVEN_UP_AFTER

    class Meta:
        abstract = True

    @property
    def is_known_by_id(self) -> bool:
        """Whether the receiver takes it only once, however often it comes."""
        return False


class Notice(Outgoing):
    """A message owed to a resident (告知), written with the change it tells of.

    A call is made by the desk, a text message is sent by the gateway. error: why a message became a call.
    """

    subject = models.CharField(_("number of the request"), max_length=24)
    path = models.CharField(_("path of the desk that rings"), max_length=26)
    contact = models.ForeignKey("households.Contact", models.PROTECT, related_name="notices")
    kind = models.CharField(_("what is told"), max_length=20, choices=labels.notice_kind_choices)
    channel = models.CharField(_("channel"), max_length=8, choices=labels.notice_channel_choices, default="call")
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
            # What the worker sends, and what it could not.
            models.Index(fields=["next_at"], name="notice_to_send", condition=Q(next_at__isnull=False)),
            models.Index(fields=["-made_at", "-id"], name="notice_failed", condition=~Q(error="")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"

    @property
    def is_known_by_id(self) -> bool:
        return bool(settings.ENV["SMS_IDEMPOTENT"])


class Letter(Outgoing):
    """A letter by e-mail to a member of the staff (邮件): numbers, counts and links, never words of a request.

    No mail server promises to show a letter of the same Message-ID only once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="letters")
    kind = models.CharField(_("what it is about"), max_length=20, choices=labels.staff_kind_choices)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="letter_to_send", condition=Q(next_at__isnull=False)),
            models.Index(fields=["-made_at", "-id"], name="letter_failed", condition=~Q(error="")),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.kind}"


class NoticeText(models.Model):
    """What is sent of one kind, where the operator has written another text than ours (短信文本)."""

    kind = models.CharField(max_length=20, choices=labels.notice_kind_choices, primary_key=True)
    text = models.CharField(_("text"), max_length=300)

    def __str__(self) -> str:
        return self.kind
