import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.common.sealing import Sealed
from lianying.exchange import labels
from lianying.notices.models import Outgoing


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


class Endpoint(Sealed):
    """Another system's address for Open311 (对方平台), our key there sealed.

    url         up to before '/requests.json'
    services    what it takes in: pairs of code and name, as it said when it was last asked
    takes_once  it knows a request again by `client_request_id`, so that it may be sent twice
    client      the key by which the same system puts requests in here
    """

    SEALED: ClassVar[tuple[str, ...]] = ("key",)

    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("address"), max_length=200)
    key_sealed = models.TextField(blank=True)
    jurisdiction = models.CharField(max_length=100, blank=True)
    takes_once = models.BooleanField(_("knows a request again"), default=False)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("their key here")
    )
    services = models.JSONField(_("services"), default=list)
    made_at = models.DateTimeField(_("made"))
    asked_at = models.DateTimeField(_("asked what it takes in"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="endpoint_newest")]

    def __str__(self) -> str:
        return self.name


class Referral(Outgoing):
    """A request that is handed to another system beside our own work (转出), and what became of it there.

    The words that go are those of the event in the case's story, and go with it when they are erased.

    request_id  their number, '' until they said it;  token: what they gave in its place at first
    said        how it stood there when they were last asked
    follow_at   when they are asked next how it stands, None where nothing more will come
    """

    given_up_after: ClassVar[timedelta] = timedelta(days=7)

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="referrals")
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="referrals")
    service_code = models.CharField(_("service"), max_length=60)
    event_seq = models.PositiveIntegerField()
    with_place = models.BooleanField(_("with the place"), default=True)
    request_id = models.CharField(_("number there"), max_length=100, blank=True)
    token = models.CharField(max_length=100, blank=True)
    status = models.CharField(_("status there"), max_length=32, choices=labels.update_choices, blank=True)
    said = models.CharField(max_length=200, blank=True)
    follow_at = models.DateTimeField(_("asked next"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended there"), null=True, blank=True)

    class Meta:
        constraints = [
            # Once at a time to one system; after it ended there it may go again.
            models.UniqueConstraint(
                fields=["case", "endpoint"], name="referral_once", condition=Q(error="", ended_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="referral_to_send", condition=Q(next_at__isnull=False)),
            models.Index(fields=["follow_at"], name="referral_to_follow", condition=Q(follow_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.endpoint_id}"

    @property
    def is_known_by_id(self) -> bool:
        return self.endpoint.takes_once


class ReferralUpdate(models.Model):
    """What the other system said of a referral (对方进展), once; its words are in the story of the case."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="updates")
    update_id = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=32, choices=labels.update_choices)
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "update_id"], name="referral_update_once")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.update_id}"
