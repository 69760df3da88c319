"""Making a move: one address for each, one way of saying why it did not work."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianying.cases import actions
from lianying.cases.forms.moves import Around, MoveForm
from lianying.cases.forms.resident import MOST_WORDS, take_photos
from lianying.cases.forms.sorting import ReleaseForm
from lianying.cases.models import Case
from lianying.cases.queries.readings import others_at
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.standard import standard_text
from lianying.cases.views.case import PREVIEWED, RELEASE, TYPED, WRITTEN, Sent, case_page
from lianying.cases.views.deeds import DEEDS
from lianying.common.clock import now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Failure:
    """A form that could not be done, with its errors; seen is the version it was drawn from where that is stale."""

    form: MoveForm
    status: int
    seen: int = 0


def attempt(request: Request, case: Case, name: str, data: QueryDict | None = None) -> Failure | None:
    """Make the move with what was sent, or with `data` in its place; None when it is done."""
    deed = DEEDS[name]
    around = Around(case, request.actor, now())
    form = deed.form(data or request.POST, request.FILES, around=around, auto_id=f"{name}-%s")
    if not form.is_valid():
        return Failure(form, 422)
    values = form.values()
    if "photos" in form.fields:
        values["photos"] = take_photos(form, request)
        if form.errors:
            return Failure(form, 422)
    version = version_of(request)
    if form.versioned:
        values["version"] = version
    try:
        deed.act(case, **values, by=request.actor, at=around.at)
    except Refused as refused:
        form.add_error(None, words(refused))
        return Failure(form, status_of(refused), version if refused.code == "stale" else 0)
    actions.forget_typed(case, by=request.actor)
    return None


@needs(Power.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, ref: str, name: str) -> HttpResponse:
    """Open the form of a move, or make the move."""
    if name not in DEEDS:
        raise Http404
    if request.method != "POST":
        return case_page(request, ref, Sent(name=name, used=standard_text(request.GET.get("use", ""))))
    case = case_for(request.actor, ref, row=("unit",))
    failure = attempt(request, case, name)
    if failure is not None:
        return case_page(request, ref, Sent(name, failure.form, failure.seen, status=failure.status))
    return done(request, f"{reverse('case', args=[ref])}?done={name}")


@needs(Power.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Request, ref: str, name: str) -> HttpResponse:
    """Show what the resident would read; nothing is saved, and nothing need be filled in but the words."""
    if name not in PREVIEWED:
        raise Http404
    if request.method != "POST":
        return case_page(request, ref, Sent(name=name))
    around = Around(case_for(request.actor, ref), request.actor, now())
    form = DEEDS[name].form(request.POST, around=around, auto_id=f"{name}-%s")
    text = form["text"].data or ""
    shown = DEEDS[name].form(around=around, auto_id=f"{name}-%s", initial=request.POST.dict())
    return case_page(request, ref, Sent(name, shown, preview=text.strip() or _("Nothing is written yet.")))


@needs(Power.SEE)
@require_POST
def opened(request: Request, ref: str) -> HttpResponse:
    """The page of a case says that it is open, and hears who else looks at it; or it brings what is being typed.

    `drop` throws the draft away.
    """
    case = case_for(request.actor, ref)
    at = now()
    if "drop" in request.POST:
        actions.forget_typed(case, by=request.actor)
        return done(request, reverse("case", args=[ref]))
    name = request.POST.get("form", "")
    if name not in WRITTEN:
        actions.note_open(case, by=request.actor, at=at)
        return page(request, "cases/case_readers.html", None, {"others": others_at(case, request.actor, at)})
    typed = {field: request.POST.get(field, "")[:MOST_WORDS] for field in TYPED}
    kept = actions.keep_typed(case, form=name, typed=typed, by=request.actor, at=at)
    return page(request, "cases/case_readers.html", None, {"saved_at": kept.typed_at})


@needs(Power.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: Request, ref: str) -> HttpResponse:
    """Put question and answer on the board, as the clerk has read them."""
    case = case_for(request.actor, ref)
    if request.method != "POST":
        return case_page(request, ref, Sent(name=RELEASE))
    form = ReleaseForm(request.POST, around=Around(case, request.actor, now()), auto_id="release-%s")
    if not form.is_valid():
        return case_page(request, ref, Sent(RELEASE, form, status=422))
    version = version_of(request)
    try:
        actions.release(case, version=version, **form.values(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        seen = version if refused.code == "stale" else 0
        return case_page(request, ref, Sent(RELEASE, form, seen, status=status_of(refused)))
    return done(request, f"{reverse('case', args=[ref])}?done=release")


@needs(Power.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def unrelease(request: Request, ref: str) -> HttpResponse:
    case = case_for(request.actor, ref)
    if request.method != "POST":
        return redirect("case", ref)
    actions.unrelease(case, by=request.actor, at=now())
    return done(request, f"{reverse('case', args=[ref])}?done=unrelease")
