"""Units, people, posts and sign-in: the only code that writes them."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from lianying.audit.log import record
from lianying.common.clock import local_day
from lianying.common.db import next_number, take_turns
from lianying.common.models import Counter
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Absence, Duty, Logo, Post, Site, Unit, User
from lianying.orgs.paths import LEVELS, depth, segment
from lianying.orgs.queries import centres, tries_name
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.notices import StaffWish
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused

#: How long a name stays locked, and how long wrong passwords are remembered before that.
LOCKED_FOR = timedelta(minutes=15)

LONGEST_ABSENCE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SiteCard:
    """What the installation calls itself. The numbers are of its filing (备案), shown at the foot of public pages."""

    name: str
    phone: str = ""
    prefix: str = "NH"
    is_demo: bool = False
    icp_number: str = ""
    police_number: str = ""
    complaints_phone: str = ""


@dataclass(frozen=True, slots=True)
class LogoCard:
    """data: a WebP, as it is shown."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class UnitCard:
    """What is written of a unit beside its place in the tree."""

    code: str
    name: str
    kind: UnitKind
    phone: str = ""
    name_en: str = ""
    area_code: str = ""


@transaction.atomic
def make_unit(card: UnitCard, *, parent: Unit | None, by: Actor, at: datetime) -> Unit:
    """Raises Refused("second_root") for another unit without a parent, Refused("too_deep") below the last level."""
    if parent is None and Unit.objects.filter(parent__isnull=True).exists():
        raise Refused("second_root")
    if parent is not None and depth(parent.path) >= LEVELS:
        raise Refused("too_deep")
    path = f"{parent.path if parent else '/'}{segment(next_number('unit'))}/"
    unit = Unit.objects.create(
        code=card.code,
        name=card.name,
        name_en=card.name_en,
        kind=card.kind.value,
        parent=parent,
        path=path,
        phone=card.phone,
        area_code=card.area_code,
    )
    record(f"unit:{unit.pk}", EventKind.UNIT_MADE, by=by, at=at, path=path, unit_kind=card.kind)
    return unit


@transaction.atomic
def change_unit(
    unit: Unit, *, name: str, phone: str, active: bool, area_code: str | None = None, by: Actor, at: datetime
) -> Unit:
    """Rename a unit, or take it out of use: it then receives nothing new, and what it holds goes on.

    area_code   None leaves it
    Raises      Refused("unit_needed") for the root and for the only desk of the whole place
    """
    desks = centres().filter(parent__parent__isnull=True).exclude(pk=unit.pk)
    serves_all = unit.kind == UnitKind.DESK and depth(unit.path) == 2
    needed = unit.parent_id is None or (serves_all and not desks.exists())
    if needed and not active:
        raise Refused("unit_needed")
    unit.name, unit.phone, unit.active = name, phone, active
    unit.area_code = unit.area_code if area_code is None else area_code
    unit.save(update_fields=["name", "phone", "active", "area_code"])
    record(f"unit:{unit.pk}", EventKind.UNIT_CHANGED, by=by, at=at, active=active)
    return unit


@transaction.atomic
def describe_centre(unit: Unit, *, address: str, hours: str, services: str, by: Actor, at: datetime) -> Unit:
    """What residents read of a desk that they can come to."""
    unit.address, unit.hours, unit.services = address, hours, services
    unit.save(update_fields=["address", "hours", "services"])
    record(f"unit:{unit.pk}", EventKind.UNIT_CHANGED, by=by, at=at, active=unit.active)
    return unit


@transaction.atomic
def make_user(*, username: str, name: str, hashed: str = "", by: Actor, at: datetime) -> User:
    """Make an account that is opened by a one-time link.

    hashed   a password already hashed, which need not be changed: demonstration accounts
    """
    user = User(username=username, name=name, must_change_password=not hashed, made_at=at)
    if hashed:
        user.password = hashed
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    record(f"user:{user.pk}", EventKind.USER_MADE, by=by, at=at)
    return user


@transaction.atomic
def give_post(user: User, *, unit: Unit, role: Role, from_on: date, by: Actor, at: datetime) -> Post:
    post = Post.objects.create(user=user, unit=unit, role=role.value, from_on=from_on)
    record(f"user:{user.pk}", EventKind.POST_GIVEN, by=by, at=at, post=post.pk, unit=unit.pk, role=role)
    return post


@transaction.atomic
def end_post(post: Post, *, to_on: date, by: Actor, at: datetime) -> Post:
    """Raises Refused: last_operator where nobody could set up anything afterwards, ends_before for a day too early."""
    operators = Post.objects.filter(role=Role.OPERATOR, to_on__isnull=True, user__is_active=True).exclude(pk=post.pk)
    if post.role == Role.OPERATOR and not operators.exists():
        raise Refused("last_operator")
    if to_on < post.from_on:
        raise Refused("ends_before")
    post.to_on = to_on
    post.save(update_fields=["to_on"])
    record(f"user:{post.user_id}", EventKind.POST_ENDED, by=by, at=at, post=post.pk)
    return post


