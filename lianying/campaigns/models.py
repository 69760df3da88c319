import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianying.orgs.kinds import UnitKind

#: Where one goes; a grid is part of its village.
GOES_TO = frozenset({UnitKind.VILLAGE, UnitKind.COMMUNITY})
#: Of a proposal that somebody still has to see to.
WAITS = Q(done_on__isnull=True, dropped_at__isnull=True)


class Campaign(models.Model):
    """Units that go to certain places within a span of days (大走访). Which visits belong to it is derived.

    Both days are included;  places: villages and communities;  opening, found, ahead: of its report, '' while drafted
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=60)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="campaigns", verbose_name=_("who holds it"))
    units = models.ManyToManyField("orgs.Unit", related_name="+", verbose_name=_("units that take part"))
    places = models.ManyToManyField("orgs.Unit", related_name="+", verbose_name=_("places to go to"))
    opening = models.TextField(_("how it was done"), blank=True)
    found = models.TextField(_("what was found"), blank=True)
    ahead = models.TextField(_("what comes next"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("written down"))
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(_("why it was ended"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_start", condition=Q(to_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="campaign_ends_for_a_reason",
                condition=Q(ended_on__isnull=True, ended_why="") | (Q(ended_on__isnull=False) & ~Q(ended_why="")),
            ),
        ]
        # The list of campaigns, the newest first.
        indexes = [models.Index(fields=["-from_on", "-id"], name="campaign_list")]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """What a report proposes that a unit do until a day (建议), and what came of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="proposals")
    words = models.CharField(_("proposal"), max_length=200)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("who sees to it"))
    due_on = models.DateField(_("until"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    told = models.CharField(_("what was done"), max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_done_is_told",
                condition=Q(done_on__isnull=True, told="") | (Q(done_on__isnull=False) & ~Q(told="")),
            )
        ]
        # What waits, the first due first; and what waits for a unit.
        indexes = [
            models.Index(fields=["due_on", "id"], name="proposal_due", condition=WAITS),
            models.Index(fields=["unit", "due_on"], name="proposal_of_unit", condition=WAITS),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.due_on}"
