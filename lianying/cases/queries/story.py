"""All that the staff's page of one case prints, in as few queries as the case has had steps of different kinds."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from django.db.models import Exists, Model, OuterRef, QuerySet

from lianying.cases.models import Attachment, Attempt, Case, Entry, Holding, Pause, Proposal, Reading
from lianying.cases.queries.petitions import STEPS, Petition, petition_of
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.timeline import Moment, timeline
from lianying.cases.queries.track import Clock, clock_of
from lianying.cases.queries.trial import if_extended
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.deadlines import Due
from lianying.rules.entries import HoldingRole, ProposalKind
from lianying.rules.events import EventKind
from lianying.rules.guards import desk_asks
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import RUNNING, State
from lianying.rules.powers import Power

Row = TypeVar("Row", bound=Model)
_CASES = Case.objects.annotate(
    has_photos=Exists(Attachment.objects.filter(case=OuterRef("pk"))),
    has_merged=Exists(Case.objects.filter(main=OuterRef("pk"))),
)
PROPOSED = frozenset({EventKind.EXTENSION_PROPOSED, EventKind.END_PROPOSED, EventKind.ANSWER_PROPOSED})
RUNG = frozenset({EventKind.RANG, EventKind.TOLD, EventKind.SATISFIED, EventKind.UNSATISFIED})


@dataclass(frozen=True, slots=True)
class Story:
    """merged are those joined to this case; proposed_until is the promise if the extension asked for is granted.

    units   names of the units that the moments mention, by primary key;  draft: what the reader began to write
    """

    case: Case
    moments: tuple[Moment, ...]
    clock: Clock | None
    merged: tuple[Case, ...]
    proposal: Proposal | None
    proposed_until: Due | None
    units: dict[int, str]
    draft: Reading | None
    petition: Petition | None

    @property
    def assisting(self) -> list[Holding]:
        return [held for held in self.case.holdings.all() if held.role == HoldingRole.ASSIST and held.to_at is None]


def story(actor: Actor, ref: str, *, at: datetime) -> Story:
    """Raises Http404 where the case does not exist for the actor."""
    drafts = Reading.objects.filter(user_id=cast("int", actor.user_id)).exclude(form="")
    case = case_for(actor, ref, among=_CASES.annotate(has_draft=Exists(drafts.filter(case=OuterRef("pk")))))
    _load(case, "holdings", Holding.objects.select_related("unit"))
    _load(case, "entries", Entry.objects.all())
    _load(case, "attachments", Attachment.objects.select_related("blob"), there=vars(case)["has_photos"])
    moments = _readable(timeline(case), actor, case)
    _load_rows(case, moments)
    _load(case, "petition_steps", STEPS, there=any(moment.kind == EventKind.TRANSFERRED for moment in moments))
    proposal = next((row for row in case.proposals.all() if row.decided_at is None), None)
    extension = proposal is not None and proposal.kind == ProposalKind.EXTENSION
    return Story(
        case=case,
        moments=tuple(moments),
        clock=clock_of(case, at),
        merged=_merged(case),
        proposal=proposal,
        proposed_until=if_extended(case, proposal.days) if proposal and extension else None,
        units=_units(case, moments),
        petition=petition_of(case, at) if case.state == State.PETITION else None,
        draft=drafts.filter(case=case).first() if vars(case)["has_draft"] else None,
    )


def _readable(moments: list[Moment], actor: Actor, case: Case) -> list[Moment]:
    """A unit that held the case, and holds it no more, reads up to the end of its holding."""
    if actor.may(Power.SEE, case.path):
        return moments
    own = {post.unit_id for post in actor.posts}
    ends = [held.to_at for held in case.holdings.all() if held.unit_id in own]
    if None in ends or not ends:
        return moments
    until = max(end for end in ends if end is not None)
    return [moment for moment in moments if moment.at <= until]


def _load_rows(case: Case, moments: list[Moment]) -> None:
    """What never happened in the story, or counts no more in this state, is not asked for."""
    kinds, state = {moment.kind for moment in moments}, State(case.state)
    rung = kinds & RUNG or any("satisfaction" in moment.data for moment in moments)
    _load(case, "pauses", Pause.objects.all(), there=case.asks and state in RUNNING | {State.WAITING})
    proposals = Proposal.objects.select_related("by")
    _load(case, "proposals", proposals, there=kinds & PROPOSED and state == State.HANDLING)
    _load(case, "attempts", Attempt.objects.all(), there=rung and state == State.ANSWERED)


def _load(case: Case, name: str, rows: QuerySet[Row], *, there: object = True) -> None:
    """What `case.<name>.all()` gives from now on; without a query where nothing is there.

    Put where Django keeps what it fetched ahead: for one case, its `prefetch_related_objects` took a fifth of the page.
    """
    kept = vars(case).setdefault("_prefetched_objects_cache", {})
    kept[name] = rows.filter(case=case).order_by("id") if there else rows.none()


def _merged(case: Case) -> tuple[Case, ...]:
    if not vars(case)["has_merged"]:
        return ()
    return tuple(Case.objects.filter(main=case).only("ref", "title", "category", "main").order_by("id"))


def _units(case: Case, moments: list[Moment]) -> dict[int, str]:
    names = {held.unit_id: held.unit.name for held in case.holdings.all()}
    proposed = {moment.data["proposed"] for moment in moments if "proposed" in moment.data} - names.keys()
    if proposed:
        names |= dict(Unit.objects.filter(pk__in=proposed).values_list("pk", "name"))
    return names


def shows_contact(actor: Actor, case: Case) -> bool:
    """Who reported wrongdoing is closed to every unit; the desk asks and checks for them."""
    return case.contact is not None and _may_know(actor, case)


def shows_position(actor: Actor, case: Case) -> bool:
    """Where somebody stood who reports wrongdoing may say who they are: `queries.maps` leaves the same ones out."""
    return case.lat is not None and _may_know(actor, case)


def _may_know(actor: Actor, case: Case) -> bool:
    return not desk_asks(CaseKind(case.kind)) or actor.may(Power.SORT, case.path)
