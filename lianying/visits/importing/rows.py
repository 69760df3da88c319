"""Whether a row of links can be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianying import reference
from lianying.common.refusals import words
from lianying.households.importing.rows import Homes, KnownHome, home_place, number_in
from lianying.orgs.importing.cells import SHOWN, by_label, day_in, needed, unfit, unit_in
from lianying.orgs.importing.known import Known, KnownUnit, KnownUser
from lianying.orgs.importing.tables import Ready, Row
from lianying.orgs.kinds import Made
from lianying.reference.imports import plain
from lianying.rules.quotas import OF_UNITS, LinkKind, term_of
from lianying.rules.refusals import Refused
from lianying.visits.actions import TARGETS
from lianying.visits.labels import LINK_KINDS
from lianying.visits.models import Link
from lianying.visits.queries.due import VISITS

DAY = timedelta(days=1)
#: The code of the unit and nothing for a village or community; the user name and the number for a household.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    kind: LinkKind
    from_on: date
    to_on: date | None = None


@dataclass(slots=True)
class Links:
    """By the code of the place; a query for each place that the workbook names.

    going: by user name, the codes of units for which somebody goes on visits
    """

    by_place: dict[str, dict[Pair, list[Standing]]] = field(default_factory=dict)
    going: dict[str, list[str]] | None = None
    seen: dict[tuple[str, Pair], str] = field(default_factory=dict)

    def at(self, place: KnownUnit) -> dict[Pair, list[Standing]]:
        if place.code not in self.by_place:
            found: dict[Pair, list[Standing]] = {}
            columns = ("unit__code", "user__username", "household__number", "kind", "from_on", "to_on")
            for unit, user, number, kind, *days in Link.objects.filter(place_id=place.pk).values_list(*columns):
                pair = (unit, "") if user is None else (user, number)
                found.setdefault(pair, []).append(Standing(LinkKind(kind), *days))
            self.by_place[place.code] = found
        return self.by_place[place.code]

    def units_of(self, username: str, known: Known) -> list[str]:
        # People stand before links: whoever comes with the workbook is known by now.
        if self.going is None:
            self.going = {}
            for user, code, role in sorted(known.posts):
                if role in VISITS and code not in self.going.setdefault(user, []):
                    self.going[user].append(code)
        return self.going.get(username, [])


@dataclass(frozen=True, slots=True)
class ReadyLink(Ready):
    """user and home are None where the whole unit owes it."""

    kind: LinkKind
    unit: KnownUnit
    place: KnownUnit
    from_on: date
    user: KnownUser | None = None
    home: KnownHome | None = None


def judge_link(row: Row, known: Known) -> ReadyLink:
    kind = _kinds().get(plain(needed(row, "kind")))
    if kind is None:
        unfit("kind", _("“%(value)s” is not in the list of kinds.") % {"value": row.cells["kind"][:SHOWN]})
    user, home = None, None
    if kind in OF_UNITS:
        unit, place = _office(row, known), _target(row, kind, known)
        pair = (unit.code, "")
    else:
        user, unit = _person(row, known)
        home = _home(row, known)
        place, pair = home.place, (user.username, home.number)
    links = known.part(Links)
    if (place.code, pair) in links.seen:
        unfit("place", _("This link stands in row %(row)s already.") % {"row": links.seen[place.code, pair]})
    from_on = day_in(row, "from_on")
    standing = _standing(links.at(place).get(pair, []), kind, from_on, known.today)
    first = from_on or known.today
    if standing is None:
        if home is not None and home.why_none:
            unfit("number", words(Refused(home.why_none)))
        _require_open(kind, first, known.today)
    links.seen[place.code, pair] = row.place
    return ReadyLink(row, Made.SAME if standing else Made.NEW, kind, unit, place, first, user, home)


def _office(row: Row, known: Known) -> KnownUnit:
    for column in ("username", "number"):
        if row.cells.get(column, ""):
            unfit(column, _("A unit is linked with the whole village or community: leave this cell empty."))
    unit = unit_in("unit", needed(row, "unit"), known)
    if not unit.active:
        unfit("unit", _("“%(name)s” is out of use.") % {"name": unit.name})
    return unit


def _target(row: Row, kind: LinkKind, known: Known) -> KnownUnit:
    place = unit_in("place", needed(row, "place"), known)
    if place.kind != TARGETS[kind] or not place.active:
        unfit("place", _("“%(name)s” does not fit a link of this kind.") % {"name": place.name})
    return place


def _person(row: Row, known: Known) -> tuple[KnownUser, KnownUnit]:
    username = needed(row, "username")
    user = known.users.get(username)
    if user is None or not user.active:
        unfit(
            "username",
            _("Nobody has the user name “%(name)s”, neither here nor in the workbook.") % {"name": username[:SHOWN]},
        )
    codes = known.part(Links).units_of(username, known)
    if not codes:
        unfit("username", _("%(name)s has no post that goes on visits.") % {"name": user.name})
    written = row.cells.get("unit", "")
    if not written:
        if len(codes) > 1:
            unfit("unit", _("%(name)s goes on visits for several units; please name one.") % {"name": user.name})
        return user, known.units[codes[0]]
    unit = unit_in("unit", written, known)
    if unit.code not in codes:
        unfit("unit", _("%(name)s has no post there that goes on visits.") % {"name": user.name})
    return user, unit


def _home(row: Row, known: Known) -> KnownHome:
    place, number = home_place(row, known), number_in(row)
    home = known.part(Homes).at(place).get(number)
    if home is None:
        unfit(
            "number",
            _("“%(place)s” has no household of this number, neither here nor in the workbook.") % {"place": place.name},
        )
    return home


def _standing(there: list[Standing], kind: LinkKind, from_on: date | None, today: date) -> Standing | None:
    """The link that says what the row says; raises Unfit where it says something else."""
    for one in there:
        if one.to_on is not None and one.to_on < (from_on or today):
            continue
        if one.kind is not kind:
            unfit("kind", _("They are linked already, as “%(kind)s”.") % {"kind": LINK_KINDS[one.kind]})
        if from_on is not None and from_on != one.from_on:
            day = date_format(one.from_on)
            unfit(
                "from_on", _("They are linked since %(day)s already; a workbook does not move that day.") % {"day": day}
            )
        return one
    return None


def _require_open(kind: LinkKind, day: date, today: date) -> None:
    """A closed term stays as it is: no link may begin in it."""
    period = reference.quotas()[kind].period
    if term_of(period, day).closes_on >= today:
        return
    first = term_of(period, today).starts_on
    before = term_of(period, first - DAY)
    if before.closes_on >= today:
        first = before.starts_on
    shown = date_format(first)
    unfit("from_on", _("That day lies in a period that is closed; %(day)s is the earliest.") % {"day": shown})


@cache
def _kinds() -> Mapping[str, LinkKind]:
    return by_label({kind.value: (kind, label) for kind, label in LINK_KINDS.items()})
