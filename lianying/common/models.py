from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """Numbers given one after the other: references of a day, tries of an address in an hour."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    value = models.PositiveIntegerField(_("value"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        indexes = [models.Index("until", name="counter_until", condition=models.Q(until__isnull=False))]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
