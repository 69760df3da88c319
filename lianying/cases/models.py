import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianying.cases import labels
from lianying.orgs.paths import LENGTH, LEVELS, level_field
from lianying.rules.entries import EntryKind, HoldingRole, ProposalKind
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.lifecycle import OPEN, Move, State

#: Every end sets `closed_at`. Said by NULL and not by a list of states, since SQLite uses a partial index only where
#: it can see, before any value is bound, that the query stays inside it.
IS_OPEN = Q(closed_at__isnull=True)


#: What the figures of a month look at.
FIGURES = (
    "state",
    "ending",
    "channel",
    "due_at",
    "answered_at",
    "answered_late",
    "answered_at_once",
    "solved",
    "satisfaction",
    "category",
)


#: What narrows a list. It lies in the indexes of the lists: what does not fit is passed by without being read.
NARROWS = ("kind", "urgency", "category", "handler", "received_at", "accused_path")


def _level_indexes() -> list[models.Index]:
    """For each level of the tree: the open ones by what is due next, also by state, and the ended ones by their end."""
    indexes: list[models.Index] = []
    for level in range(1, LEVELS + 1):
        own = f"level_{level}"
        due = models.Index(
            fields=[own, "stage_due_at", "id", "state", *NARROWS], name=f"case_open_{level}", condition=IS_OPEN
        )
        state = models.Index(
            fields=[own, "state", "stage_due_at", "id", *NARROWS], name=f"case_state_{level}", condition=IS_OPEN
        )
        ended = models.Index(
            fields=[own, "-closed_at", "-id", *NARROWS],
            name=f"case_ended_{level}",
            condition=Q(closed_at__isnull=False),
        )
        indexes += [due, state, ended]
    return indexes


