"""Links, and the visits that are made to keep them: the only code that writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from lianying import reference
from lianying.audit.log import record
from lianying.cases.actions.hear import Telling, hear
from lianying.cases.models import Case
from lianying.common.clock import local_day
from lianying.common.db import take_turns
from lianying.households.actions import say_gone, say_wish
from lianying.households.models import Household
from lianying.orgs.kinds import HOMES, UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.paths import parent
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.checklists import Part, fitting, parse_checklist
from lianying.rules.events import EventKind
from lianying.rules.hardship import Wish
from lianying.rules.kinds import CaseKind, Channel
from lianying.rules.powers import POWERS, Power
from lianying.rules.quotas import OF_UNITS, LinkKind, term_of
from lianying.rules.refusals import Refused
from lianying.rules.visits import Outcome
from lianying.visits.models import Calendar, Checklist, Link, Obligation, Problem, Visit
from lianying.visits.queries.calendar import digest_of
from lianying.visits.queries.checklists import checklist_now, questions_of
from lianying.visits.queries.counting import Counted, count_link, history
from lianying.visits.queries.due import people_of

DAY = timedelta(days=1)
#: What a unit is linked with.
TARGETS = {LinkKind.UNIT_VILLAGE: UnitKind.VILLAGE, LinkKind.UNIT_COMMUNITY: UnitKind.COMMUNITY}


@dataclass(frozen=True, slots=True)
class LinkCard:
    """Who is to look after whom. user and household: of a link between people; place: of one between a unit and it."""

    kind: LinkKind
    unit: Unit
    from_on: date
    place: Unit | None = None
    user: User | None = None
    household: Household | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """A problem that somebody raised; of a request these are the words."""

    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit as it is written down. uuid: made where it is written, so that sending twice is harmless.

    visitor     who went, where a colleague writes it down from paper; None: the writer
    checklist   the version that the answers belong to
    """

    uuid: UUID
    on: date
    note: str = ""
    problems: Sequence[Raised] = ()
    visitor: User | None = None
    companions: Sequence[User] = ()
    checklist: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def make_link(card: LinkCard, *, by: Actor, at: datetime) -> Link:
    """Raises Refused not_yours, link_of_another_kind, household_declined or _gone, link_term_closed, link_stands."""
    by.require(Power.LINK, card.unit.path)
    place = card.household.place if card.household else card.place
    if place is None or not _fits(card, place):
        raise Refused("link_of_another_kind")
    if card.household is not None and card.household.declined_at is not None:
        raise Refused("household_declined")
    if card.household is not None and card.household.gone_on is not None:
        raise Refused("household_gone")
    _require_open(card.kind, card.from_on, at)
    take_turns(f"link:{card.unit.pk}")
    same = Link.objects.filter(unit=card.unit, user=card.user, place=place, household=card.household)
    if same.filter(Q(to_on__isnull=True) | Q(to_on__gte=card.from_on)).exists():
        raise Refused("link_stands")
    link = Link.objects.create(
        kind=card.kind.value,
        unit=card.unit,
        user=card.user,
        place=place,
        household=card.household,
        from_on=card.from_on,
    )
    record(f"link:{link.uuid}", EventKind.LINK_MADE_BETWEEN, by=by, at=at, link_kind=link.kind, from_on=link.from_on)
    recount(link, at=at)
    return link


def _fits(card: LinkCard, place: Unit) -> bool:
    if card.kind in OF_UNITS:
        return card.user is None and card.household is None and place.kind == TARGETS[card.kind]
    return card.user is not None and card.household is not None and place.kind in HOMES


def _require_open(kind: LinkKind, day: date, at: datetime) -> None:
    """A closed term stays as it is: no link may begin or end in it."""
    if term_of(reference.quotas()[kind].period, day).closes_on < local_day(at):
        raise Refused("link_term_closed")


@transaction.atomic
def end_link(link: Link, *, to_on: date, by: Actor, at: datetime) -> Link:
    """to_on is its last day. Raises Refused not_yours, link_ends_before, link_term_closed."""
    by.require(Power.LINK, link.unit.path)
    return _end(link, to_on, by=by, at=at)


