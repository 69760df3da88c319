"""A case as staff see it: the story, the clock, and exactly the moves that are allowed now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianying.cases.forms.contact import OpenForm
from lianying.cases.forms.moves import Around, MoveForm, last_answer
from lianying.cases.forms.sorting import ReleaseForm, category_name
from lianying.cases.labels import CHANNELS, KINDS, MOVES, PETITION_STAGES, URGENCIES
from lianying.cases.models import Case, Reading
from lianying.cases.queries.board import shown_version
from lianying.cases.queries.reports import accuses_no_unit
from lianying.cases.queries.story import Story, shows_contact, shows_position, story
from lianying.cases.views.deeds import DEEDS, FOREMOST, offered
from lianying.cases.views.story import steps
from lianying.common.clock import now
from lianying.common.pages import needs, page
from lianying.households.queries import Revealed, masked
from lianying.orgs.middleware import Request
from lianying.rules.entries import ProposalKind
from lianying.rules.events import EventKind
from lianying.rules.kinds import CaseKind, Channel, Urgency
from lianying.rules.lifecycle import UNANSWERED, Move, State
from lianying.rules.powers import Power

RELEASE, UNRELEASE = "release", "unrelease"
LABELS: dict[str, Promise] = {
    **{name: deed.label for name, deed in DEEDS.items()},
    RELEASE: _("Publish on the board"),
    UNRELEASE: _("Take it off the board"),
}
PREVIEWED = frozenset({Move.ANSWER.value, Move.APPROVE.value, Move.CORRECT_ANSWER.value, Move.ANSWER_NOW.value})
#: Drawn at full width below the request, since what is written there is read by the resident.
WRITTEN = PREVIEWED | {Move.DECLINE.value, RELEASE}
#: What is kept of them while it is being written.
TYPED = ("text", "inner", "outcome", "planned_on", "reason", "title", "question", "answer")


@dataclass(frozen=True, slots=True)
class Button:
    """One deed on the page: a button of its own, or a link that opens its form."""

    name: str
    label: Promise
    url: str
    is_simple: bool
    is_main: bool
    is_written: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A form that stands open on the page."""

    name: str
    label: Promise
    url: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with the request: the form to open, or one that could not be done.

    seen   the version that a stale form was drawn from;  preview: what the resident would read
    used   words of a standard answer, to begin with;  code: to be read out to the resident
    """

    name: str = ""
    form: Form | None = None
    seen: int = 0
    preview: str = ""
    used: str = ""
    revealed: Revealed | None = None
    code: str = ""
    status: int = 200


@needs(Power.SEE)
@require_safe
def case(request: Request, ref: str) -> HttpResponse:
    return case_page(request, ref)


@needs(Power.SEE)
@require_safe
def print_case(request: Request, ref: str) -> HttpResponse:
    """The slip that goes with the case (交办单)."""
    whole = story(request.actor, ref, at=now())
    return page(request, "cases/print.html", None, _facts(request, whole) | {"steps": steps(whole), "at": now()})


def case_page(request: Request, ref: str, sent: Sent = Sent()) -> HttpResponse:
    """The whole page, for htmx only what can be done. Raises Http404 where the case does not exist for the actor."""
    at = now()
    whole = story(request.actor, ref, at=at)
    around = Around(whole.case, request.actor, at)
    names = [*offered(around), *_publishing(around)]
    written, aside = _opened(around, names, sent, whole.draft)
    opened = {one.name for one in (written, aside) if one}
    context = _facts(request, whole) | {
        "steps": steps(whole, seen=sent.seen),
        "buttons": [_button(ref, name) for name in names if name not in opened],
        "written": written,
        "previewed": written is not None and written.name in PREVIEWED,
        "aside": aside,
        "draft_at": _draft_at(whole.draft, written, sent),
        "lost": _lost(sent, opened),
        "open_contact": sent.form if isinstance(sent.form, OpenForm) else OpenForm(auto_id="contact-%s"),
        "preview": sent.preview,
        "revealed": sent.revealed,
        "code": sent.code,
        "done": _done(request.GET.get("done", ""), whole),
        "stale": sent.status == 409,
        "petition": whole.petition,
        "petition_stage": PETITION_STAGES[whole.petition.stage] if whole.petition else "",
        "petition_steps": list(whole.case.petition_steps.all()),
        "left_board": RELEASE in names and left_board(whole),
        "at": at,
    }
    response = page(request, "cases/case.html", "doing", context, status=sent.status)
    response["Vary"] = "HX-Request"
    return response


def _done(name: str, whole: Story) -> Promise | None:
    """What was recorded; an answer that the head reads first is not given yet."""
    waits = whole.proposal is not None and whole.proposal.kind == ProposalKind.ANSWER
    return MOVES[Move.PROPOSE_ANSWER] if waits and name == Move.ANSWER.value else LABELS.get(name)


def _publishing(around: Around) -> list[str]:
    """What a clerk may do with the board: neither is a move of the lifecycle."""
    case = around.case
    if not around.actor.may(Power.PUBLISH, case.path):
        return []
    if shown_version(case) is not None:
        return [UNRELEASE]
    ready = case.may_publish and case.kind != CaseKind.REPORT and State(case.state) in {State.ANSWERED, State.CLOSED}
    return [RELEASE] if ready and last_answer(case) else []


def left_board(whole: Story) -> bool:
    """Whether correcting the answer took the old text off the board."""
    version = getattr(whole.case, "public_version", None)
    return version is not None and any(
        moment.kind == EventKind.ANSWER_CORRECTED and moment.at == version.withdrawn_at for moment in whole.moments
    )


def _opened(around: Around, names: list[str], sent: Sent, draft: Reading | None) -> tuple[Open | None, Open | None]:
    """The form below the request and the one at the side; where an answer is owed, its form is always open."""
    written = aside = None
    ref = around.case.ref
    name = sent.name if sent.name in names and not isinstance(sent.form, OpenForm) else ""
    if name:
        one = Open(name, LABELS[name], url_of(ref, name), sent.form or draw(name, around, draft, used=sent.used))
        written, aside = (one, None) if name in WRITTEN else (None, one)
    if written is None:
        first = Move.APPROVE.value if Move.APPROVE.value in names else Move.ANSWER.value
        name = draft.form if draft and draft.form in names else first
        if name in names:
            written = Open(name, LABELS[name], url_of(ref, name), draw(name, around, draft))
    return written, aside


def _draft_at(draft: Reading | None, written: Open | None, sent: Sent) -> datetime | None:
    """When what stands in the form was typed, where it is a draft."""
    shown = draft is not None and written is not None and written.name == draft.form and sent.form is None
    return draft.typed_at if draft and shown else None


def draw(name: str, around: Around, draft: Reading | None = None, *, used: str = "") -> MoveForm:
    form = ReleaseForm if name == RELEASE else MoveForm if name == UNRELEASE else DEEDS[name].form
    typed = dict(draft.typed) if draft and draft.form == name else {}
    if used:
        typed["text"] = used
    return form(around=around, auto_id=f"{name}-%s", initial=typed)


def url_of(ref: str, name: str) -> str:
    return reverse(name, args=[ref]) if name in {RELEASE, UNRELEASE} else reverse("move", args=[ref, name])


def _button(ref: str, name: str) -> Button:
    is_simple = name == UNRELEASE or (name != RELEASE and DEEDS[name].is_simple)
    return Button(name, LABELS[name], url_of(ref, name), is_simple, name in FOREMOST, name in WRITTEN)


def _lost(sent: Sent, opened: set[str]) -> list[str] | None:
    """The words of a form that has no place on the page any more; None where nothing was sent in vain."""
    if sent.form is None or isinstance(sent.form, OpenForm) or sent.name in opened:
        return None
    return typed_words(sent.form)


def typed_words(form: Form) -> list[str]:
    """What was typed for a step that is no longer possible."""
    names = ("text", "reason", "words", "inner", "note", "answer", "question")
    return [form.data[name] for name in names if form.data.get(name) and name in form.fields]


def _facts(request: Request, whole: Story) -> dict[str, Any]:
    """What both the page and the slip print of the case."""
    case = whole.case
    query = request.GET.copy()
    query.pop("done", None)
    may_sort, may_refer = (request.actor.may(power, case.path) for power in (Power.SORT, Power.REFER))
    return {
        "story": whole,
        "case": case,
        "person": masked(case.contact) if case.contact and shows_contact(request.actor, case) else None,
        "may_open": request.actor.may(Power.OPEN_CONTACT, case.path) and shows_contact(request.actor, case),
        "shows_position": shows_position(request.actor, case),
        "may_call": request.actor.may(Power.CALL, case.path),
        "channel": CHANNELS[Channel(case.channel)],
        "kind": KINDS[CaseKind(case.kind)],
        "urgency": "" if case.urgency == Urgency.ORDINARY else URGENCIES[Urgency(case.urgency)],
        "category": category_name(case.category),
        "photos": [photo.uuid for photo in case.attachments.all() if photo.event_seq == 1],
        "list_query": query.urlencode(),
        "may_sort": may_sort,
        "refers": may_refer and case.state in UNANSWERED and case.kind != CaseKind.REPORT,
        "referred": may_refer and any(moment.kind == EventKind.REFERRED for moment in whole.moments),
        "supervised": request.actor.may(Power.REMIND, case.path)
        or any(moment.kind == EventKind.SUPERVISED for moment in whole.moments),
        "accused": _accused(case) if may_sort and case.kind == CaseKind.REPORT else "",
    }


def _accused(case: Case) -> str:
    if case.accused is not None:
        return case.accused.name
    return _t("no unit: a person outside, or nobody knows whom") if accuses_no_unit(case) else _t("not said yet")
