from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.cases.actions import read_code, reveal, set_wish
from lianying.cases.forms.contact import OpenForm
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.story import shows_contact
from lianying.cases.views.case import Sent, case_page
from lianying.common.clock import now
from lianying.common.pages import done, needs
from lianying.common.refusals import status, words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

WISHES = {"calls": True, "no_calls": False}


@needs(Power.OPEN_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request, ref: str) -> HttpResponse:
    """Show name, telephone and address once, in the answer to this very request, and record who looked and why.

    do    no_calls, calls: the resident says whether they may be rung;  code: the query code is read out to them
    """
    case = case_for(request.actor, ref)
    if request.method != "POST":
        return redirect("case", ref)
    request.actor.require(Power.OPEN_CONTACT, case.path)
    if case.contact is None or not shows_contact(request.actor, case):
        raise Http404
    if request.POST.get("do") in WISHES:
        request.actor.require(Power.CALL, case.path)
        set_wish(case, may_be_called=WISHES[request.POST["do"]], by=request.actor, at=now())
        return done(request, reverse("case", args=[ref]))
    if request.POST.get("do") == "code":
        return case_page(request, ref, Sent(code=read_code(case, by=request.actor, at=now())))
    form = OpenForm(request.POST, auto_id="contact-%s")
    if not form.is_valid():
        return case_page(request, ref, Sent(form=form, status=422))
    try:
        person = reveal(case, **form.values(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error("note", words(refused))
        return case_page(request, ref, Sent(form=form, status=status(refused)))
    return case_page(request, ref, Sent(revealed=person))
