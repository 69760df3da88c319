import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.rules.quotas import OF_UNITS
from lianying.rules.visits import VisitKind
from lianying.visits import labels


class Link(models.Model):
    """Who looks after whom from one day to another (联系): a unit a village or community, a person a household.

    Both days are included. user is None where the whole unit owes it; place is where the household lives.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.link_kind_choices)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="links", verbose_name=_("unit"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="links")
    place = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="linked", verbose_name=_("place"))
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("household")
    )
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_ends_after_start", condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on"))
            ),
            models.CheckConstraint(
                name="link_of_its_kind",
                condition=Q(kind__in=sorted(OF_UNITS), user__isnull=True, household__isnull=True)
                | (~Q(kind__in=sorted(OF_UNITS)) & Q(user__isnull=False, household__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["unit", "place"],
                name="link_unit_once",
                condition=Q(user__isnull=True, to_on__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user", "household"],
                name="link_user_once",
                condition=Q(user__isnull=False, to_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class Obligation(models.Model):
    """What a link owes in one term of the calendar (应走访). `done` is recounted from the visits, never added to.

    base: what the rule asked for a whole term when this one began;  required: of it, for the days of the link.
    """

    link = models.ForeignKey(Link, models.CASCADE, related_name="obligations")
    # That of the link, which never changes: what a unit owes is summed up from one index.
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    base = models.PositiveSmallIntegerField()
    required = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "starts_on"], name="obligation_once")]
        indexes = [models.Index(fields=["unit", "ends_on", "starts_on", "required", "done"], name="obligation_unit")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.starts_on}"


class Checklist(models.Model):
    """What is asked, looked at and left in a home (三必问三必看三必留), as published once; a change is another version.

    questions are the words by part, as `rules.checklists.parse_checklist` reads them. Version 0 is shipped, and no row.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    questions = models.JSONField()
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.version)


class Visit(models.Model):
    """One visit as it was written down (走访). It is never refused and never changed: a correction replaces it.

    uuid is made by whoever writes it, offline too;  uncounted says why it does not count, '' where it does;
    answers are those to the checklist of that version, by the key of the question.
    """

    uuid = models.UUIDField(unique=True)
    link = models.ForeignKey(Link, models.PROTECT, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("visitor"))
    on = models.DateField(_("day"))
    kind = models.CharField(_("how"), max_length=8, choices=labels.visit_kind_choices, default=VisitKind.ORDINARY.value)
    companions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who came along"))
    note = models.TextField(_("what was seen and said"), blank=True)
    checklist = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    replaced_on = models.DateField(null=True, blank=True)
    uncounted = models.CharField(max_length=12, choices=labels.uncounted_choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_replaced_on_a_day",
                condition=Q(replaced_by__isnull=True, replaced_on__isnull=True)
                | Q(replaced_by__isnull=False, replaced_on__isnull=False),
            )
        ]
        indexes = [
            # The history of a link, the newest first.
            models.Index(fields=["link", "-on", "-id"], name="visit_link"),
            # What was visited in a span, and whether it counts, from the index alone.
            models.Index(fields=["on", "id", "uncounted", "link"], name="visit_day"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class VisitPhoto(models.Model):
    """A photo that a visit announces by the SHA-256 of what is sent (走访照片); blob is empty until it has arrived.

    What is kept is drawn anew, so that the blob has a hash of its own.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    blob = models.ForeignKey("files.Blob", models.PROTECT, null=True, blank=True, related_name="visit_photos")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "visit"], name="visit_photo_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.sha256[:12]}"


class Calendar(models.Model):
    """The secret address at which somebody's calendar asks what is due (日历订阅): of its token the SHA-256 alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"


class Problem(models.Model):
    """What somebody raised on a visit (问题), and what became of it at once or by a request.

    link: whoever looks after it now: it goes along when that of the visit is handed over.
    """

    link = models.ForeignKey(Link, models.PROTECT, related_name="problems")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="problems")
    text = models.TextField(_("words"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=labels.outcome_choices)
    case = models.OneToOneField("cases.Case", models.PROTECT, null=True, blank=True, related_name="found_on")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="problem_request_has_case",
                condition=Q(outcome="request", case__isnull=False) | (~Q(outcome="request") & Q(case__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.outcome}"
