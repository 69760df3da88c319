from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.common.sealing import Sealed
from lianying.households import labels


class Contact(Sealed):
    """How a resident can be reached (联系人)."""

    SEALED = ("name", "phone", "address")

    name_sealed = models.TextField(_("name, sealed"), blank=True)
    phone_sealed = models.TextField(_("telephone, sealed"), blank=True)
    address_sealed = models.TextField(_("address, sealed"), blank=True)
    phone_index = models.CharField(_("telephone, to search by"), max_length=64, blank=True)
    may_be_called = models.BooleanField(_("may be called"), default=True)
    created_at = models.DateTimeField(_("written down"))

    class Meta:
        # Earlier requests of a number, while the telephone is still ringing.
        indexes = [models.Index(fields=["phone_index"], name="contact_phone")]

    def __str__(self) -> str:
        return str(self.uuid)


class Household(Sealed):
    """A home that officials look after (住户): where it lies, how it is called, and how hard it has it.

    The person who speaks for it is its contact. Called ("周大爷家") and needs ("腿脚不便") are ciphertext. There is no
    identity number, and nothing that marks whoever complained.
    """

    SEALED = ("called", "needs")

    place = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="households", verbose_name=_("place"))
    # Of the register from which it was brought in, unique in the place; '' where somebody wrote it down by hand.
    number = models.CharField(_("household number"), max_length=16, blank=True)
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="household")
    called_sealed = models.TextField(_("what one calls it, sealed"))
    needs_sealed = models.TextField(_("what it needs, sealed"), blank=True)
    # In which order one comes to the doors.
    walk = models.PositiveIntegerField(_("order on the way"), default=0)
    hardship = models.PositiveSmallIntegerField(_("hardship"), choices=labels.hardship_choices, default=0)
    hardship_source = models.CharField(_("where the hardship is written"), max_length=120, blank=True)
    hardship_on = models.DateField(_("hardship confirmed on"), null=True, blank=True)
    # What one person says and another has to confirm.
    proposed = models.PositiveSmallIntegerField(choices=labels.hardship_choices, null=True, blank=True)
    proposed_source = models.CharField(max_length=120, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(_("wants no visits since"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for visits"), null=True, blank=True)
    # Nobody lives there any more, or elsewhere; what was done for it stays.
    gone_on = models.DateField(_("moved away on"), null=True, blank=True)
    made_at = models.DateTimeField(_("written down"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="household_proposal_has_author",
                condition=Q(proposed__isnull=True, proposed_by__isnull=True)
                | Q(proposed__isnull=False, proposed_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["place", "number"], name="household_number", condition=~Q(number="")),
        ]
        indexes = [
            # Whom to go to next: hardship first, then as one walks.
            models.Index(fields=["place", "-hardship", "walk", "id"], name="household_walk"),
            # What waits for a second person.
            models.Index(fields=["place", "id"], name="household_proposed", condition=Q(proposed__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Opening(models.Model):
    """One full look at a contact (查看记录): who, for which request or household, and why."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="openings", verbose_name=_("contact"))
    subject = models.CharField(_("request"), max_length=48)
    reason = models.CharField(_("reason"), max_length=16, choices=labels.open_reason_choices)
    note = models.TextField(_("note"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="openings", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        # Who looked at the people of a request.
        indexes = [
            models.Index(fields=["subject", "at"], name="opening_subject"),
            # The log of looks, of all and of one member of the staff.
            models.Index(fields=["-at", "-id"], name="opening_newest"),
            models.Index(fields=["user", "-at", "-id"], name="opening_user"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.reason} {self.at:%Y-%m-%d %H:%M}"
