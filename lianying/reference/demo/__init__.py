"""The demo county and its words, loaded from the TOML files of this folder. Everything in them is invented."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from lianying.rules.kinds import CaseKind, DeclineReason, Outcome, Urgency

Where = Literal["estate", "road", "village", "any", "none"]


@dataclass(frozen=True, slots=True)
class Unit:
    """kind: government, desk, oversight, department, company, town, village or community.

    parent  code of the unit above, "" for the county; a parent stands before its children
    lat, lng  centre in WGS84 degrees; offices of the whole county stand at the county's
    roads, estates  of a community; groups  of a village (村民组); address, hours, services  of a desk
    """

    code: str
    parent: str
    kind: str
    name_zh: str
    name_en: str
    phone: str
    lat: float
    lng: float
    roads: tuple[str, ...] = ()
    estates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """role: clerk, handler, head, supervisor or operator; unit: a unit's code."""

    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """account: what the person is there to show (clerk, town clerk, handler …), printed at start; "" for the others."""

    user_name: str
    name: str
    posts: tuple[Post, ...]
    account: str = ""


@dataclass(frozen=True, slots=True)
class County:
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    ref_prefix: str
    lat: float
    lng: float
    units: tuple[Unit, ...]
    people: tuple[Person, ...]

    def unit(self, code: str) -> Unit:
        """Raises KeyError for a code that no unit has."""
        return _units_by_code()[code]

    def desk_near(self, code: str) -> str:
        """The code of the desk that serves the unit: its own, that of a unit above it, else the county's."""
        unit = self.unit(code)
        own = (one.code for one in self.units if one.kind == "desk" and one.parent == code)
        return next(own, "") or self.desk_near(unit.parent)

    def places(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.kind in ("village", "community"))

    def accounts(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.account)

    def staff(self, role: str, unit: str) -> tuple[Person, ...]:
        return tuple(person for person in self.people if Post(role, unit) in person.posts)


@dataclass(frozen=True, slots=True)
class Home:
    """A household of a place (code). hardship: a level in small letters, '' for none; leader, grid: user names."""

    place: str
    called: str
    name: str
    address: str
    phone: str = ""
    needs: str = ""
    hardship: str = ""
    source: str = ""
    leader: str = ""
    grid: str = ""


@dataclass(frozen=True, slots=True)
class LinkedUnit:
    """The village and the community that a unit is linked with: codes."""

    unit: str
    village: str
    community: str


