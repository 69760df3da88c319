"""What was told before: by the same telephone, of the same place, or in similar words; and what was answered to it."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, QuerySet

from lianying.cases.models import Case
from lianying.cases.queries.scope import visible
from lianying.common.db import joined
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CaseKind
from lianying.triage.grams import Told, plain
from lianying.triage.queries import candidates
from lianying.triage.similar import ALIKE, likeness, pairs, shared_words

MOST = 5
ANSWERS = 2
#: What is printed of a request, and what is compared.
ROW = ("ref", "title", "text", "address", "state", "ending", "closed_at")


class Why(StrEnum):
    PHONE = "phone"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Near:
    """Another request, and what is alike; words: what both say; likeness: 0 to 1."""

    case: Case
    why: Why
    words: tuple[str, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer on the board to a question in similar words; in its `answer` numbers are masked."""

    case: Case
    title: str
    answer: str
    words: tuple[str, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Nearby:
    """What lies near a request; most alike first."""

    near: tuple[Near, ...] = ()
    answers: tuple[Earlier, ...] = ()


def told_of(case: Case) -> Told:
    return Told(case.title, case.text, case.address)


def nearby(case: Case, actor: Actor) -> Nearby:
    """Of what the actor may see, never a report; two queries however much there is."""
    if case.kind == CaseKind.REPORT:
        return Nearby()
    phone = case.contact.phone_index if case.contact is not None else ""
    same: list[QuerySet[Case, int]] = []
    if phone:
        theirs = Case.objects.filter(contact__phone_index=phone).exclude(kind=CaseKind.REPORT)
        same.append(theirs.order_by("-received_at", "-id").values_list("pk", flat=True)[: MOST + 1])
    found = {*joined(candidates(told_of(case)), *same), case.pk}
    rows = visible(Case.objects.filter(pk__in=found).exclude(kind=CaseKind.REPORT), actor)
    rows = rows.only(*ROW).annotate(
        phone=F("contact__phone_index"),
        public_title=F("public_version__title"),
        public_answer=F("public_version__answer"),
        withdrawn_at=F("public_version__withdrawn_at"),
    )
    mine, place = pairs(case.text), plain(case.address)
    near: list[Near] = []
    answers: list[Earlier] = []
    for row in rows:
        if row.pk == case.pk:
            continue
        its = pairs(row.text)
        like = likeness(mine, its)
        words = shared_words(case.text, mine & its) if like >= ALIKE else ()
        why = _why(row, phone, place, like)
        if why is not None:
            near.append(Near(row, why, words, like))
        if words and row.public_answer and row.withdrawn_at is None:
            answers.append(Earlier(row, row.public_title, row.public_answer, words, like))
    return Nearby(_first_of_each(near), tuple(sorted(answers, key=lambda one: (-one.likeness, -one.case.pk))[:ANSWERS]))


def _why(row: Case, phone: str, place: str, like: float) -> Why | None:
    """The same telephone counts at any time; the same place and words only while it is open."""
    if phone and row.phone == phone:  # type: ignore[attr-defined]
        return Why.PHONE
    if row.closed_at is not None:
        return None
    if place and plain(row.address) == place:
        return Why.PLACE
    return Why.WORDS if like >= ALIKE else None


def _first_of_each(near: list[Near]) -> tuple[Near, ...]:
    """The telephone's, then the most alike; of those no more alike the newest; no more than MOST of each reason."""
    ranked = sorted(near, key=lambda one: (-one.likeness, -one.case.pk))
    return tuple(one for why in Why for one in [one for one in ranked if one.why == why][:MOST])
