"""Who is acting, from which posts, and what those posts cover."""

from dataclasses import dataclass, field

from lianying.orgs.kinds import SERVES_PARENT, UnitKind
from lianying.orgs.paths import depth, parent
from lianying.rules.powers import POWERS, Power, Role
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force. `path` is the unit's own, `scope` what the post covers."""

    role: Role
    unit_id: int
    unit_name: str
    path: str
    scope: str

    def covers(self, path: str) -> bool:
        return path.startswith(self.scope)


def scope_of(role: Role, kind: str, path: str) -> str:
    """A desk's clerk and an oversight office's supervisor serve all that their parent covers; others their own unit."""
    serves_all = UnitKind(kind) in SERVES_PARENT and role in {Role.CLERK, Role.SUPERVISOR}
    return parent(path) if serves_all else path


@dataclass(frozen=True, slots=True)
class Actor:
    """Built once for a request. A resident and the clock have no posts but powers of their own."""

    user_id: int | None = None
    name: str = ""
    posts: tuple[HeldPost, ...] = ()
    self_role: Role | None = None
    must_change_password: bool = False
    powers: frozenset[Power] = field(init=False)

    def __post_init__(self) -> None:
        roles = [post.role for post in self.posts] + ([self.self_role] if self.self_role else [])
        object.__setattr__(self, "powers", frozenset().union(*(POWERS[role] for role in roles)))

    @property
    def label(self) -> str:
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return self.self_role.value if self.self_role else "anyone"

    @property
    def staff_id(self) -> int:
        """Raises Refused("not_yours") for a resident and the clock, who have no account."""
        if self.user_id is None:
            raise Refused("not_yours")
        return self.user_id

    @property
    def is_staff(self) -> bool:
        return self.user_id is not None

    def may(self, power: Power, path: str) -> bool:
        """Whether a post over `path` carries the power; a resident's and the clock's cover their case."""
        if self.self_role is not None and power in POWERS[self.self_role]:
            return True
        return any(power in POWERS[post.role] and post.covers(path) for post in self.posts)

    def require(self, power: Power, path: str) -> None:
        if not self.may(power, path):
            raise Refused("not_yours")

    def scopes(self, power: Power) -> tuple[str, ...]:
        """What the posts with the power cover, without those inside another."""
        covered = {post.scope for post in self.posts if power in POWERS[post.role]}
        scopes = sorted(covered, key=lambda path: (len(path), path))
        return tuple(one for number, one in enumerate(scopes) if not one.startswith(tuple(scopes[:number])))

    def covers_all(self, power: Power) -> bool:
        """Whether a post with the power covers the whole installation."""
        return any(depth(scope) == 1 for scope in self.scopes(power))

    def require_all(self, power: Power) -> None:
        """Raises Refused("not_yours") unless a post with the power covers the whole installation."""
        if not self.covers_all(power):
            raise Refused("not_yours")

    def has(self, role: Role) -> bool:
        return any(post.role == role for post in self.posts)


RESIDENT = Actor(self_role=Role.RESIDENT)
CLOCK = Actor(self_role=Role.CLOCK)
