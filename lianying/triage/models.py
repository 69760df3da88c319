from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """What was learned from the county's decisions at a moment (模型版本); one is in use, the file holds the weights.

    accuracy    part of the held-out requests whose category was proposed rightly, 0 to 1; unit_accuracy: whose unit was
    """

    name = models.CharField(_("version"), max_length=40, unique=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))
    source = models.CharField(_("learned from"), max_length=80, blank=True)
    rows = models.PositiveIntegerField(_("decisions"))
    accuracy = models.FloatField(_("accuracy, category"))
    unit_accuracy = models.FloatField(_("accuracy, unit"), null=True)
    active = models.BooleanField(_("in use"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["active"], name="triage_one_active", condition=Q(active=True))]
        indexes = [models.Index(fields=["-made_at"], name="triage_made")]

    def __str__(self) -> str:
        return self.name


class Signature(models.Model):
    """A number that requests about one matter share (相似标记); of open requests and of released answers alone.

    subject    the id of the request in `cases`, which stands above this floor;  answer: of its public version
    """

    pk = models.CompositePrimaryKey("bucket", "subject")
    bucket = models.BigIntegerField()
    subject = models.BigIntegerField()
    answer = models.BooleanField(default=False)

    class Meta:
        # Newest of a bucket by the key; all of a request, to remove them.
        indexes = [models.Index(fields=["subject"], name="triage_subject")]

    def __str__(self) -> str:
        return f"{self.bucket} {self.subject}"