class Case(models.Model):
    """A resident's request (诉求), from hearing to evaluation.

    `path` repeats the path of the open lead holding and `accused_path` that of the accused unit, so that lists run on
    one table; `version` and `head` are the
    number and the hash of the last event of the case, so that a move needs no look into the ledger.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_id = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    ref = models.CharField(_("number"), max_length=24, unique=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)

    channel = models.CharField(_("channel"), max_length=12, choices=labels.channel_choices, default=Channel.WEB.value)
    kind = models.CharField(_("kind"), max_length=12, choices=labels.kind_choices, default=CaseKind.OTHER.value)
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=labels.urgency_choices, default=Urgency.ORDINARY.value
    )
    category = models.CharField(_("category"), max_length=8, blank=True)
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("words"))
    address = models.CharField(_("place"), max_length=200, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lng = models.FloatField(_("longitude"), null=True, blank=True)
    contact = models.ForeignKey("households.Contact", models.SET_NULL, null=True, blank=True, related_name="cases")
    may_publish = models.BooleanField(_("may be published"), default=False)
    accused = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    accused_path = models.CharField(max_length=LENGTH, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=labels.state_choices, default=State.HEARD.value)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="cases")
    path = models.CharField(max_length=LENGTH)
    level_1 = level_field(1)
    level_2 = level_field(2)
    level_3 = level_field(3)
    level_4 = level_field(4)
    level_5 = level_field(5)
    handler = models.ForeignKey("orgs.User", models.PROTECT, null=True, blank=True, related_name="+")
    main = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    received_at = models.DateTimeField(_("received"))
    stage_at = models.DateTimeField(_("in this state since"))
    stage_due_at = models.DateTimeField(_("next step due"), null=True, blank=True)
    due_at = models.DateTimeField(_("promised by"), null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    promise = models.JSONField(default=dict, blank=True)
    clock_from = models.DateTimeField(_("promise counted from"), null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(default=0)

    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_late = models.BooleanField(default=False)
    answered_at_once = models.BooleanField(default=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=labels.outcome_choices, blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(_("ending"), max_length=12, choices=labels.ending_choices, blank=True)
    solved = models.CharField(_("solved?"), max_length=8, choices=labels.solved_choices, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    reworks = models.PositiveSmallIntegerField(default=0)
    asks = models.PositiveSmallIntegerField(default=0)
    objected = models.BooleanField(default=False)
    reopened_by_resident = models.BooleanField(default=False)

    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    source = models.CharField(_("imported from"), max_length=60, blank=True)
    source_id = models.CharField(_("number there"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="case_source_once", condition=~Q(source="")),
            models.CheckConstraint(
                name="case_running_has_promise",
                condition=~Q(state__in=["assigned", "handling", "disputed"]) | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_ended_has_time",
                condition=Q(state__in=sorted(OPEN), closed_at__isnull=True)
                | (~Q(state__in=sorted(OPEN)) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_rating_1_to_5", condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5))
            ),
            models.CheckConstraint(
                name="case_accused_has_path",
                condition=Q(accused__isnull=True, accused_path="") | (Q(accused__isnull=False) & ~Q(accused_path="")),
            ),
            models.CheckConstraint(name="case_not_its_own_main", condition=Q(main__isnull=True) | ~Q(main=F("id"))),
        ]
        indexes = [
            *_level_indexes(),
            # What comes due to be erased, the longest ended first.
            models.Index(
                fields=["closed_at", "id"],
                name="case_to_erase",
                condition=Q(closed_at__isnull=False, erased_at__isnull=True),
            ),
            models.Index(fields=["-erased_at", "-id"], name="case_erased", condition=Q(erased_at__isnull=False)),
            # The month's figures, from the index alone.
            models.Index(fields=["received_at", *FIGURES, "id"], name="case_figures"),
            # The few that were rated and are still open wait for a supervisor.
            models.Index(
                fields=["state", "stage_due_at", "id"],
                name="case_rated",
                condition=IS_OPEN & Q(satisfaction__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class Holding(models.Model):
    """Who holds a case, in which role, from when to when (承办).

    An assisting unit answers to the lead until `due_at`; `answered_at` is its first note.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="holdings")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    path = models.CharField(max_length=LENGTH)
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in HoldingRole])
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    disputed = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="holding_one_lead", condition=Q(role="lead", to_at__isnull=True)
            ),
        ]
        indexes = [
            # What a unit assists with, and whether it ever held a case.
            models.Index(fields=["unit", "role", "case"], name="holding_unit", condition=Q(to_at__isnull=True)),
            # The few whose unit said that it is not its duty.
            models.Index(fields=["case"], name="holding_disputed", condition=Q(disputed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role} {self.path}"


class Entry(models.Model):
    """Words of a case (经过的话): what was asked, answered, noted. They can be erased; the event stays."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in EntryKind])
    event_seq = models.PositiveIntegerField()
    text = models.TextField(_("words"))
    author = models.ForeignKey("orgs.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Attachment(models.Model):
    """A photo or document of a case (照片): the blob is shared by content, who may see it is decided here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    event_seq = models.PositiveIntegerField()
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    inner = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.uuid}"


class Pause(models.Model):
    """Time in which the resident was asked and the promise stood still (暂停)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="pause_one_open", condition=Q(replied_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.asked_at}"


class Proposal(models.Model):
    """More time, an end or an answer, that one person proposes and another decides (延期申请、终止申请、答复送审).

    days    more time alone has;  outcome, planned_on: of an answer
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ProposalKind])
    days = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=labels.outcome_choices, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("orgs.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], name="proposal_one_open", condition=Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class PetitionStep(models.Model):
    """A step that the petition office took, as the desk records it (信访办理步骤); its words are entries of the case.

    on: the day of the letter;  number: the letter's;  days: that the step adds to the term
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="petition_steps")
    step = models.CharField(_("step"), max_length=12, choices=labels.petition_step_choices)
    on = models.DateField(_("day"))
    number = models.CharField(_("number of the letter"), max_length=40, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField(_("days added"), default=0)
    by = models.ForeignKey("orgs.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class Attempt(models.Model):
    """One time that the resident was rung (回访记录)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attempts")
    result = models.CharField(max_length=12, choices=labels.call_result_choices)
    user = models.ForeignKey("orgs.User", models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="attempt_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.on} {self.result}"


class Timer(models.Model):
    """A move that the worker makes when its time comes, unless the case has gone on (定时)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="timers")
    move = models.CharField(max_length=20, choices=[(move.value, move.value) for move in Move])
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "move"], name="timer_once")]
        indexes = [models.Index(fields=["at"], name="timer_at")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.move}"


class SearchText(models.Model):
    """What a case can be found by (检索文本): the pairs of characters of its words, its places in the tree, its age.

    The database keeps an index of its own kind beside it (see the migration), through which `common.db` looks.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="search_text")
    grams = models.TextField()

    def __str__(self) -> str:
        return str(self.case_id)


class Reading(models.Model):
    """Who has a case open (在看), and what they have typed and not sent yet (草稿)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readings")
    user = models.ForeignKey("orgs.User", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    form = models.CharField(max_length=20, blank=True)
    typed = models.JSONField(default=dict, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="reading_once")]
        # What nobody came back to is swept away.
        indexes = [models.Index(fields=["seen_at"], name="reading_seen")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class StandardAnswer(models.Model):
    """Words for what is asked again and again (标准答复): a unit vouches for them until a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("words"))
    expires_on = models.DateField(_("true until"))
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey("orgs.User", models.PROTECT, related_name="+")

    class Meta:
        # What a unit offers, by title.
        indexes = [models.Index(fields=["unit", "title", "id"], name="standard_unit")]

    def __str__(self) -> str:
        return self.title


class PublicVersion(models.Model):
    """Question and answer as the public board shows them (公开版本), masked, released by a clerk, withdrawable."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="public_version")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=60)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    category = models.CharField(_("category"), max_length=8, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    released_at = models.DateTimeField(_("released"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        # The board and its feed, newest first.
        indexes = [
            models.Index(fields=["-released_at", "-id"], name="public_released", condition=Q(withdrawn_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title


class SavedFilter(models.Model):
    """A list as one person wants to see it again (常用筛选): its name, and its address without the page."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("orgs.User", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=20)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """Which columns one person's list shows (显示列), by their names, separated by blanks."""

    user = models.OneToOneField("orgs.User", models.CASCADE, primary_key=True, related_name="+")
    names = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.names
