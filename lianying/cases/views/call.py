"""Taking a request on the telephone, at the counter or from a letter."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases import actions
from lianying.cases.actions import Heard
from lianying.cases.forms.call import CallForm
from lianying.cases.queries.find import by_phone, taken_by
from lianying.cases.queries.scope import case_for
from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.masking import mask_phone
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.households.queries import masked_many
from lianying.orgs.middleware import Request
from lianying.rules.kinds import Channel
from lianying.rules.lifecycle import State
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: How long the resident's code can be read out again by whoever took the call.
READ_OUT = timedelta(hours=12)


@needs(Power.TELL)
@never_cache
@require_http_methods(["GET", "POST"])
def call(request: Request) -> HttpResponse:
    """Number first, then the words; `look_up` shows what the number told before and keeps all that is written."""
    if request.method == "GET":
        return _call_page(request, CallForm())
    if "look_up" in request.POST:
        return _call_page(request, CallForm(initial=request.POST.dict()))
    form = CallForm(request.POST)
    if not form.is_valid():
        return _call_page(request, form, status=422)
    try:
        heard = _hear(request, form)
    except Refused as refused:
        form.add_error(None, words(refused))
        return _call_page(request, form, status=status_of(refused))
    if not heard.created and heard.case.text != form.cleaned_data["text"]:
        return _sent_before(request, heard)
    return done(request, reverse("called", args=[heard.case.ref]))


@transaction.atomic
def _hear(request: Request, form: CallForm) -> Heard:
    """Take it in, and where the clerk answered at once, keep both or nothing."""
    at = now()
    heard = actions.hear(form.telling(), by=request.actor, at=at)
    case, answer = heard.case, form.cleaned_data["answer"]
    if answer and case.state == State.HEARD:
        told = case.channel != Channel.PAPER
        actions.answer_now(case, version=case.version, text=answer, told=told, by=request.actor, at=at)
    return heard


def _sent_before(request: Request, heard: Heard) -> HttpResponse:
    """Somebody went back and wrote another matter into a page that was sent: those words must not be lost."""
    data = request.POST.copy()
    data["client_id"] = str(uuid4())
    form = CallForm(data)
    text = _("This page was sent once already, as %(ref)s. If this is another matter, please send it again.")
    form.add_error(None, text % {"ref": heard.case.ref})
    return _call_page(request, form, status=409)


def _call_page(request: Request, form: CallForm, *, status: int = 200) -> HttpResponse:
    phone = str(form["phone"].value() or "").strip()[:40]
    earlier = by_phone(request.actor, phone)
    context = {
        "form": form,
        "looked_up": mask_phone(phone),
        "earlier": earlier,
        "people": masked_many(case.contact for case in earlier if case.contact is not None),
    }
    return page(request, "cases/call.html", "earlier", context, status=status)


@needs(Power.TELL)
@never_cache
@require_safe
def called(request: Request, ref: str) -> HttpResponse:
    """Number, code and date to be read out, to whoever took the call and only on that day."""
    case = case_for(request.actor, ref)
    if not taken_by(request.actor, ref, now() - READ_OUT):
        raise Http404
    code = case_code(case.uuid)
    context = {"case": case, "code": f"{code[:5]} {code[5:]}", "is_answered": case.state != State.HEARD}
    return page(request, "cases/called.html", None, context)
