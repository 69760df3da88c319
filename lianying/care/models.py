from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.care import labels
from lianying.common.sealing import Sealed
from lianying.rules.care import OPEN, UNDECIDED

IS_OPEN = Q(ended_on__isnull=True)


class Care(Sealed):
    """A household that may fall back into poverty (防返贫监测户), from the clue to the exit.

    place is where it lived when the clue was noted. due_on is the day of what waits next, None at the end; decide_by
    that of the decision, which nothing moves. checker: who checks, then who wrote what waits for a decision. Erased,
    the record is nobody's: the household is None and no word is left.
    """

    SEALED = ("risk",)

    household = models.ForeignKey("households.Household", models.PROTECT, null=True, blank=True, related_name="care")
    place = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("place"))
    stage = models.CharField(_("stage"), max_length=12, choices=labels.stage_choices)
    source = models.CharField(_("where the clue comes from"), max_length=8, choices=labels.source_choices)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    risk_sealed = models.TextField(_("risk, sealed"), blank=True)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    clue_on = models.DateField(_("day of the clue"))
    decide_by = models.DateField(_("to be decided by"))
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    # Number and hash of the last event, as of a case.
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household"], name="care_once", condition=IS_OPEN),
            models.CheckConstraint(
                name="care_open_is_due",
                condition=Q(stage__in=sorted(OPEN), due_on__isnull=False, ended_on__isnull=True)
                | (~Q(stage__in=sorted(OPEN)) & Q(due_on__isnull=True, ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="care_decided_on_a_day",
                condition=Q(stage__in=sorted(UNDECIDED), decided_on__isnull=True)
                | (~Q(stage__in=sorted(UNDECIDED)) & Q(decided_on__isnull=False)),
            ),
        ]
        indexes = [
            # What waits first, and what has ended.
            models.Index(fields=["due_on", "id"], name="care_due", condition=IS_OPEN),
            models.Index(fields=["-ended_on", "-id"], name="care_ended", condition=~IS_OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.stage}"


class Measure(Sealed):
    """What somebody does for a household under care (帮扶措施), until a day. user: one person of the unit, if named.

    case: the request that carries it to an office. It ends done, or because it is not needed any more.
    """

    SEALED = ("text",)

    care = models.ForeignKey(Care, models.CASCADE, related_name="measures")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("who does it"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    text_sealed = models.TextField(_("words, sealed"), blank=True)
    due_on = models.DateField(_("until"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    is_done = models.BooleanField(_("done"), default=False)
    case = models.OneToOneField("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="measure_done_has_ended", condition=Q(is_done=False) | ~IS_OPEN),
        ]
        # What units have in hand, the first due first.
        indexes = [models.Index(fields=["due_on", "id"], name="measure_due", condition=IS_OPEN)]

    def __str__(self) -> str:
        return f"{self.care_id} {self.due_on}"


class Entry(Sealed):
    """One step of a record, with what was written of it (记录). reason: of a refusal or an exit."""

    SEALED = ("text",)

    care = models.ForeignKey(Care, models.CASCADE, related_name="entries")
    move = models.CharField(_("step"), max_length=12, choices=labels.move_choices)
    reason = models.CharField(_("reason"), max_length=12, choices=labels.reason_choices, blank=True)
    measure = models.ForeignKey(Measure, models.CASCADE, null=True, blank=True, related_name="+")
    text_sealed = models.TextField(_("words, sealed"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    def __str__(self) -> str:
        return f"{self.care_id} {self.move}"


class Publicity(models.Model):
    """A line of the public list (公示): for so many days, both included, unless somebody takes it off."""

    care = models.ForeignKey(Care, models.CASCADE, related_name="publicity")
    what = models.CharField(_("what it says"), max_length=8, choices=labels.shown_choices)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(_("taken off"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["care", "what"], name="publicity_once", condition=Q(withdrawn_at__isnull=True)
            )
        ]
        # What stands on the list today.
        indexes = [models.Index(fields=["until_on"], name="publicity_now", condition=Q(withdrawn_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.care_id} {self.what} {self.until_on}"
