"""What is held of a resident with one request, and who looked at it: for the resident alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lianying.cases import clocks
from lianying.cases.models import Attachment, Case
from lianying.cases.queries.track import Tracked, tracked
from lianying.common.clock import local_day
from lianying.households.models import Opening
from lianying.households.queries import Revealed, revealed
from lianying.orgs.models import Post


@dataclass(frozen=True, slots=True)
class Look:
    """One full look at name and number: when, from which unit, and why."""

    at: datetime
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """until: the day on which it is erased by itself, None while the request runs."""

    story: Tracked
    person: Revealed
    photos: tuple[Attachment, ...]
    looks: tuple[Look, ...]
    until: date | None


def held_of(case: Case, *, at: datetime) -> Held:
    contact = case.contact
    photos = Attachment.objects.filter(case=case, inner=False).select_related("blob").order_by("id")
    return Held(
        story=tracked(case, at=at),
        person=revealed(contact) if contact else Revealed("", "", ""),
        photos=tuple(photos),
        looks=tuple(_looks(case)),
        until=_until(case),
    )


def _looks(case: Case) -> list[Look]:
    """The newest first. Named is the unit for which somebody looked, never the person."""
    rows = list(Opening.objects.filter(subject=case.ref).order_by("-at", "-id"))
    posts = Post.objects.filter(user__in={row.user_id for row in rows}).select_related("unit").order_by("-from_on")
    units: dict[int, list[Post]] = {}
    for post in posts:
        units.setdefault(post.user_id, []).append(post)
    return [
        Look(row.at, _unit_of(units.get(row.user_id, []), local_day(row.at)), row.get_reason_display()) for row in rows
    ]


def _unit_of(posts: list[Post], day: date) -> str:
    held = [post for post in posts if post.from_on <= day and (post.to_on is None or post.to_on >= day)]
    return held[0].unit.name if held else ""


def _until(case: Case) -> date | None:
    if case.closed_at is None:
        return None
    ended = local_day(case.closed_at)
    years = clocks.profile().erase_years
    try:
        return ended.replace(year=ended.year + years)
    except ValueError:
        return ended.replace(year=ended.year + years, day=28)


def photo_name(photo: Attachment) -> str:
    return f"photos/{photo.uuid}.{photo.blob.ending}"


def as_data(held: Held) -> Mapping[str, Any]:
    """To take away: plain names, times as ISO 8601, words as they were said."""
    case, person = held.story.case, held.person
    steps = [
        {"at": moment.at.isoformat(), "kind": moment.kind.value, "said": [said.text for said in moment.said]}
        for moment in held.story.moments
    ]
    return {
        "ref": case.ref,
        "state": case.state,
        "received_at": case.received_at.isoformat(),
        "text": case.text,
        "address": case.address,
        "position": [case.lat, case.lng] if case.lat is not None else None,
        "name": person.name,
        "phone": person.phone,
        "home": person.address,
        "may_publish": case.may_publish,
        "may_be_called": case.contact.may_be_called if case.contact else False,
        "solved": case.solved,
        "satisfaction": case.satisfaction,
        "steps": steps,
        "photos": [photo_name(photo) for photo in held.photos],
        "looks": [{"at": look.at.isoformat(), "unit": look.unit, "reason": look.reason} for look in held.looks],
    }
