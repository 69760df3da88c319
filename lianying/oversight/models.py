import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.oversight import labels

STANDS = Q(ended_at__isnull=True)


class Finding(models.Model):
    """A ground for supervision that the worker found in a request (督办线索); settled when it no longer holds."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="findings")
    ground = models.CharField(_("ground"), max_length=12, choices=labels.ground_choices)
    found_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "ground"], name="finding_once", condition=Q(settled_at__isnull=True)
            )
        ]
        # What waits on the page of supervision, by ground.
        indexes = [models.Index(fields=["ground", "case"], name="finding_open", condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ground}"


class Circular(models.Model):
    """A letter to all units about supervised requests (通报), numbered within its year without a gap."""

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("words"))
    by = models.ForeignKey("orgs.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("made"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="circular_number_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"


class Step(models.Model):
    """One step of the ladder, or a leader's note, and what became of the unit's answer (督办措施).

    Its words and those of the answer are entries of the case, so that they go where the case's words go. From
    supervision on a step has a number of its own. ended_at: decided, overtaken by the next step, or the request ended.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="supervision")
    measure = models.CharField(_("measure"), max_length=12, choices=labels.measure_choices)
    ground = models.CharField(_("ground"), max_length=12, choices=labels.ground_choices)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    circular = models.ForeignKey(Circular, models.PROTECT, null=True, blank=True, related_name="steps")
    by = models.ForeignKey("orgs.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("taken"))
    due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    accepted = models.BooleanField(_("answer accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="step_number_once", condition=Q(number__isnull=False)
            )
        ]
        indexes = [
            # What units owe, and what waits for a decision.
            models.Index(fields=["due_at", "case"], name="step_owed", condition=STANDS & Q(answered_at__isnull=True)),
            models.Index(
                fields=["answered_at", "case"], name="step_answered", condition=STANDS & Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.measure}"
