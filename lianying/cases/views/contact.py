from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lianying.cases.actions import reveal
from lianying.cases.forms.contact import OpenForm
from lianying.cases.queries.scope import case_for
from lianying.cases.queries.story import shows_contact
from lianying.cases.views.case import Sent, case_page
from lianying.common.clock import now
from lianying.common.pages import needs
from lianying.common.refusals import status, words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.OPEN_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request, ref: str) -> HttpResponse:
    """Show name, telephone and address once, in the answer to this very request, and record who looked and why."""
    case = case_for(request.actor, ref)
    if request.method != "POST":
        return redirect("case", ref)
    request.actor.require(Power.OPEN_CONTACT, case.path)
    if case.contact is None or not shows_contact(request.actor, case):
        raise Http404
    form = OpenForm(request.POST, auto_id="contact-%s")
    if not form.is_valid():
        return case_page(request, ref, Sent(form=form, status=422))
    try:
        person = reveal(case, **form.values(), by=request.actor, at=now())
    except Refused as refused:
        form.add_error("note", words(refused))
        return case_page(request, ref, Sent(form=form, status=status(refused)))
    return case_page(request, ref, Sent(revealed=person))