def _end(link: Link, to_on: date, *, by: Actor, at: datetime) -> Link:
    row = Link.objects.select_for_update(of=("self",)).select_related("unit").get(pk=link.pk)
    if to_on < row.from_on:
        raise Refused("link_ends_before")
    # Both the day on which it ended so far and the new one decide what was owed.
    for day in (to_on, row.to_on):
        if day is not None:
            _require_open(LinkKind(row.kind), day, at)
    row.to_on = to_on
    row.save(update_fields=["to_on"])
    record(f"link:{row.uuid}", EventKind.LINK_ENDED, by=by, at=at, to_on=to_on)
    recount(row, at=at)
    return row


@transaction.atomic
def hand_over(link: Link, *, to: User | Unit, on: date, by: Actor, at: datetime) -> Link:
    """End a link on the day before and let somebody else go on with it; what is open there goes with the place.

    to      another person for a household, another unit for a village or community
    Raises  Refused as `end_link` and `make_link` do
    """
    ended = end_link(link, to_on=on - DAY, by=by, at=at)
    made = make_link(_card_for(ended, to, on), by=by, at=at)
    Problem.objects.filter(link=ended).update(link=made)
    return made


def _card_for(link: Link, to: User | Unit, on: date) -> LinkCard:
    kind = LinkKind(link.kind)
    if isinstance(to, Unit):
        return LinkCard(kind, to, on, link.place)
    return LinkCard(kind, link.unit, on, link.place, to, link.household)


@transaction.atomic
def change_links(links: Sequence[Link], *, to: User | Unit | None, on: date, by: Actor, at: datetime) -> None:
    """Hand all of them over, or end them on the day before; what `to` looks after already only ends.

    One that had not begun by then, and that nobody kept yet, was a slip of the hand: nothing of it stays.

    Raises  Refused as `hand_over` does; then none is changed
    """
    doubled = _doubled(links, to) if to else set()
    for link in links:
        heir = None if link.pk in doubled else to
        if link.from_on >= on and not link.visits.exists():
            _take_back(link, by=by, at=at)
            if heir is not None:
                make_link(_card_for(link, heir, on), by=by, at=at)
        elif heir is None:
            end_link(link, to_on=on - DAY, by=by, at=at)
        else:
            hand_over(link, to=heir, on=on, by=by, at=at)


def _take_back(link: Link, *, by: Actor, at: datetime) -> None:
    by.require(Power.LINK, link.unit.path)
    record(f"link:{link.uuid}", EventKind.LINK_TAKEN_BACK, by=by, at=at)
    link.delete()


def _doubled(links: Sequence[Link], to: User | Unit) -> set[int]:
    same = {"user": to, "household": OuterRef("household")} if isinstance(to, User) else {"unit": to, "user": None}
    there = Link.objects.filter(to_on__isnull=True, place=OuterRef("place"), **same)
    return set(Link.objects.filter(Exists(there), pk__in=[link.pk for link in links]).values_list("pk", flat=True))


@transaction.atomic
def hear_wish(household: Household, wish: Wish, *, by: Actor, at: datetime) -> Household:
    """Write down whether the household wants visits. Where it wants none its links end today, whosever they are.

    Raises  Refused not_yours
    """
    row = say_wish(household, wish, by=by, at=at)
    if wish is Wish.DECLINES:
        _end_all(row, by=by, at=at)
    return row


@transaction.atomic
def household_gone(household: Household, gone: bool, *, by: Actor, at: datetime) -> Household:
    """Write down that a household moved away, with which its links end today, or that it is there after all.

    Raises  Refused not_yours
    """
    row = say_gone(household, gone, by=by, at=at)
    if gone:
        _end_all(row, by=by, at=at)
    return row


def _end_all(household: Household, *, by: Actor, at: datetime) -> None:
    today = local_day(at)
    for link in household.links.filter(Q(to_on__isnull=True) | Q(to_on__gt=today)).order_by("pk"):
        _end(link, max(today, link.from_on), by=by, at=at)


def record_visit(card: VisitCard, *, link: Link, by: Actor, at: datetime) -> Visit:
    """Keep a visit, with a request for each problem that needs one; the same uuid again is the same visit.

    link    the one that the writer knew: where another one of the same two was in force on the day, it goes there
    Raises  Refused not_yours for somebody who never had the link; checklist_answer, checklist_old: the answers do not
            fit the questions; whatever else is wrong is kept and not counted
    """
    _require_own(link, card, by)
    earlier = _earlier(card, by)
    if earlier is not None:
        return earlier
    try:
        return _keep(card, link, by=by, at=at)
    except IntegrityError:
        # Two copies arrived together: the other one won.
        earlier = _earlier(card, by)
        if earlier is None:
            raise
        return earlier


