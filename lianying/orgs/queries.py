from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Length

from lianying.common.crypto import blind_index
from lianying.common.models import Counter
from lianying.orgs.kinds import PLACES, RECEIVES_NONE, Thing, UnitKind
from lianying.orgs.models import Absence, Duty, Import, Logo, Post, Site, Unit, User
from lianying.orgs.paths import WIDTH, parent
from lianying.orgs.scope import Actor, HeldPost, scope_of
from lianying.reference.categories import named_categories
from lianying.rules.duties import DutyRow, answering
from lianying.rules.powers import Power, Role


def actor_of(user: User, on: date) -> Actor:
    """The user with the posts in force on the day, own ones and those of people they stand in for; one query.

    An operator's post is nobody else's, not for a day.
    """
    away = absences(on).filter(substitute=user).order_by().values("user_id")
    # One set of people, not an OR: among 100,000 posts PostgreSQL would look through all of them.
    held = User.objects.filter(pk=user.pk).order_by().values("pk").union(away)
    rows = (
        Post.objects.filter(Q(user=user) | ~Q(role=Role.OPERATOR), user_id__in=held, from_on__lte=on)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=on))
        .order_by("pk")
        # Columns, not models: every request of the staff begins here.
        .values_list("role", "unit_id", "unit__name", "unit__path", "unit__kind")
    )
    posts = tuple(
        HeldPost(Role(role), unit_id, name, path, scope_of(Role(role), kind, path))
        for role, unit_id, name, path, kind in rows
    )
    return Actor(user_id=user.pk, name=user.name, posts=posts, must_change_password=user.must_change_password)


def site() -> Site | None:
    """With what its logo is called; the picture itself is not read."""
    return Site.objects.filter(pk=1).select_related("logo").defer("logo__data").first()


def logo_data(digest: str) -> bytes | None:
    data = Logo.objects.filter(digest=digest).values_list("data", flat=True).first()
    return None if data is None else bytes(data)


def desk() -> Unit:
    """The reception desk that hears what no nearer desk does; raises Unit.DoesNotExist before `init`."""
    return centres().order_by(Length("path"), "path")[:1].get()


def centres() -> QuerySet[Unit]:
    """Desks of the county, of towns and of villages, each serving what lies below its parent."""
    return Unit.objects.filter(kind=UnitKind.DESK, active=True).order_by("path")


def desk_serving(path: str) -> Unit:
    """The nearest desk that serves the unit at the path: of the village, else of the town, else of the county."""
    over = [path[:end] for end in range(1 + WIDTH, len(path) + 1, WIDTH)]
    found = centres().filter(parent__path__in=over).order_by(-Length("path"), "path").first()
    return found or desk()


def units() -> QuerySet[Unit]:
    return Unit.objects.filter(active=True).order_by("path")


def lead_units() -> QuerySet[Unit]:
    """Units that a request can be handed to."""
    return units().exclude(kind__in=RECEIVES_NONE)


def units_below(path: str) -> QuerySet[Unit]:
    return lead_units().filter(path__startswith=path).exclude(path=path)


def absences(on: date) -> QuerySet[Absence]:
    return Absence.objects.filter(from_on__lte=on, to_on__gte=on)


def colleagues(unit_id: int, on: date) -> QuerySet[User]:
    """People who handle at the unit on the day: who is away is left out, and who stands in for them is there."""
    posts = Post.objects.filter(unit_id=unit_id, role=Role.HANDLER, from_on__lte=on)
    holds = posts.filter(Q(to_on__isnull=True) | Q(to_on__gte=on)).values("user_id")
    away = absences(on)
    there = Q(pk__in=holds) & ~Q(pk__in=away.values("user_id"))
    stand_in = Q(pk__in=away.filter(user_id__in=holds).values("substitute_id"))
    return User.objects.filter(there | stand_in, is_active=True).order_by("name")


def has_head(path: str, on: date, *, beside: int) -> bool:
    """Whether somebody else heads the unit at the path, or one above it, on the day."""
    over = [path[:end] for end in range(1 + WIDTH, len(path) + 1, WIDTH)]
    posts = Post.objects.filter(role=Role.HEAD, unit__path__in=over, from_on__lte=on, user__is_active=True)
    return posts.filter(Q(to_on__isnull=True) | Q(to_on__gte=on)).exclude(user_id=beside).exists()


