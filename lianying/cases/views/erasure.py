"""What was erased and what comes due: numbers and days, nothing of anybody."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lianying.cases import clocks
from lianying.cases.queries.erasure import coming, erased
from lianying.common.clock import now
from lianying.common.pages import needs, page
from lianying.common.paging import page_of
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power

DAYS = 30
#: No count reads further.
CAP = 10_000


@needs(Power.CONFIGURE)
@require_safe
def erasure(request: Request) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    at = now()
    context = {
        "years": clocks.profile().erase_years,
        "days": DAYS,
        "coming": coming(at, DAYS)[:CAP].count(),
        "erased": erased()[:CAP].count(),
        "page": page_of(erased(), ("-erased_at", "-id"), request.GET.get("after", "")),
        "at": at,
    }
    return page(request, "cases/erasure.html", None, context)