def _earlier(card: VisitCard, by: Actor) -> Visit | None:
    row = Visit.objects.filter(uuid=card.uuid).first()
    if row is not None and row.recorded_by_id != by.user_id:
        raise Refused("not_yours")
    return row


def _require_own(link: Link, card: VisitCard, by: Actor) -> None:
    """Own visits, or those of a colleague by whoever keeps the households of the unit."""
    went = card.visitor.pk if card.visitor else by.staff_id
    if went != by.user_id:
        by.require(Power.KEEP_HOUSEHOLDS, link.unit.path)
    if link.user_id is None:
        by.require(Power.VISIT, link.unit.path)
        if went != by.user_id and not people_of(link.unit_id, card.on).filter(pk=went).exists():
            raise Refused("not_yours")
    elif link.user_id != went:
        raise Refused("not_yours")


def _answers(card: VisitCard, at: datetime) -> dict[str, str]:
    questions = questions_of(card.checklist, at)
    if questions is None:
        raise Refused("checklist_old")
    return fitting(questions, card.answers)


@transaction.atomic
def _keep(card: VisitCard, link: Link, *, by: Actor, at: datetime) -> Visit:
    link = _in_force(link, card.on)
    visit = Visit.objects.create(
        uuid=card.uuid,
        link=link,
        user_id=card.visitor.pk if card.visitor else by.staff_id,
        on=card.on,
        note=card.note.strip(),
        checklist=card.checklist,
        answers=_answers(card, at),
        recorded_at=at,
        recorded_by_id=by.staff_id,
    )
    visit.companions.set(card.companions)
    for raised in card.problems:
        _raise(visit, raised, by=by, at=at)
    record(f"link:{link.uuid}", EventKind.VISITED, by=by, at=at, visit=str(visit.uuid), on=visit.on)
    recount(link, at=at)
    visit.refresh_from_db(fields=["uncounted"])
    return visit


def _in_force(link: Link, day: date) -> Link:
    """The link of the same two that was in force on the day, else the one that was named."""
    same = Link.objects.filter(unit=link.unit_id, user=link.user, place=link.place_id, household=link.household)
    there = same.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day).order_by("pk").first()
    return there or link


def _raise(visit: Visit, raised: Raised, *, by: Actor, at: datetime) -> None:
    case = None
    if raised.outcome is Outcome.REQUEST:
        telling = Telling(raised.text, channel=Channel.VISIT)
        case = hear(telling, near=visit.link.place.path, follower=visit.link.unit, by=by, at=at).case
    Problem.objects.create(
        link=visit.link, visit=visit, text=raised.text.strip(), outcome=raised.outcome.value, case=case
    )


@transaction.atomic
def correct_visit(visit: Visit, card: VisitCard, *, by: Actor, at: datetime) -> Visit:
    """Put another record in the place of one; both are kept, and the problems raised stay with the first.

    Raises  Refused not_yours; visit_replaced where somebody corrected it already; visit_recorded for a record that
            stands for a visit of its own
    """
    row = Visit.objects.select_for_update(of=("self",)).select_related("link__unit", "replaced_by").get(pk=visit.pk)
    _require_own(row.link, card, by)
    if row.replaced_by is not None:
        if row.replaced_by.uuid == card.uuid:
            return row.replaced_by
        raise Refused("visit_replaced")
    if Visit.objects.filter(uuid=card.uuid).exists():
        raise Refused("visit_recorded")
    corrected = record_visit(card, link=row.link, by=by, at=at)
    row.replaced_by, row.replaced_on = corrected, local_day(at)
    row.save(update_fields=["replaced_by", "replaced_on"])
    record(
        f"link:{row.link.uuid}", EventKind.VISIT_CORRECTED, by=by, at=at, visit=str(row.uuid), to=str(corrected.uuid)
    )
    recount(row.link, at=at)
    corrected.refresh_from_db(fields=["uncounted"])
    return corrected


