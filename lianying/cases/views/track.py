"""Where a request stands, and what its resident may do about it. Number and code stand in for an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lianying.cases import actions, clocks
from lianying.cases.facts import moves_for
from lianying.cases.forms.resident import EraseForm, NoteForm, RateForm, ReplyForm, WithdrawForm, WordsForm, take_photos
from lianying.cases.labels import SOLVED, STATES_FOR_RESIDENTS
from lianying.cases.models import Case
from lianying.cases.queries.track import Tracked, case_of_resident, tracked
from lianying.cases.sentences import sentence
from lianying.cases.views.tell import is_forged, path_of, wants_json
from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.limits import count
from lianying.common.pages import done, message, page, public, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.scope import RESIDENT
from lianying.rules.events import EventKind
from lianying.rules.kinds import Solved
from lianying.rules.lifecycle import Move, State
from lianying.rules.refusals import Refused

Act = Callable[[Case, int, dict[str, Any], datetime], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a resident may do here: offered with `move`, drawn as `form`, done by `act(case, version, data, at)`."""

    move: Move
    form: type[forms.Form]
    act: Act


def _note(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.note(case, text=data["words"], photos=data["photos"], by=RESIDENT, at=at)


def _reply(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.reply(case, version=version, text=data["words"], photos=data["photos"], by=RESIDENT, at=at)


def _object(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.object_to(case, version=version, text=data["words"], by=RESIDENT, at=at)


def _withdraw(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.withdraw(case, version=version, words=data["words"], by=RESIDENT, at=at)


def _reopen(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.reopen(case, version=version, words=data["words"], by=RESIDENT, at=at)


def _rate(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    """A low verdict goes back to the unit; after the last rework it is kept for the supervisor."""
    verdict = data["verdict"]
    if data["is_content"]:
        actions.check_satisfied(case, version=version, verdict=verdict, by=RESIDENT, at=at)
        return
    try:
        actions.check_unsatisfied(case, version=version, verdict=verdict, by=RESIDENT, at=at)
    except Refused as refused:
        if refused.code != "reworks_used":
            raise
        actions.rate_again(case, version=version, verdict=verdict, by=RESIDENT, at=at)


def _unpublish(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.unrelease(case, by=RESIDENT, at=at)


def _erase(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.erase(case, by=RESIDENT, at=at)


def _calls(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.set_wish(case, may_be_called=True, by=RESIDENT, at=at)


def _no_calls(case: Case, version: int, data: dict[str, Any], at: datetime) -> None:
    actions.set_wish(case, may_be_called=False, by=RESIDENT, at=at)


DEEDS: Mapping[str, Deed] = {
    "reply": Deed(Move.REPLY, ReplyForm, _reply),
    "rate": Deed(Move.CHECK_SATISFIED, RateForm, _rate),
    "object": Deed(Move.OBJECT, WordsForm, _object),
    "reopen": Deed(Move.REOPEN, WordsForm, _reopen),
    "note": Deed(Move.NOTE, NoteForm, _note),
    "withdraw": Deed(Move.WITHDRAW, WithdrawForm, _withdraw),
}
#: Said at the top of the page after the step.
DONE: Mapping[str, Promise] = {
    "reply": gettext_lazy("Thank you. The office has your reply, and the time runs again."),
    "rate": gettext_lazy("Thank you. What you said is in the record."),
    "object": gettext_lazy("The desk looks at it once more."),
    "reopen": gettext_lazy("The office takes it up again."),
    "note": gettext_lazy("It was added. Whoever handles this can read it now."),
    "withdraw": gettext_lazy("You have withdrawn it. Nothing more will be done."),
    "unpublish": gettext_lazy("It is not public any more."),
    "calls": gettext_lazy("We ring you again from now on."),
    "no_calls": gettext_lazy("Nobody rings you from now on; please look at this page."),
    "erase": gettext_lazy("It was erased: your words, your photos and how to reach you."),
}
#: What does not depend on the state, where there is something to do it to.
OTHERS: Mapping[str, Deed] = {
    "calls": Deed(Move.NOTE, forms.Form, _calls),
    "no_calls": Deed(Move.NOTE, forms.Form, _no_calls),
    "unpublish": Deed(Move.NOTE, forms.Form, _unpublish),
    "erase": Deed(Move.NOTE, EraseForm, _erase),
}


def _offered(case: Case, at: datetime) -> dict[str, Deed]:
    moves = moves_for(case, by=RESIDENT, at=at)
    offered = {name: deed for name, deed in DEEDS.items() if deed.move in moves}
    if "reply" in offered:
        del offered["note"]
    if case.may_publish and case.erased_at is None:
        offered["unpublish"] = OTHERS["unpublish"]
    if case.contact is not None and case.contact.phone_index:
        offered["wish"] = OTHERS["no_calls" if case.contact.may_be_called else "calls"]
    if actions.may_erase(case):
        offered["erase"] = OTHERS["erase"]
    return offered


@public
@csrf_exempt  # checked below, so that the typed words can be shown again
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    ref, code = given.get("ref", ""), given.get("code", "")
    if request.method != "POST" and not ref and not code:
        return page(request, "cases/track.html", None, {"lookup": True, "ref": "", "code": ""})
    case = case_of_resident(ref, code)
    if case is None:
        return wrong(request, ref, code)
    if request.method == "POST":
        return _do(request, case, str(given.get("do", "")))
    if wants_json(request):
        return _as_json(case)
    return _progress(request, case)


def wrong(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """One sentence whichever of the two was wrong; only such tries are counted."""
    status, text = (
        404,
        _("There is no request with this number and code. Please look at your receipt again, or ring us."),
    )
    try:
        count(request, "track", settings.ENV["TRACK_PER_HOUR"], at=now())
    except Refused as refused:
        status, text = status_of(refused), words(refused)
    if wants_json(request):
        return JsonResponse({"errors": {"__all__": [text]}}, status=status)
    context = {"lookup": True, "ref": ref[:60], "code": code[:60], "problem": text}
    return page(request, "cases/track.html", None, context, status=status)


def _as_json(case: Case) -> HttpResponse:
    story = tracked(case, at=now())
    leading = story.leading
    events = []
    unit = ""
    for moment in story.moments:
        unit = moment.unit or unit
        events.append({"at": moment.at.isoformat(), "kind": moment.kind.value, "unit": unit})
    body = {
        "ref": case.ref,
        "state": case.state,
        "unit": leading.unit.name,
        "due_at": leading.due_at.isoformat() if leading.due_at else None,
        "events": events,
    }
    return JsonResponse(body)


def _do(request: HttpRequest, case: Case, name: str) -> HttpResponse:
    deed = DEEDS.get(name) or OTHERS.get(name)
    if deed is None:
        return message(request, _("What was sent could not be read. Please go back and try again."), status=400)
    version = version_of(request)
    form = deed.form(request.POST, request.FILES, auto_id=f"{name}-%s")
    if is_forged(request):
        form.add_error(
            None,
            _("This page was open for too long, or cookies are blocked. Your words are kept: please send them again."),
        )
        return _progress(request, case, name=name, form=form, status=403)
    try:
        if not form.is_valid() or not _carry_out(request, deed, case, form, version):
            return _progress(request, case, name=name, form=form, status=422)
    except Refused as refused:
        form.add_error(None, words(refused))
        fresh = case_of_resident(case.ref, case_code(case.uuid)) or case
        return _progress(request, fresh, name=name, form=form, seen=version, status=status_of(refused))
    return done(request, f"{path_of('track', case)}&done={name}")


def _carry_out(request: HttpRequest, deed: Deed, case: Case, form: forms.Form, version: int) -> bool:
    """False where a photo could not be taken."""
    data = dict(form.cleaned_data)
    if "photos" in form.fields:
        data["photos"] = take_photos(form, request)
    if isinstance(form, RateForm):
        data |= {"verdict": form.verdict(), "is_content": form.is_content}
    if form.errors:
        return False
    deed.act(case, version, data, now())
    return True


def _progress(
    request: HttpRequest,
    case: Case,
    *,
    name: str = "",
    form: forms.Form | None = None,
    seen: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The page; `form` is the one sent as `name` that could not be done, `seen` the version it was drawn from."""
    at = now()
    story = tracked(case, at=at)
    offered = _offered(case, at)
    drawn = {one: deed.form(auto_id=f"{one}-%s") for one, deed in offered.items()}
    if form is not None and name in drawn:
        drawn[name] = form
    context = {
        "story": story,
        "case": case,
        "leading": story.leading,
        "code": case_code(case.uuid),
        "chip": _chip(story),
        "state": STATES_FOR_RESIDENTS[State(case.state)],
        "steps": _steps(story, seen if status == 409 else 0),
        "forms": drawn,
        "sent": form,
        "lost_words": form.data.get("words", "") if form is not None and name not in drawn else "",
        "done": DONE.get(request.GET.get("done", "")),
        "silent_at": clocks.silent_at(case, case.answered_at)
        if case.state == State.ANSWERED and case.answered_at
        else None,
        "limits": clocks.limits(),
    }
    return page(request, "cases/track.html", None, context, status=status)


def _chip(story: Tracked) -> str:
    if story.clock is not None:
        return "late" if story.clock.is_late else "near" if story.open_question else "going"
    return "done" if story.case.state in {State.ANSWERED, State.CLOSED} else ""


def _steps(story: Tracked, seen: int) -> list[dict[str, Any]]:
    """What the template prints of each moment; those after the version `seen` are marked as new."""
    steps = []
    unit = story.case.unit.name
    key = urlencode({"ref": story.case.ref, "code": case_code(story.case.uuid)})
    for moment in story.moments:
        unit = moment.unit or unit
        verdict = moment.data.get("satisfaction")
        steps.append(
            {
                "at": moment.at,
                "text": sentence(moment, unit=unit, ref=story.case.ref),
                "assisting": story.assisting(moment) if moment.kind == EventKind.ASSIGNED else [],
                "own_words": story.case.text if moment.kind == EventKind.HEARD else "",
                "said": moment.said,
                "verdict": (SOLVED[Solved(moment.data["solved"])], verdict) if verdict else None,
                "photos": [f"{reverse('photo', args=[photo])}?{key}" for photo in moment.photos],
                "documents": [(f"{reverse('photo', args=[uuid])}?{key}", size) for uuid, size in moment.documents],
                "is_new": bool(seen) and moment.seq > seen,
            }
        )
    return steps
