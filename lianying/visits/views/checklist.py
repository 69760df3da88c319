"""What is asked on visits, as the operator publishes it."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.checklists import ACCEPTED_FOR, MOST, Part
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits.actions import publish_checklist
from lianying.visits.forms.checklist import ChecklistForm
from lianying.visits.models import Checklist
from lianying.visits.queries.checklists import checklist_now


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: Request) -> HttpResponse:
    """A POST publishes another version."""
    request.actor.require_all(Power.CONFIGURE)
    version, questions = checklist_now()
    asked = {part.value: "\n".join(one.text for one in questions if one.part is part) for part in Part}
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial=asked)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            publish_checklist(form.questions(), by=request.actor, at=now())
            return done(request, f"{reverse('settings_visits')}?done=1")
        except Refused as refused:
            form.add_error(None, words(refused))
            status = status_of(refused)
    context = {
        "form": form,
        "version": version,
        "most": MOST,
        "days": ACCEPTED_FOR.days,
        "published": Checklist.objects.select_related("by").order_by("-version").first(),
        "done": "done" in request.GET,
    }
    return page(request, "visits/checklist.html", None, context, status=status)
