"""Stories of the demo county: one request each, with all the words that its way through the lifecycle may need."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from lianying.reference.demo import DeclinedMatter, Dispute, Matter, Unit, Words, county
from lianying.rules.kinds import CaseKind, Channel, DeclineReason, Outcome, Urgency

T = TypeVar("T")

RESIDENTS = 1_600  # few enough that a resident comes back now and then
CHANNELS = {Channel.PHONE: 42, Channel.WEB: 36, Channel.COUNTER: 10, Channel.STATION: 6, Channel.PAPER: 2}
VISITED_SHARE = 0.4
WITHOUT_CONTACT = 0.08
MAY_PUBLISH = 0.45
SPREAD = 0.004  # degrees: about 400 m around the centre of a place
OWN_WORDS = 0.7  # how often a matter's own words are taken where it has some


@dataclass(frozen=True, slots=True)
class Resident:
    """phone: 11 digits, never rung: a demo sends nothing. The same phone has the same name."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Decline:
    reason: DeclineReason
    channel: str
    told: str


@dataclass(frozen=True, slots=True)
class Said:
    """One line for each move that needs short words; the fields are the names of the lists in words.toml.

    pleased, displeased  after an answer that something was done (solved, partly)
    understood, unconvinced  after an answer that it will be done or cannot be (planned, cannot)
    """

    resident_note: str
    staff_note: str
    inner_note: str
    recall: str
    hand_up: str
    uphold: str
    dismiss: str
    extension: str
    end: str
    unsolved: str
    reopen: str
    object: str
    withdraw: str
    merge: str
    call_reached: str
    call_missed: str
    pleased: str
    displeased: str
    understood: str
    unconvinced: str
    supervise: str
    done_as_planned: str
    corrected: str


@dataclass(frozen=True, slots=True)
class Place:
    """lead: the village or community; town: its unit above; spoken: as residents say it."""

    lead: Unit
    town: Unit
    spoken: str
    address: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Story:
    """title: may stand on the board; text: what the resident says, 15-150 characters.

    resident  None when no contact was left;  address, lat, lng  empty or None where no place matters
    unit_code, assist_codes  who leads and who helps;  place_code  village or community
    pass_code  where a town that leads may pass it on, else "";  desk_answer  "" unless the desk can answer at once
    answers  one for every outcome (none for a declined one);  likely  the outcomes that speak of just what was said
    question, reply  "" where nothing need be asked;  decline  None for a request that is accepted
    """

    category: str
    kind: CaseKind
    urgency: Urgency
    channel: Channel
    title: str
    text: str
    resident: Resident | None
    may_publish: bool
    address: str
    lat: float | None
    lng: float | None
    place_code: str
    unit_code: str
    assist_codes: tuple[str, ...]
    pass_code: str
    question: str
    reply: str
    answers: Mapping[Outcome, str]
    likely: tuple[Outcome, ...]
    desk_answer: str
    dispute: Dispute | None
    said: Said
    decline: Decline | None = None

    def answer(self, outcome: Outcome, planned_on: date | None = None) -> str:
        """planned_on: needed for a planned answer, which names it."""
        day = f"{planned_on.year}年{planned_on.month}月{planned_on.day}日" if planned_on else ""
        return self.answers[outcome].replace("{planned_on}", day)


def compose(words: Words, rng: random.Random, *, month: int | None = None) -> Story:
    """Return a request that the desk will accept; month: 1-12 leaves out what is not heard in that month."""
    matters = [matter for matter in words.matters if month is None or not matter.months or month in matter.months]
    return _tell(words, rng.choices(matters, [matter.weight for matter in matters])[0], rng)


def compose_declined(words: Words, rng: random.Random) -> Story:
    """Return a request that must be declined, with the reason, the channel and the words told."""
    declined = rng.choice(words.declined)
    return _tell(words, _as_matter(declined), rng, declined)