@dataclass(frozen=True, slots=True)
class MadeVisit:
    """of: what one calls the home, or the name of the place; by: a user name; days: so many days ago.

    Of a request: category and title as the desk sorts it, unit: the code of the one that answers.
    """

    of: str
    by: str
    days: int
    note: str
    asked: str = ""
    outcome: str = ""
    category: str = ""
    title: str = ""
    unit: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Homes:
    homes: tuple[Home, ...]
    places: tuple[LinkedUnit, ...]
    visits: tuple[MadeVisit, ...]

    @property
    def requests(self) -> int:
        return sum(bool(visit.unit) for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a unit says when it holds that a request is not its duty; propose: the code of another unit."""

    propose: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing that residents ask for: how they say it, who must act, how it may end.

    subject  few words, set behind the place to make a title;  weight  its share among the matters
    lead, assist  codes of units, or "@town" for the town of the place
    months  the months in which it is heard, empty for all
    found  words of an official who came upon it on a visit;  now  answers given at once by the desk
    fits  by the name of a list (an outcome, asks, now, pleased, displeased): for each of its lines the positions of
          what was said that it answers, as digits ("02": the first and third of `says`; `found` counts on after
          them), "*" for all, "" for none; a list without a row fits all
    """

    category: str
    subject: str
    weight: int
    kind: CaseKind
    urgency: Urgency
    where: Where
    lead: str
    says: tuple[str, ...]
    answers: Mapping[Outcome, tuple[str, ...]]
    asks: tuple[tuple[str, str], ...] = ()
    assist: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    found: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    pleased: tuple[str, ...] = ()
    displeased: tuple[str, ...] = ()
    dispute: Dispute | None = None
    fits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeclinedMatter:
    """A request that cannot be accepted: what was said, why not, and where to turn instead."""

    category: str
    kind: CaseKind
    subject: str
    reason: DeclineReason
    channel: str
    says: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """slots: values for {slots}; asides: short words around the moves by name; on_site: for matters with a place.

    plain, plain_asks, plain_pleased, plain_displeased  where none of a matter's own lines fits what was said
    """

    slots: Mapping[str, tuple[str, ...]]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    openings: tuple[str, ...]
    on_site_openings: tuple[str, ...]
    on_site_closings: tuple[str, ...]
    closings: Mapping[Outcome, tuple[str, ...]]
    again: tuple[str, ...]
    plain: Mapping[Outcome, tuple[str, ...]]
    plain_asks: tuple[tuple[str, str], ...]
    plain_pleased: tuple[str, ...]
    plain_displeased: tuple[str, ...]
    asides: Mapping[str, tuple[str, ...]]
    matters: tuple[Matter, ...]
    declined: tuple[DeclinedMatter, ...]


@cache
def county() -> County:
    raw = _toml("county.toml")
    centre = {"lat": raw["lat"], "lng": raw["lng"]}
    return County(
        **raw
        | {
            "units": tuple(Unit(**centre | _frozen(row)) for row in raw["units"]),
            "people": tuple(_person(row) for row in raw["people"]),
        }
    )


@cache
def homes() -> Homes:
    """Who looks after whom, and the visits of the last months."""
    raw = _toml("homes.toml")
    return Homes(
        tuple(Home(**row) for row in raw["homes"]),
        tuple(LinkedUnit(**row) for row in raw["places"]),
        tuple(MadeVisit(**row) for row in raw["visits"]),
    )


def outlines() -> dict[str, Any]:
    """GeoJSON of the towns, WGS84, made anew for each caller: invented like the county."""
    shapes: dict[str, Any] = json.loads((files(__package__) / "outlines.geojson").read_text("utf-8"))
    return shapes


@cache
def words() -> Words:
    raw = _frozen(_toml("words.toml"))
    stories = sorted(files(__name__).joinpath("stories").iterdir(), key=lambda file: file.name)
    rows = (row for file in stories for row in tomllib.loads(file.read_text("utf-8"))["matters"])
    plain = raw.pop("plain")
    return Words(
        **raw
        | {
            "closings": {Outcome(key): lines for key, lines in raw["closings"].items()},
            "plain": {outcome: plain[outcome] for outcome in Outcome},
            "plain_asks": plain["asks"],
            "plain_pleased": plain["pleased"],
            "plain_displeased": plain["displeased"],
            "matters": tuple(_matter(_frozen(row)) for row in rows),
            "declined": tuple(_declined(row) for row in raw["declined"]),
        }
    )


@cache
def _units_by_code() -> Mapping[str, Unit]:
    return {unit.code: unit for unit in county().units}


def _person(row: dict[str, Any]) -> Person:
    return Person(**row | {"posts": tuple(Post(*post.split("@")) for post in row["posts"])})


def _matter(row: dict[str, Any]) -> Matter:
    return Matter(
        **row
        | {
            "kind": CaseKind(row["kind"]),
            "urgency": Urgency(row.get("urgency", Urgency.ORDINARY)),
            "answers": {Outcome(key): lines for key, lines in row["answers"].items()},
            "dispute": Dispute(**row["dispute"]) if "dispute" in row else None,
        }
    )


def _declined(row: dict[str, Any]) -> DeclinedMatter:
    return DeclinedMatter(**row | {"kind": CaseKind(row["kind"]), "reason": DeclineReason(row["reason"])})


def _frozen(value: Any) -> Any:
    """Tables stay dicts, arrays become tuples, all the way down."""
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text("utf-8"))