def who_may_stand_in(user: User, on: date) -> QuerySet[User]:
    """People of the same units, and of those above and below them."""
    held = Post.objects.filter(user=user).exclude(to_on__lt=on).values_list("unit__path", flat=True)
    near = Q(pk__in=[])
    for path in held:
        near |= Q(unit__path__startswith=path) | Q(unit__path=parent(path))
    posts = Post.objects.filter(near).exclude(to_on__lt=on)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).exclude(pk=user.pk).order_by("name")


def coming_absences(user: User, on: date) -> QuerySet[Absence]:
    """Those of the user that are not over."""
    return user.absences.filter(to_on__gte=on).select_related("substitute").order_by("from_on", "id")


def stands_in_for(user_id: int, on: date) -> QuerySet[Absence]:
    return absences(on).filter(substitute_id=user_id).select_related("user").order_by("user__name")


def tries_name(username: str) -> str:
    """The counter of wrong passwords for a name, whether somebody has it or not."""
    return f"tries:{blind_index(username)}"


def locks(usernames: Iterable[str], at: datetime) -> dict[str, datetime]:
    """Until when each of the names is locked; those that are not are left out."""
    names = {tries_name(username): username for username in usernames}
    rows = Counter.objects.filter(name__in=names, value__gte=settings.ENV["SIGN_IN_TRIES"], until__gt=at)
    return {names[row.name]: row.until for row in rows if row.until is not None}


def has_operator() -> bool:
    return Post.objects.filter(role=Role.OPERATOR, to_on__isnull=True, user__is_active=True).exists()


def _set_up_by(actor: Actor, column: str) -> Q:
    inside = Q(pk__in=[])
    for scope in actor.scopes(Power.CONFIGURE):
        inside |= Q(**{f"{column}__startswith": scope})
    return inside


def configurable(actor: Actor) -> QuerySet[Unit]:
    """Units that the actor may set up and give posts at, those out of use left out."""
    return units().filter(_set_up_by(actor, "path"))


def all_configurable(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(_set_up_by(actor, "path")).order_by("path")


#: Everybody has a user name of their own.
PEOPLE_ORDER = ("name", "username")


def people(actor: Actor, on: date) -> QuerySet[User]:
    """Those whose posts, unless ended before the day, all lie where the actor may set up.

    Nobody resets the password of somebody above, also not of one whose post there ends next week.
    """
    posts = Post.objects.exclude(to_on__lt=on).exclude(pk__in=Post.objects.filter(_set_up_by(actor, "unit__path")))
    inside = Post.objects.filter(_set_up_by(actor, "unit__path")).values("user_id")
    rows = User.objects.filter(pk__in=inside, is_active=True).exclude(pk__in=posts.values("user_id"))
    held = Post.objects.select_related("unit").order_by("pk")
    return rows.prefetch_related(Prefetch("posts", held)).order_by(*PEOPLE_ORDER)


def not_yet_signed_in(job: Import) -> QuerySet[User]:
    """People whom the import made and who have not opened their account, by name."""
    made = [pk for batch in job.changes.filter(what=Thing.USER).values_list("made", flat=True) for pk in batch]
    held = Post.objects.select_related("unit").order_by("pk")
    rows = User.objects.filter(pk__in=made, last_login__isnull=True).order_by(*PEOPLE_ORDER)
    return rows.prefetch_related(Prefetch("posts", held))


def duty_rows(categories: Iterable[str] | None = None) -> list[DutyRow]:
    """The duty list, or the rows of some categories; units out of use answer for nothing."""
    rows = Duty.objects.filter(unit__active=True)
    if categories is not None:
        rows = rows.filter(category__in=list(categories))
    columns = rows.values_list("category", "place__path", "unit__path", "source")
    return [DutyRow(*row) for row in columns]


def places_in(address: str, units: Iterable[Unit]) -> list[str]:
    """Paths of the towns, villages and communities whose names stand in the address."""
    return [unit.path for unit in units if unit.kind in PLACES and unit.name in address]


def answering_for(category: str, address: str, units: Sequence[Unit]) -> list[tuple[Unit, DutyRow]]:
    """Which of the units answer for it there by the duty list, and by which row; best first, each once.

    category: as typed; nobody answers for what is no category.
    """
    if category not in named_categories():
        return []
    by_path = {unit.path: unit for unit in units}
    root = min(by_path, key=len, default="")
    rows = answering(duty_rows({category, category[:2]}), category, places_in(address, units), root)
    found = {row.unit: (by_path[row.unit], row) for row in reversed(rows) if row.unit in by_path}
    return [found[path] for path in dict.fromkeys(row.unit for row in rows) if path in found]