def compose_again(words: Words, story: Story, rng: random.Random) -> Story:
    """Return the same matter at the same place, told by another resident: to be merged with `story`."""
    text = rng.choice(words.again).replace("{place}{subject}", story.title)
    return replace(
        story,
        text=_fill(text, {"days": rng.choice(words.slots["days"])}),
        resident=_resident(words, rng),
        channel=_weighted(CHANNELS, rng),
        may_publish=rng.random() < MAY_PUBLISH,
    )


def _tell(words: Words, matter: Matter, rng: random.Random, declined: DeclinedMatter | None = None) -> Story:
    place = _place(matter, rng)
    lead = county().unit(_resolve(matter.lead, place))
    assist = tuple(_resolve(code, place) for code in matter.assist)
    known = _slots(words, rng, place) | {"subject": matter.subject, "unit": lead.name_zh, "phone": lead.phone}
    said = rng.randrange(len(matter.says))
    visited = bool(matter.found) and rng.random() < VISITED_SHARE
    if visited:
        said = len(matter.says) + rng.randrange(len(matter.found))
    voice = _Voice(words, matter, said, known, rng)
    question, reply = voice.ask()
    placed = matter.where != "none"
    with_contact = matter.kind is CaseKind.CONSULT or rng.random() >= WITHOUT_CONTACT
    return Story(
        category=matter.category,
        kind=matter.kind,
        urgency=matter.urgency,
        channel=Channel.VISIT if visited else _weighted(CHANNELS, rng),
        title=(place.spoken if placed else "") + matter.subject,
        text=_fill((matter.says + matter.found)[said], known),
        resident=_resident(words, rng) if with_contact else None,
        may_publish=with_contact and matter.kind is not CaseKind.REPORT and rng.random() < MAY_PUBLISH,
        address=place.address if placed else "",
        lat=place.lat if placed else None,
        lng=place.lng if placed else None,
        place_code=place.lead.code,
        unit_code=lead.code,
        assist_codes=assist,
        pass_code=place.lead.code if matter.lead == "@town" else "",
        question=question,
        reply=reply,
        answers={outcome: voice.answer(outcome) for outcome in matter.answers},
        likely=tuple(outcome for outcome in matter.answers if voice.fitting(outcome, matter.answers[outcome])),
        desk_answer=voice.at_once(),
        dispute=voice.dispute(assist),
        said=voice.asides(),
        decline=_declined(declined, known, rng) if declined else None,
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """Picks the lines that fit what was said (a position in `says` and then `found`) and fills their slots."""

    words: Words
    matter: Matter
    said: int
    known: Mapping[str, str]
    rng: random.Random

    def answer(self, outcome: Outcome) -> str:
        body = self.rng.choice(self.fitting(outcome, self.matter.answers[outcome]) or self.words.plain[outcome])
        if self.matter.kind is CaseKind.THANKS:
            return self._filled("您好！" + body)
        openings, closings = self.words.openings, self.words.closings[outcome]
        if self.matter.where != "none":
            openings += self.words.on_site_openings
            closings += self.words.on_site_closings if outcome is Outcome.SOLVED else ()
        return self._filled(self.rng.choice(openings) + body + self.rng.choice(closings))

    def at_once(self) -> str:
        fitting = self.fitting("now", self.matter.now)
        return self._filled(self.rng.choice(fitting)) if fitting else ""

    def ask(self) -> tuple[str, str]:
        if self.matter.kind is CaseKind.THANKS:
            return "", ""
        question, reply = self.rng.choice(self.fitting("asks", self.matter.asks) or self.words.plain_asks)
        return self._filled(question), self._filled(reply)

    def dispute(self, assist: Sequence[str]) -> Dispute | None:
        """In the matter's own words, or else proposing an assisting unit; never a town: no work is pushed down."""
        if self.matter.dispute:
            return replace(self.matter.dispute, reason=self._filled(self.matter.dispute.reason))
        proposed = next((unit for unit in map(county().unit, assist) if unit.kind != "town"), None)
        if proposed is None:
            return None
        reason = self.rng.choice(self.words.asides["dispute"]).replace("{proposed}", proposed.name_zh)
        return Dispute(proposed.code, self._filled(reason))

    def asides(self) -> Said:
        lines = {
            "pleased": self._own("pleased", self.matter.pleased) or self.words.plain_pleased,
            "displeased": self._own("displeased", self.matter.displeased) or self.words.plain_displeased,
        }
        names = (field.name for field in fields(Said))
        return Said(
            **{name: self._filled(self.rng.choice(lines.get(name) or self.words.asides[name])) for name in names}
        )

    def _own(self, name: str, lines: Sequence[str]) -> Sequence[str]:
        """The matter's own lines most of the time, so that the shared ones are heard too."""
        return self.fitting(name, lines) if self.rng.random() < OWN_WORDS else ()

    def fitting(self, name: str, lines: Sequence[T]) -> Sequence[T]:
        fits = self.matter.fits.get(name, ("*",) * len(lines))
        return [line for line, said in zip(lines, fits, strict=True) if said == "*" or str(self.said) in said]

    def _filled(self, line: str) -> str:
        return _fill(line, self.known)


def _declined(declined: DeclinedMatter, known: Mapping[str, str], rng: random.Random) -> Decline:
    return Decline(declined.reason, declined.channel, _fill(rng.choice(declined.told), known))


def _as_matter(declined: DeclinedMatter) -> Matter:
    return Matter(
        category=declined.category,
        subject=declined.subject,
        weight=1,
        kind=declined.kind,
        urgency=Urgency.ORDINARY,
        where="none",
        lead="desk",
        says=declined.says,
        answers={},
    )


def _place(matter: Matter, rng: random.Random) -> Place:
    wanted = {"estate": "community", "road": "community", "village": "village"}.get(matter.where, "")
    lead = rng.choice([unit for unit in county().places() if wanted in ("", unit.kind)])
    town = county().unit(lead.parent)
    if lead.kind == "village":
        spoken = lead.name_zh + rng.choice(lead.groups)
        address = town.name_zh + spoken
    else:
        road, number, estate = rng.choice(lead.roads), rng.randrange(1, 240), rng.choice(lead.estates)
        spoken = road if matter.where == "road" else estate
        address = f"{town.name_zh}{road}{number}号" + ("" if matter.where == "road" else estate)
    return Place(lead, town, spoken, address, _near(lead.lat, rng), _near(lead.lng, rng))


def _near(degrees: float, rng: random.Random) -> float:
    return round(degrees + rng.uniform(-SPREAD, SPREAD), 6)


def _slots(words: Words, rng: random.Random, place: Place) -> dict[str, str]:
    """One value for each slot, so that the whole story speaks of the same shop and the same hour."""
    picked = {name: rng.choice(values) for name, values in words.slots.items()}
    return picked | {"place": place.spoken, "area": place.lead.name_zh, "town": place.town.name_zh}


def _resident(words: Words, rng: random.Random) -> Resident:
    number = rng.randrange(RESIDENTS)
    surname = words.surnames[number * 7 % len(words.surnames)]
    given = words.given_names[number * 11 % len(words.given_names)]
    return Resident(surname + given, f"138000{20_000 + number * 37 % 80_000:05}")


def _resolve(code: str, place: Place) -> str:
    return place.town.code if code == "@town" else code


def _weighted(weights: Mapping[Channel, int], rng: random.Random) -> Channel:
    return rng.choices(list(weights), list(weights.values()))[0]


def _fill(line: str, known: Mapping[str, str]) -> str:
    """Put the known values into the slots; a slot that is not known yet, such as {planned_on}, stays."""
    for name, value in known.items():
        line = line.replace("{" + name + "}", value)
    return line


def slots_of(lines: Iterable[str]) -> set[str]:
    """The names of the slots in these lines."""
    return {part.split("}")[0] for line in lines for part in line.split("{")[1:]}
