from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianying.common.sealing import Sealed
from lianying.orgs import labels
from lianying.orgs.kinds import ImportState, Thing
from lianying.orgs.paths import LENGTH, depth


class Unit(models.Model):
    """An office that can hold a request (单位), or a grid (网格). A town is office and area (区划) at once."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=labels.unit_kind_choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("path"), max_length=LENGTH, unique=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    active = models.BooleanField(_("active"), default=True)
    # Where residents come in person.
    address = models.CharField(_("address"), max_length=120, blank=True)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    services = models.TextField(_("what it does for residents"), blank=True)
    # Of a place: the code under which statistics are kept (统计用区划代码).
    area_code = models.CharField(_("statistic code"), max_length=15, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            # A second root would be a second county: nobody's scope would cover both.
            models.UniqueConstraint(fields=["kind"], name="unit_one_root", condition=Q(parent__isnull=True)),
            models.UniqueConstraint(fields=["area_code"], name="unit_area_code", condition=~Q(area_code="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return depth(self.path)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who works with the system (工作人员)."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("active"), default=True)
    email = models.EmailField(_("e-mail"), blank=True)
    wish = models.CharField(_("what to write of"), max_length=12, choices=labels.staff_wish_choices, default="daily")
    must_change_password = models.BooleanField(_("must set a new password"), default=True)
    made_at = models.DateTimeField(_("made"))

    objects = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role at a unit, held by a person from one day to another (岗位)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=16, choices=labels.role_choices)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_start", condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.unit}"


class Absence(models.Model):
    """Days on which somebody else stands in for a person (代办), both ends included."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="stands_in")
    from_on = models.DateField(_("first day away"))
    to_on = models.DateField(_("last day away"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="absence_ends_after_start", condition=Q(to_on__gte=models.F("from_on"))),
            models.CheckConstraint(name="absence_by_another", condition=~Q(user=models.F("substitute"))),
        ]
        # Whom somebody stands in for today: asked with every page.
        indexes = [models.Index(fields=["substitute", "to_on"], name="absence_substitute")]

    def __str__(self) -> str:
        return f"{self.user} {self.from_on}"


class Duty(models.Model):
    """What a unit answers for in a place (权责清单): a category, there and in all that lies below."""

    category = models.CharField(_("category"), max_length=8)
    place = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duties")
    source = models.CharField(_("where it is written"), max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "place", "unit"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.category} {self.place_id} {self.unit_id}"


class Import(Sealed):
    """A workbook (导入): looked at, then written row by row, and taken back where possible.

    `content`, in base 64, goes when the rows are written. `problems` are [row, column, why] and name no resident;
    `tally` counts the rows by sheet and by what they came to.
    """

    SEALED = ("content",)

    name = models.CharField(max_length=100)
    content_sealed = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=labels.import_state_choices, default=ImportState.CHECKED.value)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            # The same workbook sent twice is one import.
            models.UniqueConstraint(
                fields=["digest"], name="import_once", condition=Q(state__in=["checked", "running"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportChange(models.Model):
    """What a batch of an import made or changed of one kind, so that it can be taken back.

    A row a batch, since one for each thing would take as long to write as the things themselves. before: by id, what
    stood there; without it the things were new.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=16, choices=[(what.value, what.value) for what in Thing])
    made = models.JSONField(default=list, blank=True)
    before = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.what} {len(self.made) + len(self.before)}"


class Logo(models.Model):
    """The mark of the place (标识), as it is shown. It lies in the database so that every backup holds it.

    digest: of `data`, a WebP; it names the address, so that a browser may keep what it fetched for good.
    """

    digest = models.CharField(max_length=16)
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.digest


class Site(models.Model):
    """What the installation calls itself (站点): one row."""

    name = models.CharField(_("name of the county or city"), max_length=40)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    prefix = models.CharField(_("start of every number"), max_length=6, default="NH")
    is_demo = models.BooleanField(_("demonstration"), default=False)
    icp_number = models.CharField(_("ICP filing number"), max_length=40, blank=True)
    police_number = models.CharField(_("public security filing number"), max_length=40, blank=True)
    # Where residents complain of how they were treated (监督电话).
    complaints_phone = models.CharField(_("telephone for complaints"), max_length=32, blank=True)
    logo = models.OneToOneField(Logo, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="site_single", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.name
