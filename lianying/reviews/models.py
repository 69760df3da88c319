import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.reviews import labels

STANDS = Q(ended_at__isnull=True)


class Result(models.Model):
    """A result (六到) that no other row tells of (成效登记): entered by the unit, with where it is written.

    It is never changed: a correction takes its place, and one that was entered in error is taken back with a reason.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=labels.result_kind_choices)
    detail = models.CharField(_("what it is"), max_length=16, choices=labels.detail_choices, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    place = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("place"))
    on = models.DateField(_("day"))
    text = models.CharField(_("words"), max_length=200)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="results")
    source = models.CharField(_("where it is written"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(_("why it was taken back"), max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="result_has_evidence",
                condition=Q(case__isnull=False) | ~Q(source=""),
            ),
            # One that was corrected says why by the one that took its place.
            models.CheckConstraint(
                name="result_reason_is_an_end", condition=Q(ended_at__isnull=False) | Q(ended_why="")
            ),
            # One request is one result.
            models.UniqueConstraint(fields=["case"], name="result_of_case_once", condition=STANDS),
        ]
        # What counts of a kind in a span, the newest first.
        indexes = [models.Index(fields=["kind", "-on", "-id"], name="result_counted", condition=STANDS)]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class Programme(models.Model):
    """What a place calls one of the five lines (五红行动), in the words of its own document."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=20)
    purpose = models.CharField(_("what it is for"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Goal(models.Model):
    """What a unit is to reach in a year under a line of the programme (目标). How far it is, is counted anew each time.

    line: a code of `reference.programme_lines`;  noun: what is counted ("户"), '' where the words say it
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    line = models.CharField(_("line"), max_length=16)
    field = models.CharField(_("field"), max_length=16, choices=labels.field_choices)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="goals", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    words = models.CharField(_("goal"), max_length=120)
    counting = models.CharField(_("how it is counted"), max_length=8, choices=labels.counting_choices)
    target = models.PositiveIntegerField(_("how many"))
    noun = models.CharField(_("of what"), max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("set"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(_("why it was given up"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="goal_has_target", condition=Q(target__gte=1)),
            models.CheckConstraint(
                name="goal_ends_for_a_reason",
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
            ),
        ]
        # A line of a year, in the order in which its goals were set.
        indexes = [models.Index(fields=["year", "line", "id"], name="goal_line", condition=STANDS)]

    def __str__(self) -> str:
        return f"{self.line} {self.uuid}"


class Task(models.Model):
    """A step towards a goal (任务): which unit takes it, until when, and where it is written that it is done."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="tasks")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    words = models.CharField(_("task"), max_length=120)
    due_on = models.DateField(_("until"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.CharField(_("where it is written"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_done_has_evidence",
                condition=Q(done_on__isnull=True, evidence="") | (Q(done_on__isnull=False) & ~Q(evidence="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.uuid}"


class Figure(models.Model):
    """How far a goal is, as somebody read it where it is written (进度数). The next one takes its place; all are kept.

    on: the day of which it tells;  one of a goal stands
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="figures")
    value = models.PositiveIntegerField(_("figure"))
    on = models.DateField(_("as of"))
    source = models.CharField(_("where it is written"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal"], name="figure_one_stands", condition=STANDS)]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.value}"


class GoalRow(models.Model):
    """A row that is counted towards a goal (关联记录): an entered result, a visit or a request."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="rows")
    result = models.ForeignKey(Result, models.PROTECT, null=True, blank=True, related_name="goal_rows")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("linked"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="goal_row_of_one_thing",
                condition=Q(result__isnull=False, visit__isnull=True, case__isnull=True)
                | Q(result__isnull=True, visit__isnull=False, case__isnull=True)
                | Q(result__isnull=True, visit__isnull=True, case__isnull=False),
            ),
            models.UniqueConstraint(fields=["goal", "result"], name="goal_row_result_once"),
            models.UniqueConstraint(fields=["goal", "visit"], name="goal_row_visit_once"),
            models.UniqueConstraint(fields=["goal", "case"], name="goal_row_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.result_id or self.visit_id or self.case_id}"
