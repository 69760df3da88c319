from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lianying.cases.labels import PETITION_STAGES
from lianying.cases.queries.petitions import petition_page
from lianying.common.clock import now
from lianying.common.pages import needs, page
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power


@needs(Power.SORT)
@require_safe
def petitions(request: Request) -> HttpResponse:
    """What is with the petition office, by the end of the stage that it is in."""
    at = now()
    found = petition_page(request.actor, after=request.GET.get("after", ""), at=at)
    context = {"page": found, "rows": [(row, PETITION_STAGES[row.stage]) for row in found.rows], "at": at}
    return page(request, "cases/petitions.html", None, context)
