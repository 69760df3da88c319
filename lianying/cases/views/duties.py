"""What the duty list says of a request; what it, or the one of a workbook that waits, would have made of the past."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lianying.cases.forms.sorting import category_name
from lianying.cases.queries.duties import DAYS, SAMPLE, duties_of, tried
from lianying.cases.queries.scope import case_for
from lianying.common.clock import now
from lianying.common.pages import needs, page
from lianying.orgs.importing.run import duties_with
from lianying.orgs.kinds import ImportState
from lianying.orgs.middleware import Request
from lianying.orgs.models import Import
from lianying.orgs.queries import duty_rows
from lianying.rules.powers import Power


@needs(Power.SEE)
@require_safe
def why_here(request: Request, ref: str) -> HttpResponse:
    """Why the unit that has the case has it; for htmx only the words."""
    case = case_for(request.actor, ref)
    context = {"case": case, "category": category_name(case.category), "duties": duties_of(case)}
    response = page(request, "cases/why_here.html", "why", context)
    response["Vary"] = "HX-Request"
    return response


@needs(Power.CONFIGURE)
@require_safe
def trial(request: Request, uuid: UUID | None = None) -> HttpResponse:
    """Counts by category alone: whoever keeps the list reads no request."""
    request.actor.require_all(Power.CONFIGURE)
    waiting = Import.objects.filter(state=ImportState.CHECKED)
    job = get_object_or_404(waiting, uuid=uuid) if uuid else None
    at = now()
    lines = tried(duties_with(job, at=at) if job else duty_rows(), at)
    context = {
        "job": job,
        "lines": [(category_name(line.category), line) for line in lines],
        "total": sum(line.total for line in lines),
        "same": sum(line.same for line in lines),
        "days": DAYS,
        "most": SAMPLE,
    }
    return page(request, "cases/duties_trial.html", None, context)