@transaction.atomic
def set_absence(user: User, *, substitute: User, from_on: date, to_on: date, by: Actor, at: datetime) -> Absence:
    """Somebody else has the person's posts on these days, besides their own.

    Raises Refused: absence_span for a span that is over, too long or turned round; absence_overlaps where the person,
    or whoever is to stand in, is away on one of the days already
    """
    if to_on < from_on or to_on < local_day(at) or to_on - from_on > LONGEST_ABSENCE:
        raise Refused("absence_span")
    # One after the other: two people must not become each other's substitutes.
    take_turns("absences")
    days = Absence.objects.filter(from_on__lte=to_on, to_on__gte=from_on)
    if days.filter(user__in=[user, substitute]).exists() or days.filter(substitute=user).exists():
        raise Refused("absence_overlaps")
    row = Absence.objects.create(user=user, substitute=substitute, from_on=from_on, to_on=to_on)
    stream = f"user:{user.pk}"
    days_away = {"from_on": from_on, "to_on": to_on}
    record(stream, EventKind.ABSENCE_CHANGED, by=by, at=at, substitute=substitute.pk, days=days_away)
    return row


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor, at: datetime) -> None:
    """The person is back: from today on nobody stands in any more."""
    yesterday = local_day(at) - timedelta(days=1)
    if absence.from_on > yesterday:
        absence.delete()
    else:
        absence.to_on = yesterday
        absence.save(update_fields=["to_on"])
    days_away = {"from_on": absence.from_on, "to_on": yesterday}
    record(f"user:{absence.user_id}", EventKind.ABSENCE_CHANGED, by=by, at=at, days=days_away)


@transaction.atomic
def set_duty(category: str, *, place: Unit, unit: Unit, source: str, by: Actor, at: datetime) -> Duty:
    """The unit answers for the category in the place from now on, or does so by another document."""
    duty, _ = Duty.objects.update_or_create(category=category, place=place, unit=unit, defaults={"source": source})
    _note_duty(duty, by=by, at=at)
    return duty


@transaction.atomic
def remove_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    _note_duty(duty, removed=True, by=by, at=at)
    duty.delete()


def _note_duty(duty: Duty, *, removed: bool = False, by: Actor, at: datetime) -> None:
    stream, place = f"unit:{duty.unit_id}", duty.place_id
    record(stream, EventKind.DUTY_CHANGED, by=by, at=at, category=duty.category, place=place, removed=removed)


@transaction.atomic
def set_site(card: SiteCard, *, by: Actor, at: datetime) -> Site:
    site, _ = Site.objects.update_or_create(pk=1, defaults=asdict(card))
    record("site", EventKind.SITE_CHANGED, by=by, at=at)
    return site


@transaction.atomic
def set_logo(card: LogoCard | None, *, by: Actor, at: datetime) -> Site:
    """The site's logo from now on; None for none. The one before is gone."""
    Logo.objects.all().delete()
    site = Site.objects.get(pk=1)
    if card is not None:
        digest = hashlib.sha256(card.data).hexdigest()[:16]
        site.logo = Logo.objects.create(digest=digest, **asdict(card))
        site.save(update_fields=["logo"])
    record("site", EventKind.SITE_CHANGED, by=by, at=at)
    return site


@transaction.atomic
def sign_in_link(user: User, *, by: Actor, at: datetime) -> str:
    """Return the path of a link that lets its holder set a password once, for three days."""
    record(f"user:{user.pk}", EventKind.LINK_MADE, by=by, at=at)
    code = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/welcome/{code}/{default_token_generator.make_token(user)}/"


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor, at: datetime) -> User:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _forget_tries(user)
    record(f"user:{user.pk}", EventKind.PASSWORD_SET, by=by, at=at)
    return user


@transaction.atomic
def set_address(user: User, *, email: str, wish: StaffWish, by: Actor, at: datetime) -> User:
    """Where a member of the staff is written to, and of what; the ledger has the wish and not the address."""
    user.email, user.wish = email, wish.value
    user.save(update_fields=["email", "wish"])
    record(f"user:{user.pk}", EventKind.ADDRESS_CHANGED, by=by, at=at, wish=wish.value)
    return user


@transaction.atomic
def count_failure(username: str, *, user: User | None, by: Actor, at: datetime) -> datetime | None:
    """Count one wrong password; at the limit lock the name for 15 minutes and return until when.

    user    whose name it is; None where nobody has it, which is counted and locked alike: a lock tells nothing
    """
    name, limit = tries_name(username), settings.ENV["SIGN_IN_TRIES"]
    Counter.objects.filter(name=name, until__lte=at).delete()
    tries = next_number(name, until=at + LOCKED_FOR)
    if tries < limit:
        return None
    if tries == limit:
        Counter.objects.filter(name=name).update(until=at + LOCKED_FOR)
        if user is not None:
            record(f"user:{user.pk}", EventKind.LOCKED_OUT, by=by, at=at)
    return Counter.objects.get(name=name).until


def _forget_tries(user: User) -> None:
    Counter.objects.filter(name=tries_name(user.username)).delete()


@transaction.atomic
def note_sign_in(user: User, *, by: Actor, at: datetime) -> None:
    user.last_login = at
    user.save(update_fields=["last_login"])
    _forget_tries(user)
    record(f"user:{user.pk}", EventKind.SIGNED_IN, by=by, at=at)
