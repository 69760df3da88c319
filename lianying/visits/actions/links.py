"""Who visits whom, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lianying import reference
from lianying.audit.log import record
from lianying.common.clock import local_day
from lianying.common.db import take_turns
from lianying.households.actions import say_gone, say_wish
from lianying.households.models import Household
from lianying.orgs.kinds import HOMES, UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import Actor
from lianying.rules.events import EventKind
from lianying.rules.hardship import Wish
from lianying.rules.powers import Power
from lianying.rules.quotas import OF_UNITS, LinkKind, term_of
from lianying.rules.refusals import Refused
from lianying.visits.actions.counting import recount
from lianying.visits.models import Link, Problem

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