@transaction.atomic
def recount(*links: Link, at: datetime) -> None:
    """Write what the rules say that the links owe and have done, and why a visit does not count; few queries for many.

    The rows are locked and read as they are now: somebody may have ended a link while this waited.
    """
    today = local_day(at)
    rows = list(Link.objects.select_for_update().filter(pk__in=[link.pk for link in links]).order_by("pk"))
    visits, stored = history(rows)
    new: list[Obligation] = []
    changed: list[Obligation] = []
    gone: list[int] = []
    judged: list[Visit] = []
    for link in rows:
        there = stored.get(link.pk, {})
        counted = count_link(link, visits.get(link.pk, []), {start: row.base for start, row in there.items()}, today)
        gone += [row.pk for start, row in there.items() if start not in counted.owed]
        for start, (ends_on, base, required) in counted.owed.items():
            done = counted.done.get(start, 0)
            row = there.get(start)
            if row is None:
                term = {"starts_on": start, "ends_on": ends_on, "base": base}
                new.append(Obligation(link=link, unit_id=link.unit_id, **term, required=required, done=done))
            elif (row.required, row.done) != (required, done):
                row.required, row.done = required, done
                changed.append(row)
        judged += _judged(visits.get(link.pk, []), counted)
    Obligation.objects.bulk_create(new)
    Obligation.objects.bulk_update(changed, ["required", "done"])
    # The links ended before these began.
    Obligation.objects.filter(pk__in=gone).delete()
    Visit.objects.bulk_update(judged, ["uncounted"])


def _judged(visits: Sequence[Visit], counted: Counted) -> list[Visit]:
    """Those of which something else is to be said than was."""
    found = []
    for visit in visits:
        why = counted.why[visit.pk] or ""
        if visit.uncounted != why:
            visit.uncounted = why
            found.append(visit)
    return found


@transaction.atomic
def publish_checklist(questions: Mapping[str, Sequence[str]], *, by: Actor, at: datetime) -> Checklist:
    """Let every visit from now on ask these, by `rules.checklists.Part`; the same ones again are the same list.

    Raises  Refused not_yours; checklist_empty; checklist_long
    """
    by.require_all(Power.CONFIGURE)
    take_turns("checklist")
    number, current = checklist_now()
    asked = parse_checklist(questions)
    if asked == current and number:
        return Checklist.objects.get(version=number)
    words = {part.value: [one.text for one in asked if one.part is part] for part in Part}
    row = Checklist.objects.create(version=number + 1, questions=words, published_at=at, by_id=by.staff_id)
    record("site", EventKind.CHECKLIST_PUBLISHED, by=by, at=at, version=row.version)
    return row


def open_terms(*, most: int = 1000, at: datetime) -> int:
    """Begin the terms of the day for links that have none yet; return for how many. The worker asks again."""
    today = local_day(at)
    links = Link.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), from_on__lte=today)
    begun = Obligation.objects.filter(link=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    waiting = list(links.filter(~Exists(begun)).order_by("pk")[:most])
    recount(*waiting, at=at)
    return len(waiting)


def complain(words: str, client_id: UUID, *, by: Actor, at: datetime) -> Case:
    """Take in that visits are made a burden, at the desk of the level above, as a request of somebody unnamed.

    client_id   makes sending twice harmless
    Raises      Refused not_yours
    """
    post = next((post for post in by.posts if Power.VISIT in POWERS[post.role]), None)
    if post is None:
        raise Refused("not_yours")
    text = f"{_('About what is asked for on visits:')} {words}"
    telling = Telling(text, kind=CaseKind.COMPLAINT, client_id=client_id)
    # Nobody is to fear for having said so: neither the request nor the ledger knows who it was.
    return hear(telling, near=parent(post.path), by=RESIDENT, at=at).case


@transaction.atomic
def make_address(*, by: Actor, at: datetime) -> str:
    """Return the token of a new secret address of one's calendar; an earlier one ends. It is kept nowhere.

    Raises  Refused not_yours
    """
    if Power.VISIT not in by.powers:
        raise Refused("not_yours")
    token = token_urlsafe(24)
    Calendar.objects.update_or_create(user_id=by.staff_id, defaults={"digest": digest_of(token), "made_at": at})
    record(f"user:{by.staff_id}", EventKind.CALENDAR_MADE, by=by, at=at)
    return token


@transaction.atomic
def take_address_back(*, by: Actor, at: datetime) -> None:
    """Nobody reads the calendar at the address any more."""
    gone, _rows = Calendar.objects.filter(user_id=by.staff_id).delete()
    if gone:
        record(f"user:{by.staff_id}", EventKind.CALENDAR_ENDED, by=by, at=at)
