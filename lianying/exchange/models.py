import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.exchange import labels


class Client(models.Model):
    """A program that may put requests in (接入方): of its key the SHA-256 alone.

    unit    whom it speaks for: the desk that serves it hears what comes
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    digest = models.CharField(max_length=64, unique=True)
    per_hour = models.PositiveIntegerField(_("calls an hour"), default=600)
    made_at = models.DateTimeField(_("made"))
    ended_at = models.DateTimeField(_("key ended"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="client_newest")]

    def __str__(self) -> str:
        return self.name


class Use(models.Model):
    """How often a client called on one day (调用记录), and how often it was refused."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="uses")
    on = models.DateField(_("day"))
    call = models.CharField(_("call"), max_length=8, choices=labels.call_choices)
    count = models.PositiveIntegerField(_("calls"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "on", "call"], name="use_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.on} {self.call}"


class Posted(models.Model):
    """A request that a client put in (外部提交), and what the client calls it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="posted")
    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="posted")
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_id", "client"], name="posted_once", condition=~Q(request_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.case_id}"


class Told(models.Model):
    """An update that a client sent of a request (外部进展); its words are a note of the case."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="told")
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="told")
    update_id = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=32, choices=labels.update_choices)
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "update_id"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.update_id}"
