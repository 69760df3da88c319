"""Which cases exist for whom. Outside one's holdings a case does not exist: 404, not 403."""

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from lianying.cases.models import Attachment, Attempt, Case, Entry, Holding, Pause, Proposal
from lianying.common.crypto import code_matches
from lianying.orgs.paths import WIDTH, depth, within
from lianying.orgs.queries import centres
from lianying.orgs.scope import Actor
from lianying.rules.entries import HoldingRole
from lianying.rules.guards import in_line
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import POWERS, Power

#: With what each file is.
ATTACHED = Prefetch("attachments", Attachment.objects.select_related("blob").order_by("id"))
#: All that the page of a case reads, in as many queries as there are names here and one.
RELATIONS = (
    "holdings__unit",
    Prefetch("entries", Entry.objects.select_related("author").order_by("id")),
    ATTACHED,
    Prefetch("pauses", Pause.objects.order_by("id")),
    Prefetch("proposals", Proposal.objects.select_related("by").order_by("id")),
    Prefetch("attempts", Attempt.objects.order_by("id")),
)
#: Without `main` and `accused`, which few have: their columns would cost every other.
ROW = ("unit", "contact", "handler", "public_version")


def visible(rows: QuerySet[Case], actor: Actor, power: Power = Power.SEE) -> QuerySet[Case]:
    """Cases whose lead stands within what the actor's posts cover, without reports on the actor's own units."""
    return unaccusing(covered(rows, actor, power), actor)


def covered(rows: QuerySet[Case], actor: Actor, power: Power = Power.SEE, *, under: str = "") -> QuerySet[Case]:
    """Cases whose lead stands within what the actor's posts cover: to be shown only as far as `unaccusing` leaves them.

    under   a path: only cases there, through the index of its level alone
    """
    inside = Q(pk__in=[])
    for path in scopes_under(actor, power, under):
        inside |= within(path)
    return rows.filter(inside)


def few_covered(rows: QuerySet[Case], actor: Actor, power: Power, *, under: str = "") -> QuerySet[Case]:
    """As `covered`, of rows that few keys name: the index of a level would be read through to look for them."""
    inside = Q(pk__in=[])
    for path in scopes_under(actor, power, under):
        inside |= Q(path__startswith=path)
    return rows.filter(inside)


def scopes_under(actor: Actor, power: Power, under: str) -> list[str]:
    """What the actor's posts with the power cover, as far as it lies at or below the path `under`; '' is all of it."""
    scopes = actor.scopes(power)
    return [max(scope, under, key=len) for scope in scopes if scope.startswith(under) or under.startswith(scope)]


def unaccusing(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Without reports on the actor's own units."""
    return rows.exclude(_accuses(actor))


def at_own_desk(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """What lies at the desks that the actor serves: a county's clerk leaves to a town's desk what came to it."""
    places = {post.scope for post in actor.posts if Power.SORT in POWERS[post.role]}
    return rows.filter(unit__in=centres().filter(parent__path__in=places).order_by().values("pk"))


def _accuses(actor: Actor) -> Q:
    accused = Q()
    for path in {post.path for post in actor.posts}:
        # The rule of `guards.in_line`: the accused unit is the post's own, one above it, or one below it.
        accused |= Q(accused_path__in=[path[:end] for end in range(1 + WIDTH, len(path) + 1, WIDTH)])
        if depth(path) > 1:
            accused |= Q(accused_path__startswith=path)
    return accused


def assisted(actor: Actor) -> QuerySet[Case]:
    """Open cases in which the actor's units assist."""
    units = [post.unit_id for post in actor.posts]
    holds = Holding.objects.filter(unit_id__in=units, role=HoldingRole.ASSIST, to_at__isnull=True)
    return Case.objects.filter(pk__in=holds.values("case_id")).exclude(_accuses(actor))


def help_owed(actor: Actor) -> QuerySet[Case]:
    """Open cases in which a unit of the actor's has been asked to help and has not answered to the lead."""
    units = [post.unit_id for post in actor.posts if Power.HANDLE in POWERS[post.role]]
    holds = Holding.objects.filter(unit_id__in=units, role=HoldingRole.ASSIST, to_at__isnull=True)
    asked = holds.filter(answered_at__isnull=True, due_at__isnull=False).values("case_id")
    return Case.objects.filter(pk__in=asked, closed_at__isnull=True).exclude(_accuses(actor))


def case_for(actor: Actor, ref: str, *, row: Sequence[str] = ROW, among: QuerySet[Case] | None = None) -> Case:
    """The case, for somebody who may read it: over its lead, assisting, or a former holder.

    row     the relations that come with it;  among: rows with more than the model's own columns
    Raises  Http404 where it does not exist for the actor
    """
    rows = (Case.objects.all() if among is None else among).select_related(*row)
    try:
        case = rows.get(ref=ref)
    except Case.DoesNotExist as error:
        raise Http404 from error
    if not may_see(actor, case):
        raise Http404
    return case


def may_see(actor: Actor, case: Case) -> bool:
    if any(in_line(case.accused_path, post.path) for post in actor.posts):
        return False
    if actor.may(Power.SEE, case.path):
        return True
    own = {post.unit_id for post in actor.posts}
    # What turned out to be a report of wrongdoing is no longer for those at whose visit it was told.
    held = (row for row in case.holdings.all() if row.role != HoldingRole.FOLLOW or case.kind != CaseKind.REPORT)
    return Power.SEE in actor.powers and any(row.unit_id in own for row in held)


def case_by_code(ref: str, code: str) -> Case | None:
    """The resident's own case: number and query code must fit together."""
    case = (
        Case.objects.select_related(*ROW, "main__unit", "main__public_version").filter(ref=ref.strip().upper()).first()
    )
    return case if case is not None and code_matches(case.uuid, code) else None
