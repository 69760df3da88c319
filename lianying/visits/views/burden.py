"""Saying that visits are made a burden."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.pages import done, needs, page
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.visits.actions import complain
from lianying.visits.forms.burden import BurdenForm


@needs(Power.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
def burden(request: Request) -> HttpResponse:
    """A POST is heard as a request of somebody unnamed; the receipt is the one residents get."""
    form = BurdenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "visits/burden.html", None, {"form": form}, status=422 if form.is_bound else 200)
    case = complain(form.cleaned_data["words"], form.cleaned_data["client_id"], by=request.actor, at=now())
    code = case_code(case.uuid)
    return done(request, f"{reverse('receipt')}?{urlencode({'ref': case.ref, 'code': code})}")
